"""Sends one message to one checked address and reads a short answer: no redirects, no proxy, a limit on time and on size."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Timer
from typing import Any, Protocol

from briefs.handoff.addresses import Destination, Resolve, check, look_up

SECONDS = 10.0
MOST_BYTES = 64 * 1024


class Unreachable(Exception):
    """No usable answer: the name, the connection, the time or the size. The message names which, never what was sent or received."""


@dataclass(frozen=True)
class Answer:
    """`headers` have lower-case names. `body` is at most MOST_BYTES long."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """Seconds the receiver asks to wait, where it gives them as a number."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if text.isdigit() else None

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Post(Protocol):
    """Raises BadInput for an address that may not be sent to, Unreachable where no answer came."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer: ...


@dataclass(frozen=True)
class Wire:
    """The real one. `seconds` is for everything together: looking up, connecting, sending, reading."""

    allow_private: bool = False
    resolve: Resolve = look_up
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        try:
            place = check(url, allow_private=self.allow_private, resolve=self.resolve)
        except OSError as cause:
            raise Unreachable("the name cannot be looked up") from cause
        connection = _Pinned(place, self.seconds, self.tls)
        late = Timer(self.seconds, connection.cut)
        late.daemon = True
        late.start()
        try:
            connection.request(method, place.path, content, {"User-Agent": "briefs", "Connection": "close", **headers})
            answer = connection.getresponse()
            body = answer.read(self.most_bytes + 1)
        except (OSError, http.client.HTTPException) as cause:
            raise Unreachable("no answer in time" if connection.was_cut else _told(cause)) from cause
        finally:
            late.cancel()
            connection.close()
        if connection.was_cut:
            raise Unreachable("no answer in time")
        if len(body) > self.most_bytes:
            raise Unreachable("the answer is too long")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name stands for by now. TLS is held to the name."""

    def __init__(self, place: Destination, seconds: float, tls: ssl.SSLContext) -> None:
        shown = f"[{place.host}]" if ":" in place.host else place.host
        super().__init__(shown, place.port, timeout=seconds)
        self._place, self._tls, self.was_cut = place, tls, False
        self._held: socket.socket | None = None  # the connection forgets its socket as soon as an answer begins
        self.default_port = 443 if place.scheme == "https" else 80

    def connect(self) -> None:
        self._held = socket.create_connection((self._place.address, self._place.port), self.timeout)
        if self._place.scheme == "https":
            self._held = self._tls.wrap_socket(self._held, server_hostname=self._place.host)
        self.sock = self._held

    def cut(self) -> None:
        """Ends it from outside, however slowly the other side drips."""
        self.was_cut = True
        if self._held is not None:
            with contextlib.suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self._held is not None:
            self._held.close()


def _told(cause: Exception) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "the certificate is not valid for this name"
    if isinstance(cause, ssl.SSLError):
        return "TLS could not be agreed"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, ConnectionRefusedError):
        return "the connection was refused"
    return "the connection broke" if isinstance(cause, OSError) else "the answer is not HTTP"
