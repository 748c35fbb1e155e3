"""How long the service takes to answer while a scan runs, with twenty thousand briefs in the store, and whether its memory stays flat."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from statistics import quantiles
from threading import Lock, local
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx

from briefs import people
from briefs.brief import BriefBody
from briefs.settings import Settings
from briefs.store import brief_rows
from briefs.wiring import Workspace, new_token
from evals.benchmarks import copies
from evals.benchmarks.figures import Figure, Measured
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

AS_OF = date(2026, 3, 31)
RATE, ONE_DECISION_IN, ONE_APPROVAL_IN = 30, 6, 5
CONNECTIONS = 16
ALONE_MINUTES = 0.5
READ_MS, DECISION_MS, GROWTH_PERCENT = 40, 80, 5
READY_S = 120
MEMORY_MINUTES = 10
"""Under less load than that nobody can tell memory that grows from memory that settles."""


class Line(local):
    """A thread's own connection to the service, kept open. Plain `http.client`: a client with more comfort takes more time than the service does."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        address = urlsplit(base)
        self._http = HTTPConnection(address.hostname or "", address.port, timeout=30)
        self._headers = dict(headers)

    def ask(self, method: str, path: str, wish: object = None, headers: Mapping[str, str] = MappingProxyType({})) -> int:
        """The status of an answer that was read to its end. A connection the service closed because nothing came is opened again."""
        body = None if wish is None else json.dumps(wish).encode()
        more = {} if body is None else {"Content-Type": "application/json"}
        try:
            return self._asked(method, path, body, self._headers | more | dict(headers))
        except (RemoteDisconnected, ConnectionResetError):
            self._http.close()
            return self._asked(method, path, body, self._headers | more | dict(headers))

    def _asked(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> int:
        self._http.request(method, path, body, headers)
        answer = self._http.getresponse()
        answer.read()
        return answer.status


@dataclass
class Load:
    """What is asked of the service, and how long each answer took, from the moment it was due (a late start counts, on either side)."""

    line: Line
    open_briefs: list[tuple[str, str]]
    """(id, hash of the newest version), each decided at most once."""
    reads: list[float] = field(default_factory=list[float])
    decisions: list[float] = field(default_factory=list[float])
    late: list[float] = field(default_factory=list[float])
    """How long after it was due each was sent: what the generator itself, on the same machine, adds to the figures."""
    faults: list[int] = field(default_factory=list[int])
    lock: Lock = field(default_factory=Lock)

    def run(self, seconds: float) -> None:
        """Requests at a fixed rate, whether or not the ones before are answered."""
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for n in range(int(seconds * RATE)):
                due = began + n / RATE
                time.sleep(max(0.0, due - time.perf_counter()))
                pool.submit(self._decide if n % ONE_DECISION_IN == 0 else self._read, n, due)

    def _read(self, n: int, due: float) -> None:
        brief, _ = self.open_briefs[-1 - (n * 7919) % (len(self.open_briefs) // 2)]
        self._ask(self.reads, due, "GET", f"/v1/briefs/{brief}")

    def _decide(self, n: int, due: float) -> None:
        brief, head = self.open_briefs[n // ONE_DECISION_IN]
        approve = (n // ONE_DECISION_IN) % ONE_APPROVAL_IN == 0
        wish = {"decision": "approve"} if approve else {"decision": "reject", "reason_code": "too_early"}
        headers = {"If-Match": f'"1-{head[-16:]}"', "Idempotency-Key": brief}
        self._ask(self.decisions, due, "POST", f"/v1/briefs/{brief}/decisions", wish | {"version_hash": head}, headers)

    def _ask(self, kept: list[float], due: float, method: str, path: str, *more: Any) -> None:
        sent = time.perf_counter()
        status = self.line.ask(method, path, *more)
        with self.lock:
            kept.append(time.perf_counter() - due)
            self.late.append(sent - due)
            if status >= 400:
                self.faults.append(status)


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """p95 of reading a brief and of deciding one at 30 requests a second, first alone, then while scans run; BENCH_MINUTES sets how long the second
    goes on (the memory figure needs 10). The generator shares the machine with the service: what it is late by stands in the notes."""
    minutes = float(os.environ.get("BENCH_MINUTES", "0.5" if quick else "1"))
    accounts, briefs = (56, 2000) if quick else (280, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        say(f"filling a store: {accounts} accounts, {briefs:,} briefs")
        token, filled = fill(Path(folder) / "export", home, accounts, briefs)
        return loaded(home, token, filled, minutes, say)


def loaded(home: Path, token: str, filled: list[tuple[str, str]], minutes: float, say: Callable[[str], None]) -> Measured:
    """The figures of a filled home."""
    headers = {"Authorization": f"Bearer {token}"}
    some = len(filled) // 4
    with serving(home) as (process, base):
        line, memory = Line(base, headers), list[float]()
        alone, beside = Load(line, filled[:some]), Load(line, filled[some:])
        say(f"{RATE} requests a second, nothing beside them")
        alone.run(min(minutes, ALONE_MINUTES) * 60)
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(beside.run, minutes * 60)
            say(f"{RATE} requests a second for {minutes:g} minutes, scans beside them")
            scans = 0
            while not running.done():
                scans += scan(base, headers, lambda: memory.append(rss(process.pid)), running.done)
            running.result()
    return told(alone, beside, grown(memory, minutes), memory, scans, len(filled))


def grown(memory: list[float], minutes: float) -> Figure:
    """By how much memory grew once it had settled; not measured under a shorter load than that takes."""
    name, unit, last = "memory of the service, growth", "%", f"{memory[-1]:.0f} MB at the end"
    if minutes < MEMORY_MINUTES:
        note = f"not measured: BENCH_MINUTES={MEMORY_MINUTES} tells, {minutes:g} is too short; {last}"
        return Figure(name, None, unit, at_most=GROWTH_PERCENT, note=note)
    settled = memory[len(memory) // 3 :]
    third = max(len(settled) // 3, 1)
    growth = 100 * (max(settled[-third:]) / max(settled[:third]) - 1)
    return Figure(name, round(growth, 1), unit, at_most=GROWTH_PERCENT, note=last)


def told(alone: Load, beside: Load, growth: Figure, memory: list[float], scans: int, briefs: int) -> Measured:
    counted = f"{len(beside.reads)} reads, {len(beside.decisions)} decisions, {scans} scans ended beside them, {briefs:,} briefs"
    faults = [*alone.faults, *beside.faults]
    return Measured(
        (
            Figure("GET /v1/briefs/{id}, p95", _ms(beside.reads), "ms", at_most=READ_MS, note=f"{counted}, {len(faults)} refused"),
            Figure("a decision, p95", _ms(beside.decisions), "ms", at_most=DECISION_MS, note=f"one in {ONE_APPROVAL_IN} an approval"),
            Figure("GET /v1/briefs/{id}, p95, no scan", _ms(alone.reads), "ms", note="the same load with nothing beside it"),
            Figure("a decision, p95, no scan", _ms(alone.decisions), "ms"),
            Figure("sent late by, p95", _ms(beside.late), "ms", note="the generator's own share, which the figures above hold"),
            growth,
        ),
        {"reads_s": beside.reads, "decisions_s": beside.decisions, "late_s": beside.late, "memory_mb": memory, "refused": faults}
        | {"reads_alone_s": alone.reads, "decisions_alone_s": alone.decisions},
    )


def _ms(seconds: list[float]) -> float:
    return round(p95(seconds) * 1000, 1)


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] if len(seconds) > 1 else 0.0


def fill(export: Path, home: Path, accounts: int, briefs: int) -> tuple[str, list[tuple[str, str]]]:
    """A home with so many accounts and, from their drafts under other product names, so many open briefs. An admin's token, and the briefs."""
    export.mkdir()
    copies.write(export, accounts)
    with Workspace(Settings(home=home)) as opened:
        ingest(export, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
        scanned = [each.result for each in opened.pipeline(opened.offline_engine).scan(opened.archive.accounts(), AS_OF)]
        bodies = [
            BriefBody.model_validate_json(opened.store.version(opened.store.brief(result.brief_id).head)) for result in scanned if result.brief_id
        ]
        found: list[tuple[str, str]] = []
        with opened.store.writing() as connection:
            for n in range(briefs):
                body = bodies[n % len(bodies)]
                row = brief_rows.create(connection, opened.new_id(), body.model_copy(update={"sku": f"{body.sku}-{n}"}), "machine", opened.now())
                found.append((row.id, row.head))
        made = people.add(opened.store, "Ada", "admin", by=None, now=opened.now, new_id=opened.new_id, new_token=new_token)
    return made.token, found


@contextmanager
def serving(home: Path) -> Generator[tuple[subprocess.Popen[bytes], str]]:
    """`briefs serve` on a free port of this machine, ready."""
    log = home / "serve.log"
    environment = os.environ | {"BRIEFS_RATE_PER_MINUTE": "0", "BRIEFS_WEEKLY_BRIEFS": "0"}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "api.cli", "--home", str(home), "serve", "--port", "0"], stderr=out, env=environment)
        try:
            yield process, _ready(log, process)
        finally:
            process.terminate()
            process.wait(60)


def scan(base: str, headers: dict[str, str], look: Callable[[], None], over: Callable[[], bool]) -> int:
    """One scan of everything, to its end or until the load is over; 1 where it ended."""
    asked = httpx.post(f"{base}/v1/scans", json={"as_of": AS_OF.isoformat(), "force": True}, headers=headers, timeout=60).json()["id"]
    while not over():
        time.sleep(1)
        look()
        if httpx.get(f"{base}/v1/scans/{asked}", headers=headers, timeout=60).json()["state"] in ("done", "failed"):
            return 1
    return 0


def rss(process: int) -> float:
    """Megabytes a process holds in memory, with those it started."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    children = Path(f"/proc/{process}/task/{process}/children")
    started = [int(child) for child in children.read_text().split()] if children.exists() else []
    with suppress(OSError):  # one ended meanwhile
        return (int(found[1]) / 1024 if found else 0.0) + sum(rss(child) for child in started)
    return int(found[1]) / 1024 if found else 0.0


def _ready(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found and _answers(found[0]):
            return found[0]
        time.sleep(0.2)
    raise RuntimeError(json.dumps({"serve": log.read_text()[-500:]}))


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
