"""Puts deliveries into the queue: a row and a job for each target, in the transaction that approves, recalls or tells of a change."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from briefs.gate import State
from briefs.handoff.retry import Retry
from briefs.jobs import Jobs
from briefs.store import Store, Transaction, audit_log, brief_rows, decisions, delivery_rows, handoffs, target_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.delivery_rows import DeliveryRow, Purpose
from briefs.store.delivery_rows import State as Stage
from briefs.store.drafts import MACHINE
from briefs.store.handoffs import Handoff
from briefs.store.target_rows import FOLDER, TargetRow

if TYPE_CHECKING:
    from briefs.handoff.parcel import Parcel, Tools

JOB = "deliver"
STANDING = frozenset({State.APPROVED, State.DELIVERING, State.DELIVERED, State.ACCEPTED})
"""States of a brief in which its hand-off may still set off."""


@dataclass(frozen=True)
class Outside:
    """What sending beyond the folder needs. `parcel` makes up what travels, from the approved bytes."""

    tools: Tools
    parcel: Callable[[Handoff, DeliveryRow, bytes], Parcel]


@dataclass(frozen=True)
class Courier:
    """What delivering needs. `write` puts the folder of a hand-off in place (again, if it is there) and gives the sha256 of each file by name;
    `remove` takes the folder of a hand-off id away, if it is there.

    `jobs` is where deliveries are queued for the background; without it they wait for somebody to try them. `here` names the kinds of target that the
    process tries itself as soon as the approval is written: the folder on the command line, none in a server, which has its background work.

    `seller` says whom an account names to sell, asked in the transaction that approves; the hand-off keeps that name. `arrived` is told, in the
    transaction that writes it down, when one is delivered.
    """

    store: Store
    write: Callable[[Handoff, bytes], Mapping[str, str]]
    remove: Callable[[str], None]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    jobs: Jobs | None = None
    outside: Outside | None = None
    retry: Retry = field(default_factory=Retry)
    chance: Callable[[], float] = random.random
    here: Callable[[str], bool] = lambda kind: kind == FOLDER
    seller: Callable[[Transaction, str], str | None] = lambda connection, account_id: None
    arrived: Callable[[Transaction, Handoff, datetime], None] = lambda connection, handoff, at: None


def set_off(connection: Transaction, courier: Courier, row: BriefRow) -> Handoff | None:
    """The hand-off of the newest version, approved just now in this transaction, with a delivery for every active target; None without approval."""
    at, approval = courier.now(), decisions.approval(connection, row.id, row.head)
    if approval is None:
        return None
    ae, head = courier.seller(connection, row.account_id), audit_log.head(connection)
    handoff = handoffs.start(connection, courier.new_id(), row.account_id, approval, head, at, ae=ae)
    for target in target_rows.active(connection, at):
        queue(connection, courier, handoff.id, target, "handoff", at)
    return handoff


def queue(connection: Transaction, courier: Courier, handoff_id: str, target: TargetRow, purpose: Purpose, at: datetime) -> DeliveryRow:
    """One delivery to one target, and the job of its first try."""
    row = delivery_rows.add(connection, courier.new_id(), handoff_id, target.id, target.kind, purpose, at)
    enqueue(connection, courier, row, 0.0)
    return row


def try_in(connection: Transaction, courier: Courier, row: DeliveryRow, wait_s: float) -> None:
    """The next try of a delivery after that many seconds. Its job's key holds the number of the try, so that it is queued once."""
    delivery_rows.wait(connection, row.id, courier.now() + timedelta(seconds=wait_s))
    enqueue(connection, courier, row, wait_s)


def enqueue(connection: Transaction, courier: Courier, row: DeliveryRow, wait_s: float) -> None:
    """The job of the next try alone; what the row says of it stays."""
    if courier.jobs is not None:
        courier.jobs.enqueue(connection, JOB, f"{JOB}:{row.id}:{row.attempts + 1}", row.id, delay_s=wait_s)


def withdraw(connection: Transaction, courier: Courier, brief_id: str) -> None:
    """Takes every hand-off of the brief back: what waits is not sent, and every target that may hold one is told."""
    at = courier.now()
    for handoff_id in handoffs.withdraw(connection, brief_id, at):
        holders = may_hold(connection, handoff_id)
        for row in delivery_rows.of_handoff(connection, handoff_id):
            if row.state in (Stage.WAITING, Stage.DEAD):
                cancel(connection, courier, row, "the hand-off was taken back")
        for target in holders:
            queue(connection, courier, handoff_id, target, "recall", at)


def recall_late(connection: Transaction, courier: Courier, handoff_id: str, target: TargetRow) -> None:
    """Tells a target that was being sent a hand-off while it was taken back. A recall that has not set off yet comes after it and is enough."""
    recalls = (r for r in delivery_rows.of_handoff(connection, handoff_id) if r.purpose == "recall" and r.target_id == target.id)
    if not any(row.state is Stage.WAITING and not row.begun for row in recalls):
        queue(connection, courier, handoff_id, target, "recall", courier.now())


def announce(connection: Transaction, courier: Courier, handoff_id: str) -> int:
    """Tells every target that may hold the hand-off that something changed since; how many. What changed is read as it is sent."""
    targets = may_hold(connection, handoff_id)
    for target in targets:
        queue(connection, courier, handoff_id, target, "change", courier.now())
    return len(targets)


def may_hold(connection: Transaction, handoff_id: str) -> list[TargetRow]:
    """The targets outside the house that a try of this hand-off set off to, whatever they answered: an answer can be lost, or be about a part only.

    A target switched off since is told nothing.
    """
    told = {row.target_id for row in delivery_rows.of_handoff(connection, handoff_id) if row.purpose == "handoff" and row.begun}
    return [row for row in (target_rows.get(connection, id) for id in sorted(told - {FOLDER})) if row.disabled_at is None]


def held(connection: Transaction, delivery_id: str) -> DeliveryRow:
    """The delivery, kept to the end of the transaction. Raises NotFound.

    Its brief is held first, as by everybody who acts on a brief: two who take both in the same order never wait for each other.
    """
    seen = delivery_rows.get(connection, delivery_id)
    brief_rows.get(connection, handoffs.get(connection, seen.handoff_id).brief_id, lock=True)
    return delivery_rows.get(connection, delivery_id, lock=True)


def cancel(connection: Transaction, courier: Courier, row: DeliveryRow, why: str) -> None:
    """It is not sent: what it carries no longer stands."""
    delivery_rows.end(connection, row.id, Stage.CANCELLED, courier.now(), fault=why)
    told(connection, courier, row, "cancelled")


def told(connection: Transaction, courier: Courier, row: DeliveryRow, what: str, status: int | None = None) -> None:
    """Writes into the audit chain what became of a delivery."""
    details = {"handoff": row.handoff_id, "target": row.target_id, "purpose": row.purpose, "status": status}
    audit_log.append(connection, courier.now(), MACHINE, f"delivery.{what}", f"delivery:{row.id}", **details)


def overtaken(connection: Transaction, row: DeliveryRow, handoff: Handoff) -> str | None:
    """Why this must not be sent any more (`row` is `held`); None where the approval stands as it was given: nothing recalled, nothing edited."""
    brief = brief_rows.get(connection, handoff.brief_id)
    if row.purpose == "recall":
        return None if handoff.withdrawn_at is not None else "the hand-off was not taken back"
    if handoff.withdrawn_at is not None:
        return "the hand-off was taken back"
    if brief.state not in STANDING:
        return f"the brief is {brief.state.value}"
    if brief.head != handoff.version_hash or handoff.approval.version_hash != handoff.version_hash:
        return "another version is the newest"
    if handoff.approval.by_role not in ("csm", "admin"):
        return "the approver may not approve"
    return None
