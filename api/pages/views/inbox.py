"""The CSM's inbox: every account by verdict and rank, with the reason in one line, what it may be worth, and what changed since last seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from api.pages.views.reasons import clearing, missing, reason_of
from api.pages.views.words import STATES, age, arr_range, said
from briefs.brief import AccountResult
from briefs.gate import State
from briefs.rendering.words import MOTIONS, day, named
from briefs.store.brief_rows import BriefRow
from retrieval.records import Account

READY, ALMOST, BLOCKED, QUIET, DECIDED = "ready", "almost", "blocked", "quiet", "decided"
TABS: dict[str, tuple[str, str]] = {
    READY: ("Ready", "All three tests are met and nothing stands in the way. Read, mend, decide."),
    ALMOST: ("Almost", "One thing is missing. It is named for each account."),
    BLOCKED: ("Blocked", "There is interest, and something stands in the way. What clears it is named."),
    QUIET: ("Quiet", "Too few reasons, or too little on file."),
    DECIDED: ("Decided", "Approved, rejected, kept or with sales."),
}
_TAB_OF = {"qualified": READY, "watch": ALMOST, "blocked": BLOCKED, "quiet": QUIET, "insufficient_data": QUIET}
OPEN = frozenset((State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED))
SORTS = {"rank": "Rank", "arr": "ARR", "age": "Newest reason", "renewal": "Renewal", "name": "Name"}


@dataclass(frozen=True)
class Filters:
    """What a person asked to see; every field as it stands in the address."""

    tab: str = READY
    q: str = ""
    product: str = ""
    motion: str = ""
    csm: str = ""
    changed: bool = False
    snoozed: bool = False
    sort: str = "rank"

    def query(self, **changes: str | bool) -> str:
        """The address's query with some fields changed; fields at their default are left out."""
        blank = Filters()
        values = vars(self) | changes
        kept = {name: "1" if value is True else value for name, value in values.items() if value and value != getattr(blank, name)}
        return urlencode(kept)


@dataclass(frozen=True)
class Seen:
    """What a person saw of an account last: when, and the verdict it had then."""

    at: datetime
    verdict: str


@dataclass(frozen=True)
class Desk:
    """What the store says beside the results, by account: briefs, what was seen, what sleeps until when; and what things are called."""

    briefs: Mapping[str, Sequence[BriefRow]] = field(default_factory=dict[str, Sequence[BriefRow]])
    seen: Mapping[str, Seen] = field(default_factory=dict[str, Seen])
    snoozed: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    products: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names of what is for sale, by sku."""


@dataclass(frozen=True)
class Row:
    """One account in the list."""

    account_id: str
    name: str
    tab: str
    href: str
    rank: int
    priority: float
    reason: str
    quote: str
    arr: str
    arr_base: float
    product: str
    motion: str
    age: str
    observed: date | None
    renewal: date | None
    state: str
    changes: tuple[str, ...]
    missing: tuple[str, ...] = ()
    clears: tuple[tuple[str, str], ...] = ()
    csm: str = ""
    snoozed_until: str = ""
    brief_id: str | None = None


@dataclass(frozen=True)
class Inbox:
    """The list a person asked for, how many stand under each tab, and what can be filtered by."""

    filters: Filters
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    products: tuple[str, ...]
    motions: tuple[tuple[str, str], ...]
    csms: tuple[str, ...]
    changed: int
    snoozed: int
    total: int


def inbox(accounts: Iterable[tuple[Account, AccountResult | None, datetime | None]], desk: Desk, filters: Filters, now: datetime) -> Inbox:
    """The inbox over the accounts given (each with its newest result and when that was made)."""
    every = [_row(account, result, at, desk, now) for account, result, at in accounts if result is not None]
    every = _ranked(every)
    shown = [row for row in every if _wanted(row, filters)]
    awake = [row for row in every if not row.snoozed_until]
    return Inbox(
        filters=filters,
        rows=tuple(_sorted(shown, filters.sort)),
        counts={tab: sum(row.tab == tab for row in awake) for tab in TABS},
        products=tuple(sorted({row.product for row in every if row.product})),
        motions=tuple(sorted({(row.motion, named(MOTIONS, row.motion)) for row in every if row.motion})),
        csms=tuple(sorted({row.csm for row in every if row.csm})),
        changed=sum(bool(row.changes) for row in awake),
        snoozed=sum(bool(row.snoozed_until) for row in every),
        total=len(every),
    )


def _row(account: Account, result: AccountResult, at: datetime | None, desk: Desk, now: datetime) -> Row:
    brief = newest(desk.briefs.get(account.id, ()), result.brief_id)
    why = reason_of(result)
    until = desk.snoozed.get(account.id)
    return Row(
        account_id=account.id,
        name=account.name,
        tab=_tab(result, brief),
        href=f"/briefs/{brief.id}" if brief else f"/accounts/{account.id}",
        rank=0,
        priority=result.priority,
        reason=why.words,
        quote=why.quote,
        arr=arr_range(result.arr),
        arr_base=result.arr.base if result.arr else 0.0,
        product=(brief.sku_name if brief else None) or desk.products.get(result.tests.fit.sku or "", result.tests.fit.sku) or "",
        motion=result.motion or "",
        age=age(why.observed, max(result.as_of, why.observed)) if why.observed else "",
        observed=why.observed,
        renewal=account.renewal_date,
        state=said(STATES, brief.state) if brief else "",
        changes=changes(result, at, brief, desk.seen.get(account.id)),
        missing=missing(result) if result.verdict in ("watch", "quiet", "insufficient_data") else (),
        clears=clearing(result),
        csm=account.csm or "",
        snoozed_until=day(until) if until and until > now else "",
        brief_id=brief.id if brief else None,
    )


def newest(briefs: Sequence[BriefRow], brief_id: str | None) -> BriefRow | None:
    """The brief an account's row leads to: the open one, else the one its result names, else the one touched last."""
    open_ones = [row for row in briefs if row.state in OPEN]
    named_one = [row for row in briefs if row.id == brief_id]
    return next(iter((*open_ones, *named_one, *briefs)), None)


def _tab(result: AccountResult, brief: BriefRow | None) -> str:
    if brief is not None and brief.state not in OPEN | {State.SUPERSEDED, State.EXPIRED}:
        return DECIDED
    if brief is not None and brief.state in OPEN and any(o.kind == "draft_anyway" for o in result.overrides):
        return READY
    return _TAB_OF[result.verdict]


def changes(result: AccountResult, at: datetime | None, brief: BriefRow | None, seen: Seen | None) -> tuple[str, ...]:
    """What is otherwise since the person looked last, in words; nothing where they never did, since then all is new."""
    if seen is None:
        return ("New to you",)
    told: list[str] = []
    if at is not None and at > seen.at and result.verdict != seen.verdict:
        told.append(f"Was {_said_of(seen.verdict)}")
    fresh = [s for s in result.signals if s.observed_at > seen.at.date()]
    if fresh:
        told.append(f"{len(fresh)} new signal{'s' if len(fresh) > 1 else ''}")
    if brief is not None and brief.updated_at > seen.at:
        told.append("Brief changed")
    return tuple(told)


def _said_of(verdict: str) -> str:
    return TABS[_TAB_OF.get(verdict, QUIET)][0].lower()


def _ranked(rows: Sequence[Row]) -> list[Row]:
    """Best first; the rank shown is the place in that order within the tab, not a score."""
    best = sorted(rows, key=lambda row: (list(TABS).index(row.tab), -row.priority, row.account_id))
    placed: dict[str, int] = {}
    out: list[Row] = []
    for row in best:
        placed[row.tab] = placed.get(row.tab, 0) + 1
        out.append(replace(row, rank=placed[row.tab]))
    return out


def _wanted(row: Row, filters: Filters) -> bool:
    checks: tuple[bool, ...] = (
        row.tab == filters.tab,
        bool(row.snoozed_until) == filters.snoozed,
        not filters.product or row.product == filters.product,
        not filters.motion or row.motion == filters.motion,
        not filters.csm or row.csm == filters.csm,
        not filters.changed or bool(row.changes),
    )
    return all(checks)


_KEYS: dict[str, Callable[[Row], tuple[object, ...]]] = {
    "arr": lambda row: (-row.arr_base, row.rank),
    "age": lambda row: (-(row.observed or date.min).toordinal(), row.rank),
    "renewal": lambda row: ((row.renewal or date.max).toordinal(), row.rank),
    "name": lambda row: (row.name.casefold(),),
}


def _sorted(rows: Sequence[Row], sort: str) -> list[Row]:
    key = _KEYS.get(sort)
    return list(rows) if key is None else sorted(rows, key=key)  # pyright: ignore[reportArgumentType]  # each key gives tuples of one shape
