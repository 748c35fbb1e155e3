"""How long the server takes for the pages people wait for: an inbox of 200 accounts, and a brief beside 300 records of evidence."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.benchmarks.figures import Figure, Measured
from evals.benchmarks.service import AS_OF, fill, p95, serving
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

ACCOUNTS, RECORDS, ASKED = 200, 300, 40
INBOX_MS, INBOX_KB, BRIEF_MS = 150, 100, 250


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """p95 over ASKED requests, one after another, compressed as a browser asks for it."""
    accounts, asked = (40, 10) if quick else (ACCOUNTS, ASKED)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        say(f"scanning {accounts} accounts")
        token, _ = fill(Path(folder) / "export", home, accounts, 0)
        brief = _thick(home, Path(folder) / "more")
        with serving(home) as (_, base), httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            inbox, kilobytes = _timed(client, "/inbox", asked)
            thick, _ = _timed(client, f"/briefs/{brief}", asked)
    note = f"{asked} requests one after another"
    return Measured(
        (
            Figure(f"inbox of {accounts} accounts, p95", round(p95(inbox) * 1000, 1), "ms", at_most=INBOX_MS, note=note),
            Figure("the same over the wire, compressed", round(kilobytes, 1), "kB", at_most=INBOX_KB),
            Figure(f"brief beside {RECORDS} records, p95", round(p95(thick) * 1000, 1), "ms", at_most=BRIEF_MS, note=note),
        ),
        {"inbox_s": inbox, "brief_s": thick},
    )


def _timed(client: httpx.Client, path: str, asked: int) -> tuple[list[float], float]:
    """Seconds of each answer, and the largest in kB as sent. The first, which opens things, is not counted."""
    seconds: list[float] = []
    largest = 0.0
    for n in range(asked + 1):
        began = time.perf_counter()
        with client.stream("GET", path) as answer:
            sent = sum(len(part) for part in answer.iter_raw())
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        if n:
            seconds.append(time.perf_counter() - began)
            largest = max(largest, sent / 1000)
    return seconds, largest


def _thick(home: Path, folder: Path) -> str:
    """An account with a brief gets notes until it has RECORDS records, and is scanned again; its brief."""
    with Workspace(Settings(home=home)) as opened:
        row = opened.store.list()[0]
        account = opened.archive.account_rows(row.account_id)[-1]
        folder.mkdir()
        (folder / "accounts.jsonl").write_text(account.model_dump_json(exclude={"extra"}) + "\n", "utf-8")
        with (folder / "notes.jsonl").open("w", encoding="utf-8") as notes:
            for n in range(RECORDS - len(opened.archive.records(account.id))):
                words = f"Call number {n}. They went through the open work orders with us and had no questions about the mobile app this time."
                note = {"id": f"thick-{n}", "account_id": account.id, "at": f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}", "kind": "call", "body": words}
                notes.write(json.dumps(note) + "\n")
        ingest(folder, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
        for _ in opened.pipeline(opened.offline_engine).scan([account.id], AS_OF, force=True):
            pass
        return opened.store.briefs_of(account.id)[0].id
