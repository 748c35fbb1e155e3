"""The two things SQLite and PostgreSQL say differently: taking a lock by name, and adding rows that may be there already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select


def lock(connection: Connection, name: str) -> None:
    """Holds the lock called `name` to the end of the transaction. On SQLite the write lock taken at its beginning already keeps everybody out."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Adds the rows whose primary key is not there yet; those that are there stay as they are."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    connection.execute(insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key.columns)), list(rows))
