"""Deciding on a brief: what the AE will see, word for word, and whom it goes to; yes, no, not yet. One brief at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from api.pages.frame import go, router, show
from api.pages.reviewing import contradictions
from api.parts import DeskDep, Space, caller
from briefs import review
from briefs.brief import BriefBody
from briefs.deciding import desk_work
from briefs.desk import Desk
from briefs.errors import BadInput, StaleDossier, StaleVersion
from briefs.gate import MOVES, Action, State
from briefs.people import Person, everybody
from briefs.rendering.audience import is_internal
from briefs.rendering.page import fragment
from briefs.rendering.reading import reading_seconds
from briefs.store import page_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.page_rows import Look
from briefs.store.person_rows import PersonRow
from briefs.wiring import Workspace
from retrieval.dossier import Dossier

pages = router()
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]
Hash = Annotated[str, Form(max_length=80)]
Reason = Annotated[str, Form(max_length=1000)]
LONGEST_LOOK = 3600.0


@pages.get("/briefs/{brief_id}/decide")
def see_decision(request: Request, space: Space, desk: DeskDep, person: Reviewer, brief_id: str) -> Response:
    """The words the AE would read, and the forms that decide on exactly them."""
    return deciding(request, space, desk, person, review.see(desk, person, brief_id))


@pages.post("/briefs/{brief_id}/approve")
def approve(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Reviewer,
    brief_id: str,
    version_hash: Hash,
    reason: Reason = "",
    accept_changes: Annotated[str, Form(max_length=80)] = "",
    began: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Approves these words. A newer version, or a record that changed, shows the page again instead."""
    row = review.see(desk, person, brief_id)
    _note_look(space, person, row, version_hash, began)
    try:
        outcome = review.approve(
            desk,
            person,
            brief_id,
            version_hash,
            current_dossier_check=space.changes_since,
            accept_changes=accept_changes or None,
            reason=reason.strip() or None,
        )
    except StaleVersion:
        return deciding(request, space, desk, person, review.see(desk, person, brief_id), status=412, newer=True)
    except StaleDossier as fault:
        return deciding(request, space, desk, person, row, status=409, stale=fault, again=bool(accept_changes))
    return go(f"/briefs/{brief_id}/decide", "waiting" if outcome.delivery is not None and outcome.delivery.fault else "approved")


@pages.post("/briefs/{brief_id}/refuse")
def refuse(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Reviewer,
    brief_id: str,
    version_hash: Hash,
    act: Annotated[str, Form(max_length=20)],
    reason_code: Annotated[str, Form(max_length=40)] = "",
    reason: Reason = "",
) -> Response:
    """Asks for changes, rejects, or takes an approval back, always with a reason."""
    acts = {"request_changes": (review.request_changes, "sent_back"), "reject": (review.reject, "rejected"), "recall": (review.recall, "recalled")}
    if act not in acts:
        raise BadInput("There is no such decision.", "Go back and choose one of the buttons.")
    decide, done = acts[act]
    try:
        decide(desk, person, brief_id, version_hash, reason_code=reason_code or None, reason=reason)
    except StaleVersion:
        return deciding(request, space, desk, person, review.see(desk, person, brief_id), status=412, newer=True)
    except BadInput as fault:
        row = review.see(desk, person, brief_id)
        return deciding(request, space, desk, person, row, status=422, fault=f"{fault} {fault.hint}")
    return go(f"/briefs/{brief_id}/decide", done)


@pages.post("/briefs/{brief_id}/snooze")
def snooze(
    desk: DeskDep, person: Reviewer, brief_id: str, until: Annotated[str, Form(max_length=10)] = "", for_evidence: Annotated[bool, Form()] = False
) -> Response:
    """Puts it off until a day, or sooner when there is something new."""
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as fault:
        raise BadInput("That is not a day.", "Write it as 2026-05-31.") from fault
    desk_work.snooze(desk, person, brief_id, until=day, for_evidence=for_evidence)
    return go("/inbox", "snoozed")


@pages.post("/briefs/{brief_id}/wake")
def wake(desk: DeskDep, person: Reviewer, brief_id: str) -> Response:
    desk_work.wake(desk, person, brief_id)
    return go(f"/briefs/{brief_id}/decide", "woken")


@pages.post("/briefs/{brief_id}/keep")
def keep(desk: DeskDep, person: Reviewer, brief_id: str, version_hash: Hash) -> Response:
    """A small deal stays with its CSM: no hand-off."""
    try:
        desk_work.keep(desk, person, brief_id, version_hash)
    except StaleVersion:
        return go(f"/briefs/{brief_id}/decide", "newer")
    return go(f"/briefs/{brief_id}/decide", "kept")


@pages.post("/briefs/{brief_id}/assign")
def assign(desk: DeskDep, person: Reviewer, brief_id: str, to: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Gives it to a colleague, or back to whoever the account names."""
    desk_work.assign(desk, person, brief_id, to.strip() or None)
    return go(f"/briefs/{brief_id}/decide", "assigned")


def _possible(state: State) -> dict[str, bool]:
    """Which of the page's decisions the gate lets through now."""
    can = {action for (now, action) in MOVES if now is state}
    return {
        "approvable": Action.APPROVE in can,
        "refusable": Action.REJECT in can,
        "recallable": Action.RECALL in can,
        "snoozable": Action.KEEP in can,
    }


def _days(now: datetime) -> dict[str, str]:
    """When the page was begun, and the days a brief is mostly put off to."""
    return {
        "began": now.isoformat(),
        "tomorrow": (now + timedelta(days=1)).date().isoformat(),
        "next_week": (now + timedelta(days=7)).date().isoformat(),
    }


def deciding(
    request: Request,
    space: Workspace,
    desk: Desk,
    person: Person,
    row: BriefRow,
    *,
    status: int = 200,
    newer: bool = False,
    stale: StaleDossier | None = None,
    again: bool = False,
    fault: str = "",
) -> Response:
    """The page; with `stale`, what changed in the record and a box that says exactly this was read, `again` where it was another list before."""
    body = BriefBody.model_validate_json(space.store.version(row.head))
    dossier = Dossier.model_validate_json(space.store.dossier(body.provenance.dossier_hash))
    with space.store.reading() as connection:
        look = page_rows.looked(connection, row.id, [row.head], person.id)
    can = _possible(row.state)
    return show(
        request,
        "decide.html",
        status=status,
        row=row,
        sheet=Markup(fragment(body, "ae")),  # written by briefs.rendering.page, which escapes every word
        to=recipient(space, row.account_id),
        newer=newer,
        stale=stale,
        again=again,
        fault=fault,
        statements=sum(claim.kind == "csm_statement" for claim in body.claims()),
        internal=sum(is_internal(claim, body.sources) for claim in body.claims()),
        contradicted=contradictions(space, body, dossier) if can["approvable"] else (),
        look=look,
        minutes=max(round(sum(reading_seconds(body)) / 60), 1),
        **_days(space.now()),
        **can,
        assignee=_name_of(space, row.assignee),
        decisions=space.store.decisions(row.id),
    )


def recipient(space: Workspace, account_id: str) -> PersonRow | None:
    """The person the account names as its AE; None where it names nobody who is a person here."""
    wanted = (space.owners(account_id).ae or "").strip().casefold()
    return next(
        (p for p in everybody(space.store) if wanted and p.revoked_at is None and wanted in (p.id.casefold(), (p.email or "").casefold())), None
    )


def _name_of(space: Workspace, person_id: str | None) -> str:
    """How a person is named in the form: by e-mail, where there is one."""
    return next((p.email or p.id for p in everybody(space.store) if p.id == person_id), "") if person_id else ""


def _note_look(space: Workspace, person: Person, row: BriefRow, version_hash: str, began: str) -> None:
    """Without scripts nothing measures reading: the time from the page to the decision then stands for it."""
    try:
        seconds = (space.now() - datetime.fromisoformat(began)).total_seconds()
    except (ValueError, TypeError):
        return
    with space.store.writing() as connection:
        measured = page_rows.looked(connection, row.id, [version_hash], person.id)
        if measured.seconds == 0 and version_hash == row.head:
            page_rows.add_look(
                connection, space.new_id(), row.id, version_hash, person.id, space.now(), Look(max(0.0, min(seconds, LONGEST_LOOK)), 0)
            )
