"""Imports asked for over the service: who sent what, and what became of it. The rows that could not be read stand in the quarantine files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.service_tables import imports


@dataclass(frozen=True)
class ImportRow:
    """`source` is the name of what was sent. `summary` holds the counts of an import that is done, of one that runs how far it is.

    `state`: `queued` and `working` run beside the requests and go on after a crash; `running` is made inside a request and cannot; `done`, `failed`.
    """

    id: str
    by: str
    at: datetime
    state: str
    source: str
    summary: Mapping[str, Any]
    error: str | None
    finished_at: datetime | None


BESIDE = ("queued", "working")
OVER = ("done", "failed")


def start(connection: Connection, import_id: str, by: str, source: str, at: datetime, *, state: str = "running") -> None:
    connection.execute(insert(imports).values(id=import_id, by=by, at=stamp(at), state=state, source=source, summary="{}"))


def going(connection: Connection, import_id: str, summary: Mapping[str, Any]) -> None:
    """It is being worked on beside the requests, and so far."""
    run = update(imports).where(imports.c.id == import_id, imports.c.state.in_(BESIDE))
    connection.execute(run.values(state="working", summary=json.dumps(dict(summary))))


def is_beside(connection: Connection, import_id: str) -> bool:
    """Whether it waits or is worked on beside the requests."""
    return connection.execute(select(imports.c.state).where(imports.c.id == import_id)).scalar_one_or_none() in BESIDE


def unfinished(connection: Connection) -> list[ImportRow]:
    """Those that are neither done nor failed, oldest first."""
    query = select(imports).where(imports.c.state.not_in(OVER)).order_by(imports.c.at, imports.c.id)
    return [_import(row) for row in connection.execute(query)]


def finish(connection: Connection, import_id: str, state: str, summary: Mapping[str, Any], error: str | None, at: datetime) -> None:
    values = {"state": state, "summary": json.dumps(dict(summary)), "error": error, "finished_at": stamp(at)}
    connection.execute(update(imports).where(imports.c.id == import_id).values(**values))


def get(connection: Connection, import_id: str) -> ImportRow:
    """Raises NotFound."""
    row = connection.execute(select(imports).where(imports.c.id == import_id)).first()
    if row is None:
        raise NotFound(f"No import {import_id[:64]!r}.")
    return _import(row)


def _import(row: Row[Any]) -> ImportRow:
    done = maybe_moment(row.finished_at)
    return ImportRow(row.id, row.by, moment(row.at), row.state, row.source, json.loads(row.summary), row.error, done)
