"""Everything known of one account as of one day, frozen: the only thing a brief is written from.

Nothing dated after the day can be seen: later records are absent, and records that changed later are shown as they stood
(a ticket solved later is open, an opportunity closed later is open, a message sent later is gone, or blank where an older one follows it:
part numbers keep their meaning).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from retrieval.canonical import canonical_bytes
from retrieval.errors import UnknownAccount
from retrieval.records import (
    Account,
    Catalogue,
    Contact,
    Message,
    Note,
    Opportunity,
    Record,
    Scorecard,
    Survey,
    TextRecord,
    Ticket,
    TicketFlag,
    Usage,
)

T = TypeVar("T", bound=Record)
D = TypeVar("D", Contact, Note, Ticket, Survey, Scorecard, Opportunity)

CHANGING_FIELDS = ("health", "health_previous", "billing_status", "do_not_contact", "arr", "renewal_date", "auto_renew", "seats", "plan")
"""Account fields that move with time and bear on a verdict."""


class Dossier(BaseModel):
    """One account as of one day. `undated_fields` names what had to be taken as it is today."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    account: Account
    as_of: date
    undated_fields: tuple[str, ...]
    contacts: tuple[Contact, ...]
    notes: tuple[Note, ...]
    tickets: tuple[Ticket, ...]
    usage: tuple[Usage, ...]
    surveys: tuple[Survey, ...]
    scorecards: tuple[Scorecard, ...]
    opportunities: tuple[Opportunity, ...]
    catalogue: Catalogue
    flags: tuple[TicketFlag, ...] = Field(default=(), exclude_if=lambda flags: not flags)
    """What support flagged among the tickets, oldest first. Left out of the bytes where there are none: the hash of what nobody flagged does not
    depend on there being flags."""

    def canonical(self) -> bytes:
        """The bytes the hash is taken over: JSON with sorted keys."""
        return canonical_bytes(self.model_dump(mode="json"))

    @property
    def hash(self) -> str:
        return "sha256:" + hashlib.sha256(self.canonical()).hexdigest()

    @property
    def texts(self) -> tuple[TextRecord, ...]:
        """The records people wrote, oldest first."""
        return tuple(sorted((*self.notes, *self.tickets, *self.surveys, *self.scorecards), key=lambda r: (r.at, r.id)))

    def contact(self, name_or_id: str | None) -> Contact | None:
        """The contact with that id, name or e-mail; None where nobody matches."""
        if not name_or_id:
            return None
        wanted = name_or_id.strip().casefold()
        return next((c for c in self.contacts if wanted in {c.id.casefold(), c.name.casefold(), (c.email or "").casefold()}), None)


class Source(Protocol):
    """What `collect` needs of the archive."""

    def account_rows(self, account_id: str) -> list[Account]: ...
    def records(self, account_id: str) -> list[Record]: ...
    def catalogue(self) -> Catalogue: ...


def end_of(day: date) -> datetime:
    """The last moment of a day, UTC."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def collect(source: Source, account_id: str, as_of: date, catalogue: Catalogue | None = None, flags: Iterable[TicketFlag] = ()) -> Dossier:
    """The dossier of `account_id` as of the end of `as_of` (UTC), with those of the `flags` set by then on its tickets. Raises UnknownAccount."""
    rows = source.account_rows(account_id)
    if not rows:
        raise UnknownAccount(f"No account {account_id!r}.", "`briefs scan` lists the accounts there are.")
    catalogue = catalogue or source.catalogue()
    moment = end_of(as_of)
    records = source.records(account_id)
    opportunities = [o for o in records if isinstance(o, Opportunity)]
    usage = tuple(sorted((_usage(u, moment) for u in records if isinstance(u, Usage) and u.period_end <= as_of), key=lambda u: u.period_start))
    account, undated = _account(rows, moment, opportunities, usage, catalogue)
    tickets = _ordered(_ticket(t, moment) for t in records if isinstance(t, Ticket) and t.created_at <= moment)
    known = {ticket.id for ticket in tickets}
    return Dossier(
        account=account,
        as_of=as_of,
        undated_fields=undated,
        contacts=_ordered(_contact(c, moment) for c in records if isinstance(c, Contact) and not _after(c.joined_at, moment)),
        notes=_ordered(_bare(n) for n in records if isinstance(n, Note) and n.at <= moment),
        tickets=tickets,
        usage=usage,
        surveys=_ordered(_bare(s) for s in records if isinstance(s, Survey) and s.at <= moment),
        scorecards=_ordered(_bare(s) for s in records if isinstance(s, Scorecard) and s.at <= moment),
        opportunities=_ordered(_opportunity(o, moment) for o in opportunities if not _after(o.created_at, moment)),
        catalogue=catalogue,
        flags=tuple(sorted((f for f in flags if f.at <= moment and f.ticket_id in known), key=lambda f: (f.at, f.id))),
    )


def _after(stamp: datetime | None, moment: datetime) -> bool:
    return stamp is not None and stamp > moment


def _bare(record: T) -> T:
    """Fields we do not know are undated: they stay in the archive."""
    return record.model_copy(update={"extra": {}}) if record.extra else record


def _ordered(records: Iterable[D]) -> tuple[D, ...]:
    return tuple(sorted(records, key=lambda r: (getattr(r, "at", None) or datetime.min.replace(tzinfo=UTC), r.id)))


def _contact(contact: Contact, moment: datetime) -> Contact:
    changes: dict[str, object] = {"extra": {}}
    if _after(contact.left_at, moment):
        changes["left_at"] = None
    return contact.model_copy(update=changes)


def _ticket(ticket: Ticket, moment: datetime) -> Ticket:
    changes: dict[str, object] = {
        "extra": {},
        "messages": _messages(ticket.messages, moment),
    }
    ended = ticket.status in ("solved", "closed")
    changed_later = _after(ticket.solved_at, moment) or (ticket.solved_at is None and _after(ticket.updated_at, moment))
    if ended and changed_later:
        changes |= {"status": "open", "solved_at": None, "csat": None}
    if _after(ticket.solved_at, moment):
        changes["solved_at"] = None
    if _after(ticket.updated_at, moment):
        changes["updated_at"] = None
    return ticket.model_copy(update=changes)


def _messages(messages: Sequence[Message], moment: datetime) -> tuple[Message, ...]:
    """What had been said by then. A message without a time was sent no earlier than the one before it."""
    shown: list[Message] = []
    later = False
    for message in messages:
        later = _after(message.at, moment) if message.at is not None else later
        shown.append(Message() if later else message)
    while shown and shown[-1] == Message():
        shown.pop()
    return tuple(shown)


def _usage(row: Usage, moment: datetime) -> Usage:
    return row.model_copy(update={"extra": {}, "upgrade_attempts": tuple(a for a in row.upgrade_attempts if a.at <= moment)})


def _opportunity(opportunity: Opportunity, moment: datetime) -> Opportunity:
    changes: dict[str, object] = {"extra": {}}
    if _after(opportunity.closed_at, moment):
        changes |= {"stage": "open", "closed_at": None}
    return opportunity.model_copy(update=changes)


def _account(
    rows: Sequence[Account], moment: datetime, opportunities: Sequence[Opportunity], usage: Sequence[Usage], catalogue: Catalogue
) -> tuple[Account, tuple[str, ...]]:
    """The account as of `moment`, and the fields that could not be dated."""
    dated = sorted((row for row in rows if row.at is not None and row.at <= moment), key=_stamp)
    if dated:
        latest = dated[-1]
        if latest.health_previous is None and len(dated) > 1:
            latest = latest.model_copy(update={"health_previous": dated[-2].health})
        return _bare(latest), ()
    undated = [row for row in rows if row.at is None]
    if not undated:
        first = min(rows, key=_stamp)
        identity = first.model_dump(include={"id", "name", "aliases", "domain", "parent_id", "csm", "ae"})
        return Account.model_validate(identity), ()
    return _rolled_back(_bare(undated[-1]), moment, opportunities, usage, catalogue)


def _stamp(row: Account) -> datetime:
    return row.at or datetime.min.replace(tzinfo=UTC)


def _rolled_back(
    account: Account, moment: datetime, opportunities: Sequence[Opportunity], usage: Sequence[Usage], catalogue: Catalogue
) -> tuple[Account, tuple[str, ...]]:
    """An undated row taken back over what was won after `moment`; seats come from usage where it tells."""
    later = {o.sku for o in opportunities if o.kind != "renewal" and o.stage == "won" and _after(o.closed_at, moment) and o.sku}
    guessed = account.plan in later
    plan = _plan_before(account, moment, opportunities, catalogue, later) if guessed else account.plan
    licensed = next((row.seats_licensed for row in reversed(usage) if row.seats_licensed is not None), None)
    changes: dict[str, object] = {"plan": plan, "products": tuple(sku for sku in account.products if sku not in later or sku == plan)}
    if licensed is not None:
        changes["seats"] = licensed
    undated = [field for field in CHANGING_FIELDS if field not in ("seats", "plan") and getattr(account, field) not in (None, False)]
    if licensed is None and account.seats is not None:
        undated.append("seats")
    if guessed:
        undated.append("plan")
    return account.model_copy(update=changes), tuple(undated)


def _plan_before(
    account: Account, moment: datetime, opportunities: Sequence[Opportunity], catalogue: Catalogue, later: Collection[str | None]
) -> str | None:
    """The plan before one that was won later: the last tier won by then, or else the next lower one not bought later. A first purchase had none."""
    tiers = {p.sku: p.rank for p in catalogue.products if p.kind == "tier" and p.rank is not None}
    won = [o for o in opportunities if o.kind != "renewal" and o.stage == "won" and o.closed_at is not None and o.sku in tiers]
    if before := [o for o in won if not _after(o.closed_at, moment)]:
        return max(before, key=lambda o: o.closed_at or moment).sku
    if any(o.kind == "new" and _after(o.closed_at, moment) for o in won):
        return None
    rank = tiers.get(account.plan or "")
    lower = {sku: own for sku, own in tiers.items() if rank is not None and own < rank and sku not in later}
    return max(lower, key=lambda sku: lower[sku]) if lower else None
