"""The walls around what sales answers and what was sent, and what reports count by for the briefs that were there before."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from briefs.migrations import walls

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ERASING_BRIEF = "EXISTS (SELECT 1 FROM erasures e WHERE e.brief_id = OLD.brief_id)"
ERASING_HANDOFF = "EXISTS (SELECT 1 FROM erasures e JOIN handoffs h ON h.brief_id = e.brief_id WHERE h.id = OLD.handoff_id)"
ERASING_DELIVERY = (
    "EXISTS (SELECT 1 FROM erasures e JOIN handoffs h ON h.brief_id = e.brief_id "
    "JOIN deliveries d ON d.handoff_id = h.id WHERE d.id = OLD.delivery_id)"
)


def _new(table: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {table} x WHERE x.id = NEW.id)"  # noqa: S608 - the table is named in this file


DELIVERED = "EXISTS (SELECT 1 FROM handoffs h WHERE h.id = NEW.handoff_id AND h.brief_id = NEW.brief_id AND h.delivered_at IS NOT NULL)"
KEPT_BY_CSM = "NEW.handoff_id IS NULL AND NEW.kind IN ('won', 'lost')"
SAME_ANSWER = ("id", "brief_id", "handoff_id", "kind", "by", "at", "code", "day", "amount", "currency")

WALLS: tuple[walls.Wall, ...] = (
    (
        "answers_follow_a_delivery",
        "INSERT",
        "answers",
        f"{_new('answers')} AND ({DELIVERED} OR {KEPT_BY_CSM})",
        (),
        "an answer is new and follows a delivery",
    ),
    (
        "answers_stay",
        "UPDATE",
        "answers",
        f"NEW.reason IS NULL AND NEW.condition IS NULL AND {ERASING_BRIEF}",
        SAME_ANSWER,
        "an answer never changes",
    ),
    ("answers_are_kept", "DELETE", "answers", ERASING_BRIEF, (), "an answer is never deleted"),
    ("handoff_changes_are_new", "INSERT", "handoff_changes", _new("handoff_changes"), (), "a change told never changes"),
    (
        "handoff_changes_stay",
        "UPDATE",
        "handoff_changes",
        f"NEW.detail = '{{}}' AND {ERASING_HANDOFF}",
        ("id", "handoff_id", "kind", "at"),
        "a change told never changes",
    ),
    ("handoff_changes_are_kept", "DELETE", "handoff_changes", ERASING_HANDOFF, (), "a change told is never deleted"),
    ("questions_are_new", "INSERT", "questions", _new("questions"), (), "a question never changes"),
    (
        "questions_stay",
        "UPDATE",
        "questions",
        f"NEW.text IS NULL AND {ERASING_HANDOFF}",
        ("id", "handoff_id", "by", "at", "reply_to"),
        "a question never changes",
    ),
    ("questions_are_kept", "DELETE", "questions", ERASING_HANDOFF, (), "a question is never deleted"),
    ("feedback_is_new", "INSERT", "feedback", _new("feedback"), (), "feedback never changes"),
    (
        "feedback_stays",
        "UPDATE",
        "feedback",
        f"NEW.text IS NULL AND {ERASING_HANDOFF}",
        ("id", "handoff_id", "by", "at", "section", "useful"),
        "feedback never changes",
    ),
    ("feedback_is_kept", "DELETE", "feedback", ERASING_HANDOFF, (), "feedback is never deleted"),
    ("deliveries_are_new", "INSERT", "deliveries", _new("deliveries"), (), "a delivery keeps what it carries"),
    (
        "deliveries_stay",
        "UPDATE",
        "deliveries",
        "1 = 1",
        ("id", "handoff_id", "target_id", "kind", "purpose", "created_at"),
        "a delivery keeps what it carries",
    ),
    ("deliveries_are_kept", "DELETE", "deliveries", ERASING_HANDOFF, (), "a delivery is never deleted"),
    (
        "delivery_tries_are_new",
        "INSERT",
        "delivery_tries",
        "NOT EXISTS (SELECT 1 FROM delivery_tries t WHERE t.delivery_id = NEW.delivery_id AND t.n = NEW.n)",
        (),
        "a delivery try never changes",
    ),
    ("delivery_tries_stay", "UPDATE", "delivery_tries", "1 = 0", (), "a delivery try never changes"),
    ("delivery_tries_are_kept", "DELETE", "delivery_tries", ERASING_DELIVERY, (), "a delivery try is never deleted"),
    ("handoffs_keep_their_reader", "UPDATE", "handoffs", "OLD.ae IS NULL OR NEW.ae = OLD.ae", (), "a hand-off keeps the reader it names"),
)
WHOLE_TABLES = ("answers", "handoff_changes", "questions", "feedback", "deliveries", "delivery_tries")


def upgrade() -> None:
    walls.build(WALLS)
    walls.never_empty(WHOLE_TABLES)
    _facts_of_older_briefs()


def _facts_of_older_briefs() -> None:
    """What the funnel counts by, for the briefs that were there before: from their newest machine version and the result that named them."""
    run = op.get_bind().exec_driver_sql
    newest = "SELECT v.brief_id, v.body FROM versions v WHERE v.author = 'machine' AND v.body IS NOT NULL ORDER BY v.brief_id, v.n"
    told = "SELECT r.brief_id, r.body FROM results r WHERE r.brief_id IS NOT NULL ORDER BY r.seq"
    bodies: dict[str, Any] = {brief_id: json.loads(bytes(body)) for brief_id, body in run(newest).all()}
    results: dict[str, Any] = {brief_id: json.loads(body) for brief_id, body in run(told).all()}
    facts = sa.table("brief_facts", sa.column("brief_id"), sa.column("kind"), sa.column("value"))
    briefs = sa.table("briefs", sa.column("id"), sa.column("priority"), sa.column("signal_on"))
    for brief_id, body in bodies.items():
        result: dict[str, Any] = results.get(brief_id, {})
        rows = [{"brief_id": brief_id, "kind": kind, "value": value[:200]} for kind, value in sorted(_facts(body, result))]
        if rows:
            op.bulk_insert(facts, rows)
        days = [signal["observed_at"] for signal in result.get("signals", []) if signal.get("test") != "risk"]
        values = {"priority": result.get("priority", 0), "signal_on": max(days, default=None)}
        op.execute(sa.update(briefs).where(briefs.c.id == brief_id).values(**values))


def _facts(body: dict[str, Any], result: dict[str, Any]) -> set[tuple[str, str]]:
    provenance: dict[str, Any] = body["provenance"]
    found: list[tuple[str, str]] = [("engine", provenance["engine"])]
    found.extend(("model", model) for model in [provenance.get("model")] if model)
    found.extend(("prompt", f"{name} {version}") for name, version in provenance.get("prompt_versions", {}).items())
    found.extend(("source", source["kind"]) for source in body.get("sources", []))
    found.extend(("signal", signal["type"]) for signal in result.get("signals", []))
    return set(found)
