"""The durable engine: jobs that outlive the process, kept in the same database as the decisions that cause them. The only file that imports DBOS.

Each choice below closes a fault that was reproduced while choosing the engine:
- One executor id, guarded by a lock on a file beside the database. With DBOS's default id a second process takes over the first one's running work
  and leaves it hanging when it ends. A second worker is refused with one line; other processes only queue (`Queue`), they never launch.
- The version of the work is a constant, promoted at every start. By default it is a hash of the code, and each release would strand what is queued.
  Work left under another version is queued anew.
- Arguments are JSON, never pickles. Job functions take ids; what they raise is kept as the error's name, without its words.
- Its tables stand in the product's own database, so that an approval and its delivery commit together or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus

from briefs.errors import NotFound
from briefs.jobs import LOCK, Failed, Job, Plan, at_work
from briefs.store import Transaction
from retrieval.engine import open_job_engine
from retrieval.errors import StoreLocked
from retrieval.ownership import Ownership

APPLICATION = "briefs"
VERSION = "1"
"""Of the jobs' names and arguments. A job runs whole and looks at the store first, so a newer release can finish an older one's work."""
EXECUTOR = "slot-1"
POLL_S = 0.5
_OPEN = ["PENDING", "ENQUEUED", "DELAYED"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_AT_ONCE = 500


class JobFailed(Exception):
    """What is kept of a job's fault: the name of its error. Its words could be a customer's."""


class Queue:
    """Queues jobs and looks after them, from any process. Runs none."""

    def __init__(self, url: str, queues: Mapping[str, str]) -> None:
        """`queues` names the queue of each job."""
        self._url, self._queues = url, queues

    @cached_property
    def _engine(self) -> Any:
        """The engine's own connections."""
        _quiet()
        return open_job_engine(self._url)

    @cached_property
    def client(self) -> DBOSClient:
        return DBOSClient(system_database_engine=self._engine, serializer=DBOSPortableJSONSerializer(), application_name=APPLICATION, lazy=True)

    def prepare(self) -> None:
        """Makes the engine's tables, or brings them up to date: before the first `enqueue`, never while a transaction writes."""
        _quiet()
        DBOS.migrate(self._url)

    def ready(self) -> None:
        """Opens what `enqueue` needs, so that the transaction it is called in need not wait for it."""
        assert self.client is not None

    def enqueue(self, connection: Transaction, job: str, key: str, *arguments: str, delay_s: float = 0.0) -> None:
        options: EnqueueOptions = {"workflow_name": job, "queue_name": self._queues[job], "workflow_id": key}
        if delay_s > 0:
            options["delay_seconds"] = delay_s
        self.client.enqueue_in_transaction(connection, options, *arguments)

    def cancel(self, key: str) -> None:
        if self.client.list_workflows(workflow_ids=[key], status=_OPEN, load_input=False, load_output=False):
            self.client.cancel_workflow(key)

    def failed(self) -> list[Failed]:
        rows = self.client.list_workflows(status=_FAILED, sort_desc=True, load_input=False, limit=_AT_ONCE)
        return [Failed(row.workflow_id, row.name, _moment(row.updated_at), str(row.error or row.status)[:200]) for row in rows]

    def again(self, key: str) -> None:
        rows = self.client.list_workflows(workflow_ids=[key], status=_FAILED)
        if not rows:
            raise NotFound(f"No failed job {key[:80]!r}.")
        self._anew(rows[0], f"{key}~{rows[0].updated_at}")
        self.client.delete_workflow(key)

    def sweep(self, older_than: datetime) -> int:
        """Deletes what ended before that moment; how many. Failed jobs are kept as long as the others."""
        count = 0
        while rows := self.client.list_workflows(status=_ENDED, end_time=older_than.isoformat(), load_input=False, load_output=False, limit=_AT_ONCE):
            self.client.delete_workflows([row.workflow_id for row in rows])
            count += len(rows)
        return count

    def depth(self) -> dict[str, int]:
        """How many jobs wait or run, by queue."""
        counts: dict[str, int] = {}
        for row in self.client.list_workflows(status=_OPEN, load_input=False, load_output=False):
            name = row.queue_name or "timers"
            counts[name] = counts.get(name, 0) + 1
        return counts

    def adopt(self, version: str) -> int:
        """Queues anew what is bound to another version of the jobs; how many. DBOS itself would leave it for ever."""
        strange = [row for row in self.client.list_workflows(status=_OPEN) if row.app_version not in (None, version) and row.name in self._queues]
        for row in strange:
            self._anew(row, f"{row.workflow_id}~{version}")
            self.client.cancel_workflow(row.workflow_id)
        return len(strange)

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.destroy()
        if "_engine" in self.__dict__:
            self._engine.dispose()

    def _anew(self, row: WorkflowStatus, key: str) -> None:
        arguments = row.input["args"] if row.input else ()
        options: EnqueueOptions = {"workflow_name": row.name, "queue_name": self._queues[row.name], "workflow_id": key}
        self.client.enqueue(options, *arguments)


class Worker:
    """Runs jobs and timers in this process from `start` to `stop`. One a home, held to it by a lock."""

    def __init__(self, url: str, home: Path, plan: Plan, queue: Queue, *, version: str = VERSION) -> None:
        self._url, self._home, self._plan, self._queue, self._version = url, home, plan, queue, version
        self._held: Ownership | None = None
        self._engine: Any = None

    def start(self) -> None:
        """Takes up what was queued and what a killed process left half done. Raises StoreLocked where another process works on this home."""
        self._held = take(self._home)
        try:
            self._launch()
        except BaseException:
            self.stop(0)
            raise

    def stop(self, seconds: int = 20) -> None:
        """Lets running jobs finish for that long; what is not done then is taken up at the next start. Twice is once."""
        if self._engine is not None:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)
            self._engine.dispose()
            self._engine = None
        if self._held is not None:
            self._held.release()
            self._held = None

    def _launch(self) -> None:
        self._queue.prepare()
        self._engine = open_job_engine(self._url)
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_engine": self._engine,
                "executor_id": EXECUTOR,
                "application_version": self._version,
                "serializer": DBOSPortableJSONSerializer(),
                "scheduler_polling_interval_sec": 5.0,
                "enable_otlp": False,
                "log_level": "WARNING",
            }
        )
        known = {job.name: DBOS.workflow(name=job.name)(_guarded(job)) for job in self._plan.jobs}
        timed = {each.job: DBOS.workflow(name=f"timer:{each.job}")(_timer(known[each.job])) for each in self._plan.timers}
        DBOS.launch()
        DBOS.set_latest_application_version(self._version)
        for name, at_once in self._plan.queues.items():
            DBOS.register_queue(name, worker_concurrency=at_once, polling_interval_sec=POLL_S, on_conflict="always_update")
        self._schedule(timed)
        self._queue.adopt(self._version)

    def _schedule(self, timed: dict[str, Callable[[Any, Any], None]]) -> None:
        """Exactly the timers of the plan: one that is gone from it is taken away."""
        for row in DBOS.list_schedules():
            if row["schedule_name"] not in timed:
                DBOS.delete_schedule(row["schedule_name"])
        DBOS.apply_schedules(
            [
                {"schedule_name": t.job, "workflow_fn": timed[t.job], "schedule": t.cron, "cron_timezone": t.timezone, "automatic_backfill": False}
                for t in self._plan.timers  # what was due while nobody was there is found by the next turn: each asks the store
            ]
        )


def take(home: Path) -> Ownership:
    """The right to run this home's background work. Raises StoreLocked naming the process that has it."""
    try:
        return Ownership(home, LOCK)
    except StoreLocked as held:
        told = f"Process {at_work(home) or 'unknown'} already does the background work of {home}."
        raise StoreLocked(told, "Use that one, stop it first, or give this one another --home.") from held


def _guarded(job: Job) -> Callable[..., None]:
    def run(*arguments: str) -> None:
        try:
            job.run(*arguments)
        except Exception as fault:
            logging.getLogger("briefs.jobs").exception("job failed", extra={"job": job.name, "fault": type(fault).__name__}, exc_info=False)
            raise JobFailed(type(fault).__name__) from None

    return run


def _timer(work: Callable[..., None]) -> Callable[[Any, Any], None]:
    def run(_at: Any, _context: Any) -> None:
        work()

    return run


def _quiet() -> None:
    """DBOS puts a handler of its own on its log, and an advert into it; with a handler there it does neither, and warnings reach ours."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    log.setLevel(logging.WARNING)


def _moment(epoch_ms: int | None) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=epoch_ms or 0)
