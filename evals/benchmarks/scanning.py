"""How many accounts a second an offline scan looks at, and how much faster a scan is that finds nothing new."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeVar

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.benchmarks import copies
from evals.benchmarks.figures import Figure, Measured
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

T = TypeVar("T")

AS_OF = date(2026, 3, 31)
ACCOUNTS_A_SECOND, TIMES_FASTER = 10, 30


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """A scan of new accounts with thirty records each, drafts included, embeddings done; then the same scan again, three times."""
    accounts = 56 if quick else 280
    with tempfile.TemporaryDirectory() as folder:
        source, home = Path(folder) / "export", Path(folder) / "home"
        source.mkdir()
        records = copies.write(source, accounts)
        with Workspace(Settings(home=home)) as opened:
            say(f"importing {records} records of {accounts} accounts")
            ingest(source, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
            pipeline = opened.pipeline(opened.offline_engine)
            names = opened.archive.accounts()
            say("scanning")
            first, drafted = _timed(lambda: [s.result for s in pipeline.scan(names, AS_OF)])
            again = [_timed(lambda: list(opened.pipeline(opened.offline_engine).scan(names, AS_OF)))[0] for _ in range(3)]
    rate, faster = accounts / first, first / median(again)
    qualified = sum(r.brief_id is not None for r in drafted)
    return Measured(
        (
            Figure(
                "offline scan of new accounts",
                round(rate, 1),
                "accounts/s",
                at_least=ACCOUNTS_A_SECOND,
                note=f"{accounts} accounts, {qualified} drafted",
            ),
            Figure("re-scan with nothing new", round(faster, 1), "times faster", at_least=TIMES_FASTER, note="median of 3; no model call"),
        ),
        {"first_s": first, "again_s": again, "accounts": accounts, "records": records, "drafts": qualified},
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = perf_counter()
    result = work()
    return perf_counter() - started, result
