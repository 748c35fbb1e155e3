"""Faults told to a person: whatever a browser asked for and did not get is a page with a way back, never a program's answer."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.pages.frame import fault_page
from api.problems import MEDIA_TYPE

FOR_PROGRAMS = ("/v1/", "/metrics", "/healthz", "/readyz", "/openapi.json")
"""Where these begin, whoever asks is told as a program."""
WORDS = {
    404: ("There is no page at this address.", "It may have been mistyped, or the page has moved."),
    405: ("This address takes a form; there is nothing to read at it.", "Go back to the page the form is on."),
}
KEPT = ("retry-after", "allow", "connection")
"""Headers of the problem that say something to a browser too."""


def dressed(request: Request, answer: Response) -> Response:
    """The problem as it is for a program; as a page for a browser."""
    if answer.media_type != MEDIA_TYPE or not reads_pages(request):
        return answer
    told: dict[str, Any] = json.loads(bytes(answer.body))
    unrouted = request.scope.get("route") is None or answer.status_code == 405
    words, hint = WORDS.get(answer.status_code, ("", "")) if unrouted else ("", "")
    page = fault_page(
        request,
        answer.status_code,
        words or str(told["detail"]),
        hint or str(told.get("hint") or ""),
        known=answer.status_code < 500,
        request_id=str(told.get("request_id") or ""),
    )
    page.headers.update({name: value for name, value in answer.headers.items() if name.lower() in KEPT})
    return page


def reads_pages(request: Request) -> bool:
    """Whether whoever asks is a person with a browser, outside the calls for programs."""
    wanted = "text/html" in request.headers.get("accept", "") and "authorization" not in request.headers
    return wanted and not request.url.path.startswith(FOR_PROGRAMS)
