"""Builds walls: triggers that hold whatever program writes, said once and written for SQLite and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

Wall = tuple[str, str, str, str, tuple[str, ...], str]
"""Name, event, table, what must be true, columns that must stay the same, what is said otherwise."""

NEVER_EMPTIED = "CREATE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'this table is never emptied'; END $$"


def build(walls: Iterable[Wall]) -> None:
    """Puts every wall up."""
    put_up = _postgresql if op.get_bind().dialect.name == "postgresql" else _sqlite
    for wall in walls:
        put_up(*wall)


def never_empty(tables: Iterable[str]) -> None:
    """Refuses PostgreSQL's TRUNCATE, which asks no row; SQLite has none."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.get_bind().exec_driver_sql(
                f"CREATE TRIGGER {table}_are_never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION never_emptied()"
            )


def _sqlite(name: str, event: str, table: str, holds: str, same: tuple[str, ...], message: str) -> None:
    rule = " AND ".join([f"({holds})", *(f'NEW."{column}" IS OLD."{column}"' for column in same)])
    op.get_bind().exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN ({rule}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(name: str, event: str, table: str, holds: str, same: tuple[str, ...], message: str) -> None:
    rule = " AND ".join([f"({holds})", *(f'NEW."{column}" IS NOT DISTINCT FROM OLD."{column}"' for column in same)])
    row = "OLD" if event == "DELETE" else "NEW"
    run = op.get_bind().exec_driver_sql
    run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({rule}) IS NOT TRUE THEN RAISE EXCEPTION '{message}'; END IF; RETURN {row}; END $$"
    )
    run(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
