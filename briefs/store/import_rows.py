"""Imports asked for over the service: who sent what, and what became of it. The rows that could not be read stand in the quarantine files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.service_tables import imports


@dataclass(frozen=True)
class ImportRow:
    """`state` is running, done or failed; `summary` the counts of an import that is done; `source` the name of what was sent."""

    id: str
    by: str
    at: datetime
    state: str
    source: str
    summary: Mapping[str, Any]
    error: str | None
    finished_at: datetime | None


def start(connection: Connection, import_id: str, by: str, source: str, at: datetime) -> None:
    connection.execute(insert(imports).values(id=import_id, by=by, at=stamp(at), state="running", source=source, summary="{}"))


def finish(connection: Connection, import_id: str, state: str, summary: Mapping[str, Any], error: str | None, at: datetime) -> None:
    values = {"state": state, "summary": json.dumps(dict(summary)), "error": error, "finished_at": stamp(at)}
    connection.execute(update(imports).where(imports.c.id == import_id).values(**values))


def get(connection: Connection, import_id: str) -> ImportRow:
    """Raises NotFound."""
    row = connection.execute(select(imports).where(imports.c.id == import_id)).first()
    if row is None:
        raise NotFound(f"No import {import_id[:64]!r}.")
    done = maybe_moment(row.finished_at)
    return ImportRow(row.id, row.by, moment(row.at), row.state, row.source, json.loads(row.summary), row.error, done)
