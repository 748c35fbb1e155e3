"""What the background work does: one job a kind of work, each safe to run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from briefs.delivery import attempt
from briefs.delivery_wiring import QUEUES
from briefs.dispatch import JOB
from briefs.errors import AuditBroken, NotFound
from briefs.jobs import Every, Job

if TYPE_CHECKING:
    from briefs.wiring import Workspace


def of(workspace: Workspace) -> tuple[tuple[Job, ...], tuple[Every, ...]]:
    """The jobs and the timers of a home."""

    def deliver(delivery_id: str) -> None:
        try:
            attempt(workspace.desk.courier, delivery_id)
        except (AuditBroken, NotFound):
            return  # written down with the delivery, or forgotten with its account

    return (Job(JOB, QUEUES[JOB], deliver),), ()


def accounts_at_once(workspace: Workspace) -> int:
    """How many accounts of a scan are looked at together."""
    return workspace.settings.concurrency
