"""Who calls: a bearer token, or the session cookie of somebody signed in to the pages; never a token in an address.

A browser sends a cookie along with whatever page asks it to. So a request that changes something and is known by its cookie only must also carry the
session's form value, and must not come from another site.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from api.problems import NotSignedIn
from briefs import sessions
from briefs.errors import BadInput, NotAllowed
from briefs.people import Person, whose
from briefs.sessions import Session
from briefs.wiring import Workspace

TOKEN_NAMES = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "bearer", "briefs_token", "auth"})
"""Names under which people put a token into an address, where it ends in logs and histories."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TOKEN = 500
SESSION_COOKIE = "briefs_session"
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
FORM_COOKIE = "briefs_form"
"""Guards the one form that is sent before there is a session: signing in."""


def signed_in(request: Request) -> Person:
    """Whoever calls. Raises NotSignedIn, BadInput (a token in the address), NotAllowed (a form from elsewhere)."""
    person = maybe_signed_in(request)
    if person is None:
        raise NotSignedIn("Nobody is signed in.", "Send `Authorization: Bearer TOKEN`; `briefs users add` shows a token once.")
    return person


def maybe_signed_in(request: Request) -> Person | None:
    """As `signed_in`; None where the request names nobody, or by a cookie that no longer works. The same request is looked up once."""
    if not looked_up(request):
        refuse_token_in_address(request)
        person = _by_token(request) or _by_cookie(request)
        if person is not None:
            request.app.state.rates.take(_credential(request, person), time.monotonic())
        request.state.person = person
    return cast("Person | None", request.state.person)


def looked_up(request: Request) -> bool:
    """Whether it is known by now who sent the request: to ask again costs nothing."""
    return hasattr(request.state, "person")


def take_refusal(request: Request) -> None:
    """Counts one refused token or session of the peer that sent it. Raises TooMany where it sent too many; what is accepted is never counted."""
    request.app.state.refusals.take(request.client.host if request.client else "", time.monotonic())


def _credential(request: Request, person: Person) -> str:
    """What the requests of one program are counted by: its token, or the session of a browser."""
    session: Session | None = getattr(request.state, "session", None)
    return f"session:{session.csrf}" if session is not None else f"token:{person.token_id}"


def session_of(request: Request) -> Session | None:
    """The session of somebody signed in to the pages: its `csrf` goes into every form, as the field `csrf`. None for a token, or for nobody."""
    maybe_signed_in(request)
    return cast("Session | None", getattr(request.state, "session", None))


async def read_form_value(request: Request) -> None:
    """For routers of pages, as a dependency of the whole router: lets a form carry the session's value as a field instead of the header."""
    if request.method not in SAFE:
        form = await request.form()
        request.state.csrf = str(form.get(CSRF_FIELD) or "")


def refuse_token_in_address(request: Request) -> None:
    """Raises BadInput where the query holds a token, whatever else the request carries."""
    names = {name.casefold() for name, _ in parse_qsl(request.url.query, keep_blank_values=True)}
    if names & TOKEN_NAMES:
        raise BadInput("A token does not belong in an address, where logs keep it.", "Send `Authorization: Bearer TOKEN`; revoke this one.")


def secret_of(request: Request) -> str:
    """What the caller proved who they are with: known to them, kept nowhere here in the clear."""
    return bearer(request) or request.cookies.get(SESSION_COOKIE) or ""


def bearer(request: Request) -> str | None:
    """The token of the Authorization header; None without one. Raises NotSignedIn for a header of another kind."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    if kind.casefold() != "bearer" or not token.strip() or len(token) > LONGEST_TOKEN or not token.isascii():
        raise NotSignedIn("The Authorization header is not `Bearer TOKEN`.", "Send the token `briefs users add` showed.")
    return token.strip()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())


def refuse_other_sites(request: Request) -> None:
    """Raises NotAllowed where the browser says that another site made it send this."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    elsewhere = site is not None and site not in ("same-origin", "none")
    if elsewhere or (origin is not None and urlsplit(origin).netloc not in _own_hosts(request)):
        raise NotAllowed("This came from another site.", "Open the page here and do it again.")


def refuse_form_not_ours(request: Request) -> None:
    """Raises NotAllowed where a browser signs in by a form that is not the one this site gave it. Programs say nothing of where they come from."""
    refuse_other_sites(request)
    browser = "origin" in request.headers or "sec-fetch-site" in request.headers
    given = request.cookies.get(FORM_COOKIE, "")
    if browser and not (given and same(getattr(request.state, "csrf", ""), given)):
        raise NotAllowed("The form is not the one this browser was given.", "Open the sign-in page again; the browser must take cookies.")


def cookie_flags(request: Request) -> dict[str, Any]:
    """How every cookie is set: out of reach of scripts and other sites, and over TLS only where people reach the service over it."""
    return {"httponly": True, "samesite": "lax", "secure": behind_tls(request)}


def behind_tls(request: Request) -> bool:
    """Whether people reach the service over TLS, also where a proxy ends it."""
    return request.url.scheme == "https" or (_workspace(request).settings.public_url or "").startswith("https://")


def _own_hosts(request: Request) -> set[str]:
    return {request.headers.get("host", ""), urlsplit(_workspace(request).settings.public_url or "").netloc} - {""}


def _by_token(request: Request) -> Person | None:
    token = bearer(request)
    if token is None:
        return None
    workspace = _workspace(request)
    try:
        return whose(workspace.store, token, now=workspace.now)
    except NotAllowed as refused:
        take_refusal(request)
        raise NotSignedIn(str(refused), "Ask an admin for a new token.") from refused


def _by_cookie(request: Request) -> Person | None:
    value = request.cookies.get(SESSION_COOKIE)
    if not value or len(value) > LONGEST_TOKEN:
        return None
    workspace = _workspace(request)
    try:
        session = sessions.find(workspace.store, value, now=workspace.now)
    except NotAllowed:
        take_refusal(request)
        return None
    if request.method not in SAFE:
        refuse_other_sites(request)
        shown = request.headers.get(CSRF_HEADER) or getattr(request.state, "csrf", "")
        if not same(shown, session.csrf):
            raise NotAllowed("The form does not carry this session's value.", f"Reload the page, or send {CSRF_HEADER}.")
    request.state.session = session
    return session.person


def _workspace(request: Request) -> Workspace:
    return cast("Workspace", request.app.state.workspace)
