"""Scans on the wire: what to look at, how far it is, and each step as it is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.schemas import Wire
from briefs.store.scan_rows import ScanRow, State


class ScanIn(Wire):
    """What to scan. Without `accounts`: every account the caller looks after. `auto` uses a model only where one is set."""

    accounts: list[str] | None = Field(default=None, max_length=1000)
    as_of: date | None = None
    engine: Literal["auto", "offline", "llm"] = "auto"
    draft: bool = True
    force: bool = False
    max_cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    max_calls: int | None = Field(default=None, ge=0, le=10**9)


class ScanOut(Wire):
    """A scan: `total` accounts have something new, `done` of them are looked at."""

    id: str
    state: State
    as_of: date
    by: str
    started_at: datetime
    finished_at: datetime | None
    total: int
    done: int
    error: str | None


def scan_out(row: ScanRow) -> ScanOut:
    return ScanOut.model_validate({name: getattr(row, name) for name in ScanOut.model_fields})
