"""What an operator watches: how much work waits in each queue, and what the scans since then cost. Counts and codes only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, column, func, inspect, select, table

from briefs.store.tables import results

_OPEN = ("PENDING", "ENQUEUED", "DELAYED")
_JOBS = "workflow_status"
"""The durable engine's table of jobs, in the same database; in a schema of its own on PostgreSQL."""
TIMERS = "timers"


@dataclass(frozen=True)
class Look:
    """What one look at an account took. `rejected` are the reasons of the sentences that failed verification."""

    verdict: str
    engine: str
    model: str | None
    calls: int
    tokens_in: int
    tokens_out: int
    retries: int
    rejected: tuple[str, ...] = field(default=())


def depth(connection: Connection) -> dict[str, int]:
    """How many jobs wait or run, by queue; nothing where no job was ever queued."""
    schema = None if connection.dialect.name == "sqlite" else "dbos"
    if not inspect(connection).has_table(_JOBS, schema=schema):
        return {}
    jobs = table(_JOBS, column("queue_name"), column("status"), schema=schema)
    query = select(func.coalesce(jobs.c.queue_name, TIMERS).label("queue"), func.count().label("n")).where(jobs.c.status.in_(_OPEN))
    return {row.queue: row.n for row in connection.execute(query.group_by("queue"))}


def newest(connection: Connection) -> int:
    """The number of the newest result; 0 where there is none."""
    return connection.execute(select(func.max(results.c.seq))).scalar_one_or_none() or 0


def looks_after(connection: Connection, seq: int, limit: int) -> tuple[int, list[Look]]:
    """At most `limit` looks after result number `seq`, oldest first, and the number of the last one."""
    rows = connection.execute(select(results.c.seq, results.c.body).where(results.c.seq > seq).order_by(results.c.seq).limit(limit)).all()
    return (rows[-1].seq if rows else seq), [_look(json.loads(row.body)) for row in rows]


def _look(body: dict[str, Any]) -> Look:
    cost: dict[str, Any] = body.get("cost") or {}
    return Look(
        verdict=body["verdict"],
        engine=body["engine"],
        model=body.get("model"),
        calls=int(cost.get("calls") or 0),
        tokens_in=int(cost.get("tokens_in") or 0),
        tokens_out=int(cost.get("tokens_out") or 0),
        retries=int(cost.get("retries") or 0),
        rejected=tuple(str(claim.get("reason")) for claim in body.get("rejected") or ()),
    )
