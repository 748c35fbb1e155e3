"""Hand-offs as sales reads them: only what was delivered to the one it names, byte for byte."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response

from api.paging import Paged, cursor_of
from api.parts import DeskDep, Space, caller
from api.raw import spliced
from api.routes import problems, router
from api.schemas.handoffs import HandoffsOut, WholeHandoffOut, handoff_out, open_handoff_out
from briefs import outbox
from briefs.deciding import handed
from briefs.desk_view import place
from briefs.people import Person

calls = router("handoffs")
Reader = Annotated[Person, Depends(caller("ae", "admin"))]
Named = Annotated[Person, Depends(caller("ae", "admin", hides="hand-off"))]


@calls.get("/handoffs")
def list_handoffs(desk: DeskDep, person: Reader, page: Paged) -> HandoffsOut:
    """What was delivered to the caller, newest first."""
    found, following = outbox.page(desk, person, page.limit, place(page.after))
    cursor = None if following is None else cursor_of((following[0].isoformat(), following[1]))
    return HandoffsOut(handoffs=[handoff_out(each) for each in found], next_cursor=cursor)


@calls.get("/handoffs/{handoff_id}", response_model=WholeHandoffOut, responses=problems(404))
def get_handoff(desk: DeskDep, person: Named, handoff_id: str) -> Response:
    """One hand-off: the approved bytes in an envelope. While it is recalled, only that it was."""
    found = outbox.one(desk, person, handoff_id)
    read = handed.read(desk, person, handoff_id)
    return spliced(open_handoff_out(found, read), body=read.body or b"")


@calls.get("/handoffs/{handoff_id}/files/{name}", response_class=Response, responses={200: {"content": {"*/*": {}}}, **problems(404)})
def get_file(space: Space, desk: DeskDep, person: Named, handoff_id: str, name: Annotated[str, Path(max_length=40)]) -> Response:
    """A file as it was written at approval: body.json, brief.md, brief.html or brief.pdf."""
    found = outbox.one(desk, person, handoff_id)
    data = outbox.file(desk, person, found.handoff, name, space.home)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(data, media_type=outbox.FILE_TYPES[name], headers=headers)
