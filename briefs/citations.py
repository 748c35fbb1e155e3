"""Does a citation still read so in the dossier: the words at their place, the value in its field? And where it does not: what stands there now?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from briefs.brief import Evidence
from retrieval.records import Cited, TextRecord, UpgradeAttempt, Usage, parts_of


def misread(evidence: Evidence, records: Mapping[str, Cited]) -> tuple[str, str] | None:
    """The reason and a line of detail where the record does not say so, None where it does. `records` are by the id evidence points at."""
    record = records.get(evidence.record_id)
    if record is None:
        return "evidence_missing", f"{evidence.record_id} is not in the dossier"
    if evidence.part is not None:
        text = parts_of(record).get(evidence.part, "") if isinstance(record, TextRecord) else ""
        if evidence.quote is None or text[evidence.start : evidence.end] != evidence.quote:
            return "quote_mismatch", f"{evidence.record_id} does not read so at {evidence.part}:{evidence.start}-{evidence.end}"
    if evidence.field is not None and not _says(record, evidence.field, evidence.value):
        return "value_mismatch", f"{evidence.record_id} does not hold that in {evidence.field}"
    return None


def held_in(record: Cited, field: str) -> Any:
    """What a record holds in a field now, None where nothing: `metrics.api_calls` is one entry of a table of numbers (`api_calls` alone too)."""
    name, _, entry = field.partition(".")
    if isinstance(record, Usage) and field in record.metrics and name not in Usage.model_fields:
        return record.metrics[field]
    held = getattr(record, name, None)
    if entry:
        return cast(Mapping[str, Any], held).get(entry) if isinstance(held, Mapping) else None
    return held


def _says(record: Cited, field: str, value: Any) -> bool:
    """A value of a list may be the part of it that counts, one of a moment its day."""
    held = held_in(record, field)
    if isinstance(held, tuple):
        listed = [_plain(item) for item in cast(tuple[Any, ...], held)]
        wanted = [_plain(item) for item in cast(list[Any], value)] if isinstance(value, (list, tuple)) else [_plain(value)]
        return all(item in listed for item in wanted)
    return _plain(held) == _plain(value) or (isinstance(held, datetime) and _plain(held.date()) == _plain(value))


def _plain(value: Any) -> Any:
    """A stored value as evidence writes it: moments and days as ISO text, an upgrade attempt as what it says."""
    if isinstance(value, UpgradeAttempt):
        return {"at": value.at.isoformat(), "feature": value.feature, "user": value.user}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
