"""One line a brief for the funnel report: when it went from hand to hand, and what it is counted by. Four queries, whatever the number of briefs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.sales_tables import answers, brief_facts, looks
from briefs.store.tables import briefs, decisions, handoffs


@dataclass
class FunnelRow:
    """A brief on its way; each moment is None until it came. `unread` is whether it was approved by somebody who never had it before them."""

    id: str
    account_id: str
    state: str
    lead_type: str | None
    arr: float | None
    currency: str | None
    signal_on: date | None
    drafted_at: datetime
    approved_at: datetime | None = None
    delivered_at: datetime | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    won: float | None = None
    unread: bool | None = None
    rejected_for: list[str] = field(default_factory=list[str])
    declined_for: list[str] = field(default_factory=list[str])
    lost_for: list[str] = field(default_factory=list[str])
    facts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def rows(connection: Connection, since: datetime | None = None, until: datetime | None = None) -> list[FunnelRow]:
    """Every brief drafted at or after `since` and before `until`, oldest first."""
    within: list[ColumnElement[bool]] = []
    if since is not None:
        within.append(briefs.c.created_at >= stamp(since))
    if until is not None:
        within.append(briefs.c.created_at < stamp(until))
    query = select(
        briefs.c.id,
        briefs.c.account_id,
        briefs.c.state,
        briefs.c.lead_type,
        briefs.c.arr_base,
        briefs.c.currency,
        briefs.c.signal_on,
        briefs.c.created_at,
    )
    chosen = query.where(*within).order_by(briefs.c.created_at, briefs.c.id)
    found = {
        row.id: FunnelRow(
            row.id,
            row.account_id,
            row.state,
            row.lead_type,
            row.arr_base,
            row.currency,
            date.fromisoformat(row.signal_on) if row.signal_on else None,
            moment(row.created_at),
        )
        for row in connection.execute(chosen)
    }
    narrowed = found.keys() if within else None
    _decided(connection, found)
    _handed(connection, found)
    _answered(connection, found)
    _counted(connection, found, narrowed)
    return list(found.values())


def _decided(connection: Connection, found: dict[str, FunnelRow]) -> None:
    looked = select(looks.c.brief_id, looks.c.version_hash, looks.c.person_id, func.min(looks.c.at).label("at"))
    looked = looked.group_by(looks.c.brief_id, looks.c.version_hash, looks.c.person_id)
    first = {(row.brief_id, row.version_hash, row.person_id): row.at for row in connection.execute(looked)}
    query = select(decisions.c.brief_id, decisions.c.version_hash, decisions.c.decision, decisions.c.by, decisions.c.at, decisions.c.reason_code)
    for row in connection.execute(query.order_by(decisions.c.at, decisions.c.id)):
        brief = found.get(row.brief_id)
        if brief is None:
            continue
        if row.decision == "approve":
            brief.approved_at = moment(row.at)
            seen = first.get((row.brief_id, row.version_hash, row.by))
            brief.unread = seen is None or seen > row.at
        elif row.decision == "reject" and row.reason_code:
            brief.rejected_for.append(row.reason_code)


def _handed(connection: Connection, found: dict[str, FunnelRow]) -> None:
    query = select(handoffs.c.brief_id, func.max(handoffs.c.delivered_at).label("at")).group_by(handoffs.c.brief_id)
    for row in connection.execute(query):
        if row.brief_id in found:
            found[row.brief_id].delivered_at = maybe_moment(row.at)


def _answered(connection: Connection, found: dict[str, FunnelRow]) -> None:
    query = select(answers.c.brief_id, answers.c.kind, answers.c.at, answers.c.code, answers.c.amount)
    for row in connection.execute(query.order_by(answers.c.at, answers.c.id)):
        brief = found.get(row.brief_id)
        if brief is None:
            continue
        if row.kind == "accept":
            brief.accepted_at = moment(row.at)
        elif row.kind == "decline":
            brief.declined_at = moment(row.at)
            brief.declined_for.append(row.code or "other")
        elif row.kind == "won":
            brief.won = row.amount or 0.0
        elif row.kind == "lost":
            brief.lost_for.append(row.code or "other")


def _counted(connection: Connection, found: dict[str, FunnelRow], narrowed: Collection[str] | None) -> None:
    query = select(brief_facts.c.brief_id, brief_facts.c.kind, brief_facts.c.value)
    for brief_id, kind, value in connection.execute(query):
        if narrowed is None or brief_id in narrowed:
            brief = found.get(brief_id)
            if brief is not None:
                brief.facts[kind].append(value)
