"""A process to kill: `python -m tests.chaos.jobs_driver DATABASE MODE [VERSION]`. It says `ready` at the moment worth killing it at.

Modes: `torn` dies between queueing a job and the commit; `kept` right after the commit; `slow` while its jobs run; `work` runs what there is until it
is told to stop by a line on its input.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from briefs.durable import VERSION, Queue, Worker
from briefs.jobs import Every, Job, Plan
from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine

JOBS = 6


def plan(home: Path, pace_s: float) -> Plan:
    def note(word: str) -> None:
        _append(home / "begun.txt", word)
        time.sleep(pace_s)
        _append(home / "done.txt", word)

    return Plan((Job("note", "some", note),), {"some": 2}, (Every("0 3 * * *", "note"),))


def _append(path: Path, word: str) -> None:
    with path.open("a") as file:
        file.write(word + "\n")


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(database: Path, mode: str, version: str = VERSION) -> None:
    url, home = f"sqlite:///{database}", database.parent
    engine = open_engine(url)
    ensure(engine)
    store, queue = Store(engine), Queue(url, {"note": "some"})
    if mode in ("torn", "kept"):
        queue.prepare()
        with store.writing() as connection:
            queue.enqueue(connection, "note", f"{mode}-1", mode)
            if mode == "torn":
                say("ready")
                sys.stdin.readline()
        say("ready")
        sys.stdin.readline()
        return
    worker = Worker(url, home, plan(home, 1.0 if mode == "slow" else 0.0), queue, version=version)
    worker.start()
    if mode == "slow":
        with store.writing() as connection:
            for n in range(JOBS):
                queue.enqueue(connection, "note", f"job-{n}", f"w{n}")
    say("ready")
    sys.stdin.readline()
    worker.stop(5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
