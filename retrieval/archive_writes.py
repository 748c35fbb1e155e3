"""How records enter and leave the database: each change one transaction, which also marks the account as ahead of its index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, select

from retrieval.archive_vectors import add_vectors, chunks, drop_unused, insert
from retrieval.filing import Filed, stamp, vector_key
from retrieval.records import Passage
from retrieval.tables import UNSYNCED, index_state, passages, records

RecordKey = tuple[str, str]
"""(kind, record id)"""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes.

    `filed` are new or changed records. `passages` replace those of every record in `replaced`. `vectors` are new ones, (d,) each by key.
    `dirty` raises accounts to a level of `index_state.dirty`; every account touched becomes UNSYNCED at least.
    """

    model: str
    filed: Sequence[Filed] = ()
    replaced: Sequence[RecordKey] = ()
    passages: Sequence[Passage] = ()
    vectors: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    dirty: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Removed:
    """What left the database: passage ids by account, records as (kind, id), how many vectors nobody needs any more, and the accounts concerned."""

    passages: Mapping[str, Sequence[str]]
    records: Sequence[RecordKey] = ()
    vectors: int = 0
    accounts: Sequence[str] = ()


def write(connection: Connection, batch: Batch) -> Removed:
    """Writes a batch; returns the passages it replaced (some may be there again under the same id)."""
    removed, keys = _drop_passages(connection, batch.replaced)
    if batch.filed:
        _drop_records(connection, batch.filed)
        connection.execute(records.insert(), [_record_row(row) for row in batch.filed])
    add_vectors(connection, batch.model, batch.vectors)
    if batch.passages:
        connection.execute(passages.insert(), _passage_rows(batch))
    dropped = drop_unused(connection, keys)
    touched = {passage.account_id for passage in batch.passages} | set(removed)
    levels = {account: max(UNSYNCED, batch.dirty.get(account, 0)) for account in touched} | {a: n for a, n in batch.dirty.items() if a not in touched}
    mark(connection, batch.model, levels)
    return Removed(removed, vectors=dropped)


def mark(connection: Connection, model: str, levels: Mapping[str, int]) -> None:
    """Raises accounts to a level of dirt; never lowers it."""
    now: dict[str, int] = {}
    for some in chunks(levels):
        query = select(index_state.c.account_id, index_state.c.dirty).where(index_state.c.account_id.in_(some))
        now.update({row.account_id: row.dirty for row in connection.execute(query)})
    rows = [{"account_id": account, "dirty": max(level, now.get(account, 0)), "model": model} for account, level in levels.items()]
    insert(connection, index_state, rows, replace=("dirty", "model"))


def remove_record(connection: Connection, kind: str, record_id: str) -> Removed:
    """Takes one record out, with its passages and vectors."""
    this = (records.c.kind == kind, records.c.id == record_id)
    owners = connection.scalars(select(records.c.account_id).distinct().where(*this)).all()
    removed, keys = _drop_passages(connection, [(kind, record_id)])
    connection.execute(delete(records).where(*this))
    _unsync(connection, removed)
    return Removed(removed, [(kind, record_id)], drop_unused(connection, keys), owners)


def remove_account(connection: Connection, account_id: str) -> Removed:
    """Takes an account out with all its records. Its `index_state` row stays, dirty, until the index has forgotten it too."""
    gone = [
        (kind, key) for kind, key in connection.execute(select(records.c.kind, records.c.id).distinct().where(records.c.account_id == account_id))
    ]
    found = connection.execute(select(passages.c.id, passages.c.vector_key).where(passages.c.account_id == account_id)).all()
    connection.execute(delete(passages).where(passages.c.account_id == account_id))
    connection.execute(delete(records).where(records.c.account_id == account_id))
    _unsync(connection, [account_id])
    return Removed({account_id: [passage for passage, _ in found]}, gone, drop_unused(connection, (key for _, key in found)), [account_id])


def _unsync(connection: Connection, accounts: Iterable[str]) -> None:
    for some in chunks(accounts):
        lagging = index_state.update().where(index_state.c.account_id.in_(some), index_state.c.dirty < UNSYNCED)
        connection.execute(lagging.values(dirty=UNSYNCED))


def settle(connection: Connection, accounts: Iterable[str]) -> None:
    """Marks accounts as agreeing with the index; those without a record left are dropped from the list."""
    for some in chunks(accounts):
        held = set(connection.scalars(select(records.c.account_id).distinct().where(records.c.account_id.in_(some))))
        connection.execute(index_state.update().where(index_state.c.account_id.in_(list(held))).values(dirty=0))
        connection.execute(delete(index_state).where(index_state.c.account_id.in_([account for account in some if account not in held])))


def tally(connection: Connection) -> dict[str, int]:
    """Rows by kind of record."""
    return {row.kind: row.rows for row in connection.execute(select(records.c.kind, func.count().label("rows")).group_by(records.c.kind))}


def _drop_passages(connection: Connection, keys: Sequence[RecordKey]) -> tuple[dict[str, list[str]], list[str]]:
    """Deletes the passages of these records: (ids by account, vector keys)."""
    removed: defaultdict[str, list[str]] = defaultdict(list)
    unused: list[str] = []
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, record in keys:
        by_kind[kind].append(record)
    for kind, ids in by_kind.items():
        for some in chunks(ids):
            these = (passages.c.record_id.in_(some), passages.c.kind == kind)
            found = connection.execute(select(passages.c.account_id, passages.c.id, passages.c.vector_key).where(*these)).all()
            for account, passage, key in found:
                removed[account].append(passage)
                unused.append(key)
            if found:
                connection.execute(delete(passages).where(*these))
    return dict(removed), unused


def _drop_records(connection: Connection, filed: Sequence[Filed]) -> None:
    """Deletes the rows that these will replace; new ones are not there, which costs next to nothing."""
    ids: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in filed:
        ids[row.kind, row.edition].append(row.id)
    for (kind, edition), these in ids.items():
        for some in chunks(these):
            connection.execute(delete(records).where(records.c.kind == kind, records.c.edition == edition, records.c.id.in_(some)))


def _record_row(row: Filed) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.id,
        "edition": row.edition,
        "account_id": row.account_id,
        "at": row.at,
        "hash": row.hash,
        "body": row.body,
    }


def _passage_rows(batch: Batch) -> list[dict[str, Any]]:
    return [
        {
            "id": passage.id,
            "account_id": passage.account_id,
            "kind": passage.kind,
            "record_id": passage.record_id,
            "seq": seq,
            "part": passage.part,
            "start": passage.start,
            "end": passage.end,
            "at": stamp(passage.at),
            "text": passage.text,
            "header": passage.header,
            "vector_key": vector_key(batch.model, passage.ranked_text),
        }
        for seq, passage in enumerate(batch.passages)
    ]
