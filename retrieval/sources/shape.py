"""Turns one row of the native format into a record, or says in one sentence what is wrong with it.

Fields the record does not know are kept in `extra`; those of a ticket's messages and a usage row's attempts there under `messages[3]`.
"""

from __future__ import annotations

import json
from typing import Any, cast

from pydantic import ValidationError

from retrieval.records import TYPES, Kind, Message, Record, UpgradeAttempt, parts_of

TEXT_LIMIT = 20_000_000
"""Characters in one text part. Longer ones are quarantined: nobody wrote twenty million characters by hand."""
DEPTH_LIMIT = 40
SNIPPET = 40

_NESTED = {"ticket": ("messages", frozenset(Message.model_fields)), "usage": ("upgrade_attempts", frozenset(UpgradeAttempt.model_fields))}


class RowFault(ValueError):
    """A row is not a record; the message is one sentence that names the field."""


def record_of(kind: Kind, data: dict[str, Any]) -> Record:
    """The record a row holds. Raises RowFault."""
    known = TYPES[kind].model_fields
    fields = {name: value for name, value in data.items() if name in known and name != "extra"}
    extra = _merged({name: value for name, value in data.items() if name not in known}, data.get("extra"))
    extra |= _unknown_inside(kind, fields)
    if extra and too_deep(extra):
        raise RowFault(f"extra: nested more than {DEPTH_LIMIT} levels deep")
    try:
        return TYPES[kind].model_validate({**fields, "extra": extra})
    except ValidationError as fault:
        raise RowFault(sentence(fault)) from fault
    except (OverflowError, RecursionError) as fault:
        raise RowFault("a date or a nested value is out of range") from fault


def check_size(record: Record) -> None:
    """Raises RowFault where a text part is beyond TEXT_LIMIT."""
    for part, text in parts_of(record).items():
        if len(text) > TEXT_LIMIT:
            raise RowFault(f"{part}: {len(text):,} characters, more than the limit of {TEXT_LIMIT:,}")


def sentence(fault: ValidationError) -> str:
    """The first thing wrong, with its field, and how many more there are."""
    errors = fault.errors(include_url=False)
    first = errors[0]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")[:SNIPPET] or "row"
    message = "missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
    given = first.get("input")
    if first["type"] != "missing" and isinstance(given, (str, int, float)) and "not an ISO 8601" not in message:
        message += f", given {str(given)[:SNIPPET]!r}" if isinstance(given, str) else f", given {str(given)[:SNIPPET]}"
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{place}: {message[0].lower()}{message[1:]}{more}"


def too_deep(value: Any, limit: int = DEPTH_LIMIT) -> bool:
    """Whether lists and objects nest beyond the limit. Looks no further than the limit."""
    if not isinstance(value, (dict, list)):
        return False
    inside = cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value)
    return limit == 0 or any(too_deep(inner, limit - 1) for inner in inside)


def _merged(unknown: dict[str, Any], given: Any) -> dict[str, Any]:
    """Unknown fields beside the row's own `extra`; where names clash, the row's own is kept whole under `extra`."""
    if given in (None, "", {}):
        return unknown
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except (ValueError, RecursionError):
            return {**unknown, "extra": given}
    if isinstance(given, dict) and not given.keys() & unknown.keys():
        return {**given, **unknown}
    return {**unknown, "extra": given}


def _unknown_inside(kind: Kind, fields: dict[str, Any]) -> dict[str, Any]:
    if kind not in _NESTED:
        return {}
    name, known = _NESTED[kind]
    items = fields.get(name)
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except (ValueError, RecursionError):
            return {}
    if not isinstance(items, list):
        return {}
    rows = {place: cast("dict[str, Any]", item) for place, item in enumerate(cast("list[Any]", items)) if isinstance(item, dict)}
    return {f"{name}[{place}]": {key: row[key] for key in row if key not in known} for place, row in rows.items() if row.keys() - known}
