"""The review page: a brief beside its evidence, edited sentence by sentence."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from api.pages.conflicts import body_of, conflict, names_of
from api.pages.frame import fault_page, go, router, show
from api.pages.reviewing import checked, edit_of, first_sentence, is_open, passages, place_of, words_at
from api.pages.views.brief import brief_view
from api.pages.views.changes import changes
from api.pages.views.notices import answer_in_words
from api.parts import DeskDep, Space, caller
from briefs import desk_view, review, revising
from briefs.brief import BriefBody
from briefs.errors import StaleVersion
from briefs.people import Person
from briefs.store import answers, conversation, handoffs, page_rows
from briefs.store.answers import Answer
from briefs.store.page_rows import Look
from briefs.wiring import Workspace
from retrieval.dossier import Dossier

pages = router()
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="brief"))]
Editor = Annotated[Person, Depends(caller("csm", hides="brief"))]
Hash = Annotated[str, Form(max_length=80)]
Key = Annotated[str, Form(max_length=80)]
Mark = Annotated[str, Query(max_length=80)]
LONGEST_LOOK = 3600.0


@pages.get("/briefs/{brief_id}")
def see_brief(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Reviewer,
    brief_id: str,
    edit: Mark = "",
    add: Mark = "",
    check: Mark = "",
    find: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """One brief with its evidence; `edit` opens one sentence, `find` searches the account's passages."""
    row = review.see(desk, person, brief_id)
    whole = desk_view.whole(space.store, row)
    body = BriefBody.model_validate_json(whole.body)
    dossier = Dossier.model_validate_json(space.store.dossier(body.provenance.dossier_hash))
    editable, decidable = is_open(row)
    editable = editable and person.role == "csm"
    editing = (first_sentence(body) if edit == "first" else edit) if editable else ""
    saw(space, person, row.account_id)
    return show(
        request,
        "brief.html",
        row=row,
        v=brief_view(body, dossier, whole.rejected),
        edit=editing,
        add=add if editable else "",
        find=find,
        hits=passages(space, body, dossier, find, attach=bool(editing) and "." not in editing),
        checked=checked(space, body, dossier, check) if check else None,
        editable=editable,
        decidable=decidable,
        undoable=editable and revising.undoable(desk, brief_id),
        questions=unanswered(space, brief_id),
        answers=answered(space, brief_id),
    )


def answered(space: Workspace, brief_id: str) -> list[tuple[str, Answer]]:
    """What sales answered to hand-offs of this brief, in words, the newest first."""
    with space.store.reading() as connection:
        told = answers.of_brief(connection, brief_id)
    return [(answer_in_words(answer.kind, answer.code), answer) for answer in reversed(told)]


def unanswered(space: Workspace, brief_id: str) -> list[tuple[str, str]]:
    """What sales asked of this brief and nobody answered: the words, and the hand-off they were asked of."""
    open_ones: list[tuple[str, str]] = []
    with space.store.reading() as connection:
        for handoff in handoffs.of_brief(connection, brief_id):
            told = conversation.said_on(connection, handoff.id)
            answered = {said.reply_to for said in told}
            open_ones += [(said.text or "", handoff.id) for said in told if said.reply_to is None and said.id not in answered]
    return open_ones


def saw(space: Workspace, person: Person, account_id: str) -> None:
    """Remembers that the person looked; a second look within a minute writes nothing."""
    with space.store.reading() as connection:
        last = page_rows.seen_by(connection, person.id).get(account_id)
    if last is None or (space.now() - last.at).total_seconds() > 60:
        with space.store.writing() as connection:
            page_rows.saw(connection, person.id, account_id, space.now())


@pages.post("/briefs/{brief_id}/sentences")
def save_sentence(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Editor,
    brief_id: str,
    version_hash: Hash,
    key: Key,
    text: Annotated[str, Form(max_length=4000)] = "",
    act: Annotated[str, Form(max_length=10)] = "save",
) -> Response:
    """A sentence reworded, added or taken out: checked, and saved as a version of its own."""
    row = review.see(desk, person, brief_id)
    try:
        changed = review.edit(desk, person, brief_id, version_hash, edit_of(key, text, act), verify_sentence=space.verify_sentence)
    except StaleVersion:
        return conflict(request, space, person, row, version_hash, key, text, act)
    if changed.head == version_hash:
        return go(f"/briefs/{brief_id}", "same", f"s-{key}")
    before, after = body_of(space, version_hash), body_of(space, changed.head)
    place = place_of(before, after, key)
    query = f"?check={place}" if act != "remove" else ""
    return go(f"/briefs/{brief_id}{query}", "saved", f"s-{place}")


@pages.post("/briefs/{brief_id}/evidence")
def attach(
    space: Space,
    desk: DeskDep,
    person: Editor,
    brief_id: str,
    version_hash: Hash,
    key: Key,
    record_id: Annotated[str, Form(max_length=200)],
    part: Annotated[str, Form(max_length=40)],
    start: Annotated[int, Form(ge=0)],
    end: Annotated[int, Form(ge=0)],
) -> Response:
    """Puts the closest words of a passage under a sentence, if they carry it."""
    row = review.see(desk, person, brief_id)

    def with_words(body: BriefBody, dossier: bytes) -> BriefBody:
        words = words_at(space, body, dossier, key, record_id, part, (start, end))
        return revising.attach(body, key, words, lambda text, evidence: space.verify_sentence(text, dossier, evidence))

    try:
        review.revise(desk, person, row.id, version_hash, with_words)
    except StaleVersion:
        return go(f"/briefs/{brief_id}?edit={key}", "newer", f"s-{key}")
    return go(f"/briefs/{brief_id}?check={key}", "attached", f"s-{key}")


@pages.post("/briefs/{brief_id}/undo")
def undo(desk: DeskDep, person: Editor, brief_id: str, version_hash: Hash) -> Response:
    try:
        revising.undo(desk, person, brief_id, version_hash)
    except StaleVersion:
        return go(f"/briefs/{brief_id}", "newer")
    return go(f"/briefs/{brief_id}", "undone")


@pages.get("/briefs/{brief_id}/changes")
def see_changes(
    request: Request, space: Space, desk: DeskDep, person: Reviewer, brief_id: str, since: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """The newest version against the machine's draft, or against any other version."""
    row = review.see(desk, person, brief_id)
    versions = space.store.versions(brief_id)
    _, before = desk_view.version(space.store, row, since)
    names = names_of(space)
    return show(
        request,
        "changes.html",
        row=row,
        since=since,
        changes=changes(BriefBody.model_validate_json(before), body_of(space, row.head)),
        versions=[(version, names.get(version.author, "the machine")) for version in versions],
    )


@pages.post("/briefs/{brief_id}/looks")
def look(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Reviewer,
    brief_id: str,
    version_hash: Hash,
    seconds: Annotated[float, Form(ge=0)],
    evidence_opened: Annotated[int, Form(ge=0, le=10_000)] = 0,
) -> Response:
    """How long a version was before the person's eyes, and how much of the evidence they opened; the page says so as it is left."""
    row = review.see(desk, person, brief_id)
    if version_hash not in {version.hash for version in space.store.versions(brief_id)}:
        return fault_page(request, 404, "The brief has no such version.", "")
    with space.store.writing() as connection:
        made = Look(min(seconds, LONGEST_LOOK), evidence_opened)
        page_rows.add_look(connection, space.new_id(), row.id, version_hash, person.id, space.now(), made)
    return Response(status_code=204)
