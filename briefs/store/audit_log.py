"""Keeps the audit chain: adds one row at a time, under a lock, inside the transaction whose act it records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from briefs.audit import GENESIS, AuditRow, next_row
from briefs.store.dialect import lock
from briefs.store.instants import stamp
from briefs.store.tables import audit

_LAST = select(audit).order_by(audit.c.seq.desc()).limit(1)
_HEAD = select(audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_ADD = insert(audit)
"""Used by every act: put together once, a statement costs a third."""


def append(connection: Connection, at: datetime, actor: str, action: str, object: str, **details: Any) -> AuditRow:
    """Adds a row and gives it back. `details` holds ids, codes, counts and hashes, never a customer's words."""
    lock(connection, "audit")
    last = connection.execute(_LAST).mappings().first()
    row = next_row(_row(last) if last else None, stamp(at), actor, action, object, details)
    connection.execute(_ADD, dict(vars(row)))
    return row


def head(connection: Connection) -> str:
    """The hash of the last row; GENESIS while there is none."""
    found = connection.execute(_HEAD).scalar_one_or_none()
    return found or GENESIS


def last_of(connection: Connection, action: str) -> AuditRow | None:
    """The newest row of that action; None where there is none."""
    found = connection.execute(select(audit).where(audit.c.action == action).order_by(audit.c.seq.desc()).limit(1)).mappings().first()
    return None if found is None else _row(found)


def rows(connection: Connection, after: int = 0, limit: int | None = None) -> Iterator[AuditRow]:
    """The rows after number `after` (at most `limit`), in order, read as they are asked for."""
    for row in connection.execute(select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)).mappings():
        yield _row(row)


def _row(row: RowMapping) -> AuditRow:
    return AuditRow(row["seq"], *(str(row[name]) for name in ("at", "actor", "action", "object", "details", "prev", "hash")))
