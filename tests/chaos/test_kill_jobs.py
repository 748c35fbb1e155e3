"""The durable engine under kill -9: what committed is done in the end, what did not never is, and no second process can take the work away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from briefs.durable import VERSION, Queue, Worker
from briefs.jobs import LOCK, at_work
from retrieval.engine import open_engine, open_job_engine
from retrieval.errors import StoreLocked
from tests.chaos.jobs_driver import JOBS, plan

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def driver(database: Path, mode: str, version: str = VERSION) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.chaos.jobs_driver", str(database), mode, version]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        if process.poll() is None:
            process.kill()


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def stop(process: subprocess.Popen[str]) -> str:
    """Lets the driver end by itself; what it wrote to stderr."""
    return process.communicate("stop\n", timeout=30)[1]


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def wait_for(done: Path, count: int) -> None:
    until = time.monotonic() + 30
    while len(set(lines(done))) < count and time.monotonic() < until:
        time.sleep(0.1)


def queued(database: Path) -> dict[str, str]:
    engine = open_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        found = {row.workflow_uuid: row.status for row in connection.execute(text("SELECT workflow_uuid, status FROM workflow_status"))}
    engine.dispose()
    return found


def test_a_kill_between_queueing_and_the_commit_leaves_nothing(tmp_path: Path):
    database = tmp_path / "briefs.db"
    with driver(database, "torn") as process:
        ready(process)
        process.send_signal(signal.SIGKILL)
    assert queued(database) == {}


def test_a_kill_after_the_commit_loses_nothing(tmp_path: Path):
    database = tmp_path / "briefs.db"
    with driver(database, "kept") as process:
        ready(process)
        process.send_signal(signal.SIGKILL)
    with driver(database, "work") as process:
        ready(process)
        wait_for(tmp_path / "done.txt", 1)
        stop(process)
    assert lines(tmp_path / "done.txt") == ["kept"]


def test_jobs_a_killed_process_was_running_are_finished_by_the_next(tmp_path: Path):
    database, done = tmp_path / "briefs.db", tmp_path / "done.txt"
    with driver(database, "slow") as process:
        ready(process)
        wait_for(tmp_path / "begun.txt", 3)
        process.send_signal(signal.SIGKILL)
    assert len(lines(done)) < JOBS
    with driver(database, "work") as process:
        ready(process)
        wait_for(done, JOBS)
        stop(process)
    assert set(lines(done)) == {f"w{n}" for n in range(JOBS)}
    assert len(lines(tmp_path / "begun.txt")) <= JOBS + 2, "only what ran at the kill runs again"
    assert set(queued(database).values()) == {"SUCCESS"}


def test_a_second_process_is_refused_with_one_line_and_takes_nothing(tmp_path: Path):
    database = tmp_path / "briefs.db"
    with driver(database, "slow") as process:
        ready(process)
        queue = Queue(f"sqlite:///{database}", {"note": "some"})
        second = Worker(f"sqlite:///{database}", tmp_path, plan(tmp_path, 0), queue)
        with pytest.raises(StoreLocked, match=f"Process {process.pid} already does the background work") as refused:
            second.start()
        assert "\n" not in f"{refused.value} {refused.value.hint}"
        assert at_work(tmp_path) == str(process.pid)
        wait_for(tmp_path / "done.txt", JOBS)
        queue.close()
        said = stop(process)
    assert set(lines(tmp_path / "done.txt")) == {f"w{n}" for n in range(JOBS)}
    assert said == "", "no advert, no warning"
    assert at_work(tmp_path) is None
    assert (tmp_path / LOCK).read_text() == ""


@pytest.mark.parametrize("versions", [("1", "2"), ("2", "1")], ids=["upgrade", "roll-back"])
def test_another_version_of_the_work_strands_nothing(tmp_path: Path, versions: tuple[str, str]):
    database, done = tmp_path / "briefs.db", tmp_path / "done.txt"
    if versions == ("2", "1"):
        with driver(database, "work", "1") as process:
            ready(process)
            stop(process)
    with driver(database, "slow", versions[0]) as process:
        ready(process)
        wait_for(tmp_path / "begun.txt", 2)
        process.send_signal(signal.SIGKILL)
    with driver(database, "work", versions[1]) as process:
        ready(process)
        wait_for(done, JOBS)
        stop(process)
    assert set(lines(done)) == {f"w{n}" for n in range(JOBS)}


def test_what_is_queued_is_json_not_code(tmp_path: Path):
    database = tmp_path / "briefs.db"
    with driver(database, "kept") as process:
        ready(process)
        stop(process)
    engine = open_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        inputs = connection.execute(text("SELECT inputs FROM workflow_input")).scalar_one()
        form = connection.execute(text("SELECT serialization FROM workflow_status")).scalar_one()
    engine.dispose()
    assert (json.loads(inputs)["positionalArgs"], form) == (["kept"], "portable_json")


def test_the_database_keeps_its_journal_and_waits_for_writers(tmp_path: Path):
    database = tmp_path / "briefs.db"
    with driver(database, "kept") as process:
        ready(process)
        stop(process)
    engine = open_job_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
        held = connection.connection.driver_connection
        level = held.isolation_level if held is not None else None
    engine.dispose()
    assert asked == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 30000, "foreign_keys": 1}
    assert level == "IMMEDIATE"
