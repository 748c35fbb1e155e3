"""The rubric on the wire, and what another one would say."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from api.schemas import Wire
from briefs.brief import VerdictName
from briefs.rubric import Rubric
from briefs.what_if import Moved


class RubricOut(Wire):
    """Every threshold, the same in words, and the codes a decision may name."""

    version: str
    thresholds: Rubric
    words: dict[str, list[str]]
    reject_codes: list[str]


class WhatIfIn(Wire):
    """Thresholds to try. Without `accounts` all are judged."""

    changes: dict[str, Any] = Field(min_length=1, max_length=50, examples=[{"seats_used_percent": 70}])
    accounts: list[str] | None = Field(default=None, max_length=200)
    as_of: date | None = None


class MovedOut(Wire):
    """One account the other rubric would answer otherwise."""

    account_id: str
    account_name: str
    before: VerdictName
    after: VerdictName
    sku_before: str | None
    sku_after: str | None
    would_change: list[str]


class WhatIfOut(Wire):
    """How many accounts were judged, the count of each verdict before and after, and those that moved."""

    version: str
    as_of: date
    judged: int
    before: dict[VerdictName, int]
    after: dict[VerdictName, int]
    moved: list[MovedOut]


def moved_out(moved: Moved) -> MovedOut:
    return MovedOut.model_validate({name: getattr(moved, name) for name in MovedOut.model_fields})
