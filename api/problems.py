"""Every answer that is not what was asked for: RFC 9457 problem details, one table from error to status, and never a customer's words by accident."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.rates import TooMany
from briefs import errors
from briefs.errors import BriefsError
from retrieval import errors as retrieval_errors
from retrieval.errors import RetrievalError

log = logging.getLogger("briefs.api")

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:briefs:problem:"
"""What a problem's `type` begins with; the rest is its stable code."""


class NotSignedIn(errors.NotAllowed):
    """Nobody is acting: no token, an unknown one, or one that no longer works."""

    code = "not_signed_in"


class PreconditionMissing(BriefsError):
    """A change that does not say which version it is made on."""

    code = "precondition_missing"


class ServiceMissing(BriefsError):
    """Somebody else's service this call needs does not answer."""

    code = "service_missing"


class TooLarge(BriefsError):
    code = "too_large"


class KeyReused(BriefsError):
    """An idempotency key that came with another request before."""

    code = "idempotency_key_reused"


class StillRunning(BriefsError):
    """The first request with this idempotency key is not done, or was cut short."""

    code = "still_running"


STATUS: dict[type[Exception], int] = {
    NotSignedIn: 401,
    PreconditionMissing: 428,
    TooLarge: 413,
    KeyReused: 422,
    StillRunning: 409,
    TooMany: 429,
    ServiceMissing: 503,
    errors.BadInput: 422,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.StaleVersion: 412,
    errors.StaleDossier: 409,
    errors.MoveRefused: 409,
    errors.UnsupportedClaim: 422,
    errors.RubricError: 422,
    errors.ModelFault: 503,
    errors.AuditBroken: 500,
    retrieval_errors.ImportFault: 422,
    retrieval_errors.UnknownAccount: 404,
    retrieval_errors.StoreLocked: 503,
    retrieval_errors.IndexBroken: 503,
    retrieval_errors.EmbedderMissing: 503,
}
"""The nearest class of an error decides; a named fault that is not here is the caller's (422)."""

TITLES = {
    400: "This request cannot be read",
    401: "Nobody is signed in",
    403: "Not yours to do",
    404: "Not there, or not yours to see",
    405: "Not with this method",
    409: "Not in this state",
    412: "A newer version stands",
    413: "Too large",
    422: "Something in the request is not usable",
    428: "Say which version",
    429: "Too many requests",
    500: "Our fault",
    503: "Something needed is missing",
}


def status_of(fault: Exception) -> int:
    """The HTTP status of a named fault."""
    return next((STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS), 422)


def problem(status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """A problem details answer. `members` are further fields of it; those that say nothing are left out."""
    body: dict[str, Any] = {"type": TYPE + code.replace("_", "-"), "title": TITLES.get(status, "Problem"), "status": status, "detail": detail}
    body |= {name: value for name, value in members.items() if value not in (None, "")}
    return JSONResponse(body, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def of_fault(fault: BriefsError | RetrievalError) -> Response:
    """The answer to a named fault: its code, its words, what to do next, and what is allowed now where a move was refused."""
    status = status_of(fault)
    wait = str(getattr(fault, "wait", 5))
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": wait}, 503: {"Retry-After": wait}}.get(status, {})
    allowed = getattr(fault, "allowed", None)
    members = {"allowed": None if allowed is None else sorted(allowed), "changes": list(getattr(fault, "changes", ())) or None}
    seen = getattr(fault, "changes_digest", None)
    return problem(status, fault.code, str(fault), headers=headers, hint=fault.hint, changes_digest=seen, **members)


def of_crash(fault: BaseException, request_id: str) -> Response:
    """The answer to a fault nobody named: nothing of it but the request's id; the log gets its kind and its places in the code, never its words."""
    if type(fault).__module__.startswith("sqlalchemy") and type(fault).__name__ in ("OperationalError", "TimeoutError"):
        log.warning("database busy", extra={"request_id": request_id, "kind": type(fault).__name__})
        return problem(503, "database_busy", "The database does not answer in time.", headers={"Retry-After": "1"}, request_id=request_id)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)[-12:]]
    log.error("request failed", extra={"request_id": request_id, "kind": type(fault).__name__, "places": places})
    return problem(500, "internal", "Something went wrong on our side. Tell an admin the request's id.", request_id=request_id)


Dress = Callable[[Request, Response], Response]
"""Gives a problem the form the caller can read."""


def install(app: FastAPI, dress: Dress) -> None:
    """Teaches the app to answer every fault as a problem, in the form `dress` gives it."""
    for kind, answer in ((BriefsError, _named), (RetrievalError, _named), (RequestValidationError, _invalid), (HTTPException, _http)):
        app.add_exception_handler(kind, partial(_dressed, dress, answer))


def _dressed(dress: Dress, answer: Callable[[Request, Exception], Response], request: Request, fault: Exception) -> Response:
    return dress(request, answer(request, fault))


def _named(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, BriefsError | RetrievalError)
    return of_fault(fault)


def _invalid(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    return problem(422, "invalid", "The request does not have the shape this call needs.", errors=[_field(each) for each in fault.errors()])


def _field(each: Mapping[str, Any]) -> dict[str, str]:
    """Where and why, without what was sent."""
    where, *path = each["loc"]
    if each["type"] == "json_invalid":
        path = []
    return {"in": str(where), "pointer": pointer(path), "detail": str(each["msg"]), "code": str(each["type"])}


def pointer(path: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901); the whole document is the empty string."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    headers = dict(fault.headers or {})
    if fault.status_code == 405:
        headers["Allow"] = ", ".join(methods_of(request)) or headers.get("Allow", "")
    detail = {404: "There is no such call.", 405: "This call has other methods."}.get(fault.status_code, "The request cannot be read.")
    return problem(fault.status_code, {404: "not_found", 405: "method_not_allowed"}.get(fault.status_code, "bad_request"), detail, headers=headers)


def methods_of(request: Request) -> list[str]:
    """Every method the path answers to, over all routes that share it."""
    from api.walk import routes_of

    found: set[str] = set()
    for route in routes_of(request.app):
        if route.path_regex.match(request.url.path):
            found |= route.methods or set()
    return sorted(found)
