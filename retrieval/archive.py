"""The archive holds everything the customer's systems told us, exactly as told, with its passages and vectors: the truth the index is built from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import Engine, and_, delete, func, or_, select

from retrieval import archive_file, archive_vectors, archive_writes
from retrieval.archive_file import AccountFile, Stamps
from retrieval.archive_writes import Batch, Removed
from retrieval.engine import one_moment, writer
from retrieval.errors import UnknownAccount
from retrieval.filing import unfiled, unstamp
from retrieval.records import KINDS, TEXT_KINDS, Account, Catalogue, Kind, Passage, Record
from retrieval.tables import CLEAN, catalogue, create_tables, index_state, passages, records, vectors

_READ_AT_ONCE = 500
_TODAY_LAST = (records.c.edition == "", records.c.edition)
"""Orders the rows of an account by date, the undated one (as it is today) last."""


class Archive:
    """Records, passages, vectors and catalogue of one store. Every read is of one account, by construction of the queries."""

    def __init__(self, engine: Engine) -> None:
        """Opens the archive and makes its tables where they are missing."""
        self.engine = engine
        self._writer, self._one_moment = writer(engine), one_moment(engine)
        create_tables(engine)

    def accounts(self) -> list[str]:
        """The ids of all accounts, sorted."""
        with self.engine.connect() as connection:
            return sorted(connection.scalars(select(records.c.account_id).distinct().where(records.c.kind == "account")))

    def account_rows(self, account_id: str) -> list[Account]:
        """What was said of the account at various times: the undated row first, then by date. [] for an unknown account."""
        with self.engine.connect() as connection:
            return archive_file.account_rows(connection, account_id)

    def roster(self) -> list[Account]:
        """Every account as it is today, by id."""
        query = select(records.c.account_id, records.c.edition, records.c.body).where(records.c.kind == "account")
        with self.engine.connect() as connection:
            today = {row.account_id: row.body for row in connection.execute(query.order_by(*_TODAY_LAST))}
        return [archive_file.account(today[account]) for account in sorted(today)]

    def account_name(self, account_id: str) -> str:
        """The name it goes by today: of the undated row, or else of the latest. Raises UnknownAccount."""
        name = self.account_names([account_id]).get(account_id)
        if name is None:
            raise UnknownAccount(f"There is no account {account_id[:40]!r}.", "Check the id, or import the account first.")
        return name

    def account_names(self, account_ids: Iterable[str]) -> dict[str, str]:
        """Today's names of those accounts that are known."""
        names: dict[str, str] = {}
        with self.engine.connect() as connection:
            for some in archive_vectors.chunks(account_ids):
                query = select(records.c.account_id, records.c.edition, records.c.body).where(
                    records.c.kind == "account", records.c.account_id.in_(some)
                )
                for row in connection.execute(query.order_by(*_TODAY_LAST)):
                    names[row.account_id] = json.loads(row.body)["name"]
        return names

    def records(self, account_id: str) -> list[Record]:
        """Everything of the account except its own rows, by kind and id."""
        with self.engine.connect() as connection:
            return archive_file.records_of(connection, account_id)

    def file(self, account_id: str) -> AccountFile:
        """`account_rows`, `records`, `catalogue` and `stamps` as they stand at one moment."""
        with self._one_moment.connect() as connection:
            return archive_file.whole(connection, account_id)

    def texts(self, account_id: str) -> Iterator[list[Record]]:
        """The account's records that hold text, some hundreds at a time, however many there are."""
        after = ("", "")
        while True:
            query = (
                select(records.c.kind, records.c.id, records.c.body)
                .where(records.c.account_id == account_id, records.c.kind.in_(TEXT_KINDS))
                .where((records.c.kind > after[0]) | ((records.c.kind == after[0]) & (records.c.id > after[1])))
                .order_by(records.c.kind, records.c.id)
                .limit(_READ_AT_ONCE)
            )
            with self.engine.connect() as connection:
                found = connection.execute(query).all()
            if not found:
                return
            yield [unfiled(kind, body) for kind, _, body in found]
            after = (found[-1][0], found[-1][1])

    def record(self, record_id: str, kind: Kind | None = None) -> Record | None:
        """The record with that id (`account:ID` and `usage:ACCOUNT:PERIOD_START` too), or None.

        Systems number their things alike: where a note and a ticket share an id and no kind is asked for, the first in the order of KINDS is given.
        Of an account's rows it is today's.
        """
        query = select(records.c.kind, records.c.body).where(records.c.id == record_id).order_by(*_TODAY_LAST)
        with self.engine.connect() as connection:
            bodies: dict[str, str] = {row.kind: row.body for row in connection.execute(query)}
        first = next((one for one in KINDS if one in bodies and kind in (None, one)), None)
        return None if first is None else unfiled(first, bodies[first])

    def kinds(self, record_id: str) -> list[Kind]:
        """The kinds under which that id is filed."""
        with self.engine.connect() as connection:
            found = set(connection.scalars(select(records.c.kind).where(records.c.id == record_id)))
        return [kind for kind in KINDS if kind in found]

    def known(self, kind: Kind, ids: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
        """(id, edition) → (hash, account id) of those records that are here."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        with self.engine.connect() as connection:
            for some in archive_vectors.chunks(ids):
                query = select(records.c.id, records.c.edition, records.c.hash, records.c.account_id).where(
                    records.c.kind == kind, records.c.id.in_(some)
                )
                found |= {(record, edition): (digest, account) for record, edition, digest, account in connection.execute(query)}
        return found

    def catalogue(self) -> Catalogue:
        """What is for sale; empty where nothing was imported."""
        with self.engine.connect() as connection:
            return archive_file.for_sale(connection)

    def fingerprint(self, account_id: str) -> str:
        """Changes if, and only if, anything of the account or the catalogue changed."""
        with self.engine.connect() as connection:
            return archive_file.fingerprint(connection, account_id)

    def names_stamp(self) -> str:
        """Changes if, and only if, any account's own rows or the catalogue changed: whatever is known by name."""
        with self.engine.connect() as connection:
            return archive_file.names_stamp(connection)

    def stamps(self, account_id: str) -> Stamps:
        """`names_stamp` and `fingerprint` as they stand at one moment."""
        with self._one_moment.connect() as connection:
            return archive_file.stamps(connection, account_id)

    def counts(self) -> dict[str, int]:
        """How many records of each kind, and how many accounts, passages and vectors."""
        with self.engine.connect() as connection:
            found = archive_writes.tally(connection)
            whole = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in (passages, vectors)}
            accounts = connection.scalar(select(func.count(records.c.account_id.distinct())).where(records.c.kind == "account")) or 0
        return {kind: found.get(kind, 0) for kind in KINDS} | {"account": accounts} | whole

    def passages(self, account_id: str) -> list[Passage]:
        """All passages of the account, in reading order."""
        c = passages.c
        query = select(c.id, c.account_id, c.record_id, c.kind, c.part, c.start, c.end, c.at, c.text, c.header).where(c.account_id == account_id)
        with self.engine.connect() as connection:
            return [
                Passage(id=id, account_id=account, record_id=of, kind=kind, part=part, start=start, end=end, at=unstamp(at), text=text, header=header)
                for id, account, of, kind, part, start, end, at, text, header in connection.execute(query.order_by(c.kind, c.record_id, c.seq))
            ]

    def holding(self, account_ids: Collection[str], words: Sequence[str], limit: int) -> tuple[list[Passage], int]:
        """Passages of those accounts that hold every one of the words, newest first, at most `limit` of them; and how many there are in all."""
        c = passages.c
        found = and_(c.account_id.in_(account_ids), *(or_(*(c.text.icontains(each, autoescape=True) for each in _cases(word))) for word in words))
        query = select(c.id, c.account_id, c.record_id, c.kind, c.part, c.start, c.end, c.at, c.text, c.header).where(found)
        with self.engine.connect() as connection:
            total = connection.scalar(select(func.count()).select_from(passages).where(found)) or 0
            rows = connection.execute(query.order_by(c.at.desc(), c.id).limit(limit)).all()
        return [
            Passage(id=id, account_id=account, record_id=of, kind=kind, part=part, start=start, end=end, at=unstamp(at), text=text, header=header)
            for id, account, of, kind, part, start, end, at, text, header in rows
        ], total

    def passage_ids(self, account_id: str) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(select(passages.c.id).where(passages.c.account_id == account_id)))

    def accounts_from(self, least: int) -> set[str]:
        """The accounts with at least so many passages."""
        query = select(passages.c.account_id).group_by(passages.c.account_id).having(func.count() >= least)
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def embedded(self, account_id: str, model_id: str) -> int:
        """How many passages of the account have a vector by that model."""
        query = select(func.count()).select_from(passages.join(vectors, vectors.c.key == passages.c.vector_key))
        with self.engine.connect() as connection:
            return connection.scalar(query.where(passages.c.account_id == account_id, vectors.c.model == model_id)) or 0

    def vectors(self, account_id: str, model_id: str, only: Collection[str] | None = None) -> tuple[list[str], np.ndarray]:
        """Passage ids in reading order and their vectors by that model, float32 (n, d). `only` asks for some passages, in any order."""
        with self.engine.connect() as connection:
            return archive_vectors.matrix(connection, account_id, model_id, only)

    def missing_vectors(self, keys: Collection[str]) -> set[str]:
        """Those keys (`filing.vector_key`) that no vector is kept for."""
        with self.engine.connect() as connection:
            return set(keys) - archive_vectors.kept_keys(connection, keys)

    def dirty_accounts(self) -> list[str]:
        """Accounts whose index is behind, sorted."""
        return sorted(self.dirt())

    def dirt(self) -> dict[str, int]:
        """Accounts whose index is behind, and how far: `tables.UNSYNCED` or `tables.UNSPLIT`."""
        query = select(index_state.c.account_id, index_state.c.dirty).where(index_state.c.dirty > CLEAN)
        with self.engine.connect() as connection:
            return {row.account_id: row.dirty for row in connection.execute(query)}

    def indexed_accounts(self) -> dict[str, str]:
        """Accounts that have, or had, passages in the index, and the model of their vectors."""
        with self.engine.connect() as connection:
            return {row.account_id: row.model for row in connection.execute(select(index_state.c.account_id, index_state.c.model))}

    def save(self, batch: Batch) -> Removed:
        """Files records with their passages and vectors, and marks their accounts as ahead of the index."""
        with self._writer.begin() as connection:
            return archive_writes.write(connection, batch)

    def save_catalogue(self, new: Catalogue) -> None:
        body = new.model_dump_json()
        with self._writer.begin() as connection:
            connection.execute(delete(catalogue))
            connection.execute(catalogue.insert(), {"id": 1, "hash": hashlib.sha256(body.encode()).hexdigest(), "body": body})

    def mark(self, model: str, levels: Mapping[str, int]) -> None:
        """Raises accounts to a level of `index_state.dirty`."""
        with self._writer.begin() as connection:
            archive_writes.mark(connection, model, levels)

    def settle(self, accounts: Sequence[str]) -> None:
        """Says that the index of these accounts agrees with the archive."""
        with self._writer.begin() as connection:
            archive_writes.settle(connection, accounts)

    def forget_record(self, kind: Kind, record_id: str) -> Removed:
        """Takes one record out with its passages and vectors."""
        archive_file.forget_what_was_read()
        with self._writer.begin() as connection:
            return archive_writes.remove_record(connection, kind, record_id)

    def forget_account(self, account_id: str) -> Removed:
        """Takes an account out with everything of it; it stays marked until the index has forgotten it too (`settle`)."""
        archive_file.forget_what_was_read()
        with self._writer.begin() as connection:
            return archive_writes.remove_account(connection, account_id)


def _cases(word: str) -> set[str]:
    """The cases a word is written in: SQLite folds no letter outside ASCII."""
    return {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
