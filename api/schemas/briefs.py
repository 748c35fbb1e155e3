"""Briefs on the wire: a row of a list, a whole brief with its versions and decisions, an edit, a decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.schemas import Listed, Wire
from briefs.brief import BriefBody, RejectedClaim
from briefs.gate import State, allowed_in
from briefs.store.brief_rows import BriefRow, VersionRow
from briefs.store.decisions import Decision


class BriefOut(Wire):
    """A brief as a list shows it. `version_hash` names the newest version, `allowed` what can be done with it now."""

    id: str
    account_id: str
    account_name: str
    state: State
    motion: str | None
    sku: str | None
    sku_name: str | None
    quarter: str
    lead_type: str | None
    route: str | None
    version: int
    version_hash: str
    as_of: date
    headline: str
    arr_base: float | None
    currency: str | None
    note: str | None
    created_at: datetime
    updated_at: datetime
    allowed: list[str]


class BriefsOut(Listed):
    briefs: list[BriefOut]


class VersionOut(Wire):
    """One version without its words. `erased`: they were erased with a source."""

    n: int
    hash: str
    parent: str | None
    author: str
    at: datetime
    erased: bool


class DecisionOut(Wire):
    """What a person decided about one version."""

    id: str
    version_hash: str
    decision: str
    by: str
    by_name: str
    at: datetime
    reason_code: str | None
    reason: str | None
    self_approved: bool
    accepted_changes: list[str]


class OpenBriefOut(BriefOut):
    """A brief with what hangs on it. `rejected`: sentences that failed verification, for the CSM's eyes only."""

    rejected: list[RejectedClaim]
    versions: list[VersionOut]
    decisions: list[DecisionOut]


class WholeBriefOut(OpenBriefOut):
    """The same with its newest words, as stored: their sha256 is `version_hash`."""

    body: BriefBody


class OpenVersionOut(VersionOut):
    brief_id: str


class WholeVersionOut(OpenVersionOut):
    """A version with its words as stored."""

    body: BriefBody


class DecisionIn(Wire):
    """A decision on exactly one version. `accept_changes` is the `changes_digest` of the refusal whose `changes` were read."""

    decision: Literal["approve", "reject", "request_changes"]
    version_hash: str = Field(max_length=80)
    reason_code: str | None = Field(default=None, max_length=40)
    reason: str | None = Field(default=None, max_length=2000)
    accept_changes: str | None = Field(default=None, max_length=80)


class DecidedOut(Wire):
    """A decision taken, and the brief as it stands now."""

    decision_id: str
    brief: BriefOut
    handoff_id: str | None = None


def brief_out(row: BriefRow) -> BriefOut:
    return BriefOut(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        state=row.state,
        motion=row.motion,
        sku=row.sku,
        sku_name=row.sku_name,
        quarter=row.quarter,
        lead_type=row.lead_type,
        route=row.route,
        version=row.versions,
        version_hash=row.head,
        as_of=row.as_of,
        headline=row.headline,
        arr_base=row.arr_base,
        currency=row.currency,
        note=row.note,
        created_at=row.created_at,
        updated_at=row.updated_at,
        allowed=list(allowed_in(row.state)),
    )


def version_out(row: VersionRow) -> VersionOut:
    return VersionOut(n=row.n, hash=row.hash, parent=row.parent, author=row.author, at=row.at, erased=row.erased)


def decision_out(made: Decision) -> DecisionOut:
    return DecisionOut(
        id=made.id,
        version_hash=made.version_hash,
        decision=made.decision,
        by=made.by,
        by_name=made.by_name,
        at=made.at,
        reason_code=made.reason_code,
        reason=made.reason,
        self_approved=made.self_approved,
        accepted_changes=list(made.accepted_changes),
    )
