"""What people decided about exact versions. Rows are added, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from briefs.store.instants import moment, stamp
from briefs.store.tables import decisions, people


@dataclass(frozen=True)
class Decision:
    """One person's decision on one version. `accepted_changes` are the differences of the record the approver re-read and let through."""

    id: str
    brief_id: str
    version_hash: str
    decision: str
    by: str
    by_name: str
    by_role: str
    at: datetime
    reason_code: str | None
    reason: str | None
    self_approved: bool
    accepted_changes: tuple[str, ...]


_ADD = insert(decisions)
_OF_BRIEF = (
    select(decisions, people.c.name.label("by_name"), people.c.role.label("by_role"))
    .join(people, people.c.id == decisions.c.by)
    .where(decisions.c.brief_id == bindparam("of_brief"))
    .order_by(decisions.c.at, decisions.c.id)
)
"""Asked at every request: put together once, a statement costs a third."""


def add(
    connection: Connection,
    decision_id: str,
    *,
    brief_id: str,
    version_hash: str,
    decision: str,
    by: str,
    at: datetime,
    reason_code: str | None = None,
    reason: str | None = None,
    self_approved: bool = False,
    accepted_changes: tuple[str, ...] = (),
) -> None:
    """Writes one decision down."""
    row = {
        "id": decision_id,
        "brief_id": brief_id,
        "version_hash": version_hash,
        "decision": decision,
        "by": by,
        "at": stamp(at),
        "reason_code": reason_code,
        "reason": reason,
        "self_approved": int(self_approved),
        "accepted_changes": json.dumps(accepted_changes, ensure_ascii=False) if accepted_changes else None,
    }
    connection.execute(_ADD, row)


def of_brief(connection: Connection, brief_id: str) -> list[Decision]:
    """Every decision on a brief, oldest first."""
    return [of_row(row) for row in connection.execute(_OF_BRIEF, {"of_brief": brief_id}).mappings()]


def approval(connection: Connection, brief_id: str, version_hash: str) -> Decision | None:
    """The newest approval of exactly that version."""
    found = [d for d in of_brief(connection, brief_id) if d.decision == "approve" and d.version_hash == version_hash]
    return found[-1] if found else None


def of_row(row: Mapping[Any, Any]) -> Decision:
    """A decision from its columns, with `by_name` and `by_role` of whoever took it."""
    return Decision(
        id=row["id"],
        brief_id=row["brief_id"],
        version_hash=row["version_hash"],
        decision=row["decision"],
        by=row["by"],
        by_name=row["by_name"],
        by_role=row["by_role"],
        at=moment(row["at"]),
        reason_code=row["reason_code"],
        reason=row["reason"],
        self_approved=bool(row["self_approved"]),
        accepted_changes=tuple(json.loads(row["accepted_changes"] or "[]")),
    )
