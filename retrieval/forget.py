"""Erases an account or a single record everywhere this package keeps anything of it: database, vectors, index and quarantine, on disk too.

The archive goes first and marks the account; should the index be out of reach, the next import finishes there.
The catalogue holds no customer's data.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from retrieval.engine import scrub
from retrieval.errors import RetrievalError, UnknownAccount
from retrieval.indexing import rebuild
from retrieval.quarantine import concerns, take_out
from retrieval.records import KINDS, Kind

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.archive_writes import Removed
    from retrieval.index import VectorIndex


class UnknownRecord(RetrievalError):
    """No record with that id, or several."""

    code = "unknown_record"


class Forgotten(BaseModel):
    """What was erased. `account_ids` are the accounts it belonged to; `record_ids` name what briefs may have cited. `scrubbed` is False where another
    process kept the database from rewriting its file: the rows are gone, their bytes may linger until the next `forget` or `doctor`."""

    model_config = ConfigDict(frozen=True)
    account_ids: tuple[str, ...]
    record_ids: tuple[str, ...]
    passages: int
    vectors: int
    quarantined: int
    scrubbed: bool


def forget_account(account_id: str, archive: Archive, index: VectorIndex, home: Path) -> Forgotten:
    """Erases an account with everything filed under it. Raises UnknownAccount where there is nothing of it anywhere."""
    known = account_id in archive.indexed_accounts() or bool(archive.account_rows(account_id))
    removed = archive.forget_account(account_id) if known else None
    if removed is not None:
        index.delete(account_id, None)
        archive.settle([account_id])
    quarantined = take_out(home, lambda entry: concerns(entry, account_id=account_id))
    if removed is None and not quarantined:
        raise UnknownAccount(f"There is no account {account_id[:40]!r}.", "Check the id; nothing was erased.")
    return _report((account_id,), removed, quarantined, scrub(archive.engine))


def forget_record(record_id: str, archive: Archive, index: VectorIndex, home: Path, kind: Kind | None = None) -> Forgotten:
    """Erases one record; `KIND:ID` (or `kind`) tells a note from a ticket of the same id. Raises UnknownRecord."""
    kind, record_id = _which(record_id, archive, kind)
    removed = archive.forget_record(kind, record_id) if kind is not None else None
    if removed is not None:
        for account in removed.passages:
            rebuild(archive, index, account, archive.indexed_accounts().get(account, ""), from_nothing=True)
        archive.settle(list(removed.passages))
    plain = record_id if kind != "account" else record_id.removeprefix("account:")
    quarantined = take_out(home, lambda entry: concerns(entry, record_id=plain))
    if removed is None and not quarantined:
        raise UnknownRecord(f"There is no record {record_id[:40]!r}.", "Check the id; nothing was erased.")
    return _report(tuple(removed.accounts) if removed is not None else (), removed, quarantined, scrub(archive.engine))


def _which(record_id: str, archive: Archive, kind: Kind | None) -> tuple[Kind | None, str]:
    """The kind and id meant. Raises UnknownRecord where several are."""
    found = archive.kinds(record_id)
    if not found:
        prefix, _, rest = record_id.partition(":")
        named = next((known for known in KINDS if known == prefix), None)
        if named is not None and named in archive.kinds(rest):
            return named, rest
    if found == ["account"]:
        raise UnknownRecord(f"{record_id[:40]!r} is an account", "Use `briefs forget --account` to erase an account.")
    if kind is not None:
        return (kind if kind in found else None), record_id
    if len(found) > 1:
        choices = " or ".join(f"{known}:{record_id}"[:60] for known in found)
        raise UnknownRecord(f"{len(found)} records have the id {record_id[:40]!r}", f"Say which: {choices}.")
    return (found[0] if found else None), record_id


def _report(accounts: tuple[str, ...], removed: Removed | None, quarantined: int, scrubbed: bool) -> Forgotten:
    return Forgotten(
        account_ids=accounts,
        record_ids=tuple(key for _, key in sorted(removed.records)) if removed is not None else (),
        passages=sum(len(ids) for ids in removed.passages.values()) if removed is not None else 0,
        vectors=removed.vectors if removed is not None else 0,
        quarantined=quarantined,
        scrubbed=scrubbed,
    )
