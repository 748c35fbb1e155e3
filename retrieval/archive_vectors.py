"""The vectors in the database: kept once for the same model and words, so that text that did not change is never embedded again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Executable, Table, bindparam, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.filing import VECTOR_DTYPE
from retrieval.tables import passages, vectors

IN_LIMIT = 500
"""Values in one `IN (...)`: SQLite allows some thousands of variables, and a short statement is planned faster."""


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], replace: Sequence[str] = ()) -> None:
    """Adds rows; where the key is there already, the columns in `replace` are overwritten, or else the row is left alone.

    The one place that asks for the dialect.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    if replace:
        statement = statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in replace})
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))


def chunks(values: Iterable[str], size: int = IN_LIMIT) -> Iterator[list[str]]:
    """The values in lists short enough for one statement."""
    ordered = list(values)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def kept_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those keys whose vector is there."""
    kept: set[str] = set()
    for some in chunks(keys):
        kept.update(connection.scalars(select(vectors.c.key).where(vectors.c.key.in_(some))))
    return kept


def add_vectors(connection: Connection, model: str, fresh: Mapping[str, np.ndarray]) -> None:
    """Files vectors (each of shape (d,)) under their keys."""
    rows = [{"key": key, "model": model, "dim": len(vector), "data": vector.astype(VECTOR_DTYPE).tobytes()} for key, vector in fresh.items()]
    insert(connection, vectors, rows)


def drop_unused(connection: Connection, keys: Iterable[str]) -> int:
    """Deletes those vectors that no passage refers to any more; returns how many."""
    unused = delete(vectors).where(vectors.c.key.in_(bindparam("some", expanding=True)), ~exists().where(passages.c.vector_key == vectors.c.key))
    return sum(connection.execute(unused, {"some": some}).rowcount for some in chunks(set(keys)))


def matrix(connection: Connection, account_id: str, model: str, only: Collection[str] | None = None) -> tuple[list[str], np.ndarray]:
    """Passage ids in reading order and their vectors, float32 (n, d); (0, 0) where there are none. `only` asks for some passages of the account."""
    wanted = (
        select(passages.c.id, vectors.c.data)
        .join(vectors, vectors.c.key == passages.c.vector_key)
        .where(passages.c.account_id == account_id, vectors.c.model == model)
    )
    if only is None:
        return _stacked(connection, [wanted.order_by(passages.c.kind, passages.c.record_id, passages.c.seq)])
    return _stacked(connection, [wanted.where(passages.c.id.in_(some)) for some in chunks(sorted(only))])


def _stacked(connection: Connection, queries: Sequence[Executable]) -> tuple[list[str], np.ndarray]:
    ids: list[str] = []
    data: list[np.ndarray] = []
    for query in queries:
        for row in connection.execute(query):
            ids.append(row.id)
            data.append(np.frombuffer(row.data, dtype=VECTOR_DTYPE))
    return ids, np.stack(data).astype(np.float32, copy=False) if data else np.zeros((0, 0), dtype=np.float32)
