"""The first run: the sample brought in beside the requests, and a page that says how far it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from api.pages import first_run
from api.pages.first_run import Start
from api.pages.frame import go, router, show
from api.parts import Space, caller
from briefs.errors import MoveRefused
from briefs.people import Person

pages = router()
Reader = Annotated[Person, Depends(caller("csm", "admin"))]
AGAIN_S = 2
"""How often the page asks again without scripts."""


@pages.post("/start/sample")
def import_sample(request: Request, space: Space, person: Annotated[Person, Depends(caller("admin"))]) -> Response:
    """Begins to import and scan the sample portfolio. Raises MoveRefused where the home holds somebody's own accounts."""
    if not first_run.wanted(space):
        raise MoveRefused("This home holds accounts of your own.", "The sample goes into an empty home: `briefs demo` makes one.")
    start_of(request).begin(space, person)
    return go("/start")


@pages.get("/start")
def see_start(request: Request, person: Reader) -> Response:
    """How far it is; the inbox once it is there, or where nothing is under way."""
    told = start_of(request).told()
    if told is None or told.step == "done":
        return go("/inbox", "imported" if told else "")
    return show(request, "start.html", p=told, admin=person.role == "admin", again=AGAIN_S)


def start_of(request: Request) -> Start:
    """The first run of the service that answers."""
    start: Start = request.app.state.start
    return start
