"""What is on file about one account, read in one go, and the stamps that tell whether any of it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from retrieval.filing import unfiled
from retrieval.records import Account, Catalogue, Record
from retrieval.tables import catalogue, records

_OF_ACCOUNT = records.c.account_id == bindparam("of_account")
_ROWS = select(records.c.body).where(records.c.kind == "account", _OF_ACCOUNT).order_by(records.c.edition)
_RECORDS = select(records.c.kind, records.c.body).where(_OF_ACCOUNT, records.c.kind != "account").order_by(records.c.kind, records.c.id)
_HASHES = select(records.c.kind, records.c.id, records.c.edition, records.c.hash).where(_OF_ACCOUNT)
_WHOLE = _HASHES.add_columns(records.c.body).order_by(records.c.kind, records.c.id, records.c.edition)
_NAMED = select(records.c.hash).where(records.c.kind == "account").order_by(records.c.id, records.c.edition).subquery()
_NAMES = select(func.aggregate_strings(_NAMED.c.hash, " "))
_CATALOGUE, _CATALOGUE_HASH = select(catalogue.c.hash, catalogue.c.body), select(catalogue.c.hash)
"""Asked at every approval: put together once, a statement costs a third."""


class Stamps(NamedTuple):
    """`names` changes if, and only if, any account's own rows or the catalogue changed; `fingerprint`, if anything of one account or the latter."""

    names: str
    fingerprint: str


class AccountFile(NamedTuple):
    """Everything of one account, with the catalogue and the stamps of that moment: what is compared and what names it are the same."""

    rows: list[Account]
    records: list[Record]
    catalogue: Catalogue
    stamps: Stamps


@lru_cache(maxsize=1024)
def account(body: str) -> Account:
    """An account's row is asked for with every list and changes with an import; it is frozen, so one is shared."""
    return Account.model_validate_json(body)


def forget_what_was_read() -> None:
    """Leaves no account's row in this process's memory."""
    account.cache_clear()


def account_rows(connection: Connection, account_id: str) -> list[Account]:
    """The undated row first, then by date."""
    return [account(body) for body in connection.scalars(_ROWS, {"of_account": account_id})]


def records_of(connection: Connection, account_id: str) -> list[Record]:
    """Everything of the account except its own rows, by kind and id."""
    return [unfiled(kind, body) for kind, body in connection.execute(_RECORDS, {"of_account": account_id})]


def for_sale(connection: Connection) -> Catalogue:
    """The catalogue; empty where nothing was imported."""
    row = connection.execute(_CATALOGUE).first()
    return Catalogue() if row is None else _for_sale(row.body)


def whole(connection: Connection, account_id: str) -> AccountFile:
    """The file of the account; without rows for an unknown one."""
    filed = connection.execute(_WHOLE, {"of_account": account_id}).all()
    sold = connection.execute(_CATALOGUE).first()
    sold_hash = None if sold is None else sold.hash
    return AccountFile(
        [account(body) for kind, _, _, _, body in filed if kind == "account"],
        [unfiled(kind, body) for kind, _, _, _, body in filed if kind != "account"],
        Catalogue() if sold is None else _for_sale(sold.body),
        Stamps(_names_stamp(connection, sold_hash), _fingerprint((row[:4] for row in filed), sold_hash)),
    )


def stamps(connection: Connection, account_id: str) -> Stamps:
    """Both stamps without the words."""
    sold = connection.scalar(_CATALOGUE_HASH)
    return Stamps(_names_stamp(connection, sold), _fingerprint(connection.execute(_HASHES, {"of_account": account_id}), sold))


def fingerprint(connection: Connection, account_id: str) -> str:
    """See `Stamps`."""
    return _fingerprint(connection.execute(_HASHES, {"of_account": account_id}), connection.scalar(_CATALOGUE_HASH))


def names_stamp(connection: Connection) -> str:
    """See `Stamps`."""
    return _names_stamp(connection, connection.scalar(_CATALOGUE_HASH))


@lru_cache(maxsize=2)
def _for_sale(body: str) -> Catalogue:
    return Catalogue.model_validate_json(body)


def _fingerprint(hashes: Iterable[Sequence[str]], sold: str | None) -> str:
    """Over kind, id, edition and hash of each record, and the hash of the catalogue."""
    digest = hashlib.sha256(f"{sold}\n".encode())
    for row in sorted(tuple(row) for row in hashes):
        digest.update((json.dumps(row) + "\n").encode())
    return digest.hexdigest()


def _names_stamp(connection: Connection, sold: str | None) -> str:
    return hashlib.sha256(f"{sold}\n{connection.scalar(_NAMES)}".encode()).hexdigest()
