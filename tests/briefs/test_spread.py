"""A scan on several processes gives what a scan in one gives, even where a worker dies."""

from __future__ import annotations

import os
import signal
from datetime import UTC, date, datetime
from multiprocessing import active_children
from pathlib import Path

import pytest

from briefs.pipeline import Prepared
from briefs.settings import Settings
from briefs.spread import Processes
from briefs.wiring import Workspace
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

SAMPLE = Path(__file__).parents[2] / "evals" / "portfolios" / "sample"
AS_OF = date(2026, 3, 31)
SOME = ("a01", "a02", "a03", "b01", "b02", "c09")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    with Workspace(Settings(home=folder)) as opened:
        ingest(SAMPLE, opened.archive, split, opened.embedder, opened.index, home=folder, now=opened.now, new_id=opened.new_id, progress=quiet)
    return folder


def _workspace(home: Path) -> Workspace:
    return Workspace(Settings(home=home), now=lambda: datetime(2026, 3, 31, 12, tzinfo=UTC))


def _here(opened: Workspace) -> list[Prepared]:
    pipeline = opened.pipeline(opened.offline_engine)
    return [pipeline.prepare(account, AS_OF) for account in SOME]


def test_two_processes_prepare_what_one_does_in_the_same_order(home: Path) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine), fewest=1)
        assert list(spread(SOME, AS_OF, True, False)) == _here(opened)


def test_accounts_of_a_worker_that_is_killed_are_looked_at_here(home: Path) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine), fewest=1)
        answers = spread(SOME, AS_OF, True, False)
        found = [next(answers)]
        for worker in active_children():
            os.kill(worker.pid or 0, signal.SIGKILL)
        found += answers
        assert found == _here(opened)


def test_a_few_accounts_start_no_process(home: Path) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine))
        before = len(active_children())
        answers = spread(SOME, AS_OF, True, False)
        next(answers)
        assert len(active_children()) == before


def test_a_stopped_scan_leaves_no_worker_behind(home: Path) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine), fewest=1)
        answers = spread(SOME, AS_OF, True, False)
        next(answers)
        answers.close()  # type: ignore[attr-defined]
        assert active_children() == []
