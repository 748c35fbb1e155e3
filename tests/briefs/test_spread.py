"""A scan on several processes gives what a scan in one gives, even where a worker dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from multiprocessing import active_children
from pathlib import Path

import pytest

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings
from briefs.spread import Processes
from briefs.wiring import Workspace
from retrieval.errors import UnknownAccount
from tests.sharing import imported_sample

AS_OF = date(2026, 3, 31)
ROOT = Path(__file__).resolve().parents[2]
SOME = ("a01", "a02", "a03", "b01", "b02", "c09")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("spread") / "home"
    shutil.copytree(imported_sample(tmp_path_factory), home)
    return home


def _workspace(home: Path) -> Workspace:
    return Workspace(Settings(home=home), now=lambda: datetime(2026, 3, 31, 12, tzinfo=UTC))


def _here(opened: Workspace) -> list[Prepared]:
    pipeline = opened.pipeline(opened.offline_engine)
    return [pipeline.prepare(account, AS_OF) for account in SOME]


class _Counting(Pipeline):
    """A pipeline that says which accounts it looked at."""

    looked: list[str]

    def prepare(self, account_id: str, as_of: date, *, draft: bool = True, force: bool = False) -> Prepared:
        self.looked.append(account_id)
        return super().prepare(account_id, as_of, draft=draft, force=force)


def _counting(opened: Workspace) -> _Counting:
    made = opened.pipeline(opened.offline_engine)
    made.__class__, counting = _Counting, made
    assert isinstance(counting, _Counting)
    counting.looked = []
    return counting


def test_two_processes_prepare_what_one_does_in_the_same_order(home: Path) -> None:
    with _workspace(home) as opened:
        here = _counting(opened)
        assert list(Processes(opened.settings, 2, here, fewest=1, ahead=0)(SOME, AS_OF, True, False)) == _here(opened)
        assert not here.looked, "all of it came from the workers"


def test_this_process_works_while_the_others_start_and_the_order_stays(home: Path) -> None:
    with _workspace(home) as opened:
        here = _counting(opened)
        many = SOME * 4
        answers = list(Processes(opened.settings, 2, here, fewest=1, ahead=2)(many, AS_OF, True, False))
        assert answers == _here(opened) * 4
        assert 2 <= len(here.looked) < len(many), "it looked ahead, but not at everything"


def test_accounts_of_a_worker_that_is_killed_are_looked_at_here(home: Path) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine), fewest=1, ahead=0)
        answers = spread(SOME, AS_OF, True, False)
        found = [next(answers)]
        for worker in active_children():
            os.kill(worker.pid or 0, signal.SIGKILL)
        found += answers
        assert found == _here(opened)


def test_a_scan_ends_quietly_with_every_answer_where_one_of_several_workers_dies_at_once(home: Path) -> None:
    command = [sys.executable, "-m", "tests.briefs.spread_driver", str(home)]
    scan = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (scan.stdout, scan.stderr, scan.returncode) == ("48 of 48\n", "", 0)


@pytest.mark.parametrize("ahead", [0, 32])
def test_an_account_that_cannot_be_looked_at_is_told_of_in_its_turn(home: Path, ahead: int) -> None:
    with _workspace(home) as opened:
        spread = Processes(opened.settings, 2, opened.pipeline(opened.offline_engine), fewest=1, ahead=ahead)
        answers = spread((*SOME * 3, "nobody", *SOME), AS_OF, True, False)
        assert [next(answers) for _ in SOME * 3] == _here(opened) * 3
        with pytest.raises(UnknownAccount):
            next(answers)


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
