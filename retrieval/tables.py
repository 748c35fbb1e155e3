"""Where records, passages, vectors and the catalogue live in the database.

Only what both SQLite and PostgreSQL know. Instants are ISO 8601 UTC text of fixed width, so that they sort as they read.
`edition` tells the dated rows of one account apart (its `at`; empty for everything else).
"""

from __future__ import annotations

from sqlalchemy import Column, Engine, Index, Integer, LargeBinary, MetaData, String, Table, Text

from retrieval.engine import writer

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("edition", String(40), primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("at", String(40)),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("records_by_account", "account_id", "kind"),
    Index("records_by_id", "id"),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("record_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("part", String(40), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("at", String(40)),
    Column("text", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("vector_key", String(64), nullable=False),
    Index("passages_by_account", "account_id"),
    Index("passages_by_record", "record_id", "kind"),
    Index("passages_by_vector", "vector_key"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("model", Text, nullable=False),
    Column("dim", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

index_state = Table(
    "index_state",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("dirty", Integer, nullable=False),
    Column("model", Text, nullable=False),
)

CLEAN, UNSYNCED, UNSPLIT = 0, 1, 2
"""`index_state.dirty`: the index agrees; the index lags behind SQL; the passages themselves lag behind (the account was renamed)."""


def create_tables(engine: Engine) -> None:
    """Makes the tables that are not there yet."""
    with writer(engine).begin() as connection:
        metadata.create_all(connection)
