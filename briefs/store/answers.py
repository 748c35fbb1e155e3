"""What sales said to a hand-off, and by when they must have said it. Answers are added, never changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from briefs.store import handoffs
from briefs.store.handoffs import Handoff
from briefs.store.instants import moment, stamp
from briefs.store.sales_tables import answers
from briefs.store.tables import briefs, people
from briefs.store.tables import handoffs as table


@dataclass(frozen=True)
class Answer:
    """`kind` is accept, decline, recycle, won or lost. `day` is the first touch promised, or when a recycled lead comes back."""

    id: str
    brief_id: str
    handoff_id: str | None
    kind: str
    by: str
    at: datetime
    code: str | None = None
    reason: str | None = None
    day: date | None = None
    condition: str | None = None
    amount: float | None = None
    currency: str | None = None
    by_name: str = ""


def add(connection: Connection, answer: Answer) -> None:
    """Writes one answer down; the database refuses one to a hand-off that was not delivered."""
    values = vars(answer) | {"at": stamp(answer.at), "day": answer.day.isoformat() if answer.day else None}
    del values["by_name"]
    connection.execute(insert(answers).values(**values))


def of_brief(connection: Connection, brief_id: str) -> list[Answer]:
    """Every answer on a brief, oldest first."""
    query = select(answers, people.c.name).join(people, people.c.id == answers.c.by).where(answers.c.brief_id == brief_id)
    return [_answer(row) for row in connection.execute(query.order_by(answers.c.at, answers.c.id))]


def set_due(connection: Connection, handoff_id: str, at: datetime) -> None:
    """By when sales must have answered."""
    connection.execute(update(table).where(table.c.id == handoff_id).values(answer_due_at=stamp(at)))


def reminded(connection: Connection, handoff_id: str, at: datetime) -> None:
    connection.execute(update(table).where(table.c.id == handoff_id).values(reminded_at=stamp(at)))


def escalated(connection: Connection, handoff_id: str, at: datetime) -> None:
    connection.execute(update(table).where(table.c.id == handoff_id).values(escalated_at=stamp(at)))


def unanswered(connection: Connection) -> list[Handoff]:
    """Hand-offs delivered, not taken back, and not answered yet, the most urgent first."""
    query = select(table.c.id).join(briefs, briefs.c.id == table.c.brief_id)
    query = query.where(briefs.c.state == "delivered", table.c.delivered_at.is_not(None), table.c.withdrawn_at.is_(None))
    ids = connection.execute(query.order_by(table.c.answer_due_at, table.c.id)).scalars().all()
    return [handoffs.get(connection, handoff_id) for handoff_id in ids]


def naming(connection: Connection, names: Collection[str] | None) -> list[Handoff]:
    """Hand-offs delivered to the one of these ids and addresses (in small letters), or to anybody where that is None; newest first."""
    query = select(table.c.id).where(table.c.delivered_at.is_not(None))
    if names is not None:
        query = query.where(func.lower(table.c.ae).in_(sorted(names)))
    ids = connection.execute(query.order_by(table.c.delivered_at.desc(), table.c.id)).scalars().all()
    return [handoffs.get(connection, handoff_id) for handoff_id in ids]


def at_work(connection: Connection, account_ids: Collection[str] | None = None, *, only: str | None = None) -> list[Handoff]:
    """Hand-offs sales is working on or about to: delivered, not taken back, not ended; of these accounts (None: of all), or `only` the one."""
    query = select(table.c.id).join(briefs, briefs.c.id == table.c.brief_id)
    query = query.where(briefs.c.state.in_(("delivered", "accepted")), table.c.delivered_at.is_not(None), table.c.withdrawn_at.is_(None))
    if only is not None:
        query = query.where(table.c.id == only)
    if account_ids is not None:
        query = query.where(briefs.c.account_id.in_(sorted(account_ids)))
    ids = connection.execute(query.order_by(table.c.created_at, table.c.id)).scalars().all()
    return [handoffs.get(connection, handoff_id) for handoff_id in ids]


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        id=row.id,
        brief_id=row.brief_id,
        handoff_id=row.handoff_id,
        kind=row.kind,
        by=row.by,
        at=moment(row.at),
        code=row.code,
        reason=row.reason,
        day=date.fromisoformat(row.day) if row.day else None,
        condition=row.condition,
        amount=row.amount,
        currency=row.currency,
        by_name=row.name,
    )
