"""What sales said to a hand-off, and by when they must have said it. Answers are added, never changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

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


def unanswered(connection: Connection, handoff_id: str | None = None) -> list[Handoff]:
    """Hand-offs delivered, not taken back, and not answered yet (of those, the one named), the most urgent first."""

    def waiting(query: Select[Any]) -> Select[Any]:
        return _open(query, ("delivered",), handoff_id).order_by(table.c.answer_due_at, table.c.id)

    return handoffs.chosen(connection, waiting)


def naming(connection: Connection, names: Collection[str] | None) -> list[Handoff]:
    """Hand-offs delivered to the one of these ids and addresses (in small letters), or to anybody where that is None; newest first."""

    def theirs(query: Select[Any]) -> Select[Any]:
        query = query.where(table.c.delivered_at.is_not(None)).order_by(table.c.delivered_at.desc(), table.c.id)
        return query if names is None else query.where(func.lower(table.c.ae).in_(sorted(names)))

    return handoffs.chosen(connection, theirs)


def at_work(connection: Connection, account_ids: Collection[str] | None = None, *, only: str | None = None) -> list[Handoff]:
    """Hand-offs sales is working on or about to, of these accounts (None: of all), or `only` the one: delivered, not taken back, not ended."""

    def worked_on(query: Select[Any]) -> Select[Any]:
        query = _open(query, ("delivered", "accepted"), only).order_by(table.c.created_at, table.c.id)
        return query if account_ids is None else query.where(briefs.c.account_id.in_(sorted(account_ids)))

    return handoffs.chosen(connection, worked_on)


def _open(query: Select[Any], states: Collection[str], handoff_id: str | None) -> Select[Any]:
    query = query.where(briefs.c.state.in_(states), table.c.delivered_at.is_not(None), table.c.withdrawn_at.is_(None))
    return query if handoff_id is None else query.where(table.c.id == handoff_id)


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
