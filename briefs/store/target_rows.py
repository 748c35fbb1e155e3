"""Where hand-offs are sent: one row a target, with what a person set and the secrets it is signed or let in with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from briefs.errors import NotFound
from briefs.sealing import is_sealed
from briefs.store.dialect import insert_missing
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.sales_tables import targets
from briefs.store.seals import seal_of

FOLDER = "folder"
"""The id and kind of the target that is always there: the folder of a hand-off in the home folder."""


@dataclass(frozen=True)
class TargetRow:
    """`secrets`, newest first, are for the sender alone: they are never shown."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    secrets: tuple[str, ...] = field(default=(), repr=False)


def add(connection: Connection, target_id: str, kind: str, name: str, settings: Mapping[str, Any], secrets: Sequence[str], at: datetime) -> TargetRow:
    connection.execute(
        insert(targets).values(
            id=target_id, kind=kind, name=name, settings=json.dumps(dict(settings)), secrets=_closed(connection, secrets), created_at=stamp(at)
        )
    )
    return get(connection, target_id)


def get(connection: Connection, target_id: str) -> TargetRow:
    """Raises NotFound."""
    row = connection.execute(select(targets).where(targets.c.id == target_id)).first()
    if row is None:
        raise NotFound(f"No target {target_id[:64]!r}.", "`briefs targets list` shows them.")
    return _target(connection, row)


def all_rows(connection: Connection) -> list[TargetRow]:
    """Every target, disabled ones too, in the order they came."""
    return [_target(connection, row) for row in connection.execute(select(targets).order_by(targets.c.created_at, targets.c.id))]


def active(connection: Connection, at: datetime) -> list[TargetRow]:
    """Those a new hand-off goes to; the folder is always one of them."""
    rows = all_rows(connection)
    if not any(row.id == FOLDER for row in rows):
        folder = {"id": FOLDER, "kind": FOLDER, "name": "Folder", "settings": "{}", "secrets": "[]", "created_at": stamp(at)}
        insert_missing(connection, targets, [folder])
        rows = all_rows(connection)
    return [row for row in rows if row.disabled_at is None]


def disable(connection: Connection, target_id: str, reason: str, at: datetime) -> None:
    connection.execute(update(targets).where(targets.c.id == target_id).values(disabled_at=stamp(at), disabled_reason=reason))


def enable(connection: Connection, target_id: str) -> None:
    connection.execute(update(targets).where(targets.c.id == target_id).values(disabled_at=None, disabled_reason=None))


def set_secrets(connection: Connection, target_id: str, secrets: Sequence[str]) -> None:
    connection.execute(update(targets).where(targets.c.id == target_id).values(secrets=_closed(connection, secrets)))


def in_the_clear(connection: Connection) -> list[str]:
    """The ids of targets with a secret that anybody who reads the database can read."""
    rows = connection.execute(select(targets.c.id, targets.c.secrets).order_by(targets.c.id))
    return [row.id for row in rows if any(not is_sealed(kept) for kept in json.loads(row.secrets))]


def _closed(connection: Connection, secrets: Sequence[str]) -> str:
    return json.dumps([seal_of(connection).close(secret) for secret in secrets])


def _target(connection: Connection, row: Row[Any]) -> TargetRow:
    return TargetRow(
        id=row.id,
        kind=row.kind,
        name=row.name,
        settings=json.loads(row.settings),
        created_at=moment(row.created_at),
        disabled_at=maybe_moment(row.disabled_at),
        disabled_reason=row.disabled_reason,
        secrets=tuple(seal_of(connection).open(kept) for kept in json.loads(row.secrets)),
    )
