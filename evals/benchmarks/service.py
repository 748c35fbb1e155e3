"""How long the service takes to answer while a scan runs, with twenty thousand briefs in the store, and whether its memory stays flat."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import quantiles
from threading import Lock

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
READ_MS, DECISION_MS, GROWTH_PERCENT = 40, 80, 5
READY_S = 120


@dataclass
class Load:
    """What is asked of the service, and how long each answer took, from the moment it was due (a late start counts)."""

    base: str
    headers: dict[str, str]
    open_briefs: list[tuple[str, str]]
    """(id, hash of the newest version), each decided at most once."""
    reads: list[float] = field(default_factory=list[float])
    decisions: list[float] = field(default_factory=list[float])
    faults: list[int] = field(default_factory=list[int])
    lock: Lock = field(default_factory=Lock)

    def run(self, seconds: float) -> None:
        """Requests at a fixed rate, whether or not the ones before are answered."""
        began = time.perf_counter()
        limits = httpx.Limits(max_keepalive_connections=32, max_connections=64)
        with httpx.Client(base_url=self.base, headers=self.headers, timeout=30, limits=limits) as client, ThreadPoolExecutor(32) as pool:
            for n in range(int(seconds * RATE)):
                due = began + n / RATE
                time.sleep(max(0.0, due - time.perf_counter()))
                pool.submit(self._decide if n % ONE_DECISION_IN == 0 else self._read, client, n, due)

    def _read(self, client: httpx.Client, n: int, due: float) -> None:
        brief, _ = self.open_briefs[-1 - (n * 7919) % (len(self.open_briefs) // 2)]
        self._done(self.reads, client.get(f"/v1/briefs/{brief}"), due)

    def _decide(self, client: httpx.Client, n: int, due: float) -> None:
        brief, head = self.open_briefs[n // ONE_DECISION_IN]
        approve = (n // ONE_DECISION_IN) % ONE_APPROVAL_IN == 0
        wish = {"decision": "approve", "accept_changes": True} if approve else {"decision": "reject", "reason_code": "too_early"}
        headers = {"If-Match": f'"1-{head[-16:]}"', "Idempotency-Key": brief}
        self._done(self.decisions, client.post(f"/v1/briefs/{brief}/decisions", json=wish | {"version_hash": head}, headers=headers), due)

    def _done(self, kept: list[float], answer: httpx.Response, due: float) -> None:
        with self.lock:
            kept.append(time.perf_counter() - due)
            if answer.status_code >= 400:
                self.faults.append(answer.status_code)


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """p95 of reading a brief and of deciding one at 30 requests a second; BENCH_MINUTES sets how long (10 for the memory figure)."""
    minutes = float(os.environ.get("BENCH_MINUTES", "0.5" if quick else "1"))
    accounts, briefs = (56, 2000) if quick else (280, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        say(f"filling a store: {accounts} accounts, {briefs:,} briefs")
        token, filled = fill(Path(folder) / "export", home, accounts, briefs)
        headers = {"Authorization": f"Bearer {token}"}
        with serving(home) as (process, base):
            load, memory = Load(base, headers, filled), [rss(process.pid)]
            with ThreadPoolExecutor(2) as beside:
                running = beside.submit(load.run, minutes * 60)
                say(f"{RATE} requests a second for {minutes:g} minutes, scans beside them")
                scans = 0
                while not running.done():
                    scans += scan(base, headers, lambda: memory.append(rss(process.pid)), running.done)
                running.result()
    return told(load, memory, scans, briefs)


def told(load: Load, memory: list[float], scans: int, briefs: int) -> Measured:
    reads, decisions = p95(load.reads), p95(load.decisions)
    settled = memory[len(memory) // 3 :]
    third = max(len(settled) // 3, 1)
    growth = 100 * (max(settled[-third:]) / max(settled[:third]) - 1)
    note = f"{len(load.reads)} reads, {len(load.decisions)} decisions, {scans} scans beside them, {briefs:,} briefs, {len(load.faults)} refused"
    return Measured(
        (
            Figure("GET /v1/briefs/{id}, p95", round(reads * 1000, 1), "ms", at_most=READ_MS, note=note),
            Figure("a decision, p95", round(decisions * 1000, 1), "ms", at_most=DECISION_MS, note="one in five an approval"),
            Figure("memory of the service, growth", round(growth, 1), "%", at_most=GROWTH_PERCENT, note=f"{memory[-1]:.0f} MB at the end"),
        ),
        {"reads_s": load.reads, "decisions_s": load.decisions, "memory_mb": memory, "refused": load.faults},
    )


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
    """Megabytes a process holds in memory."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
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
