"""Takes an approved version to sales: states it, writes its folder, states that too. A crash in between is finished by the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from briefs.canonical import digest
from briefs.errors import AuditBroken
from briefs.gate import Action, State
from briefs.store import Store, audit_log, brief_rows, decisions, handoffs
from briefs.store.drafts import MACHINE
from briefs.store.handoffs import Handoff


@dataclass(frozen=True)
class Courier:
    """What delivering needs. `write` puts the folder of a hand-off in place (again, if it is there) and gives the sha256 of each file by name;
    `remove` takes the folder of a hand-off id away, if it is there."""

    store: Store
    write: Callable[[Handoff, bytes], Mapping[str, str]]
    remove: Callable[[str], None]
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(frozen=True)
class Delivery:
    """How it went: the hand-off when its folder stands, else None; `fault` says why it could not be written (it is tried again)."""

    brief_id: str
    handoff_id: str | None
    fault: str | None = None


def deliver(courier: Courier, brief_id: str) -> Delivery:
    """Delivers the brief if it is approved or on its way; anything else is left alone. Safe to repeat."""
    handoff = _start(courier, brief_id)
    if handoff is None:
        return Delivery(brief_id, None)
    body = courier.store.version(handoff.version_hash)
    if digest(body) != handoff.version_hash:
        raise AuditBroken(f"The stored bytes of version {handoff.version_hash} are not those approved.", "Nothing was delivered. Restore a backup.")
    try:
        files = courier.write(handoff, body)
    except OSError as cause:
        return Delivery(brief_id, None, f"The folder of hand-off {handoff.id} could not be written: {cause.strerror or type(cause).__name__}.")
    if not _finish(courier, handoff, files):
        courier.remove(handoff.id)
        return Delivery(brief_id, None)
    return Delivery(brief_id, handoff.id)


def finish_deliveries(courier: Courier) -> list[Delivery]:
    """Delivers what was approved and never arrived: after a crash, or a full disk."""
    waiting = [*courier.store.list(State.APPROVED), *courier.store.list(State.DELIVERING)]
    return [deliver(courier, row.id) for row in waiting]


def _start(courier: Courier, brief_id: str) -> Handoff | None:
    """The hand-off to write: a new one for an approved brief, the one there for a brief on its way."""
    with courier.store.writing() as connection:
        row = brief_rows.get(connection, brief_id, lock=True)
        if row.state is State.DELIVERING:
            return next((h for h in handoffs.of_brief(connection, brief_id) if h.delivered_at is None and h.withdrawn_at is None), None)
        approval = decisions.approval(connection, brief_id, row.head) if row.state is State.APPROVED else None
        if approval is None:
            return None
        handoff_id, at = courier.new_id(), courier.now()
        brief_rows.change(connection, row, Action.START_DELIVERY, by=MACHINE, at=at, handoff=handoff_id, approval=approval.id)
        return handoffs.start(connection, handoff_id, approval, audit_log.head(connection), at)


def _finish(courier: Courier, handoff: Handoff, files: Mapping[str, str]) -> bool:
    """False where the hand-off was withdrawn while its folder was being written."""
    with courier.store.writing() as connection:
        row = brief_rows.get(connection, handoff.brief_id, lock=True)
        present = next((h for h in handoffs.of_brief(connection, row.id) if h.id == handoff.id), None)
        if present is None or present.withdrawn_at is not None:
            return False
        if present.delivered_at is None:
            at = courier.now()
            handoffs.finish(connection, handoff.id, files, at)
            brief_rows.change(connection, row, Action.FINISH_DELIVERY, by=MACHINE, at=at, handoff=handoff.id, files=dict(files))
        return True
