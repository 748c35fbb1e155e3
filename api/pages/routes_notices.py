"""What a person was told since they looked last: who asked, what changed, what lapses; read one by one or all at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import Response

from api.pages.frame import go, router, show
from api.pages.views.notices import href_of, notices_view
from api.parts import Space, caller
from briefs.errors import BadInput, NotFound
from briefs.people import Person
from briefs.store import notices

pages = router()
Told = Annotated[Person, Depends(caller("csm", "ae", "admin"))]
SHOWN = 200


@pages.get("/notices")
def see_notices(request: Request, space: Space, person: Told) -> Response:
    """The newest first. Looking at the list leaves them unread: opening one, or the button, reads them."""
    with space.store.reading() as connection:
        rows = notices.of_person(connection, person.id, SHOWN)
    names = space.archive.account_names({row.account_id for row in rows if row.account_id})
    unread = sum(row.read_at is None for row in rows)
    newest = rows[0].at.isoformat() if rows else ""
    return show(request, "notices.html", days=notices_view(rows, names), unread=unread, newest=newest, shown=SHOWN if len(rows) == SHOWN else 0)


@pages.get("/notices/{notice_id}")
def open_notice(space: Space, person: Told, notice_id: str) -> Response:
    """Goes to what a notice is about, which reads it."""
    with space.store.writing() as connection:
        notice = notices.read_one(connection, person.id, notice_id, space.now())
    if notice is None or not href_of(notice):
        raise NotFound("There is no such notice, or it leads nowhere any more.", "The list shows yours.")
    return go(href_of(notice))


@pages.post("/notices/read")
def read_all(space: Space, person: Told, until: Annotated[str, Form(max_length=40)]) -> Response:
    """Everything that stood on the page is read; what came since stays unread."""
    try:
        moment = datetime.fromisoformat(until)
    except ValueError as fault:
        raise BadInput("That is not a moment.", "Reload the page.") from fault
    with space.store.writing() as connection:
        notices.read(connection, person.id, space.now(), until=moment)
    return go("/notices", "read")
