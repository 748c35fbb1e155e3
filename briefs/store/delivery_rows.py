"""Deliveries: one row for every hand-off, recall or change on its way to one target, and one for every try."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.sales_tables import deliveries, delivery_tries, handoff_changes

Purpose = Literal["handoff", "recall", "change"]


class State(StrEnum):
    """`dead`: given up, until a person sends it again. `cancelled`: what it carries no longer stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class DeliveryRow:
    """`id` is what a receiver sees at every try. `reference` is what the receiver calls it, `next_at` when it is tried next; of one that waits, None
    while a try is under way, or was when its process died."""

    id: str
    handoff_id: str
    target_id: str
    kind: str
    purpose: Purpose
    state: State
    attempts: int
    last_status: int | None
    last_error: str | None
    next_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    reference: str | None

    @property
    def begun(self) -> bool:
        """Whether a try ever set off: from then on the receiver may hold it."""
        return self.state is State.DELIVERED or self.attempts > 0 or (self.state is State.WAITING and self.next_at is None)


@dataclass(frozen=True)
class Try:
    n: int
    at: datetime
    status: int | None
    fault: str | None


_ADD = insert(deliveries)
_BY_ID = select(deliveries).where(deliveries.c.id == bindparam("delivery_id"))
_HELD = _BY_ID.with_for_update()


def add(connection: Connection, delivery_id: str, handoff_id: str, target_id: str, kind: str, purpose: Purpose, at: datetime) -> DeliveryRow:
    """A delivery that waits for its first try."""
    row = {"id": delivery_id, "handoff_id": handoff_id, "target_id": target_id, "kind": kind, "purpose": purpose, "state": State.WAITING}
    connection.execute(_ADD, row | {"attempts": 0, "next_at": stamp(at), "created_at": stamp(at)})
    since = moment(stamp(at))
    return DeliveryRow(delivery_id, handoff_id, target_id, kind, purpose, State.WAITING, 0, None, None, since, since, None, None)


def get(connection: Connection, delivery_id: str, *, lock: bool = False) -> DeliveryRow:
    """Raises NotFound."""
    row = connection.execute(_HELD if lock else _BY_ID, {"delivery_id": delivery_id}).first()
    if row is None:
        raise NotFound(f"No delivery {delivery_id[:64]!r}.", "`briefs deliveries list` shows them.")
    return _delivery(row)


def of_handoff(connection: Connection, handoff_id: str) -> list[DeliveryRow]:
    """Every delivery of a hand-off, oldest first."""
    query = select(deliveries).where(deliveries.c.handoff_id == handoff_id).order_by(deliveries.c.created_at, deliveries.c.id)
    return [_delivery(row) for row in connection.execute(query)]


def page(connection: Connection, state: State | None = None, target_id: str | None = None, limit: int = 100, offset: int = 0) -> list[DeliveryRow]:
    """Deliveries, newest first, those in one state or to one target where asked for."""
    query = select(deliveries).order_by(deliveries.c.created_at.desc(), deliveries.c.id)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    if target_id is not None:
        query = query.where(deliveries.c.target_id == target_id)
    return [_delivery(row) for row in connection.execute(query.limit(limit).offset(offset))]


def waiting(connection: Connection) -> list[DeliveryRow]:
    """Every delivery that is to be tried."""
    query = select(deliveries).where(deliveries.c.state == State.WAITING).order_by(deliveries.c.created_at, deliveries.c.id)
    return [_delivery(row) for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """How many there are in each state."""
    query = select(deliveries.c.state, func.count().label("number")).group_by(deliveries.c.state)
    return {row.state: row.number for row in connection.execute(query)}


def tries(connection: Connection, delivery_id: str) -> list[Try]:
    """Every try of a delivery, oldest first."""
    query = select(delivery_tries).where(delivery_tries.c.delivery_id == delivery_id).order_by(delivery_tries.c.n)
    return [Try(row.n, moment(row.at), row.status, row.error) for row in connection.execute(query)]


def changes(connection: Connection, handoff_id: str) -> tuple[str, ...]:
    """What is otherwise since the approval, in words, oldest first."""
    query = select(handoff_changes.c.kind, handoff_changes.c.detail).where(handoff_changes.c.handoff_id == handoff_id)
    standing: dict[tuple[str, str], str] = {}
    for kind, text in connection.execute(query.order_by(handoff_changes.c.at, handoff_changes.c.id)):
        detail = json.loads(text)
        standing[kind, detail.get("subject", "")] = "" if detail.get("over") else detail.get("words", "")
    return tuple(words for words in standing.values() if words)


def set_off(connection: Connection, delivery_id: str) -> None:
    """A try is under way."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(next_at=None))


def note_try(connection: Connection, row: DeliveryRow, at: datetime, status: int | None, fault: str | None, reference: str | None = None) -> int:
    """Writes a try down; its number. `fault` names what went wrong, never what was sent or received. `reference` is what the receiver calls as much
    of it as it took."""
    n = row.attempts + 1
    values: dict[str, Any] = {"attempts": n, "last_status": status, "last_error": fault}
    if reference is not None:
        values["external_id"] = reference
    connection.execute(insert(delivery_tries).values(delivery_id=row.id, n=n, at=stamp(at), status=status, error=fault))
    connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(**values))
    return n


def wait(connection: Connection, delivery_id: str, until: datetime) -> None:
    """It is tried (again) at that moment."""
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(state=State.WAITING, next_at=stamp(until), finished_at=None))


def end(connection: Connection, delivery_id: str, state: State, at: datetime, *, fault: str | None = None) -> None:
    """It is tried no more: arrived, given up or overtaken."""
    values: dict[str, Any] = {"state": state, "finished_at": stamp(at), "next_at": None, "last_error": fault}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values))


def _delivery(row: Row[Any]) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        handoff_id=row.handoff_id,
        target_id=row.target_id,
        kind=row.kind,
        purpose=cast(Purpose, row.purpose),
        state=State(row.state),
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        next_at=maybe_moment(row.next_at),
        created_at=moment(row.created_at),
        finished_at=maybe_moment(row.finished_at),
        reference=row.external_id,
    )
