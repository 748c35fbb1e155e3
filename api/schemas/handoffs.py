"""Hand-offs on the wire: the envelope around the approved bytes, and what sales says back."""

from __future__ import annotations

from datetime import date, datetime

from api.schemas import Listed, Wire
from api.schemas.sales import SaidOut, said_out
from briefs.brief import BriefBody
from briefs.deciding.handed import Handed
from briefs.gate import State
from briefs.outbox import Delivered
from briefs.store.answers import Answer


class HandoffOut(Wire):
    """A delivered hand-off: what it is about, who approved exactly which bytes and when, and where the audit chain stood."""

    id: str
    brief_id: str
    account_id: str
    account_name: str
    headline: str | None
    state: State
    motion: str | None
    sku: str | None
    arr_base: float | None
    currency: str | None
    version_hash: str
    approved_by: str
    approved_at: datetime
    self_approved: bool
    delivered_at: datetime | None
    recalled_at: datetime | None
    answer_due_at: datetime | None
    audit_head: str


class HandoffsOut(Listed):
    handoffs: list[HandoffOut]


class ChangeOut(Wire):
    """Something that is otherwise since the approval; `over`: it no longer is."""

    id: str
    kind: str
    subject: str
    words: str
    over: bool
    at: datetime


class AnswerOut(Wire):
    """What sales answered."""

    kind: str
    by_name: str
    at: datetime
    reason_code: str | None
    reason: str | None
    day: date | None
    condition: str | None
    amount: float | None
    currency: str | None


class OpenHandoffOut(HandoffOut):
    """A hand-off with the hash of every file written at approval, what changed since, what sales answered, and what was asked."""

    files: dict[str, str]
    changes: list[ChangeOut]
    answers: list[AnswerOut]
    questions: list[SaidOut]


class WholeHandoffOut(OpenHandoffOut):
    """The same with the approved bytes, whose sha256 is `version_hash`; null while it is recalled."""

    body: BriefBody | None


def handoff_out(found: Delivered) -> HandoffOut:
    handoff, brief = found.handoff, found.brief
    approval, told = handoff.approval, found.told
    return HandoffOut(
        id=handoff.id,
        brief_id=brief.id,
        account_id=brief.account_id,
        account_name=brief.account_name,
        headline=told.headline if told else None,
        state=brief.state,
        motion=told.motion if told else None,
        sku=told.sku if told else None,
        arr_base=told.arr_base if told else None,
        currency=told.currency if told else None,
        version_hash=handoff.version_hash,
        approved_by=approval.by_name,
        approved_at=approval.at,
        self_approved=approval.self_approved,
        delivered_at=handoff.delivered_at,
        recalled_at=handoff.withdrawn_at,
        answer_due_at=handoff.answer_due_at,
        audit_head=handoff.audit_head,
    )


def open_handoff_out(found: Delivered, read: Handed) -> OpenHandoffOut:
    return OpenHandoffOut(
        **handoff_out(found).model_dump(),
        files={} if read.body is None else dict(found.handoff.files),
        changes=[ChangeOut.model_validate({name: getattr(each, name) for name in ChangeOut.model_fields}) for each in read.changes],
        answers=[_answer_out(each) for each in read.answers],
        questions=[said_out(each) for each in read.said],
    )


def _answer_out(given: Answer) -> AnswerOut:
    same = {name: getattr(given, name) for name in AnswerOut.model_fields if name != "reason_code"}
    return AnswerOut(**same, reason_code=given.code)
