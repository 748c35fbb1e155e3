"""The pages around the pages: the start, signing in, colours, and the static files."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request
from starlette.responses import RedirectResponse, Response

from api.auth import cookie_flags, maybe_signed_in
from api.pages.frame import HOME, THEME_COOKIE, THEMES, fault_page, packed, router, sign_in_form
from api.pages.templating import STATIC, asset
from api.routes.sign_in import local

pages = router()
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FILES = ("desk.css", "desk.js", "icon.svg", "vendor/htmx.min.js")
YEAR = "public, max-age=31536000, immutable"
FAULTS = {
    "token": "This token is not known here, or no longer works.",
    "company": "Your company account could not be used. Ask an admin whether you are a person here.",
}


@pages.get("/")
def start(request: Request) -> Response:
    """Each role's own first page."""
    person = maybe_signed_in(request)
    if person is None:
        return RedirectResponse("/sign-in", 303)
    home = HOME.get(person.role)
    return RedirectResponse(home, 303) if home else fault_page(request, 403, "A service account has no pages.", "It uses the API.")


@pages.get("/sign-in")
def sign_in_page(
    request: Request,
    next: Annotated[str, Query(max_length=2000)] = "/",
    fault: Annotated[str, Query(max_length=20)] = "",
    ended: bool = False,
) -> Response:
    company = "/sign-in/company" if getattr(request.app.state, "provider", None) else ""
    status = 401 if fault else 200
    return sign_in_form(request, status=status, fault=FAULTS.get(fault, ""), expired=ended, next=local(next), company=company)


@pages.post("/theme")
def theme(request: Request, theme: Annotated[str, Form()], back: Annotated[str, Form(max_length=2000)] = "/") -> Response:
    """Light, dark or as the system; kept in the browser."""
    maybe_signed_in(request)
    answer = RedirectResponse(local(back), 303)
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=31536000, path="/", **cookie_flags(request))
    return answer


@pages.get("/static/{version}/{name:path}")
def static(request: Request, version: str, name: str) -> Response:
    """A file of the pages. Its address holds its version, so a browser keeps it; an old address gives the present file, not kept."""
    if name not in FILES:
        return fault_page(request, 404, "There is no such file.", "")
    path = STATIC / name
    kept = YEAR if asset(name) == request.url.path else "no-store"
    return packed(request, path.read_bytes(), KINDS[path.suffix], 200, {"Cache-Control": kept})
