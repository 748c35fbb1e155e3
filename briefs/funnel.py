"""The funnel: what became of the briefs, how fast, and by what they can be told apart.

Shares carry a 95 % Wilson interval (E. B. Wilson, 1927): a rate of three out of three is not a hundred per cent sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from math import sqrt
from statistics import median

from briefs.desk import Desk
from briefs.gate import State
from briefs.people import Person
from briefs.store import funnel_rows
from briefs.store.funnel_rows import FunnelRow

Z = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""
DIMENSIONS = ("source", "signal", "prompt", "engine", "model", "lead_type", "week")


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with the interval the true rate lies in nineteen times out of twenty. Without a whole there is no rate."""

    part: int
    whole: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Hours:
    """The median of the hours between two steps, and of how many briefs that took both."""

    median: float | None
    briefs: int


@dataclass(frozen=True)
class Counts:
    """How many briefs came to each step, whatever became of them later. `arr` is the sum of the base estimates by currency, `won` what was won."""

    drafted: int
    approved: int
    delivered: int
    accepted: int
    declined: int
    won: int
    lost: int
    rejected: int
    expired: int
    arr: dict[str, float]
    won_arr: dict[str, float]
    acceptance: Share


@dataclass(frozen=True)
class Funnel:
    """The whole report. `by` holds the same counts by each dimension; a brief with two signals is counted under both."""

    total: Counts
    hours: dict[str, Hours]
    rejected_for: dict[str, int]
    declined_for: dict[str, int]
    lost_for: dict[str, int]
    approved_unread: Share
    by: dict[str, dict[str, Counts]]


def wilson(part: int, whole: int) -> Share:
    """The share and its interval. Raises ValueError for a part that is no part."""
    if not 0 <= part <= whole:
        raise ValueError("a part is between nothing and the whole")
    if whole == 0:
        return Share(0, 0, None, None, None)
    rate, spread = part / whole, Z * Z / whole
    centre = (rate + spread / 2) / (1 + spread)
    margin = Z / (1 + spread) * sqrt(rate * (1 - rate) / whole + spread / (4 * whole))
    return Share(part, whole, rate, max(0.0, centre - margin), min(1.0, centre + margin))


def report(rows: Sequence[FunnelRow]) -> Funnel:
    """The funnel of these briefs. Pure."""
    approved = [row for row in rows if row.unread is not None]
    return Funnel(
        total=_counts(rows),
        hours={name: _hours(rows, step) for name, step in STEPS.items()},
        rejected_for=_tally(row.rejected_for for row in rows),
        declined_for=_tally(row.declined_for for row in rows),
        lost_for=_tally(row.lost_for for row in rows),
        approved_unread=wilson(sum(1 for row in approved if row.unread), len(approved)),
        by={dimension: _by(rows, dimension) for dimension in DIMENSIONS},
    )


def of(desk: Desk, person: Person, since: datetime | None = None, until: datetime | None = None) -> Funnel:
    """The funnel of the accounts the person may see: an admin all, a CSM theirs, nobody else any."""
    with desk.courier.store.reading() as connection:
        rows = funnel_rows.rows(connection, since, until)
    if person.role != "admin":
        allowed = {account_id: desk.may_see(person, account_id) for account_id in {row.account_id for row in rows}}
        rows = [row for row in rows if allowed[row.account_id]]
    return report(rows)


def _signal_at(row: FunnelRow) -> datetime | None:
    return datetime.combine(row.signal_on, time(), UTC) if row.signal_on else None


Step = Callable[[FunnelRow], tuple[datetime | None, datetime | None]]
STEPS: dict[str, Step] = {
    "signal_to_draft": lambda row: (_signal_at(row), row.drafted_at),
    "draft_to_approval": lambda row: (row.drafted_at, row.approved_at),
    "approval_to_delivery": lambda row: (row.approved_at, row.delivered_at),
    "delivery_to_acceptance": lambda row: (row.delivered_at, row.accepted_at),
}


def _counts(rows: Collection[FunnelRow]) -> Counts:
    accepted = sum(1 for row in rows if row.accepted_at)
    declined = sum(1 for row in rows if row.declined_at)
    arr = _sums((row.currency, row.arr) for row in rows)
    won = _sums((row.currency, row.won) for row in rows)
    states = Counter(row.state for row in rows)
    return Counts(
        drafted=len(rows),
        approved=sum(1 for row in rows if row.approved_at),
        delivered=sum(1 for row in rows if row.delivered_at),
        accepted=accepted,
        declined=declined,
        won=sum(1 for row in rows if row.won is not None),
        lost=states[State.LOST],
        rejected=states[State.REJECTED],
        expired=states[State.EXPIRED],
        arr=arr,
        won_arr=won,
        acceptance=wilson(accepted, accepted + declined),
    )


def _sums(amounts: Iterable[tuple[str | None, float | None]]) -> dict[str, float]:
    """By currency; what has no amount is left out, never taken for nothing."""
    sums: dict[str, float] = {}
    for currency, amount in amounts:
        if amount is not None:
            sums[currency or "unknown"] = sums.get(currency or "unknown", 0.0) + amount
    return dict(sorted(sums.items()))


def _hours(rows: Iterable[FunnelRow], step: Step) -> Hours:
    both = [(start, end) for start, end in map(step, rows) if start is not None and end is not None]
    taken = [max((end - start).total_seconds(), 0.0) / 3600 for start, end in both]
    return Hours(median(taken) if taken else None, len(taken))


def _tally(reasons: Iterable[Iterable[str]]) -> dict[str, int]:
    return dict(Counter(code for codes in reasons for code in codes).most_common())


def _by(rows: Iterable[FunnelRow], dimension: str) -> dict[str, Counts]:
    groups: dict[str, list[FunnelRow]] = {}
    for row in rows:
        for value in _values(row, dimension):
            groups.setdefault(value, []).append(row)
    return {value: _counts(groups[value]) for value in sorted(groups)}


def _values(row: FunnelRow, dimension: str) -> Collection[str]:
    if dimension == "lead_type":
        return [row.lead_type] if row.lead_type else []
    if dimension == "week":
        year, week, _ = row.drafted_at.isocalendar()
        return [f"{year}-W{week:02}"]
    return row.facts.get(dimension, ())
