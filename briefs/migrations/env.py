"""Runs the migrations on the connection handed in, inside its transaction: all of them or none."""

from __future__ import annotations

from alembic import context

from briefs.store.tables import metadata as briefs_metadata
from retrieval.tables import metadata as retrieval_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[retrieval_metadata, briefs_metadata],
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
