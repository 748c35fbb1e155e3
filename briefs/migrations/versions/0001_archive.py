"""The archive: records, passages, vectors, catalogue. Tables an import made before the first migration ran are taken as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_table(
        "index_state",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("dirty", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        if_not_exists=True,
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("vector_key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        if_not_exists=True,
    )
    op.create_index("passages_by_account", "passages", ["account_id"], unique=False, if_not_exists=True)
    op.create_index("passages_by_record", "passages", ["record_id", "kind"], unique=False, if_not_exists=True)
    op.create_index("passages_by_vector", "passages", ["vector_key"], unique=False, if_not_exists=True)
    op.create_table(
        "records",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "edition"),
        if_not_exists=True,
    )
    op.create_index("records_by_account", "records", ["account_id", "kind"], unique=False, if_not_exists=True)
    op.create_index("records_by_id", "records", ["id"], unique=False, if_not_exists=True)
    op.create_table(
        "vectors",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("dim", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        if_not_exists=True,
    )
