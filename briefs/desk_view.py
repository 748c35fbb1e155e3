"""What a person sees on the desk: the briefs of accounts that are theirs, a page at a time, and one brief with all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from briefs.brief import RejectedClaim
from briefs.errors import BadInput, NotFound
from briefs.gate import State
from briefs.people import Person
from briefs.review import Desk, may_see, visible
from briefs.store import Store, brief_rows, decisions, results
from briefs.store.brief_rows import BriefRow, VersionRow
from briefs.store.decisions import Decision

Place = tuple[datetime, str]
"""Where a brief stands in the list, newest first: when it changed last, and its id."""


@dataclass(frozen=True)
class Wanted:
    """Which briefs are asked for. `mine`: of accounts that name the person, and those assigned to them."""

    state: State | None = None
    account_id: str | None = None
    mine: bool = False


@dataclass(frozen=True)
class Whole:
    """A brief's newest words, as stored, with what hangs on them. `rejected` are the sentences of the machine's draft that failed verification."""

    body: bytes
    rejected: tuple[RejectedClaim, ...]
    versions: Sequence[VersionRow]
    decisions: Sequence[Decision]


def accounts_of(desk: Desk, person: Person, *, mine: bool = False) -> set[str] | None:
    """The accounts whose briefs the person may see; None where that is every account. `mine`: only those that name the person."""
    if person.role == "admin" and not mine:
        return None
    others = () if mine or person.role != "csm" else desk.colleagues(person)
    named = person.role == "admin"
    return {account for account, owners in desk.roster().items() if (person.is_named(owners.csm) if named else may_see(person, owners, others))}


def page(desk: Desk, person: Person, limit: int, after: Place | None, wanted: Wanted) -> tuple[list[BriefRow], Place | None]:
    """At most `limit` briefs the person may see, newest first, those after `after`; and where the next page begins."""
    accounts = accounts_of(desk, person)
    theirs = (person.id, accounts_of(desk, person, mine=True) or set()) if wanted.mine else None
    if wanted.account_id is not None:
        accounts = {wanted.account_id} & (accounts if accounts is not None else {wanted.account_id})
    with desk.courier.store.reading() as connection:
        rows = brief_rows.page(connection, limit + 1, after, state=wanted.state, account_ids=accounts, theirs=theirs)
    shown = rows[:limit]
    following = (shown[-1].updated_at, shown[-1].id) if len(rows) > limit else None
    return visible(desk, person, shown), following


def place(key: tuple[object, ...] | None) -> Place | None:
    """A place from a cursor's parts. Raises BadInput where they are none."""
    if key is None:
        return None
    try:
        at, brief_id = key
        found = datetime.fromisoformat(str(at)), str(brief_id)
    except ValueError:
        found = None
    if found is None or found[0].tzinfo is None:
        raise BadInput("This cursor is not one of ours.", "Give back `next_cursor` of the page before as it was.")
    return found


def whole(store: Store, row: BriefRow) -> Whole:
    """The brief's newest version, opened, as of one moment. Raises NotFound where its words were erased."""
    with store.reading() as connection:
        return Whole(
            brief_rows.version_bytes(connection, row.head),
            results.rejected_of(connection, row.account_id, row.id),
            brief_rows.versions_of(connection, row.id),
            decisions.of_brief(connection, row.id),
        )


def version(store: Store, row: BriefRow, n: int) -> tuple[VersionRow, bytes]:
    """One version of the brief, its words as stored. Raises NotFound where there is none of that number, or its words were erased."""
    found = next((each for each in store.versions(row.id) if each.n == n), None)
    if found is None:
        raise NotFound(f"The brief has no version {n}.", f"It has versions 1 to {row.versions}.")
    return found, store.version(found.hash)
