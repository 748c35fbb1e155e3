"""The frame around every page: who is signed in, where they can go, the headers that keep a browser honest, and faults told as pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.auth import maybe_signed_in, read_form_value, session_of
from api.pages.templating import render
from api.problems import NotSignedIn, status_of
from briefs.errors import BriefsError
from briefs.people import Person
from retrieval.errors import RetrievalError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""`no-referrer` would make a browser send a form of our own as if it came from nowhere."""
THEMES = ("auto", "dark", "light")
THEME_COOKIE = "briefs_theme"
ROLES = {"csm": "CSM", "ae": "AE", "admin": "Admin", "evaluator": "Evaluator", "service": "Service"}
HOME = {"csm": "/inbox", "ae": "/calls", "admin": "/inbox", "evaluator": "/runs"}
_NAV: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/inbox", "Inbox", ("csm", "admin")),
    ("/calls", "Calls", ("ae", "admin")),
    ("/funnel", "Funnel", ("csm", "admin")),
    ("/rubric", "Rubric", ("csm", "admin")),
    ("/runs", "Evaluations", ("evaluator", "admin")),
    ("/people", "People", ("admin",)),
    ("/deliveries", "Deliveries", ("admin",)),
    ("/audit", "Audit", ("admin",)),
    ("/system", "System", ("admin",)),
)
KEYS = (
    ("j / k", "next, previous"),
    ("Enter", "open, or show the evidence"),
    ("a", "decide"),
    ("e", "edit"),
    ("r", "turn down"),
    ("u", "undo"),
    ("/", "search"),
    ("?", "this list"),
)
DONE = {
    "saved": "Saved as a new version.",
    "same": "Nothing changed.",
    "undone": "The last change is undone.",
    "approved": "Approved. It is on its way to the AE.",
    "waiting": "Approved. It could not be written yet and is tried again.",
    "rejected": "Rejected. Your reason is kept with it.",
    "sent_back": "Changes are asked for. The brief stays open.",
    "snoozed": "Snoozed.",
    "kept": "It stays with you.",
    "recalled": "Taken back from sales.",
    "accepted": "Accepted.",
    "declined": "Declined. The CSM is told why.",
    "recycled": "Sent back. The CSM is told until when.",
    "woken": "It is back on your list.",
    "asked": "Your question went to the CSM.",
    "answered": "Your answer went to the AE.",
    "thanks": "Thank you. It is kept for the people who tune the rubric and the prompts.",
    "outcome": "The outcome is kept.",
    "view": "The view is saved.",
    "attached": "The evidence is attached.",
    "person": "Done.",
    "resent": "It is sent again.",
    "overridden": "Your judgement is kept. It counts at the next scan.",
    "assigned": "Assigned.",
    "imported": "The sample is here.",
}
"""What a page says after something was done, by the code in its address: never words from the address itself."""


@dataclass(frozen=True)
class Link:
    href: str
    label: str
    here: bool


@dataclass(frozen=True)
class Me:
    name: str
    role_name: str


class PageRoute(APIRoute):
    """A route whose faults are pages: sign in where nobody is, else what went wrong and what to do next."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except NotSignedIn:
                return await _signed_out(request)
            except (BriefsError, RetrievalError) as fault:
                return fault_page(request, status_of(fault), str(fault), fault.hint)
            except RequestValidationError:
                return fault_page(request, 422, "The form does not hold what it should.", "Go back and fill it in again.")

        return handle


def router() -> APIRouter:
    """A router of pages: not part of the API's description, forms guarded by the session's value."""
    return APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(read_form_value)])


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """The page, with what every page shows around it."""
    person, session = maybe_signed_in(request), session_of(request)
    html = render(
        template,
        theme=theme_of(request),
        nav=links(person, request.url.path),
        csrf=session.csrf if session else "",
        here=_here(request),
        me=Me(person.name, ROLES.get(person.role, person.role)) if person else None,
        told=DONE.get(request.query_params.get("done", ""), ""),
        keys=KEYS,
        **values,
    )
    return packed(request, html.encode(), "text/html; charset=utf-8", status, HEADERS)


def packed(request: Request, body: bytes, kind: str, status: int, headers: dict[str, str]) -> Response:
    """The bytes, compressed where the browser takes it."""
    headers = headers | {"Vary": "Accept-Encoding, Cookie"}
    if "gzip" in request.headers.get("accept-encoding", "") and len(body) > 1000:
        body, headers = gzip.compress(body, 5, mtime=0), headers | {"Content-Encoding": "gzip"}
    return Response(body, status, headers, kind)


def go(address: str, done: str = "", anchor: str = "") -> Response:
    """On to another page after a form (303), which then says what was done."""
    joint = "&" if "?" in address else "?"
    return RedirectResponse(address + (f"{joint}{urlencode({'done': done})}" if done else "") + (f"#{anchor}" if anchor else ""), 303)


def fault_page(request: Request, status: int, message: str, hint: str) -> Response:
    """What went wrong in one line, and what to do next."""
    return show(request, "fault.html", status=status, status_code=status, message=message, hint=hint)


def links(person: Person | None, path: str) -> list[Link]:
    if person is None:
        return []
    return [Link(href, label, path == href or path.startswith(href + "/")) for href, label, roles in _NAV if person.role in roles]


def theme_of(request: Request) -> str:
    wanted = request.cookies.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else "auto"


def _here(request: Request) -> str:
    """The page's own address, to come back to after a change of colours or a sign-in."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "done"]
    return request.url.path + (f"?{urlencode(query)}" if query else "")


async def _signed_out(request: Request) -> Response:
    """To the sign-in page; words somebody was saving as their session ended are given back to them."""
    if request.method in ("GET", "HEAD"):
        return RedirectResponse(f"/sign-in?{urlencode({'next': _here(request), 'ended': '1'})}", 303)
    text = str((await request.form()).get("text") or "")
    return show(request, "sign_in.html", status=401, fault="", expired=True, next="/", sso="", text=text)


__all__ = ["HTMLResponse", "Link", "PageRoute", "fault_page", "go", "packed", "router", "show"]
