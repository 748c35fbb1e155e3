"""Signing in to the pages, with a token or through the company's identity provider, and out again. The pages themselves stand in `api.pages`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth import SESSION_COOKIE, cookie_flags, read_form_value, refuse_form_not_ours, session_of, take_refusal
from api.oidc import Provider
from api.parts import Space
from briefs import identity, people, sessions
from briefs.errors import NotAllowed, NotFound
from briefs.people import Person
from briefs.wiring import Workspace, new_token

PAGE, COMPANY, BACK, START = "/sign-in", "/sign-in/company", "/sign-in/company/back", "/"
STATE_COOKIE = "briefs_sign_in"
calls = APIRouter(tags=["sign-in"], include_in_schema=False)
SEE_OTHER = 303
Next = Annotated[str, Form(max_length=2000)]


@calls.post(PAGE, dependencies=[Depends(read_form_value)])
def sign_in(request: Request, space: Space, token: Annotated[str, Form(max_length=500)], next: Next = START) -> Response:
    """Signs in with a token of `briefs users add`; somebody signed in already changes to the new person."""
    refuse_form_not_ours(request)
    try:
        person = people.whose(space.store, token, now=space.now)
    except NotAllowed:
        take_refusal(request)
        space.store.note(space.now(), people.CONSOLE, "login.refuse", "login", how="token")
        return RedirectResponse(f"{PAGE}?{urlencode({'fault': 'token', 'next': local(next)})}", SEE_OTHER)
    return welcome(request, space, person, local(next), how="token")


@calls.post("/sign-out", dependencies=[Depends(read_form_value)])
def sign_out(request: Request, space: Space) -> Response:
    """Ends the session, here and in the browser."""
    session = session_of(request)
    if session is not None:
        sessions.end(space.store, session, now=space.now)
    answer = RedirectResponse(PAGE, SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE, path="/", **cookie_flags(request))
    return answer


@calls.get(COMPANY)
def to_provider(request: Request, space: Space, next: Annotated[str, Query(max_length=2000)] = START) -> Response:
    """Sends the browser to the identity provider, with a challenge only this server can answer. 404 where none is configured."""
    address, login = _provider(request).begin(_back(request, space), local(next), new_token, space.now())
    identity.begin(space.store, login)
    answer = RedirectResponse(address, SEE_OTHER)
    answer.set_cookie(STATE_COOKIE, login.state, max_age=600, path=PAGE, **cookie_flags(request))
    return answer


@calls.get(BACK)
def from_provider(
    request: Request,
    space: Space,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Back from the identity provider: whoever it vouches for must be a person here already."""
    try:
        person, next = _vouched_for(request, space, state, code)
    except NotAllowed:
        return RedirectResponse(f"{PAGE}?fault=company", SEE_OTHER)
    answer = welcome(request, space, person, next, how="oidc")
    answer.delete_cookie(STATE_COOKIE, path=PAGE, **cookie_flags(request))
    return answer


def welcome(request: Request, space: Workspace, person: Person, next: str, *, how: str) -> Response:
    """Starts a session under a new value and sends the browser on; a session it came with ends, whosever it was."""
    sessions.end_by_value(space.store, request.cookies.get(SESSION_COOKIE), now=space.now)
    session = sessions.start(space.store, person, now=space.now, new_token=new_token, how=how)
    answer = RedirectResponse(next, SEE_OTHER)
    seconds = int((session.expires_at - space.now()).total_seconds())
    answer.set_cookie(SESSION_COOKIE, session.value, max_age=seconds, path="/", **cookie_flags(request))
    return answer


def local(next: str) -> str:
    """A place on this site: anything else is the start page, so that nobody is sent elsewhere by a crafted link."""
    parts = urlsplit(next)
    good = next.startswith("/") and not next.startswith("//") and "\\" not in next and next.isprintable()
    return next if good and not parts.scheme and not parts.netloc else START


def _vouched_for(request: Request, space: Workspace, state: str, code: str) -> tuple[Person, str]:
    if not state or request.cookies.get(STATE_COOKIE) != state or not code:
        raise NotAllowed("This sign-in was not begun in this browser.", "Sign in again.")
    login = identity.finish(space.store, state, now=space.now)
    vouched = _provider(request).finish(_back(request, space), login, code, space.now())
    return identity.sign_in(space.store, vouched, now=space.now), login.next


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise NotFound("No identity provider is configured.", "Sign in with a token; an admin sets BRIEFS_OIDC_ISSUER.")
    return provider


def _back(request: Request, space: Workspace) -> str:
    base = space.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return base.rstrip("/") + BACK
