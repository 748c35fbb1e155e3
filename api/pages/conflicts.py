"""When somebody saved first: both texts side by side, and the choice, so that nothing anybody wrote is lost."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from api.pages.frame import show
from api.pages.views.changes import differing
from briefs.brief import BriefBody
from briefs.errors import BadInput
from briefs.people import Person, everybody
from briefs.rendering.cleaning import one_line
from briefs.rendering.words import SECTIONS
from briefs.store.brief_rows import BriefRow
from briefs.wiring import Workspace


@dataclass(frozen=True)
class Standing:
    """What stands now where somebody was writing. `rows` are (sentence, whether it is new since they read it), for a sentence being added."""

    text: str
    title: str = ""
    rows: tuple[tuple[str, bool], ...] = ()


def conflict(request: Request, space: Workspace, person: Person, row: BriefRow, read: str, key: str, text: str, act: str) -> Response:
    """The page of both texts. Raises BadInput for a section there is not."""
    versions = space.store.versions(row.id)
    newest = versions[-1]
    was = body_of(space, read) if read in {version.hash for version in versions} else None
    now = body_of(space, row.head)
    theirs = _standing(now, was, key)
    who = "You, in another window," if newest.author == person.id else names_of(space).get(newest.author, "The machine")
    return show(
        request,
        "conflict.html",
        status=412,
        row=row,
        key=key,
        act=act,
        yours=text,
        theirs=theirs,
        adding=key.startswith("add."),
        who=who,
        at=newest.at,
        differing=differing(theirs.text, text),
        untouched=was is not None and _standing(was, None, key).text == theirs.text,
    )


def names_of(space: Workspace) -> dict[str, str]:
    """People's names by id."""
    return {row.id: row.name for row in everybody(space.store)}


def body_of(space: Workspace, version_hash: str) -> BriefBody:
    """The words of a version."""
    return BriefBody.model_validate_json(space.store.version(version_hash))


def _standing(body: BriefBody, was: BriefBody | None, key: str) -> Standing:
    group, _, name = key.partition(".")
    if group in ("card", "talk"):
        return Standing(str(getattr(body.card if group == "card" else body.talk_track, name, "")))
    if group != "add":
        return Standing(next((claim.text for claim in body.claims() if claim.id == key), ""))
    section = next((section for section in body.sections if section.key == name), None)
    if section is None:
        raise BadInput("There is no such part of the brief.", "Reload the page.")
    known = {claim.text for claim in was.claims()} if was else set[str]()
    rows = tuple((one_line(claim.text), was is not None and claim.text not in known) for claim in section.claims)
    return Standing("", SECTIONS.get(name) or one_line(section.title), rows)
