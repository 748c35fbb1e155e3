"""Scans asked for and under way, and what is told of them step by step, so that a reader can go on where it left off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.service_tables import scan_events
from briefs.store.tables import results, scans


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class ScanRow:
    """`options` is what was asked for; `total` how many accounts are looked at, `done` how many of them are."""

    id: str
    as_of: date
    by: str
    started_at: datetime
    finished_at: datetime | None
    options: Mapping[str, Any]
    state: State
    total: int
    done: int
    summary: str
    error: str | None


@dataclass(frozen=True)
class Event:
    """One step told. `seq` counts from 1 within the scan; `body` holds ids, verdicts and counts, never a customer's words."""

    seq: int
    at: datetime
    kind: str
    body: Mapping[str, Any]


def create(connection: Connection, scan_id: str, as_of: date, by: str, at: datetime, options: Mapping[str, Any]) -> ScanRow:
    """A scan that waits for its turn."""
    values = {"id": scan_id, "as_of": as_of.isoformat(), "by": by, "started_at": stamp(at), "summary": "{}", "options": json.dumps(dict(options))}
    connection.execute(insert(scans).values(**values, state=State.QUEUED, total=0, done=0))
    tell(connection, scan_id, at, "queued")
    return get(connection, scan_id)


def get(connection: Connection, scan_id: str, *, lock: bool = False) -> ScanRow:
    """Raises NotFound."""
    query = select(scans).where(scans.c.id == scan_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise no_such_scan(scan_id)
    return _scan(row)


def no_such_scan(scan_id: str) -> NotFound:
    """The same words whether it is absent or somebody else's."""
    return NotFound(f"No scan {scan_id[:64]!r}.", "POST /v1/scans asks for one.")


def newest(connection: Connection, limit: int = 50) -> list[ScanRow]:
    """The newest first."""
    return [_scan(row) for row in connection.execute(select(scans).order_by(scans.c.started_at.desc(), scans.c.id).limit(limit))]


def begin(connection: Connection, row: ScanRow, planned: list[str]) -> None:
    """Keeps which accounts are looked at, so that a plan taken up after a crash is the same plan."""
    options = json.dumps({**row.options, "planned": planned})
    connection.execute(update(scans).where(scans.c.id == row.id).values(state=State.RUNNING, total=len(planned), options=options))


def count(connection: Connection, scan_id: str) -> ScanRow:
    """One account more is done."""
    connection.execute(update(scans).where(scans.c.id == scan_id).values(done=scans.c.done + 1))
    return get(connection, scan_id)


def finish(connection: Connection, scan_id: str, state: State, summary: str, at: datetime, error: str | None = None) -> None:
    connection.execute(update(scans).where(scans.c.id == scan_id).values(state=state, summary=summary, finished_at=stamp(at), error=error))


def tell(connection: Connection, scan_id: str, at: datetime, kind: str, **body: Any) -> int:
    """Adds a step; its number. The caller holds the scan's row, or the database's write lock."""
    last = connection.execute(select(func.max(scan_events.c.seq)).where(scan_events.c.scan_id == scan_id)).scalar_one_or_none() or 0
    connection.execute(insert(scan_events).values(scan_id=scan_id, seq=last + 1, at=stamp(at), kind=kind, body=json.dumps(body, ensure_ascii=False)))
    return last + 1


def events(connection: Connection, scan_id: str, after: int = 0, limit: int = 500) -> list[Event]:
    """The steps after number `after`, in order."""
    query = select(scan_events).where(scan_events.c.scan_id == scan_id, scan_events.c.seq > after).order_by(scan_events.c.seq).limit(limit)
    return [Event(row.seq, moment(row.at), row.kind, json.loads(row.body)) for row in connection.execute(query)]


def told_of(connection: Connection, scan_id: str, account_id: str) -> bool:
    """Whether the account was told of already."""
    query = select(scan_events.c.body).where(scan_events.c.scan_id == scan_id, scan_events.c.kind.in_(("account", "failed")))
    return any(json.loads(body).get("account_id") == account_id for body in connection.execute(query).scalars())


def has_result(connection: Connection, scan_id: str, account_id: str) -> bool:
    """Whether the account's result of this scan is kept already: a process died right after."""
    return connection.execute(select(results.c.seq).where(results.c.scan_id == scan_id, results.c.account_id == account_id)).first() is not None


def spent(connection: Connection, scan_id: str) -> tuple[float, int]:
    """What the results of the scan cost so far: an amount and a number of calls."""
    bodies = connection.execute(select(results.c.body).where(results.c.scan_id == scan_id)).scalars()
    costs: list[dict[str, Any]] = [json.loads(body).get("cost", {}) for body in bodies]
    return sum(float(cost.get("amount") or 0.0) for cost in costs), sum(int(cost.get("calls") or 0) for cost in costs)


def _scan(row: Row[Any]) -> ScanRow:
    return ScanRow(
        id=row.id,
        as_of=date.fromisoformat(row.as_of),
        by=row.by,
        started_at=moment(row.started_at),
        finished_at=maybe_moment(row.finished_at),
        options=json.loads(row.options),
        state=State(row.state),
        total=row.total,
        done=row.done,
        summary=row.summary,
        error=row.error,
    )
