"""Who calls: a bearer token, or the session cookie of somebody signed in to the pages; never a token in an address."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from fastapi import Request

from api.problems import NotSignedIn
from briefs.errors import BadInput, NotAllowed
from briefs.people import Person, whose

if TYPE_CHECKING:
    from briefs.wiring import Workspace

TOKEN_NAMES = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "bearer", "briefs_token", "auth"})
"""Names under which people put a token into an address, where it ends in logs and histories."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_TOKEN = 500


def signed_in(request: Request) -> Person:
    """Whoever calls. Raises NotSignedIn, BadInput (a token in the address), NotAllowed (a form from elsewhere)."""
    person = maybe_signed_in(request)
    if person is None:
        raise NotSignedIn("Nobody is signed in.", "Send `Authorization: Bearer TOKEN`; `briefs users add` shows a token once.")
    return person


def maybe_signed_in(request: Request) -> Person | None:
    """As `signed_in`; None where the request names nobody. The same request is looked up once."""
    if not hasattr(request.state, "person"):
        refuse_token_in_address(request)
        request.state.person = _by_token(request)
    return cast("Person | None", request.state.person)


def refuse_token_in_address(request: Request) -> None:
    """Raises BadInput where the query holds a token, whatever else the request carries."""
    names = {name.casefold() for name, _ in parse_qsl(request.url.query, keep_blank_values=True)}
    if names & TOKEN_NAMES:
        raise BadInput(
            "A token does not belong in an address: it ends in logs and histories.", "Send `Authorization: Bearer TOKEN`; revoke this one."
        )


def secret_of(request: Request) -> str:
    """What the caller proved who they are with: known to them, kept nowhere here in the clear."""
    return bearer(request) or ""


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


def _by_token(request: Request) -> Person | None:
    token = bearer(request)
    if token is None:
        return None
    workspace = cast("Workspace", request.app.state.workspace)
    try:
        return whose(workspace.store, token, now=workspace.now)
    except NotAllowed as refused:
        raise NotSignedIn(str(refused), "Ask an admin for a new token.") from refused
