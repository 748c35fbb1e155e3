"""What was paid for once: what a text says (readings) and what a model answered, each under a key made of everything that bears on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from briefs.store.dialect import insert_missing
from briefs.store.instants import stamp
from briefs.store.tables import model_answers, readings

_AT_ONCE = 500


@dataclass(frozen=True)
class Reading:
    """What one text says, as plain JSON. `record_id` None: of the account as a whole; it is forgotten with any of its records."""

    key: str
    account_id: str
    record_id: str | None
    value: Any


def readings_get(connection: Connection, keys: Iterable[str]) -> dict[str, Any]:
    """The values there are, by key."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(readings.c.key, readings.c.body).where(readings.c.key.in_(wanted[start : start + _AT_ONCE]))
        found |= {row.key: json.loads(row.body) for row in connection.execute(query)}
    return found


def readings_put(connection: Connection, new: Iterable[Reading], at: datetime) -> None:
    """Keeps each under its key; a key that is there already stays as it is."""
    rows = [
        {"key": r.key, "account_id": r.account_id, "record_id": r.record_id, "at": stamp(at), "body": json.dumps(r.value, ensure_ascii=False)}
        for r in new
    ]
    insert_missing(connection, readings, rows)


def answer_get(connection: Connection, key: str) -> Any | None:
    """The answer kept under the key, or None."""
    body = connection.execute(select(model_answers.c.body).where(model_answers.c.key == key)).scalar_one_or_none()
    return None if body is None else json.loads(body)


def answer_put(connection: Connection, key: str, account_id: str, value: Any, at: datetime) -> None:
    """Keeps a model's answer, as plain JSON; a key that is there already stays as it is."""
    row = {"key": key, "account_id": account_id, "at": stamp(at), "body": json.dumps(value, ensure_ascii=False)}
    insert_missing(connection, model_answers, [row])
