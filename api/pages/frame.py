"""The frame around every page: who is signed in, where they can go, the headers that keep a browser honest, and faults told as pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.auth import FORM_COOKIE, SAFE, cookie_flags, maybe_signed_in, read_form_value, session_of
from api.pages.templating import render
from api.parts import workspace_of
from api.problems import NotSignedIn, of_fault, status_of
from briefs.errors import BriefsError
from briefs.people import Person
from briefs.sessions import Session
from briefs.store import notices
from briefs.wiring import new_token
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
NOTICES = "/notices"
_NAV: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/inbox", "Inbox", ("csm", "admin")),
    ("/calls", "Calls", ("ae", "admin")),
    (NOTICES, "Notices", ("csm", "ae", "admin")),
    ("/funnel", "Funnel", ("csm", "admin")),
    ("/rubric", "Rubric", ("csm", "admin")),
    ("/runs", "Evaluations", ("evaluator", "admin")),
    ("/people", "People", ("admin",)),
    ("/deliveries", "Deliveries", ("admin",)),
    ("/audit", "Audit", ("admin",)),
    ("/system", "System", ("admin",)),
)
BELONGS = {"briefs": "brief", "calls": "call", "accounts": "account", "deliveries": "delivery", "runs": "run"}
LISTS = {"briefs": "inbox", "accounts": "inbox", "calls": "calls", "deliveries": "deliveries", "runs": "runs", "people": "people", "views": "inbox"}
FIELDS = ("text", "reason", "condition")
"""What people write at length, by the names forms give it."""
KEYS = (
    ("j / k", "next, previous"),
    ("Enter", "open, or show the evidence"),
    ("a", "decide"),
    ("e", "edit"),
    ("r", "turn down"),
    ("u", "undo"),
    ("m", "mark notices as read"),
    ("/", "search"),
    ("?", "this list"),
)
DONE = {
    "saved": "Saved as a new version.",
    "same": "Nothing changed.",
    "newer": "Somebody saved this brief first. Below is the newest version: do it again if it still fits.",
    "read": "Everything is read.",
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
    count: int = 0


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
                wait = of_fault(fault).headers.get("Retry-After")
                page = fault_page(request, status_of(fault), str(fault), fault.hint, kept=await _written(request))
                page.headers.update({"Retry-After": wait} if wait else {})
                return page
            except RequestValidationError:
                words = "The form does not hold what it should." if request.method not in SAFE else "This address is not one of ours."
                return fault_page(request, 422, words, "Go back and fill it in again.", kept=await _written(request))

        return handle


def router() -> APIRouter:
    """A router of pages: not part of the API's description, forms guarded by the session's value."""
    return APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=[Depends(read_form_value)])


def show(request: Request, template: str, *, status: int = 200, known: bool = True, **values: Any) -> Response:
    """The page, with what every page shows around it; not known: as for nobody, without looking in the database."""
    person, session = _around(request) if known else (None, None)
    html = render(
        template,
        page=template.removesuffix(".html"),
        theme=theme_of(request),
        nav=links(person, request.url.path, _unread(request, person)),
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


def fault_page(request: Request, status: int, message: str, hint: str, *, known: bool = True, kept: str = "", request_id: str = "") -> Response:
    """What went wrong in one line, and what to do next; `kept` gives somebody's words back to them."""
    back, label = way_back(request.url.path)
    told = {"status_code": status, "message": message, "hint": hint, "kept": kept, "request_id": request_id, "back": back, "label": label}
    return show(request, "fault.html", status=status, known=known, **told)


def way_back(path: str) -> tuple[str, str]:
    """The page a form or a part belongs to, and what a link to it says; the start page where there is none."""
    parts = path.strip("/").split("/")
    if len(parts) > 2 and parts[0] in BELONGS:
        return f"/{parts[0]}/{quote(unquote(parts[1]))}", f"Back to the {BELONGS[parts[0]]}"
    if len(parts) == 2 and parts[0] in LISTS:
        return f"/{LISTS[parts[0]]}", "Back to the list"
    return "/", "Go to your start page"


def links(person: Person | None, path: str, unread: int) -> list[Link]:
    """Where the person can go; how many notices they have not read."""
    if person is None:
        return []
    wanted = [(href, label) for href, label, roles in _NAV if person.role in roles]
    return [Link(href, label, path == href or path.startswith(href + "/"), unread if href == NOTICES else 0) for href, label in wanted]


def _unread(request: Request, person: Person | None) -> int:
    if person is None:
        return 0
    with workspace_of(request.app).store.reading() as connection:
        return notices.unread(connection, person.id)


def theme_of(request: Request) -> str:
    wanted = request.cookies.get(THEME_COOKIE, "")
    return wanted if wanted in THEMES else "auto"


def _here(request: Request) -> str:
    """The page's own address, to come back to after a change of colours or a sign-in."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "done"]
    return request.url.path + (f"?{urlencode(query)}" if query else "")


def _around(request: Request) -> tuple[Person | None, Session | None]:
    """Who the page is for. A fault of the sign-in itself is told by the page, so here it only means nobody."""
    try:
        return maybe_signed_in(request), session_of(request)
    except BriefsError:
        return None, None


async def _signed_out(request: Request) -> Response:
    """To the sign-in page; words somebody was saving as their session ended are given back to them."""
    if request.method in SAFE:
        return RedirectResponse(f"/sign-in?{urlencode({'next': _here(request), 'ended': '1'})}", 303)
    text, (next, _) = await _written(request), way_back(request.url.path)
    return sign_in_form(request, status=401, expired=True, next=next, text=text)


def sign_in_form(
    request: Request, *, next: str, status: int = 200, fault: str = "", expired: bool = False, company: str = "", text: str = ""
) -> Response:
    """The page of whoever has no session yet: its form carries the value of a cookie, as other forms carry the session's."""
    value = request.cookies.get(FORM_COOKIE) or new_token()
    page = show(request, "sign_in.html", status=status, fault=fault, expired=expired, next=next, sso=company, text=text, form_value=value)
    page.set_cookie(FORM_COOKIE, value, path="/", **cookie_flags(request))
    return page


async def _written(request: Request) -> str:
    """The words a refused form brought, so that nobody writes them twice."""
    if request.method in SAFE:
        return ""
    form = await request.form()
    return next((str(form[name]) for name in FIELDS if str(form.get(name) or "").strip()), "")


__all__ = ["HTMLResponse", "Link", "PageRoute", "fault_page", "go", "packed", "router", "show", "sign_in_form"]
