"""Hand-offs: one row for every approved version on its way to sales, bound to the one approval it redeems."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from briefs.errors import NotFound
from briefs.store import decisions
from briefs.store.decisions import Decision
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.tables import briefs, handoffs, people
from briefs.store.tables import decisions as made


@dataclass(frozen=True)
class Handoff:
    """An approved version on its way. `audit_head` is the head of the audit chain when it set off, `files` the sha256 of every file written.

    `ae` is the one it names to read it, as the account named them at approval; `answer_due_at` is when sales must have answered.
    """

    id: str
    brief_id: str
    account_id: str
    version_hash: str
    approval: Decision
    audit_head: str
    created_at: datetime
    delivered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    ae: str | None = None
    answer_due_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None


_ADD = insert(handoffs)


def start(
    connection: Connection, handoff_id: str, account_id: str, approval: Decision, audit_head: str, at: datetime, *, ae: str | None = None
) -> Handoff:
    """Writes the hand-off of exactly the approved version down; the database refuses any other. Its folder is not written yet."""
    since = stamp(at)
    row = {
        "id": handoff_id,
        "brief_id": approval.brief_id,
        "version_hash": approval.version_hash,
        "decision_id": approval.id,
        "audit_head": audit_head,
        "created_at": since,
        "ae": ae,
    }
    connection.execute(_ADD, row)
    return Handoff(handoff_id, approval.brief_id, account_id, approval.version_hash, approval, audit_head, moment(since), ae=ae)


def finish(connection: Connection, handoff_id: str, files: Mapping[str, str], at: datetime) -> None:
    """Its folder is written."""
    connection.execute(
        update(handoffs).where(handoffs.c.id == handoff_id).values(delivered_at=stamp(at), files=json.dumps(dict(files), sort_keys=True))
    )


def withdraw(connection: Connection, brief_id: str, at: datetime) -> list[str]:
    """Takes every hand-off of the brief back; their ids."""
    open_ones = [handoff.id for handoff in of_brief(connection, brief_id) if handoff.withdrawn_at is None]
    connection.execute(update(handoffs).where(handoffs.c.id.in_(open_ones)).values(withdrawn_at=stamp(at)))
    return open_ones


def get(connection: Connection, handoff_id: str) -> Handoff:
    """Raises NotFound."""
    row = connection.execute(_BY_ID, {"handoff_id": handoff_id}).first()
    if row is None:
        raise no_such_handoff(handoff_id)
    return _handoff(row)


def no_such_handoff(handoff_id: str) -> NotFound:
    """The same words whether it is absent, not delivered, or somebody else's."""
    return NotFound(f"No hand-off {handoff_id[:64]!r}.", "`briefs show BRIEF` names the hand-off of a brief.")


def delivered(connection: Connection, limit: int, after: tuple[datetime, str] | None, *, readers: Collection[str] | None = None) -> list[Handoff]:
    """At most `limit` delivered ones, newest first, recalled ones too, that name one of `readers` (ids and addresses in small letters; None: any)."""
    query = _query().where(handoffs.c.delivered_at.is_not(None)).order_by(handoffs.c.delivered_at.desc(), handoffs.c.id).limit(limit)
    if readers is not None:
        query = query.where(func.lower(func.trim(handoffs.c.ae)).in_(sorted(readers)))
    if after is not None:
        at = stamp(after[0])
        query = query.where((handoffs.c.delivered_at < at) | ((handoffs.c.delivered_at == at) & (handoffs.c.id > after[1])))
    return [_handoff(row) for row in connection.execute(query).all()]


def of_brief(connection: Connection, brief_id: str) -> list[Handoff]:
    """Every hand-off of a brief, oldest first."""
    rows = connection.execute(_query().where(handoffs.c.brief_id == brief_id).order_by(handoffs.c.created_at, handoffs.c.id)).all()
    return [_handoff(row) for row in rows]


def all_rows(connection: Connection) -> list[Handoff]:
    """Every hand-off, oldest first."""
    return [_handoff(row) for row in connection.execute(_query().order_by(handoffs.c.created_at, handoffs.c.id)).all()]


def chosen(connection: Connection, query: Callable[[Select[Any]], Select[Any]]) -> list[Handoff]:
    """Those a query picks and orders, with their approvals, in one go. It may name hand-offs and their briefs."""
    return [_handoff(row) for row in connection.execute(query(_query()))]


def _query() -> Select[Any]:
    """A hand-off, its account, and the decision it redeems with who took it."""
    approval = [made.c[name].label(f"approval_{name}") for name in APPROVAL]
    return (
        select(handoffs, briefs.c.account_id, *approval, people.c.name.label("approval_by_name"), people.c.role.label("approval_by_role"))
        .join(briefs, briefs.c.id == handoffs.c.brief_id)
        .join(made, made.c.id == handoffs.c.decision_id)
        .join(people, people.c.id == made.c.by)
    )


APPROVAL = tuple(column.name for column in made.columns)


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(
        id=row.id,
        brief_id=row.brief_id,
        account_id=row.account_id,
        version_hash=row.version_hash,
        approval=decisions.of_row({name: getattr(row, f"approval_{name}") for name in (*APPROVAL, "by_name", "by_role")}),
        audit_head=row.audit_head,
        created_at=moment(row.created_at),
        delivered_at=maybe_moment(row.delivered_at),
        withdrawn_at=maybe_moment(row.withdrawn_at),
        files=json.loads(row.files or "{}"),
        ae=row.ae,
        answer_due_at=maybe_moment(row.answer_due_at),
        reminded_at=maybe_moment(row.reminded_at),
        escalated_at=maybe_moment(row.escalated_at),
    )


_BY_ID = _query().where(handoffs.c.id == bindparam("handoff_id"))
"""Asked at every decision: put together once, a statement costs a third."""
