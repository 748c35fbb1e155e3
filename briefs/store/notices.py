"""What a person is told: one row a person and event, read in the pages and sent by the worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.sales_tables import notices


@dataclass(frozen=True)
class Notice:
    """`object` names what it is about (`brief:ID`, `handoff:ID`); `detail` holds ids, codes and counts, never a customer's words."""

    id: str
    person_id: str
    at: datetime
    kind: str
    object: str
    account_id: str | None
    detail: Mapping[str, Any]
    read_at: datetime | None = None
    sent_at: datetime | None = None


def add(connection: Connection, notice: Notice) -> None:
    connection.execute(
        insert(notices).values(
            id=notice.id,
            person_id=notice.person_id,
            at=stamp(notice.at),
            kind=notice.kind,
            object=notice.object,
            account_id=notice.account_id,
            detail=json.dumps(dict(notice.detail), ensure_ascii=False, sort_keys=True),
        )
    )


def of_person(connection: Connection, person_id: str, limit: int = 100) -> list[Notice]:
    """The newest first."""
    query = select(notices).where(notices.c.person_id == person_id).order_by(notices.c.at.desc(), notices.c.id.desc()).limit(limit)
    return [_notice(row) for row in connection.execute(query)]


def unsent(connection: Connection, limit: int = 100) -> list[Notice]:
    """Those the worker has not sent, the oldest first."""
    query = select(notices).where(notices.c.sent_at.is_(None)).order_by(notices.c.at, notices.c.id).limit(limit)
    return [_notice(row) for row in connection.execute(query)]


def unread(connection: Connection, person_id: str) -> int:
    """How many the person has not read."""
    query = select(func.count()).select_from(notices).where(notices.c.person_id == person_id, notices.c.read_at.is_(None))
    return int(connection.execute(query).scalar_one())


def read(connection: Connection, person_id: str, at: datetime, *, until: datetime | None = None) -> None:
    """The person has read what they were told until now, or until a moment before."""
    mine = update(notices).where(notices.c.person_id == person_id, notices.c.read_at.is_(None), notices.c.at <= stamp(until or at))
    connection.execute(mine.values(read_at=stamp(at)))


def read_one(connection: Connection, person_id: str, notice_id: str, at: datetime) -> Notice | None:
    """One notice of the person, read from now on; None where there is none, or it is somebody else's."""
    row = connection.execute(select(notices).where(notices.c.person_id == person_id, notices.c.id == notice_id)).first()
    if row is not None and row.read_at is None:
        connection.execute(update(notices).where(notices.c.id == notice_id).values(read_at=stamp(at)))
    return None if row is None else _notice(row)


def sent(connection: Connection, notice_id: str, at: datetime) -> None:
    connection.execute(update(notices).where(notices.c.id == notice_id).values(sent_at=stamp(at)))


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        person_id=row.person_id,
        at=moment(row.at),
        kind=row.kind,
        object=row.object,
        account_id=row.account_id,
        detail=json.loads(row.detail),
        read_at=maybe_moment(row.read_at),
        sent_at=maybe_moment(row.sent_at),
    )
