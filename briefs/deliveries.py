"""What became of every hand-off on its way to every target, as an admin sees it; what was given up can be sent again."""

from __future__ import annotations

from dataclasses import dataclass

from briefs import dispatch
from briefs.dispatch import Courier
from briefs.errors import BadInput, MoveRefused, NotAllowed
from briefs.people import CONSOLE, Person
from briefs.store import audit_log, delivery_rows, handoffs, target_rows
from briefs.store.delivery_rows import DeliveryRow, State, Try

LIMIT = 100


@dataclass(frozen=True)
class Listed:
    """A delivery with the name of its target and of what it carries."""

    row: DeliveryRow
    target_name: str
    brief_id: str
    account_id: str


@dataclass(frozen=True)
class Told:
    """One delivery with every try."""

    listed: Listed
    tries: tuple[Try, ...]


def page(
    courier: Courier, *, by: Person | None, state: str | None = None, target: str | None = None, limit: int = LIMIT, offset: int = 0
) -> list[Listed]:
    """Deliveries, newest first. Raises NotAllowed, BadInput for a state that is none."""
    _admin(by)
    if state is not None and state not in [each.value for each in State]:
        raise BadInput(f"No delivery is {state[:40]!r}.", f"One of: {', '.join(State)}.")
    with courier.store.reading() as connection:
        names = {row.id: row.name for row in target_rows.all_rows(connection)}
        rows = delivery_rows.page(connection, State(state) if state else None, target, min(max(limit, 1), LIMIT), max(offset, 0))
        told = {id: handoffs.get(connection, id) for id in {row.handoff_id for row in rows}}
    return [Listed(row, names[row.target_id], told[row.handoff_id].brief_id, told[row.handoff_id].account_id) for row in rows]


def one(courier: Courier, delivery_id: str, *, by: Person | None) -> Told:
    """A delivery and its tries. Raises NotFound, NotAllowed."""
    _admin(by)
    with courier.store.reading() as connection:
        row = delivery_rows.get(connection, delivery_id)
        handoff, target = handoffs.get(connection, row.handoff_id), target_rows.get(connection, row.target_id)
        tries = tuple(delivery_rows.tries(connection, delivery_id))
    return Told(Listed(row, target.name, handoff.brief_id, handoff.account_id), tries)


def resend(courier: Courier, delivery_id: str, *, by: Person | None) -> DeliveryRow:
    """Sends what was given up again, or what arrived once more, under the same id; the approval is looked at again as it goes.

    Raises NotFound, NotAllowed, MoveRefused where it waits already or where what it carries no longer stands.
    """
    actor = _admin(by)
    with courier.store.writing() as connection:
        row = dispatch.held(connection, delivery_id)
        if row.state is State.WAITING:
            raise MoveRefused("This delivery is being tried already.", "It is given up or arrives by itself.")
        why = dispatch.overtaken(connection, row, handoffs.get(connection, row.handoff_id))
        if why is not None:
            raise MoveRefused(f"This is not sent again: {why}.", "Approve the newest version; that is a new hand-off.")
        if target_rows.get(connection, row.target_id).disabled_at is not None:
            raise MoveRefused("Its target is switched off.", "Switch it on first.")
        dispatch.try_in(connection, courier, row, 0.0)
        audit_log.append(connection, courier.now(), actor, "delivery.resend", f"delivery:{row.id}", target=row.target_id, handoff=row.handoff_id)
        return delivery_rows.get(connection, delivery_id)


def take_up(courier: Courier) -> int:
    """Queues the next try of every delivery that waits, each under the key it has: what is queued already stays queued once. How many wait.

    For deliveries whose job is missing: written by a release without the queue, or restored from a backup.
    """
    if courier.jobs is None:
        return 0
    at = courier.now()
    with courier.store.writing() as connection:
        rows = delivery_rows.waiting(connection)
        for row in rows:
            if row.next_at is None:
                dispatch.enqueue(connection, courier, row, 0.0)
            else:
                dispatch.try_in(connection, courier, row, max((row.next_at - at).total_seconds(), 0.0))
    return len(rows)


def _admin(by: Person | None) -> str:
    if by is not None and by.role != "admin":
        raise NotAllowed("Only an admin sees every delivery.", "Ask one, or act on the machine that holds the home folder.")
    return by.id if by else CONSOLE
