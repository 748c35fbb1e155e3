"""What a CSM does with a brief besides deciding it: hand it to a colleague, put it off, take it back, keep the deal."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Response

from api.parts import DeskDep, caller
from api.preconditions import IfMatch, held, mark
from api.routes import problems, router
from api.schemas.briefs import BriefOut, brief_out
from api.schemas.desk_work import AssignIn, KeepIn, RecallIn, SnoozeIn
from briefs import review
from briefs.deciding import desk_work
from briefs.desk import see
from briefs.people import Person
from briefs.store.brief_rows import BriefRow

calls = router("briefs")
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]
ANSWERS = problems(404, 409, 412, 428)


@calls.post("/briefs/{brief_id}/assign", responses=ANSWERS)
def assign(desk: DeskDep, person: Reviewer, brief_id: str, wish: AssignIn, if_match: IfMatch, response: Response) -> BriefOut:
    """Gives an undecided brief to a colleague who may see it."""
    held(see(desk, person, brief_id), if_match)
    return _told(desk_work.assign(desk, person, brief_id, wish.to), response)


@calls.post("/briefs/{brief_id}/snooze", responses=ANSWERS)
def snooze(desk: DeskDep, person: Reviewer, brief_id: str, wish: SnoozeIn, if_match: IfMatch, response: Response) -> BriefOut:
    """Puts an undecided brief off until a day, or until new evidence."""
    held(see(desk, person, brief_id), if_match)
    return _told(desk_work.snooze(desk, person, brief_id, until=wish.until, for_evidence=wish.for_evidence), response)


@calls.post("/briefs/{brief_id}/recall", responses=ANSWERS)
def recall(desk: DeskDep, person: Reviewer, brief_id: str, wish: RecallIn, if_match: IfMatch, response: Response) -> BriefOut:
    """Takes an approved or delivered version back: sales is told, and no longer shown it."""
    held(see(desk, person, brief_id), if_match)
    outcome = review.recall(desk, person, brief_id, wish.version_hash, reason_code=wish.reason_code, reason=wish.reason)
    return _told(outcome.brief, response)


@calls.post("/briefs/{brief_id}/keep", responses=ANSWERS)
def keep(desk: DeskDep, person: Reviewer, brief_id: str, wish: KeepIn, if_match: IfMatch, response: Response) -> BriefOut:
    """The CSM closes this small deal without sales."""
    held(see(desk, person, brief_id), if_match)
    return _told(desk_work.keep(desk, person, brief_id, wish.version_hash, wish.reason), response)


def _told(row: BriefRow, response: Response) -> BriefOut:
    mark(response, row)
    return brief_out(row)
