"""A receiver on loopback that takes what is sent and answers as a test tells it: well, badly, late, drop by drop, or not at all.

    with Receiver([status(503), status(204)]) as receiver:
        ...  # send to receiver.url
    receiver.taken[0].headers["webhook-id"]

`answers` is a list (one a request, in order; the last one stays) or a function of what was taken.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Literal


@dataclass(frozen=True)
class Taken:
    """A request as it came; `headers` by lower-case name."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Given:
    """What goes back. `how`: as it is, after `seconds` of silence, a byte every `seconds`, or a reset in place of an answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    how: Literal["plain", "late", "drip", "reset"] = "plain"
    seconds: float = 0.0


def status(code: int, value: Any = None, **headers: str) -> Given:
    body = b"" if value is None else json.dumps(value).encode() if not isinstance(value, str) else value.encode()
    return Given(code, {name.replace("_", "-"): text for name, text in headers.items()}, body)


def late(seconds: float) -> Given:
    return Given(how="late", seconds=seconds)


def drip(seconds: float) -> Given:
    return Given(body=b"x" * 10_000, how="drip", seconds=seconds)


def reset() -> Given:
    return Given(how="reset")


class Receiver:
    """Listens while the `with` block lasts; on the port given, or on one that is free."""

    def __init__(self, answers: Sequence[Given] | Callable[[Taken], Given] = (Given(),), *, port: int = 0) -> None:
        self._answers, self._port = answers, port
        self._lock = Lock()
        self.closing = Event()
        self.taken: list[Taken] = []

    def __enter__(self) -> Receiver:
        self._http = _Http(("127.0.0.1", self._port), _Handler)
        self._http.receiver = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, taken: Taken) -> Given:
        with self._lock:
            place = len(self.taken)
            self.taken.append(taken)
        return self._answers(taken) if callable(self._answers) else self._answers[min(place, len(self._answers) - 1)]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        taken = Taken(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        given = self.server.receiver.answer(taken)
        with contextlib.suppress(OSError):
            self._give(given)

    do_GET = do_POST = do_PUT = do_PATCH = _any

    def _give(self, given: Given) -> None:
        closing = self.server.receiver.closing
        if given.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        if given.how == "late" and closing.wait(given.seconds):
            return
        self.send_response(given.status)
        for name, value in {"Content-Length": str(len(given.body)), **given.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if given.how != "drip":
            self.wfile.write(given.body)
            return
        for byte in given.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if closing.wait(given.seconds):
                return

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is not a server's log."""
