"""What sales says back to a hand-off: yes or no, how it ended, not now, a question, what helped."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.parts import DeskDep, caller
from api.routes import problems, router
from api.schemas.sales import (
    AnsweredOut,
    FeedbackIn,
    FeedbackOut,
    OutcomeIn,
    QuestionIn,
    RecycleIn,
    ResponseIn,
    SaidOut,
    feedback_out,
    said_out,
)
from briefs.deciding import sales, talking
from briefs.errors import BadInput
from briefs.people import Person
from briefs.store.brief_rows import BriefRow

calls = router("hand-offs")
Seller = Annotated[Person, Depends(caller("ae", hides="hand-off"))]
SellerOrAdmin = Annotated[Person, Depends(caller("ae", "admin", hides="hand-off"))]
SellerOrCsm = Annotated[Person, Depends(caller("ae", "csm", hides="hand-off"))]
ANSWERS = problems(404, 409)


@calls.post("/handoffs/{handoff_id}/response", responses=ANSWERS)
def respond(desk: DeskDep, person: Seller, handoff_id: str, wish: ResponseIn) -> AnsweredOut:
    """Accepts a hand-off, or declines it with a code."""
    if wish.response == "decline":
        return _answered(handoff_id, sales.decline(desk, person, handoff_id, code=wish.reason_code, reason=wish.reason))
    if wish.first_touch is None:
        raise BadInput("Accepting needs the day of the first touch.", "Send `first_touch`, a day from today to 30 days ahead.")
    return _answered(handoff_id, sales.accept(desk, person, handoff_id, first_touch=wish.first_touch, reason=wish.reason))


@calls.post("/handoffs/{handoff_id}/outcome", responses=ANSWERS)
def end(desk: DeskDep, person: SellerOrAdmin, handoff_id: str, wish: OutcomeIn) -> AnsweredOut:
    """Says how it ended: won with the amount, or lost with a code."""
    row = sales.outcome(desk, person, handoff_id, wish.outcome, amount=wish.amount, currency=wish.currency, code=wish.reason_code, reason=wish.reason)
    return _answered(handoff_id, row)


@calls.post("/handoffs/{handoff_id}/recycle", responses=ANSWERS)
def recycle(desk: DeskDep, person: SellerOrCsm, handoff_id: str, wish: RecycleIn) -> AnsweredOut:
    """Gives it back until a day, or until something holds."""
    return _answered(handoff_id, sales.recycle(desk, person, handoff_id, day=wish.day, condition=wish.condition, reason=wish.reason))


@calls.post("/handoffs/{handoff_id}/questions", status_code=201, responses=ANSWERS)
def ask(desk: DeskDep, person: SellerOrCsm, handoff_id: str, wish: QuestionIn) -> SaidOut:
    """Sales asks the CSM, who hears of it at once; the CSM answers with `reply_to`."""
    if wish.reply_to is not None:
        return said_out(talking.reply(desk, person, handoff_id, wish.reply_to, wish.text))
    return said_out(talking.ask(desk, person, handoff_id, wish.text))


@calls.post("/handoffs/{handoff_id}/feedback", status_code=201, responses=ANSWERS)
def feed_back(desk: DeskDep, person: Seller, handoff_id: str, wish: FeedbackIn) -> FeedbackOut:
    """Says which section helped and what was wrong."""
    return feedback_out(talking.give_feedback(desk, person, handoff_id, section=wish.section, useful=wish.useful, text=wish.text))


def _answered(handoff_id: str, row: BriefRow) -> AnsweredOut:
    return AnsweredOut(handoff_id=handoff_id, brief_id=row.id, state=row.state)
