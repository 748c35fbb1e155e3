"""Where people, drafts, decisions, hand-offs and the audit chain live in the database.

Only what both SQLite and PostgreSQL know. Instants are ISO 8601 UTC text of fixed width, days ISO text, so that they sort as they read.
What must never change (versions, decisions, audit rows) is guarded by triggers, written per dialect in `briefs/migrations`.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

HASH = String(80)
STAMP = String(40)
ID = String(64)

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("email", Text),
    Column("created_at", STAMP, nullable=False),
    Column("revoked_at", STAMP),
    Column("team", String(80)),
    Column("idp_subject", Text),
    Index("people_by_idp_subject", "idp_subject", unique=True),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("id", ID, nullable=False, unique=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("created_at", STAMP, nullable=False),
    Column("revoked_at", STAMP),
    Column("label", String(80)),
    Column("expires_at", STAMP),
    Column("last_used_at", STAMP),
    Index("tokens_by_person", "person_id"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("hash", HASH, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("redacted_at", STAMP),
    Index("dossiers_by_account", "account_id"),
)

scans = Table(
    "scans",
    metadata,
    Column("id", ID, primary_key=True),
    Column("as_of", String(10), nullable=False),
    Column("by", String(64), nullable=False),
    Column("started_at", STAMP, nullable=False),
    Column("finished_at", STAMP),
    Column("summary", Text, nullable=False),
    Column("options", Text, nullable=False, server_default="{}"),
    Column("state", String(20), nullable=False, server_default="running"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Index("scans_by_state", "state", "started_at"),
)

results = Table(
    "results",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("scan_id", ID, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("at", STAMP, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("priority", Float, nullable=False),
    Column("inputs_key", HASH, nullable=False),
    Column("brief_id", ID),
    Column("body", Text, nullable=False),
    UniqueConstraint("scan_id", "account_id", name="one_result_of_an_account_in_a_scan"),
    Index("results_by_account", "account_id", "seq"),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("account_name", Text, nullable=False),
    Column("motion", String(20)),
    Column("sku", Text),
    Column("sku_name", Text),
    Column("quarter", String(6), nullable=False),
    Column("live_key", HASH, unique=True),
    Column("lead_type", String(20)),
    Column("route", String(20)),
    Column("state", String(20), nullable=False),
    Column("head", HASH, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("headline", Text, nullable=False),
    Column("arr_base", Float),
    Column("currency", String(10)),
    Column("note", Text),
    Column("created_at", STAMP, nullable=False),
    Column("updated_at", STAMP, nullable=False),
    Column("assignee", ID),
    Column("snoozed_until", String(10)),
    Column("snooze_for_evidence", Integer, nullable=False, server_default="0"),
    Column("waiting", Integer, nullable=False, server_default="0"),
    Column("priority", Float, nullable=False, server_default="0"),
    Column("signal_on", String(10)),
    Column("released_at", STAMP),
    Column("expires_at", STAMP),
    Column("escalated_at", STAMP),
    Column("new_evidence", Text),
    Index("briefs_by_account", "account_id", "motion", "sku", "quarter"),
    Index("briefs_by_state", "state", "updated_at"),
    Index("briefs_by_expiry", "state", "expires_at"),
)

versions = Table(
    "versions",
    metadata,
    Column("brief_id", ID, ForeignKey("briefs.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("hash", HASH, nullable=False),
    Column("parent", HASH),
    Column("author", String(64), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("dossier_hash", HASH, nullable=False),
    Column("body", LargeBinary),
    Index("versions_by_hash", "hash"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("brief_id", ID, ForeignKey("briefs.id"), nullable=False),
    Column("version_hash", HASH, nullable=False),
    Column("decision", String(20), nullable=False),
    Column("by", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("reason_code", String(40)),
    Column("reason", Text),
    Column("self_approved", Integer, nullable=False),
    Column("accepted_changes", Text),
    Index("decisions_by_brief", "brief_id", "at"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("brief_id", ID, ForeignKey("briefs.id"), nullable=False),
    Column("version_hash", HASH, nullable=False),
    Column("decision_id", ID, ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("audit_head", HASH, nullable=False),
    Column("created_at", STAMP, nullable=False),
    Column("delivered_at", STAMP),
    Column("withdrawn_at", STAMP),
    Column("files", Text),
    Column("ae", Text),
    Column("answer_due_at", STAMP),
    Column("reminded_at", STAMP),
    Column("escalated_at", STAMP),
    Index("handoffs_by_brief", "brief_id"),
    Index("handoffs_by_due", "answer_due_at"),
    Index("handoffs_by_reader", "ae"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", STAMP, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("prev", HASH, nullable=False),
    Column("hash", HASH, nullable=False),
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("target", Text),
    Column("reason", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("created_at", STAMP, nullable=False),
    Column("expires_at", STAMP, nullable=False),
    Column("revoked_at", STAMP),
    Column("revoked_by", String(64)),
    Index("overrides_by_account", "account_id"),
)

flags = Table(
    "flags",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", STAMP, nullable=False),
    Index("flags_by_account", "account_id"),
    Index("flags_by_ticket", "ticket_id"),
)

readings = Table(
    "readings",
    metadata,
    Column("key", HASH, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("record_id", Text),
    Column("at", STAMP, nullable=False),
    Column("body", Text, nullable=False),
    Index("readings_by_account", "account_id", "record_id"),
)

model_answers = Table(
    "model_answers",
    metadata,
    Column("key", HASH, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("at", STAMP, nullable=False),
    Column("body", Text, nullable=False),
    Index("model_answers_by_account", "account_id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("brief_id", ID, primary_key=True),
    Column("audit_seq", Integer, ForeignKey("audit.seq"), nullable=False),
)
"""Briefs whose content may be erased in this transaction; written by `forget` after its audit row, and emptied before it ends."""
