"""What the background work does: one job a kind of work, each safe to run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefs import clock, importing, importing_beside
from briefs.delivery import attempt
from briefs.delivery_wiring import QUEUES
from briefs.dispatch import JOB
from briefs.errors import AuditBroken, NotFound
from briefs.jobs import Every, Job
from briefs.scanning import LOOK, PLAN, Scanner, Scans

if TYPE_CHECKING:
    from briefs.aside import Aside
    from briefs.pipeline import Pipeline
    from briefs.wiring import Workspace


def of(workspace: Workspace, aside: Aside | None = None) -> tuple[tuple[Job, ...], tuple[Every, ...]]:
    """The jobs and the timers of a home. `aside` is the process that looks at accounts; without it they are looked at here."""

    def deliver(delivery_id: str) -> None:
        try:
            attempt(workspace.desk.courier, delivery_id)
        except (AuditBroken, NotFound):
            return  # written down with the delivery, or forgotten with its account

    def take_in(import_id: str) -> None:
        importing_beside.run(workspace.warehouse, import_id)

    scans = Scans(_scanner(workspace, aside))
    bring = Job(importing.JOB, QUEUES[importing.JOB], take_in)
    clockwork = tuple(Job(name, QUEUES[name], run) for name, run in clock.work(workspace).items())
    jobs = (Job(JOB, QUEUES[JOB], deliver), Job(PLAN, QUEUES[PLAN], scans.plan), Job(LOOK, QUEUES[LOOK], scans.look), bring)
    return (*jobs, *clockwork), clock.timers(workspace.settings.timezone)


def accounts_at_once(workspace: Workspace) -> int:
    """How many accounts of a scan are looked at together: several only where a model is waited for."""
    return workspace.settings.concurrency if workspace.settings.model else 1


def _scanner(workspace: Workspace, aside: Aside | None) -> Scanner:
    def pipeline(engine: str, max_cost: float | None, max_calls: int | None) -> Pipeline:
        chosen = workspace.engine(engine, max_cost=max_cost, max_calls=max_calls)
        made = workspace.pipeline(chosen)
        if aside is not None and chosen is workspace.offline_engine:  # a model is waited for: that takes nobody's time
            made.beside = aside.scan()
        return made

    def ended(scan_id: str) -> None:
        with workspace.store.writing() as connection:
            workspace.jobs.enqueue(connection, clock.WATCH, f"{clock.WATCH}:{scan_id}")

    return Scanner(workspace.store, workspace.jobs, workspace.archive.accounts, pipeline, workspace.now, ended)
