"""What work in the background looks like to the rest of the product: named jobs, queued in the very transaction that makes them necessary.

A job is a plain function of a few short texts (ids, never a customer's words) that may run twice: it looks at the store first and does what is
left. Waiting is a job queued with a delay, not one that sleeps, so that a thousand deliveries waiting for a receiver hold no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from briefs.store import Transaction
from retrieval.ownership import owner

LOCK = "worker.lock"
"""The file in the home folder that whoever does its background work holds."""


@dataclass(frozen=True)
class Job:
    """`run` is called with the arguments it was queued with. What it raises is kept as a failure: it should name and handle what it expects."""

    name: str
    queue: str
    run: Callable[..., object]


@dataclass(frozen=True)
class Every:
    """A job without arguments, run by the clock: five cron fields, in the time zone given."""

    cron: str
    job: str
    timezone: str = "UTC"


@dataclass(frozen=True)
class Plan:
    """Everything a process can run: its jobs, how many of each queue at once, and the timers."""

    jobs: tuple[Job, ...]
    queues: dict[str, int]
    timers: tuple[Every, ...] = ()


@dataclass(frozen=True)
class Failed:
    """A job that ended with a fault nobody handled. `fault` is the name of the error, without its words."""

    key: str
    job: str
    at: datetime
    fault: str


class Jobs(Protocol):
    """Where jobs are queued. Real: `durable.Queue`. In memory, for tests: `jobs_inline.InlineJobs`."""

    def enqueue(self, connection: Transaction, job: str, key: str, *arguments: str, delay_s: float = 0.0) -> None:
        """Queues the job when the transaction commits, and never otherwise. A key that was queued before is queued no second time."""
        ...

    def cancel(self, key: str) -> None:
        """A job that has not begun never will. One that is not there is left alone."""
        ...

    def failed(self) -> list[Failed]:
        """Jobs that ended with a fault, newest first."""
        ...

    def again(self, key: str) -> None:
        """Queues a failed job once more. Raises NotFound."""
        ...


def at_work(home: Path) -> str | None:
    """The id of the process that does this home's background work now; None where none does."""
    return owner(home, LOCK)
