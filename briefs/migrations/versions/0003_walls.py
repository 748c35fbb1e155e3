"""The walls: triggers that keep versions, decisions and audit rows as they are, and let no hand-off out that was not approved byte for byte.

They hold whatever program writes. A person's right to be forgotten has one door: an `erasures` row, which needs a `forget` row in the audit chain.
"""

from __future__ import annotations

from alembic import op

from briefs.migrations import walls

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ERASING = "EXISTS (SELECT 1 FROM erasures e WHERE e.brief_id = OLD.brief_id)"
APPROVED = """
    EXISTS (
        SELECT 1 FROM decisions d
        JOIN people p ON p.id = d."by"
        JOIN briefs b ON b.id = d.brief_id
        JOIN versions v ON v.brief_id = d.brief_id AND v.hash = d.version_hash AND v.body IS NOT NULL
        WHERE d.id = NEW.decision_id AND d.decision = 'approve' AND d.brief_id = NEW.brief_id AND d.version_hash = NEW.version_hash
          AND p.role IN ('csm', 'admin') AND b.head = NEW.version_hash AND b.state IN ('approved', 'delivering')
    )"""
UNREDEEMED = "NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.id = NEW.id OR h.decision_id = NEW.decision_id)"

# name, event, table, what must be true, columns that must stay the same, what is said otherwise
WALLS = (
    (
        "versions_are_new",
        "INSERT",
        "versions",
        "NOT EXISTS (SELECT 1 FROM versions v WHERE v.brief_id = NEW.brief_id AND v.n = NEW.n)",
        (),
        "a version never changes",
    ),
    (
        "versions_stay",
        "UPDATE",
        "versions",
        f"NEW.body IS NULL AND {ERASING}",
        ("brief_id", "n", "hash", "parent", "author", "at", "dossier_hash"),
        "a version never changes",
    ),
    ("versions_are_kept", "DELETE", "versions", ERASING, (), "a version is never deleted"),
    (
        "decisions_name_a_version",
        "INSERT",
        "decisions",
        "EXISTS (SELECT 1 FROM versions v WHERE v.brief_id = NEW.brief_id AND v.hash = NEW.version_hash) "
        "AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.id)",
        (),
        "a decision is new and names a version of its brief",
    ),
    (
        "decisions_stay",
        "UPDATE",
        "decisions",
        f"NEW.reason IS NULL AND NEW.accepted_changes IS NULL AND {ERASING}",
        ("id", "brief_id", "version_hash", "decision", "by", "at", "reason_code", "self_approved"),
        "a decision never changes",
    ),
    ("decisions_are_kept", "DELETE", "decisions", ERASING, (), "a decision is never deleted"),
    (
        "handoffs_are_approved",
        "INSERT",
        "handoffs",
        f"{APPROVED} AND {UNREDEEMED}",
        (),
        "a hand-off needs its own approval of exactly this version",
    ),
    (
        "handoffs_stay",
        "UPDATE",
        "handoffs",
        "1 = 1",
        ("id", "brief_id", "version_hash", "decision_id", "audit_head", "created_at"),
        "a hand-off keeps the version it was approved with",
    ),
    ("handoffs_are_kept", "DELETE", "handoffs", ERASING, (), "a hand-off is never deleted"),
    (
        "audit_grows",
        "INSERT",
        "audit",
        "NEW.seq = (SELECT COALESCE(MAX(a.seq), 0) + 1 FROM audit a) "
        "AND (NEW.seq = 1 OR NEW.prev = (SELECT a.hash FROM audit a WHERE a.seq = NEW.seq - 1))",
        (),
        "an audit row follows the last one",
    ),
    ("audit_stays", "UPDATE", "audit", "1 = 0", (), "an audit row never changes"),
    ("audit_is_kept", "DELETE", "audit", "1 = 0", (), "an audit row is never deleted"),
    (
        "erasures_are_audited",
        "INSERT",
        "erasures",
        "EXISTS (SELECT 1 FROM audit a WHERE a.seq = NEW.audit_seq AND a.action = 'forget' AND a.seq = (SELECT MAX(l.seq) FROM audit l))",
        (),
        "an erasure needs its audit row",
    ),
)
WHOLE_TABLES = ("versions", "decisions", "handoffs", "audit")


def upgrade() -> None:
    walls.build(WALLS)
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(walls.NEVER_EMPTIED)
    walls.never_empty(WHOLE_TABLES)
