"""Briefs: which there are, one with its evidence, its versions, an edit, a decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from api.paging import Paged, cursor_of
from api.parts import DeskDep, Space, caller
from api.preconditions import IfMatch, held, mark
from api.raw import spliced
from api.routes import problems, router
from api.schemas.briefs import (
    BriefsOut,
    DecidedOut,
    DecisionIn,
    OpenBriefOut,
    OpenVersionOut,
    WholeBriefOut,
    WholeVersionOut,
    brief_out,
    decision_out,
    version_out,
)
from briefs import desk_view, review
from briefs.desk_view import Wanted
from briefs.editing import Edit
from briefs.gate import State
from briefs.people import Person
from briefs.review import Desk, Outcome
from briefs.store.brief_rows import BriefRow
from briefs.wiring import Workspace

calls = router("briefs")
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]
Editor = Annotated[Person, Depends(caller("csm", hides="brief"))]
Reader = Annotated[Person, Depends(caller("csm", "admin"))]


@calls.get("/briefs")
def list_briefs(
    desk: DeskDep,
    person: Reader,
    page: Paged,
    state: Annotated[State | None, Query(description="Only briefs in this state.")] = None,
    account: Annotated[str | None, Query(max_length=200, description="Only briefs of this account.")] = None,
    mine: Annotated[bool, Query(description="Only briefs of accounts that name the caller as their CSM, and those assigned to the caller.")] = False,
) -> BriefsOut:
    """Briefs the caller may see, newest first."""
    rows, following = desk_view.page(desk, person, page.limit, desk_view.place(page.after), Wanted(state, account, mine))
    cursor = None if following is None else cursor_of((following[0].isoformat(), following[1]))
    return BriefsOut(briefs=[brief_out(row) for row in rows], next_cursor=cursor)


@calls.get("/briefs/{brief_id}", response_model=WholeBriefOut, responses=problems(404))
def get_brief(desk: DeskDep, person: Reviewer, brief_id: str) -> Response:
    """One brief with its newest words, its evidence, its versions and what was decided. The ETag is what edits and decisions name."""
    row = review.see(desk, person, brief_id)
    whole = desk_view.whole(desk.courier.store, row)
    told = OpenBriefOut(
        **brief_out(row).model_dump(),
        rejected=list(whole.rejected),
        versions=[version_out(each) for each in whole.versions],
        decisions=[decision_out(each) for each in whole.decisions],
    )
    return mark(spliced(told, body=whole.body), row)


@calls.get("/briefs/{brief_id}/versions/{n}", response_model=WholeVersionOut, responses=problems(404))
def get_version(desk: DeskDep, person: Reviewer, brief_id: str, n: Annotated[int, Path(ge=1, le=10_000)]) -> Response:
    """One version of a brief, as it stood."""
    row = review.see(desk, person, brief_id)
    version, body = desk_view.version(desk.courier.store, row, n)
    return spliced(OpenVersionOut(**version_out(version).model_dump(), brief_id=row.id), body=body)


@calls.patch("/briefs/{brief_id}", response_model=WholeBriefOut, responses=problems(404, 409, 412, 428))
def edit_brief(space: Space, desk: DeskDep, person: Editor, brief_id: str, change: Edit, if_match: IfMatch) -> Response:
    """Changes sentences. Each is verified again; one that no evidence carries is kept and labelled `csm_statement`."""
    row = held(review.see(desk, person, brief_id), if_match)
    review.edit(desk, person, brief_id, row.head, change, verify_sentence=space.verify_sentence)
    return get_brief(desk, person, brief_id)


@calls.post("/briefs/{brief_id}/decisions", status_code=201, response_model=DecidedOut, responses=problems(404, 409, 412, 428))
def decide(space: Space, desk: DeskDep, person: Reviewer, brief_id: str, decision: DecisionIn, if_match: IfMatch) -> Response:
    """Approves, rejects or sends back exactly one version."""
    row = held(review.see(desk, person, brief_id), if_match)
    outcome = _decided(space, desk, person, row, decision)
    told = DecidedOut(decision_id=outcome.decision_id, brief=brief_out(outcome.brief), handoff_id=outcome.handoff_id)
    return mark(spliced(told, status=201), outcome.brief)


def _decided(space: Workspace, desk: Desk, person: Person, row: BriefRow, made: DecisionIn) -> Outcome:
    if made.decision == "approve":
        return review.approve(
            desk,
            person,
            row.id,
            made.version_hash,
            current_dossier_check=space.changes_since,
            accept_changes=made.accept_changes,
            reason=made.reason,
            seen=row,
        )
    refuse = review.reject if made.decision == "reject" else review.request_changes
    return refuse(desk, person, row.id, made.version_hash, reason_code=made.reason_code, reason=made.reason)
