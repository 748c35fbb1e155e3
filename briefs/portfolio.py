"""The accounts a person looks after, each with what the newest scan said of it."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.brief import Override, VerdictName
from briefs.desk_view import accounts_of
from briefs.errors import NotFound
from briefs.people import Person
from briefs.review import Desk
from briefs.store.brief_rows import BriefRow
from briefs.store.results import LastResult
from retrieval.archive import Archive
from retrieval.records import Account


@dataclass(frozen=True)
class Looked:
    """An account as it is today, and the newest result (None: not scanned yet)."""

    account: Account
    last: LastResult | None


@dataclass(frozen=True)
class LookedInto(Looked):
    """The same, with the judgements that stand and the account's briefs, newest first."""

    overrides: tuple[Override, ...]
    briefs: tuple[BriefRow, ...]


def page(desk: Desk, archive: Archive, person: Person, limit: int, after: str | None, verdict: VerdictName | None) -> tuple[list[Looked], str | None]:
    """At most `limit` accounts the person may see, by id, those after `after`; and the last id where more follow."""
    allowed = accounts_of(desk, person)
    ids = sorted(desk.roster() if allowed is None else allowed)
    if verdict is not None:
        wanted = desk.courier.store.accounts_with(verdict)
        ids = [account for account in ids if account in wanted]
    rest = [account for account in ids if after is None or account > after]
    shown = [account for account in rest[:limit] if desk.may_see(person, account)]
    results = desk.courier.store.last_results(shown)
    found = [Looked(account, results.get(account.id)) for account_id in shown if (account := today(archive, account_id)) is not None]
    return found, rest[limit - 1] if len(rest) > limit else None


def one(desk: Desk, archive: Archive, person: Person, account_id: str) -> LookedInto:
    """Raises NotFound, with the same words, where there is no such account and where it is not the person's to see."""
    account = today(archive, account_id) if desk.may_see(person, account_id) else None
    if account is None:
        raise NotFound(f"No account {account_id[:64]!r}.", "The list of accounts shows those you can see.")
    store = desk.courier.store
    return LookedInto(
        account, store.last_result(account_id), tuple(store.overrides(account_id, desk.courier.now())), tuple(store.briefs_of(account_id))
    )


def today(archive: Archive, account_id: str) -> Account | None:
    """The account as it is today: its undated row, or else its latest."""
    rows = archive.account_rows(account_id)
    return next((row for row in rows if row.at is None), rows[-1] if rows else None)
