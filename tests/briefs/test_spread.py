"""A scan on several processes gives what a scan in one gives, even where a worker dies."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, date, datetime
from multiprocessing import active_children
from pathlib import Path

import pytest

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings
from briefs.spread import Processes
from briefs.wiring import Workspace
from tests.sharing import imported_sample

AS_OF = date(2026, 3, 31)
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
