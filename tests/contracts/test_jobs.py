"""One suite for every place jobs are queued in: what commits runs, what is rolled back does not, and nothing runs twice for one key."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from briefs.durable import Queue, Worker
from briefs.errors import NotFound
from briefs.jobs import Job, Jobs, Plan
from briefs.jobs_inline import InlineJobs
from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine


class Bench(Protocol):
    """An engine under test and the store beside it. `settle` waits until everything due has run, at most `seconds` ahead."""

    jobs: Jobs
    store: Store
    ran: list[tuple[str, ...]]

    def settle(self, seconds: float = 0.0) -> None: ...


class Rolled(Exception):
    """The transaction failed."""


def plan(ran: list[tuple[str, ...]], breaks: Callable[[], bool]) -> Plan:
    def note(*arguments: str) -> None:
        ran.append(arguments)

    def break_down(word: str) -> None:
        ran.append((word,))
        if breaks():
            raise ValueError("the customer said: " + word)

    return Plan((Job("note", "some", note), Job("break", "some", break_down)), {"some": 4})


class Durable:
    def __init__(self, url: str, home: Path) -> None:
        self.engine = open_engine(url)
        ensure(self.engine)
        self.store, self.ran, self.broken = Store(self.engine), [], True
        parts = plan(self.ran, lambda: self.broken)
        self.jobs = Queue(url, {job.name: job.queue for job in parts.jobs})
        self.worker = Worker(url, home, parts, self.jobs)
        self.worker.start()

    def settle(self, seconds: float = 0.0) -> None:
        time.sleep(seconds)
        until = time.monotonic() + 20
        while self.jobs.depth() and time.monotonic() < until:
            time.sleep(0.05)

    def close(self) -> None:
        self.worker.stop(0)
        self.jobs.close()
        self.engine.dispose()


class Inline:
    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        ensure(self.engine)
        self.store, self.ran, self.broken = Store(self.engine), [], True
        self.jobs = InlineJobs(self.store, plan(self.ran, lambda: self.broken), now=lambda: datetime.now(UTC))

    def settle(self, seconds: float = 0.0) -> None:
        self.jobs.run(timedelta(seconds=seconds))

    def close(self) -> None:
        self.engine.dispose()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("jobs") / "briefs.db"
    engine = open_engine(f"sqlite:///{path}")
    ensure(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["inline", "durable"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[Durable | Inline]:
    shutil.copy(template, tmp_path / "briefs.db")
    url = f"sqlite:///{tmp_path / 'briefs.db'}"
    made = Durable(url, tmp_path) if request.param == "durable" else Inline(url)
    yield made
    made.close()


def test_what_commits_runs_once(bench: Bench):
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k1", "a", "b")
    bench.settle()
    assert bench.ran == [("a", "b")]


def test_what_is_rolled_back_never_runs(bench: Bench):
    with contextlib.suppress(Rolled), bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k1", "lost")
        raise Rolled
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k2", "kept")
    bench.settle()
    assert bench.ran == [("kept",)]


def test_a_key_is_queued_once_for_all_time(bench: Bench):
    for word in ("first", "second"):
        with bench.store.writing() as connection:
            bench.jobs.enqueue(connection, "note", "k1", word)
        bench.settle()
    assert bench.ran == [("first",)]


def test_a_delayed_job_waits(bench: Bench):
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "late", "late", delay_s=1.5)
        bench.jobs.enqueue(connection, "note", "soon", "soon")
    bench.settle(0.0 if isinstance(bench, Inline) else 0.7)
    assert bench.ran[0] == ("soon",)
    bench.settle(2.0)
    assert bench.ran == [("soon",), ("late",)]


def test_a_cancelled_job_never_runs(bench: Bench):
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k1", "never", delay_s=0.8)
    bench.jobs.cancel("k1")
    bench.jobs.cancel("nobody")
    bench.settle(1.5)
    assert bench.ran == []


def test_a_failure_is_listed_without_its_words_and_can_be_run_again(bench: Durable | Inline):
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "break", "k1", "secret words")
    bench.settle()
    (failed,) = bench.jobs.failed()
    assert (failed.key, failed.job) == ("k1", "break")
    assert "ValueError" in failed.fault
    assert "secret" not in repr(failed)
    bench.broken = False
    bench.jobs.again("k1")
    bench.settle()
    assert bench.ran == [("secret words",), ("secret words",)]
    assert bench.jobs.failed() == []


def test_only_a_failed_job_runs_again(bench: Bench):
    with pytest.raises(NotFound):
        bench.jobs.again("nobody")


def test_a_job_can_queue_the_next_one(bench: Bench):
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k1", "1")
    bench.settle()
    with bench.store.writing() as connection:
        bench.jobs.enqueue(connection, "note", "k2", "2")
    bench.settle()
    assert bench.ran == [("1",), ("2",)]
