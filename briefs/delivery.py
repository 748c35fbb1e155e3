"""Takes an approved version to sales: looks at the approval again, sends, writes down how it went. The next try finishes what a crash cut short."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from briefs import dispatch
from briefs.canonical import digest
from briefs.dispatch import Courier, cancel, told
from briefs.errors import AuditBroken, BadInput, BriefsError, NotFound
from briefs.gate import Action, State
from briefs.handoff.parcel import Again, Never, Receipt, Sent
from briefs.handoff.wire import Unreachable
from briefs.store import Transaction, audit_log, brief_rows, delivery_rows, handoffs, target_rows
from briefs.store.delivery_rows import DeliveryRow
from briefs.store.delivery_rows import State as Stage
from briefs.store.drafts import MACHINE
from briefs.store.handoffs import Handoff
from briefs.store.target_rows import FOLDER, TargetRow

log = logging.getLogger("briefs.audit")

__all__ = ["Courier", "Delivery", "attempt", "deliver", "finish_deliveries"]


@dataclass(frozen=True)
class Delivery:
    """How it went: the hand-off when its folder stands, else None; `fault` says why it could not be written (it is tried again)."""

    brief_id: str
    handoff_id: str | None
    fault: str | None = None


@dataclass(frozen=True)
class _Ready:
    row: DeliveryRow
    handoff: Handoff
    target: TargetRow
    data: bytes


def attempt(courier: Courier, delivery_id: str) -> DeliveryRow:
    """One try of one delivery, if it waits for one. Safe to repeat: the receiver sees the same id. What it became is given back.

    Raises NotFound, AuditBroken where the stored bytes are not those approved: then nothing leaves, and the delivery is given up.
    """
    try:
        ready = _prepare(courier, delivery_id)
    except AuditBroken as broken:
        with courier.store.writing() as connection:
            _give_up(connection, courier, dispatch.held(connection, delivery_id), str(broken), None)
        raise
    if ready is None:
        return _now(courier, delivery_id)
    files: dict[str, str] = {}
    receipt = _folder(courier, ready, files) if ready.target.kind == FOLDER else _outside(courier, ready)
    with courier.store.writing() as connection:
        _note(connection, courier, ready, receipt, files)
        head = audit_log.head(connection)
    row = _now(courier, delivery_id)
    if ready.target.kind == FOLDER and row.state is Stage.DELIVERED:
        log.info("audit head", extra={"audit_head": head, "when": "delivered", "handoff": ready.handoff.id})
    if ready.target.kind == FOLDER and row.state is not Stage.DELIVERED and isinstance(receipt, Sent):
        courier.remove(ready.handoff.id)
    return row


def deliver(courier: Courier, brief_id: str) -> Delivery:
    """Writes the folder of an approved brief, or of one on its way, and tries what else `courier.here` names; any other brief is left alone.

    Safe to repeat. Raises AuditBroken where the stored bytes are not those approved: then nothing leaves.
    """
    with courier.store.writing() as connection:
        handoff = _open_handoff(connection, courier, brief_id)
        waiting = [] if handoff is None else _to_try(connection, courier, handoff)
    if handoff is None:
        return Delivery(brief_id, None)
    fault, stands = None, False
    for row in waiting:
        tried = attempt(courier, row.id)
        if tried.kind == FOLDER:
            fault, stands = tried.last_error, tried.state is Stage.DELIVERED
    return Delivery(brief_id, handoff.id) if stands else Delivery(brief_id, None, _unless_withdrawn(courier, handoff, fault))


def finish_deliveries(courier: Courier) -> list[Delivery]:
    """Delivers what was approved and never arrived: after a crash, or a full disk. One that cannot leave does not hold up the others."""
    waiting = [*courier.store.list(State.APPROVED), *courier.store.list(State.DELIVERING)]
    return [_tried(courier, row.id) for row in waiting]


def _tried(courier: Courier, brief_id: str) -> Delivery:
    try:
        return deliver(courier, brief_id)
    except AuditBroken as broken:
        return Delivery(brief_id, None, str(broken))


def _unless_withdrawn(courier: Courier, handoff: Handoff, fault: str | None) -> str | None:
    """A hand-off taken back meanwhile has no fault to tell."""
    return None if courier.store.handoff(handoff.id).withdrawn_at is not None else fault


def _open_handoff(connection: Transaction, courier: Courier, brief_id: str) -> Handoff | None:
    """The hand-off that is to leave; one is made for an approval that has none yet."""
    row = brief_rows.get(connection, brief_id, lock=True)
    if row.state not in (State.APPROVED, State.DELIVERING):
        return None
    present = [h for h in handoffs.of_brief(connection, brief_id) if h.withdrawn_at is None and h.version_hash == row.head]
    if present:
        return present[-1]
    return dispatch.set_off(connection, courier, row) if row.state is State.APPROVED else None


def _to_try(connection: Transaction, courier: Courier, handoff: Handoff) -> list[DeliveryRow]:
    """The deliveries of a hand-off this process tries itself. The folder, given up or never queued by an earlier release, is tried again."""
    rows = [row for row in delivery_rows.of_handoff(connection, handoff.id) if row.purpose == "handoff"]
    folder = next((row for row in rows if row.kind == FOLDER), None)
    if folder is None:
        at = courier.now()
        rows.append(dispatch.queue(connection, courier, handoff.id, _folder_target(connection, courier), "handoff", at))
    elif folder.state is not Stage.WAITING:
        dispatch.try_in(connection, courier, folder, 0.0)
    again = [delivery_rows.get(connection, row.id) for row in rows]
    return sorted((row for row in again if row.state is Stage.WAITING and courier.here(row.kind)), key=lambda row: row.kind != FOLDER)


def _folder_target(connection: Transaction, courier: Courier) -> TargetRow:
    return next(target for target in target_rows.active(connection, courier.now()) if target.id == FOLDER)


def _prepare(courier: Courier, delivery_id: str) -> _Ready | None:
    """Everything to send, or None where nothing is to be sent any more. The brief is on its way from here on."""
    with courier.store.writing() as connection:
        row = dispatch.held(connection, delivery_id)
        if row.state is not Stage.WAITING:
            return None
        handoff, target = handoffs.get(connection, row.handoff_id), target_rows.get(connection, row.target_id)
        why = dispatch.overtaken(connection, row, handoff)
        if why is not None:
            cancel(connection, courier, row, why)
            return None
        if target.disabled_at is not None:
            _give_up(connection, courier, row, "the target is switched off", None)
            return None
        try:
            data = brief_rows.version_bytes(connection, handoff.version_hash)
        except NotFound:
            cancel(connection, courier, row, "its words were erased")
            return None
        if digest(data) != handoff.version_hash:
            raise AuditBroken(
                f"The stored bytes of version {handoff.version_hash} are not those approved.", "Nothing was delivered. Restore a backup."
            )
        brief = brief_rows.get(connection, handoff.brief_id)
        if brief.state is State.APPROVED:
            approval = handoff.approval.id
            brief_rows.change(connection, brief, Action.START_DELIVERY, by=MACHINE, at=courier.now(), handoff=handoff.id, approval=approval)
        delivery_rows.set_off(connection, row.id)
        return _Ready(row, handoff, target, data)


def _folder(courier: Courier, ready: _Ready, files: dict[str, str]) -> Receipt:
    said = f"The folder of hand-off {ready.handoff.id} could not be written: "
    try:
        files |= courier.write(ready.handoff, ready.data)
    except OSError as cause:
        return Again(said + f"{cause.strerror or type(cause).__name__}.")
    except BriefsError as cause:
        return Again(said + str(cause))
    return Sent()


def _outside(courier: Courier, ready: _Ready) -> Receipt:
    from briefs.handoff.parcel import Target
    from briefs.handoff.targets import sender

    if courier.outside is None:
        return Again("this process sends nothing outside")
    t = ready.target
    try:
        parcel = courier.outside.parcel(ready.handoff, ready.row, ready.data)
        return sender(t.kind)(parcel, Target(t.id, t.kind, t.name, t.settings, t.secrets), courier.outside.tools)
    except Unreachable as fault:
        return Again(str(fault))
    except BadInput as refused:
        return Never(str(refused))


def _note(connection: Transaction, courier: Courier, ready: _Ready, receipt: Receipt, files: Mapping[str, str]) -> None:
    """Writes the try down and what follows from it. A hand-off taken back while it was being sent is followed by its recall, whatever came back."""
    row = dispatch.held(connection, ready.row.id)
    fault = None if isinstance(receipt, Sent) else receipt.fault
    tried = delivery_rows.note_try(connection, row, courier.now(), receipt.status, fault, receipt.reference)
    handoff = handoffs.get(connection, row.handoff_id)
    if ready.target.kind == FOLDER:
        _note_folder(connection, courier, row, handoff, receipt, files, tried)
    elif isinstance(receipt, Sent):
        delivery_rows.end(connection, row.id, Stage.DELIVERED, courier.now())
        told(connection, courier, row, "sent", receipt.status)
    elif row.state is Stage.WAITING:
        _try_later(connection, courier, row, receipt, tried)
    if ready.target.kind != FOLDER and row.purpose == "handoff" and handoff.withdrawn_at is not None:
        dispatch.recall_late(connection, courier, handoff.id, ready.target)


def _note_folder(
    connection: Transaction, courier: Courier, row: DeliveryRow, handoff: Handoff, receipt: Receipt, files: Mapping[str, str], tried: int
) -> None:
    if not isinstance(receipt, Sent):
        if row.state is Stage.WAITING:
            _try_later(connection, courier, row, receipt, tried)
        return
    if handoff.withdrawn_at is not None or row.state is not Stage.WAITING:
        return
    at = courier.now()
    delivery_rows.end(connection, row.id, Stage.DELIVERED, at)
    if handoff.delivered_at is None:
        handoffs.finish(connection, handoff.id, files, at)
        courier.arrived(connection, handoff, at)
        brief = brief_rows.get(connection, handoff.brief_id)
        brief_rows.change(connection, brief, Action.FINISH_DELIVERY, by=MACHINE, at=at, handoff=handoff.id, files=dict(files))


def _try_later(connection: Transaction, courier: Courier, row: DeliveryRow, receipt: Again | Never, tried: int) -> None:
    wait = courier.retry.wait_s(tried, courier.chance, receipt.wait_s) if isinstance(receipt, Again) else None
    if wait is None:
        _give_up(connection, courier, row, receipt.fault, receipt.status)
        if isinstance(receipt, Never) and receipt.gone:
            target_rows.disable(connection, row.target_id, receipt.fault, courier.now())
            told(connection, courier, row, "target_gone", receipt.status)
        return
    dispatch.try_in(connection, courier, delivery_rows.get(connection, row.id), wait)


def _give_up(connection: Transaction, courier: Courier, row: DeliveryRow, fault: str, status: int | None) -> None:
    """A dead letter: seen in the list of deliveries, sent again when a person says so."""
    delivery_rows.end(connection, row.id, Stage.DEAD, courier.now(), fault=fault)
    told(connection, courier, row, "dead", status)


def _now(courier: Courier, delivery_id: str) -> DeliveryRow:
    with courier.store.reading() as connection:
        return delivery_rows.get(connection, delivery_id)
