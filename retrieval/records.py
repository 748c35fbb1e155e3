"""The things a customer's systems tell us, as frozen types: accounts, contacts, notes, tickets, usage, surveys, scorecards, opportunities, products.

Times are time-zone aware UTC `datetime`s; a date without a time is that day's midnight UTC. Days (`renewal_date`, `period_end`) are `date`s.
Text is kept as given; offsets count Unicode code points.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, NonNegativeFloat, NonNegativeInt

Kind = Literal["account", "contact", "note", "ticket", "usage", "survey", "scorecard", "opportunity"]
KINDS: tuple[Kind, ...] = ("account", "contact", "note", "ticket", "usage", "survey", "scorecard", "opportunity")
TEXT_KINDS: tuple[Kind, ...] = ("note", "ticket", "survey", "scorecard")

Role = Literal["champion", "economic_buyer", "technical", "user", "detractor", "unknown"]
Visibility = Literal["customer_safe", "internal"]


def _text_id(value: Any) -> Any:
    """Ids that look like numbers in an export are still names."""
    if isinstance(value, bool):
        return value
    return str(value) if isinstance(value, int) else value


def _utc(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value.strip())
        except ValueError as cause:
            raise ValueError(f"not an ISO 8601 date: {value[:40]!r}") from cause
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, (int, float)):
        raise ValueError(f"not an ISO 8601 date: {value!r}")
    return value


def _day(value: Any) -> Any:
    stamp = _utc(value)
    return stamp.date() if isinstance(stamp, datetime) else stamp


def _listing(value: Any) -> Any:
    """A CSV cell holds a list as JSON."""
    if isinstance(value, str):
        return json.loads(value) if value.strip() else []
    return [] if value is None else value


def _mapping(value: Any) -> Any:
    if isinstance(value, str):
        value = json.loads(value) if value.strip() else {}
    if isinstance(value, dict):
        return {name: _number(number) for name, number in cast("dict[str, Any]", value).items()}
    return {} if value is None else value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _not_blank(value: Any) -> Any:
    """What a thing is called is kept as given, but white space calls it nothing."""
    if isinstance(value, str) and value and not value.strip():
        raise ValueError("nothing but white space")
    return value


def _number(value: Any) -> Any:
    """True is not 1: an export that says so has its columns mixed up."""
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")
    return _blank_is_none(value)


Name = Annotated[str, Field(min_length=1), BeforeValidator(_not_blank)]
Id = Annotated[str, BeforeValidator(_not_blank), BeforeValidator(_text_id), Field(min_length=1, max_length=200)]
Ref = Annotated[str | None, BeforeValidator(_text_id), BeforeValidator(_blank_is_none)]
Instant = Annotated[datetime, BeforeValidator(_utc)]
MaybeInstant = Annotated[datetime | None, BeforeValidator(_utc), BeforeValidator(_blank_is_none)]
Day = Annotated[date, BeforeValidator(_day)]
MaybeDay = Annotated[date | None, BeforeValidator(_day), BeforeValidator(_blank_is_none)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listing)]
Numbers = Annotated[dict[str, float], BeforeValidator(_mapping)]
Count = Annotated[NonNegativeInt | None, BeforeValidator(_number)]
Amount = Annotated[NonNegativeFloat | None, BeforeValidator(_number)]
Percent = Annotated[Annotated[float, Field(ge=0, le=100)] | None, BeforeValidator(_number)]


class _Row(BaseModel):
    """Unknown fields of a row are kept in `extra`, never dropped. Classes here are built when first used: most commands use few."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)
    extra: dict[str, Any] = Field(default_factory=dict)


class Account(_Row):
    """An existing, paying customer as known at `at` (None: undated, taken as it is today)."""

    id: Id
    name: Name
    at: MaybeInstant = None
    aliases: Words = ()
    domain: str | None = None
    parent_id: Ref = None
    segment: str | None = None
    industry: str | None = None
    region: str | None = None
    csm: str | None = None
    ae: str | None = None
    plan: Ref = None
    products: Words = ()
    seats: Count = None
    arr: Amount = None
    currency: str | None = None
    start_date: MaybeDay = None
    renewal_date: MaybeDay = None
    auto_renew: Annotated[bool | None, BeforeValidator(_blank_is_none)] = None
    billing_status: Annotated[Literal["paid", "overdue"] | None, BeforeValidator(_blank_is_none)] = None
    health: Percent = None
    health_previous: Percent = None
    do_not_contact: Annotated[bool, BeforeValidator(lambda v: False if v in (None, "") else v)] = False


class Contact(_Row):
    id: Id
    account_id: Id
    name: Name
    title: str | None = None
    email: str | None = None
    role: Annotated[Role, BeforeValidator(lambda v: "unknown" if v in (None, "") else v)] = "unknown"
    joined_at: MaybeInstant = None
    left_at: MaybeInstant = None


class Note(_Row):
    id: Id
    account_id: Id
    at: Instant
    author: str | None = None
    kind: Annotated[Literal["call", "qbr", "email", "internal", "handoff"] | None, BeforeValidator(_blank_is_none)] = None
    title: str | None = None
    body: str
    visibility: Annotated[Visibility, BeforeValidator(lambda v: "internal" if v in (None, "") else v)] = "internal"


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    at: MaybeInstant = None
    author: str | None = None
    author_role: Annotated[Literal["customer", "agent"] | None, BeforeValidator(_blank_is_none)] = None
    body: str = ""
    public: Annotated[bool, BeforeValidator(lambda v: True if v in (None, "") else v)] = True


class Ticket(_Row):
    id: Id
    account_id: Id
    created_at: Instant
    updated_at: MaybeInstant = None
    solved_at: MaybeInstant = None
    status: Annotated[Literal["new", "open", "pending", "solved", "closed"], BeforeValidator(lambda v: "open" if v in (None, "") else v)] = "open"
    priority: Annotated[Literal["P1", "P2", "P3", "P4"] | None, BeforeValidator(_blank_is_none)] = None
    subject: str
    requester: Ref = None
    tags: Words = ()
    csat: Annotated[str | None, BeforeValidator(_text_id), BeforeValidator(_blank_is_none)] = None
    messages: Annotated[tuple[Message, ...], BeforeValidator(_listing)] = ()

    @property
    def at(self) -> datetime:
        return self.created_at


class UpgradeAttempt(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    at: Instant
    feature: str
    user: str | None = None


class Usage(_Row):
    """One period's use of the product. Its id is `usage:ACCOUNT:PERIOD_START`."""

    account_id: Id
    period_start: Day
    period_end: Day
    seats_licensed: Count = None
    seats_active: Count = None
    metrics: Numbers = Field(default_factory=dict)
    limits: Numbers = Field(default_factory=dict)
    features_adopted: Words = ()
    features_core: Words = ()
    upgrade_attempts: Annotated[tuple[UpgradeAttempt, ...], BeforeValidator(_listing)] = ()
    test_traffic_share: Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_number)] = None

    @property
    def id(self) -> str:
        return f"usage:{self.account_id}:{self.period_start.isoformat()}"

    @property
    def at(self) -> datetime:
        return datetime(self.period_end.year, self.period_end.month, self.period_end.day, tzinfo=UTC)


class Survey(_Row):
    id: Id
    account_id: Id
    at: Instant
    kind: Literal["nps", "csat"] = "nps"
    score: Annotated[float | None, BeforeValidator(_number)] = None
    comment: str | None = None
    respondent: Ref = None


class Scorecard(_Row):
    """What a customer answered on a short form after a ticket was solved."""

    id: Id
    account_id: Id
    at: Instant
    ticket_id: Ref = None
    respondent: Ref = None
    goals: str | None = None
    limits_met: str | None = None
    timeline: str | None = None
    decider: str | None = None
    wants_contact: Annotated[bool | None, BeforeValidator(_blank_is_none)] = None


class Opportunity(_Row):
    id: Id
    account_id: Id
    kind: Literal["new", "expansion", "renewal"] = "expansion"
    stage: Literal["open", "won", "lost"] = "open"
    sku: Ref = None
    amount: Amount = None
    source: str | None = None
    partner: str | None = None
    handoff_id: Ref = None
    created_at: MaybeInstant = None
    closed_at: MaybeInstant = None

    @property
    def at(self) -> datetime | None:
        return self.created_at


class TicketFlag(BaseModel):
    """A support agent's hint that a ticket holds something for sales. It is set here, not imported, and never the customer's words."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    id: str
    """`flag:` and the id it was set under, as evidence names it."""
    ticket_id: str
    at: Instant
    by: str
    """The name of whoever set it."""
    reason: str

    @property
    def visibility(self) -> Visibility:
        return "internal"


class Product(BaseModel):
    """One row of the catalogue: something that can be sold to an account."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    sku: Id
    name: str
    kind: Literal["tier", "module", "seats", "usage"]
    rank: int | None = None
    features: Words = ()
    solves: Words = ()
    requires: Words = ()
    included_limits: Numbers = Field(default_factory=dict)
    unit_price: Amount = None
    price_unit: Literal["seat_year", "year", "unit_year"] | None = None
    currency: str | None = None
    route: Literal["tech_touch", "csm", "ae"] = "ae"


class Catalogue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    products: tuple[Product, ...] = ()

    def find(self, sku: str | None) -> Product | None:
        return next((product for product in self.products if product.sku == sku), None)


Record = Account | Contact | Note | Ticket | Usage | Survey | Scorecard | Opportunity
TextRecord = Note | Ticket | Survey | Scorecard
Cited = Record | TicketFlag
"""What evidence may point at."""

TYPES: dict[Kind, type[Record]] = {
    "account": Account,
    "contact": Contact,
    "note": Note,
    "ticket": Ticket,
    "usage": Usage,
    "survey": Survey,
    "scorecard": Scorecard,
    "opportunity": Opportunity,
}

SCORECARD_PARTS = ("goals", "limits_met", "timeline", "decider")


def kind_of(record: Record) -> Kind:
    """The kind a record is filed under: `Note(...)` is a `note`."""
    return next(kind for kind, shape in TYPES.items() if isinstance(record, shape))


def record_id(record: Cited) -> str:
    """The id evidence points at: an account's is `account:ID`, a usage row's `usage:ACCOUNT:PERIOD_START`, others carry their own."""
    return f"account:{record.id}" if isinstance(record, Account) else record.id


def owner_of(record: Record) -> str:
    """The account a record belongs to."""
    return record.id if isinstance(record, Account) else record.account_id


def parts_of(record: Record) -> dict[str, str]:
    """The texts of a record by part name, as imported: what a passage's offsets point into. Empty parts are left out."""
    match record:
        case Note():
            texts = {"title": record.title or "", "body": record.body}
        case Ticket():
            texts = {"subject": record.subject} | {f"messages[{i}]": m.body for i, m in enumerate(record.messages)}
        case Survey():
            texts = {"comment": record.comment or ""}
        case Scorecard():
            texts = {part: getattr(record, part) or "" for part in SCORECARD_PARTS}
        case _:
            texts = {}
    return {part: text for part, text in texts.items() if text}


class Passage(BaseModel):
    """A piece of a record's text with its place in it. `header` helps ranking and is never quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    id: str
    account_id: str
    record_id: str
    kind: Kind
    part: str
    start: int
    end: int
    at: datetime | None
    text: str
    header: str = ""

    @property
    def ranked_text(self) -> str:
        """What is embedded and ranked: the header, then the words."""
        return f"{self.header}\n{self.text}" if self.header else self.text
