"""The AE's pages: briefs handed over, read on a phone before a call or on paper; accept, decline, ask, and say how it went."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Form, Request
from markupsafe import Markup
from starlette.responses import Response

from api.pages.frame import HEADERS, go, router, show
from api.pages.views.amounts import amount_of, read_back
from api.pages.views.calls import calls
from api.pages.views.words import CHANGED, DECLINES, LOSSES, said
from api.parts import DeskDep, Space, caller
from briefs import review
from briefs.brief import BriefBody
from briefs.deciding import handed, sales, talking
from briefs.deciding.handed import Handed
from briefs.desk import Desk
from briefs.errors import BadInput, NotFound
from briefs.gate import MOVES
from briefs.links import path_of
from briefs.people import Person
from briefs.rendering import render
from briefs.rendering.cleaning import one_line
from briefs.rendering.page import fragment
from briefs.rendering.words import SECTIONS
from briefs.store.conversation import Change

pages = router()
Seller = Annotated[Person, Depends(caller("ae", "admin", hides="hand-off"))]
Reader = Annotated[Person, Depends(caller("ae", "admin", "csm", hides="hand-off"))]
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]
Words = Annotated[str, Form(max_length=4000)]
Code = Annotated[str, Form(max_length=40)]


@pages.get("/calls")
def see_calls(request: Request, desk: DeskDep, person: Annotated[Person, Depends(caller("ae", "admin"))]) -> Response:
    return show(request, "calls.html", groups=calls(handed.listed(desk, person)))


@pages.get("/calls/{handoff_id}")
def see_call(request: Request, space: Space, desk: DeskDep, person: Reader, handoff_id: str) -> Response:
    """The words that were approved, what is otherwise since, and the forms of the next step."""
    held = handed.read(desk, person, handoff_id)
    if held.body is None:
        return show(request, "taken_back.html", name=held.brief.account_name, at=held.handoff.withdrawn_at)
    body = BriefBody.model_validate_json(held.body)
    return show(
        request,
        "call.html",
        h=held.handoff,
        name=one_line(body.account_name),
        sheet=Markup(fragment(body, "ae")),  # written by briefs.rendering.page, which escapes every word
        since=[_since(change) for change in held.changes],
        can={action.value for state, action in MOVES if state is held.brief.state} if person.role in ("ae", "admin") else set(),
        tomorrow=(space.now() + timedelta(days=1)).date().isoformat(),
        declines=DECLINES.items(),
        losses=LOSSES.items(),
        currency=one_line(held.brief.currency or ""),
        won=[read_back(answer.amount, answer.currency) for answer in held.answers if answer.kind == "won" and answer.amount is not None],
        questions=_talk(held),
        sections=[(section.key, SECTIONS.get(section.key, section.title)) for section in body.sections],
        titles=SECTIONS,
        given=held.feedback,
        asks=person.role in ("ae", "admin"),
    )


@pages.get("/handoffs/{handoff_id}")
def see_old_address(person: Reader, handoff_id: str) -> Response:
    """Messages of earlier releases lead here."""
    return go(path_of(f"handoff:{handoff_id}"))


@pages.get("/calls/{handoff_id}/brief.pdf")
def see_pdf(desk: DeskDep, person: Reader, handoff_id: str) -> Response:
    """The same words as a PDF."""
    return _leaving(desk, person, handoff_id, "ae")


@pages.get("/calls/{handoff_id}/customer")
def see_customers_copy(request: Request, desk: DeskDep, person: Reader, handoff_id: str) -> Response:
    """What may be shown to the customer: nothing internal."""
    body = _body(desk, person, handoff_id)
    return _customer(request, body, f"/calls/{handoff_id}")


@pages.get("/calls/{handoff_id}/customer.pdf")
def see_customers_pdf(desk: DeskDep, person: Reader, handoff_id: str) -> Response:
    return _leaving(desk, person, handoff_id, "customer")


@pages.get("/briefs/{brief_id}/customer")
def preview_customers_copy(request: Request, space: Space, desk: DeskDep, person: Reviewer, brief_id: str) -> Response:
    """The CSM sees the customer's copy before anybody else does."""
    row = review.see(desk, person, brief_id)
    return _customer(request, BriefBody.model_validate_json(space.store.version(row.head)), f"/briefs/{brief_id}")


@pages.get("/briefs/{brief_id}/customer.pdf")
def preview_customers_pdf(space: Space, desk: DeskDep, person: Reviewer, brief_id: str) -> Response:
    row = review.see(desk, person, brief_id)
    review.note_export(desk.courier.store, row, person, "pdf", "customer", desk.courier.now())
    return _pdf(BriefBody.model_validate_json(space.store.version(row.head)), "customer")


@pages.post("/calls/{handoff_id}/accept")
def accept(desk: DeskDep, person: Seller, handoff_id: str, first_touch: Annotated[date, Form()]) -> Response:
    sales.accept(desk, person, handoff_id, first_touch=first_touch)
    return go(f"/calls/{handoff_id}", "accepted")


@pages.post("/calls/{handoff_id}/decline")
def decline(desk: DeskDep, person: Seller, handoff_id: str, code: Code = "", reason: Words = "") -> Response:
    sales.decline(desk, person, handoff_id, code=code or None, reason=reason)
    return go(f"/calls/{handoff_id}", "declined")


@pages.post("/calls/{handoff_id}/recycle")
def recycle(
    desk: DeskDep, person: Reader, handoff_id: str, day: Annotated[str, Form(max_length=10)] = "", condition: Words = "", reason: Words = ""
) -> Response:
    sales.recycle(desk, person, handoff_id, day=_day(day), condition=condition, reason=reason)
    return go(f"/calls/{handoff_id}", "recycled")


@pages.post("/calls/{handoff_id}/outcome")
def outcome(
    desk: DeskDep,
    person: Seller,
    handoff_id: str,
    result: Annotated[Literal["won", "lost"], Form()],
    amount: Annotated[str, Form(max_length=20)] = "",
    code: Code = "",
    reason: Words = "",
) -> Response:
    won = result == "won"
    sales.outcome(desk, person, handoff_id, result, amount=amount_of(amount) if won else None, code=None if won else code or None, reason=reason)
    return go(f"/calls/{handoff_id}", "outcome")


@pages.post("/calls/{handoff_id}/questions")
def ask(desk: DeskDep, person: Seller, handoff_id: str, text: Words) -> Response:
    talking.ask(desk, person, handoff_id, text)
    return go(f"/calls/{handoff_id}", "asked", "ask")


@pages.post("/calls/{handoff_id}/answers")
def reply(desk: DeskDep, person: Reviewer, handoff_id: str, question: Annotated[str, Form(max_length=64)], text: Words) -> Response:
    talking.reply(desk, person, handoff_id, question, text)
    return go(f"/calls/{handoff_id}", "answered", "ask")


@pages.post("/calls/{handoff_id}/feedback")
def feedback(
    desk: DeskDep, person: Seller, handoff_id: str, section: Annotated[str, Form(max_length=40)], useful: Annotated[bool, Form()], text: Words = ""
) -> Response:
    talking.give_feedback(desk, person, handoff_id, section=section or None, useful=useful, text=text or None)
    return go(f"/calls/{handoff_id}", "thanks", "useful")


def _since(change: Change) -> str:
    """What is otherwise since the approval, in words; where they were erased, what kind of thing."""
    words = one_line(change.words) or said(CHANGED, change.kind)
    return f"{words} (no longer so)" if change.over else words


def _talk(held: Handed) -> list[dict[str, object]]:
    """Each question with its answers."""
    asked = [said for said in held.said if said.reply_to is None]
    return [
        {"id": one.id, "text": one.text, "at": one.at, "by": one.by_name, "answers": [said for said in held.said if said.reply_to == one.id]}
        for one in asked
    ]


def _body(desk: Desk, person: Person, handoff_id: str) -> BriefBody:
    held = handed.read(desk, person, handoff_id)
    if held.body is None:
        raise NotFound("This hand-off was taken back.", "Its words are no longer shown. Ask the CSM.")
    return BriefBody.model_validate_json(held.body)


def _customer(request: Request, body: BriefBody, back: str) -> Response:
    sheet = Markup(fragment(body, "customer"))  # written by briefs.rendering.page, which escapes every word
    return show(request, "customer.html", name=one_line(body.account_name), sheet=sheet, back=back, pdf=f"{back}/customer.pdf")


def _leaving(desk: Desk, person: Person, handoff_id: str, audience: str) -> Response:
    """The hand-off as a file, which the audit chain tells."""
    body, courier = _body(desk, person, handoff_id), desk.courier
    details = {"format": "pdf", "audience": audience, "token": person.token_id}
    courier.store.note(courier.now(), person.id, "handoff.export", f"handoff:{handoff_id}", **details)
    return _pdf(body, audience)


def _pdf(body: BriefBody, audience: str) -> Response:
    name = "customer-copy.pdf" if audience == "customer" else "brief.pdf"
    headers = HEADERS | {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(render(body, "pdf", audience), 200, headers, "application/pdf")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise BadInput("That is not a day.", "Write it as 2026-05-31.") from fault
