"""Usage rows as a series: which periods are full, what was real traffic, how far use moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from briefs.rubric import Rubric
from retrieval.records import Usage

FULL_SHARE = 0.8
"""A period shorter than this share of the usual one is not full yet (an export made in mid-month)."""


class Move(NamedTuple):
    """How use moved from one full period to the latest, in percent, and the largest drop between two neighbours."""

    earlier: Usage
    latest: Usage
    before: float
    after: float
    percent: float
    worst_drop_percent: float
    metric: str


def full_periods(rows: Sequence[Usage]) -> tuple[Usage, ...]:
    """The rows whose period is as long as usual, oldest first."""
    if not rows:
        return ()
    usual = median((row.period_end - row.period_start).days + 1 for row in rows)
    return tuple(row for row in rows if (row.period_end - row.period_start).days + 1 >= FULL_SHARE * usual)


def is_test_traffic(row: Usage, rubric: Rubric) -> bool:
    return (row.test_traffic_share or 0) >= rubric.test_traffic_share


def real_periods(rows: Sequence[Usage], rubric: Rubric) -> tuple[Usage, ...]:
    """The full periods of real use, oldest first."""
    return tuple(row for row in full_periods(rows) if not is_test_traffic(row, rubric))


def latest(rows: Sequence[Usage], as_of: date, rubric: Rubric) -> Usage | None:
    """The latest full period, None where there is none fresh enough to say anything of today."""
    full = full_periods(rows)
    if not full or (as_of - full[-1].period_end).days > rubric.usage_fresh_days:
        return None
    return full[-1]


def use_of(row: Usage, rubric: Rubric) -> tuple[str, float] | None:
    if row.seats_active is not None:
        return "seats_active", float(row.seats_active)
    if rubric.use_metric and rubric.use_metric in row.metrics:
        return rubric.use_metric, row.metrics[rubric.use_metric]
    return None


def move(rows: Sequence[Usage], as_of: date, rubric: Rubric) -> Move | None:
    """The latest full period against the third before it (contract section 2); test traffic is left out, a latest period of it tells nothing."""
    newest = latest(rows, as_of, rubric)
    if newest is None or is_test_traffic(newest, rubric):
        return None
    points = [(row, use) for row in full_periods(rows) if not is_test_traffic(row, rubric) and (use := use_of(row, rubric))]
    back = rubric.use_periods_back
    if len(points) <= back:
        return None
    window = points[-back - 1 :]
    names = {name for _, (name, _) in window}
    values = [value for _, (_, value) in window]
    if len(names) != 1 or values[0] <= 0:
        return None
    drops = [(a - b) / a * 100 for a, b in pairwise(values) if a > 0]
    return Move(
        earlier=window[0][0],
        latest=window[-1][0],
        before=values[0],
        after=values[-1],
        percent=(values[-1] / values[0] - 1) * 100,
        worst_drop_percent=max([0.0, *drops]),
        metric=names.pop(),
    )
