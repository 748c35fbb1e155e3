"""What every request goes through: an id, a limit on its size, headers that protect a browser, a line in the log, and no fault that escapes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Dress, TooLarge, of_crash, of_fault
from briefs.tracing import Tracer

log = logging.getLogger("briefs.api.access")

REQUEST_ID = re.compile(rb"^[A-Za-z0-9._-]{1,64}$")
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)
"""Put on every answer that does not say otherwise itself (the pages set a content policy of their own)."""
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")


class _Large(Exception):
    """The body is longer than it may be; raised where it is read, whatever the reader makes of it."""


class Traffic:
    """An ASGI app around the app. `limit_of` says how many bytes the body of a path may have; `observe` is told of every answer; `dress`
    gives a fault the form the caller can read; `tracer` makes the span of each request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        new_id: Callable[[], str],
        limit_of: Callable[[str], int],
        observe: Callable[[Scope, int, float], None],
        dress: Dress,
        tracer: Callable[[], Tracer],
    ) -> None:
        self._app, self._new_id, self._limit_of, self._observe, self.dress, self.tracer = app, new_id, limit_of, observe, dress, tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Exchange(self, scope, receive, send).run(self._app)

    def begin(self, scope: Scope) -> tuple[str, int]:
        """The request's id (its own, where it brings a plain one) and how long its body may be."""
        brought = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = brought.decode() if REQUEST_ID.match(brought) else self._new_id()
        return request_id, self._limit_of(scope["path"])

    def end(self, scope: Scope, status: int, seconds: float) -> None:
        """One line a request: method, the route (never the address as typed, which may hold somebody's words), status, time."""
        self._observe(scope, status, seconds)
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "route": route_of(scope),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "request_id": scope["state"]["request_id"],
            },
        )


class _Exchange:
    """One request and its answer."""

    def __init__(self, traffic: Traffic, scope: Scope, receive: Receive, send: Send) -> None:
        self._traffic, self._scope, self._receive, self._send = traffic, scope, receive, send
        self._request_id, self._limit = traffic.begin(scope)
        scope.setdefault("state", {})["request_id"] = self._request_id
        self._read, self._large = 0, False
        self._status: int | None = None
        self._began = time.perf_counter()

    async def run(self, app: ASGIApp) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self._scope["headers"] if name == b"traceparent"}
        method = self._scope["method"]
        with self._traffic.tracer().span(method, "server", {"http.request.method": method}, headers=headers) as span:
            await self._counted(app)
            route, status = route_of(self._scope), self._status or 499
            span.rename(f"{method} {route}")
            span.note({"http.route": route, "http.response.status_code": status})
            if status >= 500:
                span.failed(str(status))

    async def _counted(self, app: ASGIApp) -> None:
        try:
            if self._declared() > self._limit:
                self._large = True
            else:
                await self._guarded(app)
            if self._large and self._status is None:
                await self._answer(of_fault(TooLarge(f"The body is larger than {self._limit:,} bytes.", "Send less.")))
        finally:
            self._traffic.end(self._scope, self._status or 499, time.perf_counter() - self._began)

    async def _guarded(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except _Large:
            return
        except Exception as fault:  # noqa: BLE001  # nothing escapes to a server that would print its words
            answer = of_crash(fault, self._request_id)
            if self._status is None:
                await self._answer(answer)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                self._large = True
                raise _Large
        return message

    async def send(self, message: Message) -> None:
        if self._large and self._status is None:
            return  # what the reader of the body made of it; the answer follows
        await self._deliver(message)

    async def _deliver(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = list(message.get("headers", []))
            there = {name.lower() for name, _ in headers}
            wanted = (*HEADERS, TLS_ONLY) if self._scope.get("scheme") == "https" else HEADERS
            headers += [(name, value) for name, value in wanted if name not in there]
            headers.append((b"x-request-id", self._request_id.encode()))
            message = {**message, "headers": headers}
        await self._send(message)

    async def _answer(self, answer: Response) -> None:
        answer = self._traffic.dress(Request(self._scope), answer)
        if self._large:
            answer.headers["Connection"] = "close"
        await answer(self._scope, self._receive, self._deliver)

    def _declared(self) -> int:
        length = next((value for name, value in self._scope["headers"] if name == b"content-length"), b"0")
        return int(length) if length.isdigit() else 0


def route_of(scope: Scope) -> str:
    """The route a request went to, with its parameters' names; `unmatched` where there was none."""
    return str(getattr(scope.get("route"), "path", "unmatched"))
