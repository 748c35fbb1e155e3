"""Where sales' side of a hand-off lives in the database: answers, questions, what changed since approval, and each delivery to each target.

Beside `tables`, on the same metadata. Answers, changes, questions, feedback and delivery tries are only ever added to; triggers keep it so.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from briefs.store.tables import HASH, ID, STAMP, metadata

answers = Table(
    "answers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("brief_id", ID, ForeignKey("briefs.id"), nullable=False),
    Column("handoff_id", ID, ForeignKey("handoffs.id")),
    Column("kind", String(20), nullable=False),
    Column("by", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("code", String(40)),
    Column("reason", Text),
    Column("day", String(10)),
    Column("condition", Text),
    Column("amount", Float),
    Column("currency", String(10)),
    Index("answers_by_handoff", "handoff_id", "at"),
    Index("answers_by_brief", "brief_id", "at"),
)
"""`kind` is accept, decline, recycle, won or lost; `day` the first touch promised, or the day a recycled lead comes back.

A deal that stayed with its CSM has no hand-off.
"""

handoff_changes = Table(
    "handoff_changes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", STAMP, nullable=False),
    Index("handoff_changes_by_handoff", "handoff_id", "at"),
)
"""What is otherwise since the approval, outside the approved body."""

questions = Table(
    "questions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("by", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("text", Text),
    Column("reply_to", ID),
    Index("questions_by_handoff", "handoff_id", "at"),
)
"""A question has no `reply_to`; an answer names its question there."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", ID, primary_key=True),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("by", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("section", String(40)),
    Column("useful", Integer, nullable=False),
    Column("text", Text),
    Index("feedback_by_handoff", "handoff_id", "at"),
)

targets = Table(
    "targets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("secrets", Text, nullable=False),
    Column("created_at", STAMP, nullable=False),
    Column("disabled_at", STAMP),
    Column("disabled_reason", Text),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("handoff_id", ID, ForeignKey("handoffs.id"), nullable=False),
    Column("target_id", ID, ForeignKey("targets.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("next_at", STAMP),
    Column("created_at", STAMP, nullable=False),
    Column("finished_at", STAMP),
    Column("external_id", Text),
    Index("deliveries_by_handoff", "handoff_id"),
    Index("deliveries_by_state", "state", "next_at"),
)
"""`id` is the stable id a receiver sees at every try; `purpose` is handoff, recall or change."""

delivery_tries = Table(
    "delivery_tries",
    metadata,
    Column("delivery_id", ID, ForeignKey("deliveries.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", STAMP, nullable=False),
    Column("status", Integer),
    Column("error", Text),
)

notices = Table(
    "notices",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("object", Text, nullable=False),
    Column("account_id", Text),
    Column("detail", Text, nullable=False),
    Column("read_at", STAMP),
    Column("sent_at", STAMP),
    Index("notices_by_person", "person_id", "at"),
    Index("notices_unsent", "sent_at", "at"),
)

brief_facts = Table(
    "brief_facts",
    metadata,
    Column("brief_id", ID, ForeignKey("briefs.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("value", String(200), primary_key=True),
    Index("brief_facts_by_kind", "kind", "value"),
)
"""What the funnel counts by: `engine`, `model`, `prompt`, `signal`, `source` of the machine's newest version, so that no report opens a body."""

looks = Table(
    "looks",
    metadata,
    Column("id", ID, primary_key=True),
    Column("brief_id", ID, ForeignKey("briefs.id"), nullable=False),
    Column("version_hash", HASH, nullable=False),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("at", STAMP, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("evidence_opened", Integer, nullable=False),
    Index("looks_by_brief", "brief_id", "version_hash", "person_id"),
)
"""How long somebody had a version before them, and how many pieces of evidence they opened."""
