"""The process beside the service looks at accounts as the service would, stands back for it, and never outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from briefs.aside import DEATHS, Aside
from briefs.background import Background
from briefs.handoff.folder import copies
from briefs.pipeline import Examined, Pipeline
from briefs.settings import Settings
from briefs.standing import Standings
from briefs.wiring import Workspace
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
from tests.api.world import plant
from tests.briefs.desk_parts import body

ROOT = Path(__file__).resolve().parents[2]
AS_OF, NOON = date(2026, 3, 31), datetime(2026, 3, 31, 12, tzinfo=UTC)
SOME = ("a01", "b06")
KEPT = "c01"
"""The one account whose result a test keeps: the others have to be looked at by whoever asks."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("aside")
    with Workspace(Settings(home=folder / "home")) as space:
        export = plant(folder / "export")
        ingest(export, space.archive, split, space.embedder, space.index, home=space.home, now=space.now, new_id=space.new_id, progress=quiet)
    return folder / "home"


@pytest.fixture
def aside(home: Path) -> Iterator[Aside]:
    made = Aside(Settings(home=home), lambda: NOON)
    yield made
    made.close()


def gone(process: int | None, seconds: float = 30) -> bool:
    """Whether that process ended, or does soon."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def soon(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it comes true by then."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


def test_it_sees_what_the_service_would_see_and_stands_back_for_it(home: Path, aside: Aside) -> None:
    look = aside.scan()
    with Workspace(Settings(home=home), now=lambda: NOON) as space:
        here = space.pipeline(space.offline_engine)
        assert [look(account, AS_OF, True, False) for account in SOME] == [here.prepare(account, AS_OF) for account in SOME]
    assert aside.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, aside.pid) > os.getpriority(os.PRIO_PROCESS, os.getpid())


def test_where_it_dies_the_account_is_looked_at_here_and_another_takes_over(home: Path, aside: Aside) -> None:
    look = aside.scan()
    assert look(SOME[0], AS_OF, True, False) is not None
    first = aside.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    with Workspace(Settings(home=home), now=lambda: NOON) as space:
        pipeline = space.pipeline(space.offline_engine)
        pipeline.beside = look
        space.store.start_scan("s1", AS_OF, "test", NOON)
        kept = pipeline.settle("s1", KEPT, AS_OF)
        assert kept.verdict == pipeline.prepare(KEPT, AS_OF).result.verdict
    assert look(SOME[0], AS_OF, True, False) is not None
    assert aside.pid not in (None, first)


def test_an_account_it_cannot_look_at_is_left_to_the_service(aside: Aside) -> None:
    look = aside.scan()
    assert look("nobody", AS_OF, True, False) is None
    first = aside.pid
    assert look(SOME[0], AS_OF, True, False) is not None
    assert aside.pid == first, "one fault ends no process"


def test_it_is_given_up_where_it_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    aside = Aside(Settings(home=tmp_path / "file"), lambda: NOON)
    look = aside.scan()
    assert [look("a01", AS_OF, True, False) for _ in range(DEATHS + 1)] == [None] * (DEATHS + 1)
    began = time.monotonic()
    assert look("a01", AS_OF, True, False) is None
    assert time.monotonic() - began < 1, "nothing is started any more"


def test_after_so_many_answers_a_new_one_takes_over(home: Path) -> None:
    aside = Aside(Settings(home=home), lambda: NOON, answers=1)
    look = aside.scan()
    assert look(SOME[0], AS_OF, True, False) is not None
    assert aside.pid is None
    assert look(SOME[1], AS_OF, True, False) is not None
    aside.close()


def test_closed_it_is_gone_and_answers_no_more(home: Path) -> None:
    aside = Aside(Settings(home=home), lambda: NOON)
    look = aside.scan()
    look(SOME[0], AS_OF, True, False)
    process, began = aside.pid, time.monotonic()
    aside.close()
    assert gone(process, 0.1)
    assert time.monotonic() - began < 5
    assert look(SOME[0], AS_OF, True, False) is None


def test_it_makes_the_copies_of_a_handoff_that_the_service_would(aside: Aside) -> None:
    assert aside.copies(body()) == copies(body())


class DiesOverIt(Aside):
    """Its process takes each question and ends before the answer."""

    died = 0

    def _received(self, pipe: Connection) -> Any:
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)
        self.died += 1
        return super()._received(pipe)


class Unread(Pipeline):
    """A pipeline that must not read in this process."""

    def examine(self, account_id: str, as_of: date) -> Examined:
        raise AssertionError(f"{account_id} was looked at inside the service")


def test_an_approval_that_has_to_look_again_has_it_done_beside_the_service(home: Path, aside: Aside) -> None:
    with Workspace(Settings(home=home), now=lambda: NOON) as space:
        here = {account: space.standings.of(account, AS_OF) for account in SOME}

    with Workspace(Settings(home=home), now=lambda: NOON) as space:
        unread = Unread(space.archive, lambda: space.searcher, space.offline_engine, space.rubric, space.store, now=space.now, new_id=space.new_id)
        running: list[Aside] = []
        standings = Standings(space.archive, lambda: unread, elsewhere=lambda: running[-1] if running else None)
        standings.warm()  # as the service does before its work starts
        running.append(aside)
        assert standings.of(SOME[0], AS_OF) == here[SOME[0]]

        running.append(Aside(Settings(home=home), lambda: NOON))  # stopped and started again
        aside.close()
        assert standings.of(SOME[1], AS_OF) == here[SOME[1]]
        assert running[-1].pid is not None
        running[-1].close()


def test_a_service_that_is_warm_before_its_work_starts_looks_beside_it_all_the_same(home: Path) -> None:
    with Workspace(Settings(home=home, processes=2), now=lambda: NOON) as space:
        space.standings.warm()
        work = Background(space)
        work.start()
        try:
            space.standings.of(SOME[0], AS_OF)
            assert space.aside is not None
            assert space.aside.pid is not None
        finally:
            work.stop()


def test_it_is_opened_with_the_service_so_that_nobody_waits_for_that(home: Path) -> None:
    with Workspace(Settings(home=home, processes=2), now=lambda: NOON) as space:
        work = Background(space)
        work.start()
        try:
            assert space.aside is not None
            assert soon(lambda: space.aside is not None and space.aside.pid is not None), "nobody has asked for anything"
            look = space.aside.scan()
            assert look(SOME[0], AS_OF, True, False) is not None
            opened = space.aside.pid
            assert look(SOME[1], AS_OF, True, False) is not None
            assert space.aside.pid == opened
        finally:
            work.stop()
        assert gone(opened)


def test_a_service_that_stops_while_it_opens_does_not_wait(home: Path) -> None:
    aside = Aside(Settings(home=home), lambda: NOON)
    aside.open_ahead()
    assert soon(lambda: aside.pid is not None)
    process, began = aside.pid, time.monotonic()
    aside.close()
    assert gone(process, 0.1)
    assert time.monotonic() - began < 5


def test_where_it_dies_under_an_approval_the_service_looks_itself(home: Path) -> None:
    with Workspace(Settings(home=home), now=lambda: NOON) as space:
        space.aside = aside = DiesOverIt(Settings(home=home), lambda: NOON)
        told = space.standings.of(SOME[1], AS_OF)
        here = space.pipeline(space.offline_engine).examine(SOME[1], AS_OF).finding
        assert (told.verdict, told.blockers) == (here.verdict, here.blockers)
        assert aside.died == 1


def test_one_that_hangs_is_ended_and_the_account_left_to_the_service(home: Path) -> None:
    aside = Aside(Settings(home=home), lambda: NOON)
    look = aside.scan()
    assert look(SOME[0], AS_OF, True, False) is not None
    process = aside.pid
    assert process is not None
    aside.patience = 1.0
    os.kill(process, signal.SIGSTOP)
    assert look(SOME[1], AS_OF, True, False) is None
    assert gone(process)
    aside.close()


@pytest.mark.chaos
def test_it_ends_with_a_service_that_is_killed(home: Path) -> None:
    command = [sys.executable, "-m", "tests.briefs.aside_driver", str(home), SOME[0]]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        process = int(service.stdout.readline())
        assert not gone(process, 0.3)
        service.kill()
        service.wait()
        assert gone(process)
