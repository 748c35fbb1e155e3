"""What people did with a brief, as a case for the evaluators: names replaced, waiting for a look before it enters a suite."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.parts import DeskDep, Space, caller
from api.routes import problems, router
from api.schemas import Wire
from briefs.desk import see
from briefs.people import Person

calls = router("evaluation")
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]


class CaseOut(Wire):
    """A proposed case. `names_left` says how many words in its records may still be somebody's name: look before accepting it."""

    case_id: str
    suite: str
    names_left: int


class CasesOut(Wire):
    """Empty where nobody edited, rejected or declined the brief yet, and nothing was won."""

    cases: list[CaseOut]


@calls.post("/briefs/{brief_id}/cases", status_code=201, responses=problems(404, 409))
def propose_cases(space: Space, desk: DeskDep, person: Reviewer, brief_id: str) -> CasesOut:
    """Proposes evaluation cases from an edit, a rejection, a decline or an outcome; `briefs eval review` puts them into a suite."""
    from evals.life.proposing import keep, propose

    proposals = propose(see(desk, person, brief_id).id, space.store, space.archive)
    for proposal in proposals:
        keep(proposal, space.home)
    return CasesOut(cases=[CaseOut(case_id=p.case_id, suite=p.suite, names_left=len(p.names_left)) for p in proposals])
