"""Takes an approved version to sales: states it, writes its folder, states that too. A crash in between is finished by the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from briefs.canonical import digest
from briefs.errors import AuditBroken, BriefsError
from briefs.gate import Action, State
from briefs.store import Store, Transaction, audit_log, brief_rows, decisions, handoffs
from briefs.store.brief_rows import BriefRow
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
    """Delivers the brief if it is approved or on its way; anything else is left alone. Safe to repeat.

    Raises AuditBroken where the stored bytes are not those approved: then nothing leaves.
    """
    started = _start(courier, brief_id)
    if started is None:
        return Delivery(brief_id, None)
    handoff, body = started
    if digest(body) != handoff.version_hash:
        raise AuditBroken(f"The stored bytes of version {handoff.version_hash} are not those approved.", "Nothing was delivered. Restore a backup.")
    try:
        files = courier.write(handoff, body)
    except OSError as cause:
        return Delivery(brief_id, None, f"The folder of hand-off {handoff.id} could not be written: {cause.strerror or type(cause).__name__}.")
    except BriefsError as cause:
        return Delivery(brief_id, None, f"The folder of hand-off {handoff.id} could not be written: {cause}")
    if not _finish(courier, handoff, files):
        courier.remove(handoff.id)
        return Delivery(brief_id, None)
    return Delivery(brief_id, handoff.id)


def finish_deliveries(courier: Courier) -> list[Delivery]:
    """Delivers what was approved and never arrived: after a crash, or a full disk. One that cannot leave does not hold up the others."""
    waiting = [*courier.store.list(State.APPROVED), *courier.store.list(State.DELIVERING)]
    return [_tried(courier, row.id) for row in waiting]


def _tried(courier: Courier, brief_id: str) -> Delivery:
    try:
        return deliver(courier, brief_id)
    except AuditBroken as broken:
        return Delivery(brief_id, None, str(broken))


def _start(courier: Courier, brief_id: str) -> tuple[Handoff, bytes] | None:
    """The hand-off to write and its bytes: a new one for an approved brief, the one there for a brief on its way."""
    with courier.store.writing() as connection:
        row = brief_rows.get(connection, brief_id, lock=True)
        if row.state is State.DELIVERING:
            handoff = next((h for h in handoffs.of_brief(connection, brief_id) if h.delivered_at is None and h.withdrawn_at is None), None)
        elif row.state is State.APPROVED:
            handoff = _new(connection, courier, row)
        else:
            return None
        return None if handoff is None else (handoff, brief_rows.version_bytes(connection, handoff.version_hash))


def _new(connection: Transaction, courier: Courier, row: BriefRow) -> Handoff | None:
    approval = decisions.approval(connection, row.id, row.head)
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
