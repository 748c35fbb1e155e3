"""Which requests were done under which key, and what was answered: taken before the act, kept after it, forgotten after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from briefs.store.dialect import lock
from briefs.store.instants import moment, stamp
from briefs.store.service_tables import idempotency

_TAKEN = select(idempotency).where(idempotency.c.key == bindparam("of_key"))
_TAKE = insert(idempotency)
_KEEP = update(idempotency).where(idempotency.c.key == bindparam("of_key"))


@dataclass(frozen=True)
class Kept:
    """A key that is taken. `status` is None until its act is done; `body` is whatever `keep` was given."""

    request_hash: str
    at: datetime
    status: int | None
    headers: Mapping[str, str]
    body: str | None


def take(connection: Connection, key: str, request_hash: str, at: datetime) -> Kept | None:
    """None where the key was free and is the caller's now; else what it was taken for.

    The lock comes before the look: two equal requests at once must not both find it free.
    """
    lock(connection, key)
    row = connection.execute(_TAKEN, {"of_key": key}).first()
    if row is not None:
        return Kept(row.request_hash, moment(row.at), row.status, json.loads(row.headers or "{}"), row.body)
    connection.execute(_TAKE, {"key": key, "request_hash": request_hash, "at": stamp(at)})
    return None


def keep(connection: Connection, key: str, status: int, headers: Mapping[str, str], body: str) -> None:
    """The answer to give whoever sends the same again."""
    connection.execute(_KEEP, {"of_key": key, "status": status, "headers": json.dumps(dict(headers)), "body": body})


def free(connection: Connection, key: str) -> None:
    """Nothing was done under the key: it can be taken again."""
    connection.execute(delete(idempotency).where(idempotency.c.key == key, idempotency.c.status.is_(None)))


def forget_before(connection: Connection, at: datetime) -> int:
    """Keys taken before that moment are free again; how many there were."""
    return connection.execute(delete(idempotency).where(idempotency.c.at < stamp(at))).rowcount
