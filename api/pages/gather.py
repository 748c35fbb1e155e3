"""Collects what a page needs from the store in as few queries as there are kinds of things, however many accounts there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from api.pages.views.inbox import Desk as Shelf
from api.pages.views.inbox import Filters, Inbox, Seen, inbox
from api.pages.views.words import when
from briefs.desk_view import accounts_of
from briefs.errors import NotFound
from briefs.people import Person
from briefs.rendering.cleaning import one_line
from briefs.rendering.words import KINDS, named
from briefs.review import may_see
from briefs.store import page_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.page_rows import View
from briefs.wiring import Workspace
from retrieval.records import Account, Passage

FOUND = 40
AROUND = 90
"""Characters shown on each side of the first word found."""


@dataclass(frozen=True)
class Hit:
    """One place that holds the words: `pieces` are (text, whether it is what was looked for)."""

    name: str
    what: str
    href: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...]
    total: int


def inbox_of(space: Workspace, person: Person, filters: Filters) -> tuple[Inbox, list[View], int]:
    """The person's inbox and saved views, and how many accounts were not looked at yet: five queries, whatever the number of accounts."""
    accounts = own_accounts(space, person)
    ids = {account.id for account in accounts}
    results = space.store.last_results(ids)
    briefs = _briefs(space, ids)
    with space.store.reading() as connection:
        seen = {account: Seen(row.at, row.verdict) for account, row in page_rows.seen_by(connection, person.id).items()}
        views = page_rows.views_of(connection, person.id)
    asleep = {account: until for account, rows in briefs.items() if (until := _asleep(rows)) is not None}
    products = {each.sku: each.name for each in space.archive.catalogue().products}
    rows = ((account, last.result, last.at) for account in accounts if (last := results.get(account.id)) is not None)
    return (
        inbox(rows, Shelf(briefs, seen, asleep, products), filters, space.now()),
        views,
        len(accounts) - len(results),
    )


def own_accounts(space: Workspace, person: Person) -> list[Account]:
    """The accounts whose briefs the person may see, as they are today."""
    allowed = accounts_of(space.desk, person)
    return [account for account in space.archive.roster() if allowed is None or account.id in allowed]


def own_account(space: Workspace, person: Person, account_id: str) -> Account:
    """One of them. Raises NotFound, with the same words, where there is none and where it is not the person's to see."""
    rows = space.archive.account_rows(account_id)
    if not rows or not may_see(person, space.desk.owners(account_id)):
        raise NotFound("There is no such account, or it is not yours to see.", "The inbox lists yours.")
    return rows[-1]


def found_in(space: Workspace, person: Person, words: str) -> Found:
    """Briefs and passages of the person's accounts that hold every word."""
    asked = words.split()[:8]
    if not asked:
        return Found((), 0)
    accounts = {account.id: account for account in own_accounts(space, person)}
    briefs = _briefs(space, set(accounts))
    lead = {account: next((row.id for row in rows if row.id), None) for account, rows in briefs.items()}
    hits = [_brief_hit(row, asked) for rows in briefs.values() for row in rows if _holds(f"{row.account_name} {row.headline}", asked)]
    passages, total = space.archive.holding(sorted(accounts), asked, FOUND)
    hits += [_passage_hit(passage, accounts[passage.account_id], lead.get(passage.account_id), asked) for passage in passages]
    return Found(tuple(hits[:FOUND]), len(hits) - len(passages) + total)


def lit(text: str, words: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The text on one line, cut to what stands around the first word found, with every word found apart."""
    plain = one_line(text)
    folded = plain.casefold() if len(plain.casefold()) == len(plain) else plain
    first = min((at for word in words if (at := folded.find(word.casefold())) >= 0), default=0)
    left = max(first - AROUND, 0)
    right = min(first + 2 * AROUND, len(plain))
    pieces: list[tuple[str, bool]] = [("… ", False)] if left else []
    here = left
    while here < right:
        nearest = min(((at, word) for word in words if (at := folded.find(word.casefold(), here, right)) >= 0), default=None)
        if nearest is None:
            break
        at, word = nearest
        pieces += [(plain[here:at], False), (plain[at : at + len(word)], True)]
        here = at + len(word)
    pieces.append((plain[here:right] + (" …" if right < len(plain) else ""), False))
    return tuple((piece, mark) for piece, mark in pieces if piece)


def _briefs(space: Workspace, accounts: set[str]) -> dict[str, list[BriefRow]]:
    """Briefs by account, newest first."""
    grouped: dict[str, list[BriefRow]] = {}
    for row in space.store.list():
        if row.account_id in accounts:
            grouped.setdefault(row.account_id, []).append(row)
    return grouped


def _asleep(rows: Sequence[BriefRow]) -> datetime | None:
    """Until when an account sleeps: the latest day any of its briefs is snoozed to."""
    days = [row.snoozed_until for row in rows if row.snoozed_until is not None]
    return datetime.combine(max(days), time.min, UTC) if days else None


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word.casefold() in folded for word in words)


def _brief_hit(row: BriefRow, words: Sequence[str]) -> Hit:
    return Hit(row.account_name, f"brief, {when(row.as_of)}", f"/briefs/{row.id}", lit(row.headline, words))


def _passage_hit(passage: Passage, account: Account, brief_id: str | None, words: Sequence[str]) -> Hit:
    from api.pages.views.evidence import anchor_of

    what = f"{named(KINDS, passage.kind).lower()}, {when(passage.at.date() if passage.at else None)}"
    place = f"/briefs/{brief_id}" if brief_id else f"/accounts/{account.id}"
    return Hit(account.name, what, f"{place}#{anchor_of(passage.record_id)}", lit(passage.text, words))
