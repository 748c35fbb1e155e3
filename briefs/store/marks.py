"""What stands beside a brief's state: whose it is to decide, whether it sleeps or waits, when it lapses. Every mark raises the row's version."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from briefs.gate import REDRAFTABLE, State
from briefs.store import brief_rows
from briefs.store.brief_rows import COLUMNS, BriefRow
from briefs.store.instants import stamp
from briefs.store.tables import briefs


def assign(connection: Connection, row: BriefRow, person_id: str | None) -> BriefRow:
    return _mark(connection, row, assignee=person_id)


def snooze(connection: Connection, row: BriefRow, until: date, *, for_evidence: bool, expires_at: datetime) -> BriefRow:
    """Off the desk until that day, or until something new is known if that is sooner."""
    return _mark(
        connection, row, snoozed_until=until.isoformat(), snooze_for_evidence=int(for_evidence), expires_at=stamp(expires_at), escalated_at=None
    )


def wake(connection: Connection, row: BriefRow, today: date, expires_at: datetime) -> BriefRow:
    """Back on the desk; the time to decide runs from today."""
    return _mark(connection, row, snoozed_until=today.isoformat(), snooze_for_evidence=0, expires_at=stamp(expires_at), escalated_at=None)


def release(connection: Connection, row: BriefRow, at: datetime, expires_at: datetime) -> BriefRow:
    """Onto the desk; the time to decide runs from now."""
    return _mark(connection, row, waiting=0, released_at=stamp(at), expires_at=stamp(expires_at), escalated_at=None)


def extend(connection: Connection, row: BriefRow, expires_at: datetime) -> BriefRow:
    """More time to decide: what is to be read is new."""
    return _mark(connection, row, expires_at=stamp(expires_at))


def hold(connection: Connection, row: BriefRow) -> BriefRow:
    """It waits: its CSM has had this week's number."""
    return _mark(connection, row, waiting=1, released_at=None, expires_at=None, escalated_at=None)


def escalated(connection: Connection, row: BriefRow, at: datetime) -> BriefRow:
    return _mark(connection, row, escalated_at=stamp(at))


def rank(connection: Connection, row: BriefRow, priority: float, signal_on: date | None) -> BriefRow:
    """How urgent the machine finds it, and the day of the newest signal."""
    return _mark(connection, row, priority=priority, signal_on=signal_on.isoformat() if signal_on else None)


def returned(connection: Connection, row: BriefRow, new_evidence: Sequence[str]) -> BriefRow:
    """What is new since a person said no to the one before."""
    return _mark(connection, row, new_evidence=json.dumps(list(new_evidence), ensure_ascii=False))


def overdue(connection: Connection, now: datetime, unread_since: datetime, undecided_since: datetime, approved_since: datetime) -> list[BriefRow]:
    """Briefs something may be due on: undecided past their day, on the desk since before `undecided_since`, or since before `unread_since` without an
    admin having heard; and approvals older than `approved_since` that have not set off. Those over the weekly number wait and are left out."""
    open_states = sorted(state.value for state in REDRAFTABLE)
    since = func.coalesce(briefs.c.released_at, briefs.c.created_at)
    lapsed = or_(
        briefs.c.expires_at <= stamp(now),
        and_(briefs.c.expires_at.is_(None), since <= stamp(undecided_since)),
        and_(briefs.c.escalated_at.is_(None), since <= stamp(unread_since)),
    )
    stuck = and_(briefs.c.state == State.APPROVED.value, briefs.c.updated_at <= stamp(approved_since))
    query = select(*COLUMNS).where(briefs.c.waiting == 0, or_(stuck, and_(briefs.c.state.in_(open_states), lapsed)))
    return brief_rows.find(connection, query.order_by(briefs.c.expires_at, briefs.c.id))


def waiting(connection: Connection) -> list[BriefRow]:
    """Briefs over their CSM's weekly number, the best first."""
    open_states = sorted(state.value for state in REDRAFTABLE)
    query = select(*COLUMNS).where(briefs.c.waiting == 1, briefs.c.state.in_(open_states))
    return brief_rows.find(connection, query.order_by(briefs.c.priority.desc(), briefs.c.created_at, briefs.c.id))


def released_since(connection: Connection, since: datetime) -> dict[str, int]:
    """How many new briefs came onto the desk since then, by account."""
    query = select(briefs.c.account_id, func.count().label("n")).where(briefs.c.waiting == 0, briefs.c.released_at >= stamp(since))
    return {row.account_id: int(row.n) for row in connection.execute(query.group_by(briefs.c.account_id))}


def asleep(connection: Connection, account_ids: Collection[str]) -> list[BriefRow]:
    """Snoozed briefs of these accounts."""
    mine = briefs.c.account_id.in_(sorted(account_ids))
    query = select(*COLUMNS).where(mine, or_(briefs.c.snoozed_until.is_not(None), briefs.c.snooze_for_evidence == 1))
    return brief_rows.find(connection, query.order_by(briefs.c.id))


def _mark(connection: Connection, row: BriefRow, **values: Any) -> BriefRow:
    connection.execute(update(briefs).where(briefs.c.id == row.id).values(row_version=briefs.c.row_version + 1, **values))
    return brief_rows.get(connection, row.id)
