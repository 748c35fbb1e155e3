"""A POST sent twice is done once: its Idempotency-Key is taken before anything is done, and the answer is kept for whoever sends it again.

A key belongs to one person and one call. The answer is kept sealed under the caller's own secret, so that nobody who reads the database reads it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.auth import secret_of, signed_in
from api.problems import KeyReused, StillRunning, of_fault
from briefs.canonical import digest
from briefs.errors import BadInput, BriefsError
from briefs.store import Store, idempotency_rows
from briefs.store.idempotency_rows import Kept
from briefs.wiring import Workspace
from retrieval.errors import RetrievalError

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
LONGEST_KEY = 200
KEPT_HEADERS = ("etag", "location", "content-type")
ANSWERS = frozenset({404, 409, 412})
"""Refusals that are kept like answers: the state of things, not the form of the request, was the reason."""
PATIENCE, LOOK_AGAIN = 30.0, 0.05
"""Seconds an equal request waits for the first to end, and between two looks."""
GIVEN_UP = 120.0
"""Seconds after which a request that never ended is taken to be cut short."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OnceRoute(APIRoute):
    """A route whose POST is done once for each key."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if "POST" not in (self.methods or set()):
            return handle

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None:
                return await handle(request)
            asked, kept = await run_in_threadpool(_begun, request, key, await request.body())
            return await asked.answer(handle, request, kept)

        return once


def _begun(request: Request, key: str, body: bytes) -> tuple[_Asked, Kept | None]:
    """The request, and what is kept under its key: in one go, since each change of thread waits for its turn. Raises as `_Asked.of`."""
    asked = _Asked.of(request, key, body)
    return asked, asked.take()


class _Asked:
    """One request with a key: under what it is kept, and what it asks for."""

    def __init__(self, workspace: Workspace, key: str, request_hash: str, seal: Fernet) -> None:
        self._store: Store = workspace.store
        self._now = workspace.now
        self.key, self.request_hash, self._seal = key, request_hash, seal

    @staticmethod
    def of(request: Request, key: str, body: bytes) -> _Asked:
        """Raises BadInput for a key that cannot be one, and whatever signing in raises."""
        if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
            raise BadInput(f"An {HEADER} has between 1 and {LONGEST_KEY} printable characters.", "A fresh UUID for each new act will do.")
        person = signed_in(request)
        workspace = cast("Workspace", request.app.state.workspace)
        path = request.url.path
        parts = (path, request.url.query, request.headers.get("if-match", ""), request.headers.get("content-type", "").split(";")[0])
        asked = digest("\0".join(parts).encode() + b"\0" + _content(request, body))
        sealed = hashlib.sha256(f"{secret_of(request)}\0{key}".encode()).digest()
        return _Asked(workspace, digest(f"{person.id}\0{path}\0{key}".encode()), asked, Fernet(base64.urlsafe_b64encode(sealed)))

    async def answer(self, handle: Handler, request: Request, kept: Kept | None) -> Response:
        """The kept answer of an equal request, or this request's own, kept for the next. Raises KeyReused, StillRunning."""
        kept = await self._ended(kept)
        if kept is not None:
            return await run_in_threadpool(self._again, kept)
        try:
            response = await handle(request)
        except (BriefsError, RetrievalError) as fault:
            response = of_fault(fault)
        except BaseException:
            await run_in_threadpool(self._free)
            raise
        if response.status_code < 400 or response.status_code in ANSWERS:
            await run_in_threadpool(self._keep, response)
        else:
            await run_in_threadpool(self._free)
        return response

    async def _ended(self, kept: Kept | None) -> Kept | None:
        """What is kept under the key once it has an answer; None where the key is ours now. It waits without holding a thread."""
        until = time.monotonic() + PATIENCE
        while kept is not None and self._pending(kept, time.monotonic() > until):
            await asyncio.sleep(LOOK_AGAIN)
            kept = await run_in_threadpool(self.take)
        return kept

    def _pending(self, kept: Kept, patience_over: bool) -> bool:
        if kept.request_hash != self.request_hash:
            raise KeyReused(f"This {HEADER} came with another request.", "Use a new key for a new act.")
        if kept.status is not None:
            return False
        if (self._now() - kept.at).total_seconds() > GIVEN_UP:
            raise StillRunning("The first request with this key was cut short.", "See whether it was done; then act again with a new key.")
        if patience_over:
            raise StillRunning("The first request with this key is still being done.", "Send it again in a moment, with the same key.")
        return True

    def take(self) -> Kept | None:
        """None where the key is ours now."""
        with self._store.writing() as connection:
            return idempotency_rows.take(connection, self.key, self.request_hash, self._now())

    def _free(self) -> None:
        with self._store.writing() as connection:
            idempotency_rows.free(connection, self.key)

    def _keep(self, response: Response) -> None:
        headers = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
        sealed = self._seal.encrypt(bytes(response.body)).decode()
        with self._store.writing() as connection:
            idempotency_rows.keep(connection, self.key, response.status_code, headers, sealed)

    def _again(self, kept: Kept) -> Response:
        try:
            body = self._seal.decrypt((kept.body or "").encode())
        except InvalidToken:
            raise KeyReused(f"This {HEADER} was used with another token of yours.", "Use a new key for a new act.") from None
        return Response(body, kept.status or 200, {**kept.headers, REPLAYED: "true"})


def _content(request: Request, body: bytes) -> bytes:
    """The body without what may differ between two sendings of the same: the order of JSON fields, the boundary of a form."""
    kind, _, options = request.headers.get("content-type", "").partition(";")
    if kind.strip().casefold() == "multipart/form-data" and "boundary=" in options:
        boundary = options.partition("boundary=")[2].split(";")[0].strip().strip('"')
        return body.replace(boundary.encode(), b"") if boundary else body
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body
