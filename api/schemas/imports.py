"""Imports and quarantined rows on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas import Listed, Wire
from briefs.store.import_rows import ImportRow
from retrieval.quarantine import Entry


class ProgressOut(Wire):
    """`stage` is the kind of record that is read, or `index`; `total` is null where it is not known."""

    stage: str
    done: int
    total: int | None


class ImportOut(Wire):
    """An import and what it did: records stored by kind, rows unchanged, rows put into quarantine, passages.

    `state` is queued, working, running (inside a request), done or failed; `progress` says how far one is that works. One that a crash interrupted
    inside a request has failed with `interrupted`; what was queued goes on.
    """

    id: str
    by: str
    at: datetime
    state: str
    source: str
    records: dict[str, int]
    unchanged: int
    quarantined: int
    passages: int
    warnings: list[str]
    progress: ProgressOut | None
    error: str | None
    finished_at: datetime | None


class QuarantinedOut(Wire):
    """A row that could not be read: where it stood, why, and the row as it came."""

    id: str
    at: datetime
    file: str
    line: int
    kind: str
    account_id: str | None
    record_id: str | None
    reason: str
    raw: str


class QuarantineOut(Listed):
    rows: list[QuarantinedOut]


class MendIn(Wire):
    """The row as it should be, or null to give it up."""

    row: dict[str, Any] | None = Field(max_length=200)


class MendedOut(Wire):
    """What became of the row. `stored`: it is new or changed something."""

    id: str
    dismissed: bool
    stored: bool


def import_out(row: ImportRow) -> ImportOut:
    counts = {name: row.summary.get(name, 0) for name in ("unchanged", "quarantined", "passages")}
    told: dict[str, Any] = {name: getattr(row, name) for name in ("id", "by", "at", "state", "source", "error", "finished_at")}
    far = ProgressOut(**row.summary) if row.state == "working" and "stage" in row.summary else None
    return ImportOut(**told, **counts, progress=far, records=row.summary.get("records", {}), warnings=list(row.summary.get("warnings", ())))


def quarantined_out(entry: Entry) -> QuarantinedOut:
    return QuarantinedOut.model_validate(entry.model_dump())
