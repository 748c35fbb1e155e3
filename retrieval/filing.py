"""Turns a record into the row it is filed as: its key, its content hash and its canonical JSON.

A record whose text no database can hold (a NUL character, half a surrogate pair, an infinite number in `extra`) is refused with the field's name.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from retrieval.records import TYPES, Account, Kind, Record, kind_of, owner_of, record_id

VECTOR_DTYPE = "<f4"
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Unstorable(ValueError):
    """A record's text cannot be kept; the message names the field."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A record with what the archive needs to know of it."""

    kind: Kind
    id: str
    edition: str
    account_id: str
    at: str | None
    hash: str
    body: str
    record: Record

    @property
    def key(self) -> tuple[Kind, str, str]:
        return self.kind, self.id, self.edition


def filed(record: Record, kind: Kind | None = None) -> Filed:
    """The row of a record (of this kind, where the caller knows it). Raises Unstorable."""
    body = canonical(record)
    kind = kind or kind_of(record)
    at = stamp(getattr(record, "at", None))
    edition = (at or "") if isinstance(record, Account) else ""
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Filed(kind, record_id(record), edition, owner_of(record), at, digest, body, record)


def canonical(record: Record) -> str:
    """The record as sorted JSON without its defaults; `unfiled` reads it back. Raises Unstorable."""
    if record.extra and (fault := next(_faults(record.extra, "extra"), None)):
        raise Unstorable(fault)
    try:
        data = record.model_dump(mode="json", exclude_defaults=True)
        body = _JSON.encode(data)
        body.encode()
    except ValueError as cause:
        raise Unstorable(next(_faults(record.model_dump(), ""), "extra: holds something that JSON cannot say")) from cause
    if "\\u0000" in body and (fault := next(_faults(data, ""), None)):
        raise Unstorable(fault)
    return body


def unfiled(kind: Kind | str, body: str) -> Record:
    """The record a stored row holds."""
    return TYPES[cast("Kind", kind)].model_validate_json(body)


def vector_key(model: str, ranked_text: str) -> str:
    """Names a vector by what it was computed from: same model and words, same key."""
    return hashlib.sha256(f"{model}\0{ranked_text}".encode()).hexdigest()


def stamp(at: datetime | None) -> str | None:
    """Fixed-width ISO text, so that instants sort as text."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def unstamp(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _faults(value: object, path: str) -> Iterator[str]:
    """Every reason why a value cannot be stored, with its place."""
    match value:
        case str() if "\0" in value:
            yield f"{path}: holds a NUL character"
        case str() if any("\ud800" <= letter <= "\udfff" for letter in value):
            yield f"{path}: holds half a surrogate pair, which is not text"
        case float() if not math.isfinite(value):
            yield f"{path}: not a finite number"
        case dict() | list() | tuple():
            yield from _inner_faults(cast("dict[str, object] | Sequence[object]", value), path)
        case _:
            return


def _inner_faults(value: dict[str, object] | Sequence[object], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        for place, inner in enumerate(value):
            yield from _faults(inner, f"{path}[{place}]")
        return
    for key, inner in value.items():
        yield from _faults(key, f"{path}.<name>" if path else "<field name>")
        yield from _faults(inner, f"{path}.{key}" if path else key)
