"""What an endpoint is handed: the workspace, the desk, and the person who calls, held to the roles the call is for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.auth import looked_up, signed_in
from briefs.errors import NotAllowed, NotFound
from briefs.people import Person
from briefs.review import Desk
from briefs.wiring import Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI


async def workspace(request: Request) -> Workspace:
    return workspace_of(request.app)


def workspace_of(app: FastAPI) -> Workspace:
    """The workspace an app serves."""
    return cast("Workspace", app.state.workspace)


async def desk(request: Request) -> Desk:
    return workspace_of(request.app).desk


def caller(*roles: str, hides: str | None = None) -> Callable[[Request], Awaitable[Person]]:
    """Whoever calls, if the role may make this call; any role where none is named.

    A role that may not gets 403 from a call on a collection; where the path names one thing (`hides`: what it is called), it gets the same 404 as
    for a thing that is not there.
    """

    async def check(request: Request) -> Person:
        # who has been looked up for the idempotency key needs no other thread, and no other turn
        person = signed_in(request) if looked_up(request) else await run_in_threadpool(signed_in, request)
        if roles and person.role not in roles:
            if hides is not None:
                raise NotFound(f"No such {hides}, or not yours to see.")
            raise NotAllowed(f"This is for people with the role {' or '.join(roles)}.", "Sign in as somebody with that role.")
        return person

    return check


Space = Annotated[Workspace, Depends(workspace)]
DeskDep = Annotated[Desk, Depends(desk)]
