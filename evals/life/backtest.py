"""Looks at every account as of past month ends, and holds what would have been flagged against the expansions that were won later."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from evals.rates import share
from evals.results import Measured, Metric
from retrieval.records import Opportunity, Record

HORIZON_DAYS = 180
"""How long after a flag a won expansion still counts as what was flagged."""
KS = (5, 10)
FEW = 30
"""Below so many flags or wins, figures are a hint at most."""


@dataclass(frozen=True)
class Flag:
    """An account that was qualified as of a day, and how high it stood."""

    account_id: str
    as_of: date
    priority: float
    sku: str | None


@dataclass(frozen=True)
class Win:
    """An expansion that was won. `created` is when it was first in the books: a flag after that found nothing new."""

    account_id: str
    opportunity_id: str
    closed: date
    created: date | None
    sku: str | None


class Backtest(Measured):
    """`missed`: wins nobody would have been told of in the time before. `lead_days`: from the first flag in that time to the win."""

    days: tuple[date, ...]
    flags: int
    wins: int
    found: int
    lead_days: tuple[int, ...]
    missed: tuple[str, ...]
    metrics: tuple[Metric, ...]
    warning: str = ""


Look = Callable[[str, date], Flag | None]
"""The flag of an account as of a day; None where it is not qualified."""


def run(accounts: Sequence[str], wins: Sequence[Win], look: Look, days: Sequence[date], progress: Callable[[str, int, int | None], None]) -> Backtest:
    """Looks at every account on every day. Pure but for `look`."""
    by_day: dict[date, list[Flag]] = {}
    total = len(accounts) * len(days)
    for number, (day, account) in enumerate((day, account) for day in days for account in accounts):
        progress(f"{account} {day}", number, total)
        if (flag := look(account, day)) is not None:
            by_day.setdefault(day, []).append(flag)
    return judged(by_day, wins, days)


def judged(by_day: Mapping[date, Sequence[Flag]], wins: Sequence[Win], days: Sequence[date]) -> Backtest:
    """What flags and wins come to. Days whose horizon is not over are looked at, and count for no precision."""
    within = [win for win in wins if days and days[0] < win.closed <= days[-1] + timedelta(days=HORIZON_DAYS)]
    last = max((win.closed for win in wins), default=days[-1] if days else date.min)
    over = [day for day in days if day + timedelta(days=HORIZON_DAYS) <= last]
    first = {win.opportunity_id: _first_flag(win, by_day) for win in within}
    leads = [(win.closed - day).days for win in within if (day := first[win.opportunity_id]) is not None]
    metrics = [
        share(
            f"precision_at_{k}", [(_came(flag, wins), 1.0) for day in over for flag in _top(by_day.get(day, ()), k)], note="flags whose time is over"
        )
        for k in KS
    ]
    metrics.append(share("wins_found", [(first[win.opportunity_id] is not None, 1.0) for win in within]))
    metrics.append(Metric(name="lead_days_median", value=float(median(leads)) if leads else None, n=len(leads), unit="days"))
    flags = sum(len(each) for each in by_day.values())
    return Backtest(
        days=tuple(days),
        flags=flags,
        wins=len(within),
        found=len(leads),
        lead_days=tuple(sorted(leads)),
        missed=tuple(f"{win.account_id} {win.opportunity_id} ({win.closed})" for win in within if first[win.opportunity_id] is None),
        metrics=tuple(metrics),
        warning=_warning(flags, len(within), len(over)),
    )


def _top(flags: Sequence[Flag], k: int) -> Sequence[Flag]:
    return sorted(flags, key=lambda flag: (-flag.priority, flag.account_id))[:k]


def _came(flag: Flag, wins: Sequence[Win]) -> bool:
    return any(win.account_id == flag.account_id and 0 < (win.closed - flag.as_of).days <= HORIZON_DAYS for win in wins)


def _first_flag(win: Win, by_day: Mapping[date, Sequence[Flag]]) -> date | None:
    start = win.closed - timedelta(days=HORIZON_DAYS)
    days = [day for day, flags in by_day.items() if start <= day < win.closed and any(flag.account_id == win.account_id for flag in flags)]
    return min(days, default=None)


def _warning(flags: int, wins: int, over: int) -> str:
    said: list[str] = []
    if wins < FEW or flags < FEW:
        said.append(f"{flags} flags and {wins} wins are few: below {FEW} of each these figures are a hint, no measurement")
    if not over:
        said.append(f"no day is {HORIZON_DAYS} days past the last win, so no precision can be told")
    return "; ".join(said)


def wins_of(records: Sequence[Record]) -> Iterator[Win]:
    """The expansions an account's records say were won."""
    for record in records:
        if isinstance(record, Opportunity) and record.kind == "expansion" and record.stage == "won" and record.closed_at is not None:
            created = record.created_at.date() if record.created_at else None
            yield Win(record.account_id, record.id, record.closed_at.date(), created, record.sku)


def month_ends(today: date, months: int) -> list[date]:
    """The last days of so many past months, oldest first."""
    days: list[date] = []
    year, month = today.year, today.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        days.append(date(year, month, monthrange(year, month)[1]))
    return days[::-1]
