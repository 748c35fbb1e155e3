"""How a rule points at the data it rests on, and how a signal gets its name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from briefs.brief import FIT_TYPES, SUCCESS_TYPES, TIMING_TYPES, Evidence, Signal, Strength, Test
from retrieval.records import Account, Contact, Opportunity, Record, Ticket, Usage, kind_of, record_id

TOLERANCE = 1e-9
"""Ten percent is ten percent, whatever binary fractions make of it."""


def data(record: Record, field: str, value: Any) -> Evidence:
    """Evidence from a table: the record, the field and its value as stored."""
    match record:
        case Usage():
            at = record.period_end
        case Account() | Contact() | Opportunity():
            at = None
        case Ticket():
            at = record.created_at.date()
        case _:
            at = record.at.date()
    return Evidence(record_id=record_id(record), kind=kind_of(record), field=field, value=value, at=at)


def test_of(signal_type: str) -> Test:
    """The test a signal type counts for; every other type is a risk."""
    if signal_type in SUCCESS_TYPES:
        return "success"
    if signal_type in FIT_TYPES:
        return "fit"
    return "timing" if signal_type in TIMING_TYPES else "risk"


test_of.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]  # a word of the contract, not a pytest case


def signal(
    account_id: str,
    signal_type: str,
    observed_at: date,
    detector: str,
    *evidence: Evidence,
    strength: Strength = "strong",
    due: date | None = None,
    wants: Mapping[str, Any] | None = None,
    skus: tuple[str, ...] = (),
    explicit_request: bool = False,
    about: str = "",
) -> Signal:
    """A signal whose id follows from what it says, so that the same evidence always gives the same signal.

    `about` tells apart signals of one type that rest on one field of one record."""
    first = evidence[0]
    name = "|".join(str(part) for part in (account_id, signal_type, first.record_id, first.part, first.start, first.field, *filter(None, (about,))))
    return Signal(
        id="s-" + hashlib.sha256(name.encode()).hexdigest()[:10],
        type=signal_type,
        test=test_of(signal_type),
        strength=strength,
        observed_at=observed_at,
        due=due,
        detector=detector,
        subject_account_id=account_id,
        evidence=evidence,
        wants=dict(wants or {}),
        skus=skus,
        explicit_request=explicit_request,
    )
