"""Jobs in memory, run when told to, in this process: for tests, with a clock that can be turned. Nothing here survives the process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefs.errors import NotFound
from briefs.jobs import Failed, Plan
from briefs.store import Store, Transaction


@dataclass
class _Waiting:
    job: str
    key: str
    arguments: tuple[str, ...]
    due: datetime


class InlineJobs:
    """Keeps what was queued in a list, in the order it falls due."""

    def __init__(self, store: Store, plan: Plan, *, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._runs = {job.name: job.run for job in plan.jobs}
        self._seen: set[str] = set()
        self._waiting: list[_Waiting] = []
        self._failed: dict[str, tuple[_Waiting, Failed]] = {}
        self.ahead = timedelta()
        """How far the clock was turned on by `run`."""

    def enqueue(self, connection: Transaction, job: str, key: str, *arguments: str, delay_s: float = 0.0) -> None:
        waiting = _Waiting(job, key, arguments, self._now() + self.ahead + timedelta(seconds=delay_s))
        self._store.after_commit(connection, lambda: self._take(waiting))

    def cancel(self, key: str) -> None:
        self._waiting = [waiting for waiting in self._waiting if waiting.key != key]

    def failed(self) -> list[Failed]:
        return sorted((failed for _, failed in self._failed.values()), key=lambda f: f.at, reverse=True)

    def again(self, key: str) -> None:
        if key not in self._failed:
            raise NotFound(f"No failed job {key[:80]!r}.")
        waiting, _ = self._failed.pop(key)
        self._waiting.append(_Waiting(waiting.job, waiting.key, waiting.arguments, self._now()))

    def run(self, forward: timedelta = timedelta()) -> int:
        """Runs everything that falls due within `forward` from now, what it queues in turn included; how many ran."""
        end, count = self._now() + self.ahead + forward, 0
        while due := sorted((w for w in self._waiting if w.due <= max(end, self._now())), key=lambda w: w.due):
            self._waiting.remove(due[0])
            self.ahead = max(self.ahead, due[0].due - self._now())
            self._run(due[0])
            count += 1
        self.ahead = max(self.ahead, end - self._now())
        return count

    def _run(self, waiting: _Waiting) -> None:
        try:
            self._runs[waiting.job](*waiting.arguments)
        except Exception as fault:  # noqa: BLE001 - whatever a job raises is its failure, as in the durable engine
            self._failed[waiting.key] = (waiting, Failed(waiting.key, waiting.job, self._now(), type(fault).__name__))

    def _take(self, waiting: _Waiting) -> None:
        if waiting.key not in self._seen:
            self._seen.add(waiting.key)
            self._waiting.append(waiting)
