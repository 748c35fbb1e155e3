"""Where the service keeps what is about people at work rather than about a brief: sessions, scans under way, imports, views, repeated requests.

Beside `tables`, on the same metadata.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from briefs.store.tables import HASH, ID, STAMP, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("csrf", String(80), nullable=False),
    Column("created_at", STAMP, nullable=False),
    Column("expires_at", STAMP, nullable=False),
    Column("last_used_at", STAMP, nullable=False),
    Column("revoked_at", STAMP),
    Index("sessions_by_person", "person_id"),
)

logins = Table(
    "logins",
    metadata,
    Column("state", String(120), primary_key=True),
    Column("nonce", String(120), nullable=False),
    Column("verifier", String(200), nullable=False),
    Column("next", Text, nullable=False),
    Column("created_at", STAMP, nullable=False),
)
"""A sign-in under way at an identity provider."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("request_hash", HASH, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", Text),
    Column("at", STAMP, nullable=False),
    Index("idempotency_by_age", "at"),
)
"""A request already answered. `status` is null while the first one is under way."""

scan_events = Table(
    "scan_events",
    metadata,
    Column("scan_id", ID, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", STAMP, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", ID, primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("state", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("error", Text),
    Column("finished_at", STAMP),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("id", ID, primary_key=True),
    Column("import_id", ID, ForeignKey("imports.id"), nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer),
    Column("kind", String(20)),
    Column("reason", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", STAMP, nullable=False),
    Index("import_rows_by_import", "import_id", "state"),
)
"""Rows that could not be read and wait to be mended: `state` is open, mended or dismissed."""

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("query", Text, nullable=False),
    Index("saved_views_by_person", "person_id"),
)

seen = Table(
    "seen",
    metadata,
    Column("person_id", ID, ForeignKey("people.id"), primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("at", STAMP, nullable=False),
    Column("result_seq", Integer, nullable=False),
)
"""The result of an account a person saw last, so that what changed since can be shown."""
