"""Looks at every account as of past month ends, and holds what would have been flagged against the expansions that were won later.

A flag is an account that was qualified on a month end: one that stays so is flagged again each month. It came true where the account won an expansion
in the half year after. Only days whose half year is over by the newest record count for that, whatever was won.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING

from briefs.errors import BadInput
from evals.rates import share
from evals.results import Measured, Metric
from evals.wishes import Progress
from retrieval.records import Account, Contact, Note, Opportunity, Record, Scorecard, Survey, Ticket, Usage

if TYPE_CHECKING:
    from briefs.wiring import Workspace

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


@dataclass(frozen=True)
class Past:
    """What is known: the accounts, the expansions they won, and the day of the newest record, up to which the books are full."""

    accounts: tuple[str, ...]
    wins: tuple[Win, ...]
    known_until: date


class Backtest(Measured):
    """`missed`: wins nobody would have been told of in the time before. `lead_days`: from the first flag in that time to the win."""

    days: tuple[date, ...]
    known_until: date
    accounts: int
    flags: int
    wins: int
    found: int
    lead_days: tuple[int, ...]
    missed: tuple[str, ...]
    metrics: tuple[Metric, ...]
    warning: str = ""


Look = Callable[[str, date], Flag | None]
"""The flag of an account as of a day; None where it is not qualified."""


def look_back(opened: Workspace, months: int, progress: Progress) -> Backtest:
    """The accounts of a home as of the last `months` month ends before the newest record, by the offline engine. Raises BadInput: no accounts."""
    archive, pipeline = opened.archive, opened.pipeline(opened.offline_engine)
    past = past_of({account: archive.records(account) for account in archive.accounts()}, opened.now().date())
    if not past.accounts:
        raise BadInput("There are no accounts to look at.", "Import some first: briefs ingest FOLDER.")

    def look(account: str, day: date) -> Flag | None:
        result = pipeline.result_of(pipeline.examine(account, day))
        return Flag(account, day, result.priority, result.tests.fit.sku) if result.verdict == "qualified" else None

    return run(past, look, month_ends(past.known_until, months), progress)


def run(past: Past, look: Look, days: Sequence[date], progress: Progress) -> Backtest:
    """Looks at every account on every day. Pure but for `look`."""
    by_day: dict[date, list[Flag]] = {}
    total = len(past.accounts) * len(days)
    for number, (day, account) in enumerate((day, account) for day in days for account in past.accounts):
        progress(f"{account} {day}", number, total)
        if (flag := look(account, day)) is not None:
            by_day.setdefault(day, []).append(flag)
    return judged(by_day, past, days)


def judged(by_day: Mapping[date, Sequence[Flag]], past: Past, days: Sequence[date]) -> Backtest:
    """What flags and wins come to."""
    within = [win for win in past.wins if days and days[0] < win.closed <= days[-1] + timedelta(days=HORIZON_DAYS)]
    over = [day for day in days if day + timedelta(days=HORIZON_DAYS) <= past.known_until]
    first = {win.opportunity_id: _first_flag(win, by_day) for win in within}
    leads = [(win.closed - flag.as_of).days for win in within if (flag := first[win.opportunity_id]) is not None]
    flags = sum(len(each) for each in by_day.values())
    return Backtest(
        days=tuple(days),
        known_until=past.known_until,
        accounts=len(past.accounts),
        flags=flags,
        wins=len(within),
        found=len(leads),
        lead_days=tuple(sorted(leads)),
        missed=tuple(f"{win.account_id} {win.opportunity_id} ({win.closed})" for win in within if first[win.opportunity_id] is None),
        metrics=(*_precise(by_day, past, over), *_found(within, first, leads)),
        warning=_warning(flags, len(within), len(over)),
    )


def _precise(by_day: Mapping[date, Sequence[Flag]], past: Past, over: Sequence[date]) -> Iterator[Metric]:
    """Precision of the first k flags of a day, beside what drawing any account on those days would have come to."""
    for k in KS:
        top = [flag for day in over for flag in _top(by_day.get(day, ()), k)]
        note = f"flags whose half year is over, of {_many(len({flag.account_id for flag in top}), 'account')}"
        yield share(f"precision_at_{k}", [(_came(flag.account_id, flag.as_of, past.wins), 1.0) for flag in top], note=note)
    drawn = [(_came(account, day, past.wins), 1.0) for day in over for account in past.accounts]
    yield share("any_account", drawn, better="neither", note="accounts and days: what flagging everybody would have come to")


def _found(within: Sequence[Win], first: Mapping[str, Flag | None], leads: Sequence[int]) -> Iterator[Metric]:
    yield share("wins_found", [(first[win.opportunity_id] is not None, 1.0) for win in within], note="wins")
    both = [(win.sku, flag.sku) for win in within if (flag := first[win.opportunity_id]) is not None and win.sku and flag.sku]
    yield share("product_right", [(sold == flagged, 1.0) for sold, flagged in both], note="wins found whose product is known")
    middle = float(median(leads)) if leads else None
    yield Metric(name="lead_days_median", value=middle, n=len(leads), unit="days", note="wins found: days from the first flag to the win")


def _top(flags: Sequence[Flag], k: int) -> Sequence[Flag]:
    return sorted(flags, key=lambda flag: (-flag.priority, flag.account_id))[:k]


def _came(account: str, day: date, wins: Sequence[Win]) -> bool:
    return any(win.account_id == account and 0 < (win.closed - day).days <= HORIZON_DAYS for win in wins)


def _first_flag(win: Win, by_day: Mapping[date, Sequence[Flag]]) -> Flag | None:
    """The first in the half year before the win. Once the opportunity was in the books a flag found nothing new, and does not count."""
    start, end = win.closed - timedelta(days=HORIZON_DAYS), min(win.closed, win.created or win.closed)
    told = [flag for day, flags in by_day.items() if start <= day < end for flag in flags if flag.account_id == win.account_id]
    return min(told, key=lambda flag: flag.as_of, default=None)


def _warning(flags: int, wins: int, over: int) -> str:
    said: list[str] = []
    if wins < FEW or flags < FEW:
        counts = f"{_many(flags, 'flag')} and {_many(wins, 'win')}"
        said.append(f"{counts} are few: below {FEW} of each these figures are a hint, no measurement")
    if not over:
        said.append(f"no month end is {HORIZON_DAYS} days before the newest record, so no precision can be told: look at more --months")
    return "; ".join(said)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def past_of(records: Mapping[str, Sequence[Record]], today: date) -> Past:
    """What the records of all accounts say. Days to come are not known, whatever a record says of them."""
    wins = [win for told in records.values() for win in wins_of(told)]
    known = [day for told in records.values() for record in told if (day := _day_of(record)) is not None and day <= today]
    return Past(tuple(records), tuple(wins), max(known, default=today))


def _day_of(record: Record) -> date | None:
    """The last day a record tells of. What is said of a person or an account may be true at any time."""
    match record:
        case Contact() | Account():
            return record.at.date() if isinstance(record, Account) and record.at else None
        case Usage():
            return record.period_end
        case Ticket():
            told = (record.created_at, record.updated_at, record.solved_at)
        case Opportunity():
            told = (record.created_at, record.closed_at)
        case Note() | Survey() | Scorecard():
            told = (record.at,)
    return max((moment.date() for moment in told if moment is not None), default=None)


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
