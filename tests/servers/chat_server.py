"""A chat server on loopback that speaks OpenAI's protocol and answers as a test tells it: well, badly, late, or not at all.

    with ScriptedServer([says({"signals": []}), fails(429, retry_after=1)]) as server:
        ...  # point base_url at server.url

`replies` is a list (one a request, in order) or a function of the request's JSON. Canary requests are answered apart: a script is about the test.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What goes over the wire. `stall_s` passes in silence first; `drop` closes the connection in the middle of the body."""

    body: Json | str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stall_s: float = 0.0
    drop: bool = False


def says(value: object, *, finish: str = "stop", refusal: str | None = None, tokens_in: int = 100, tokens_out: int = 20) -> Reply:
    """An answer with this content: text as it stands, anything else as JSON, None as no content."""
    content = value if value is None or isinstance(value, str) else json.dumps(value)
    message = {"role": "assistant", "content": content} | ({"refusal": refusal} if refusal else {})
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return Reply({"id": "chat-1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice], "usage": usage})


def fails(status: int, *, retry_after: float | str | None = None, message: str = "no", code: str | None = None) -> Reply:
    """An error of the API."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Reply({"error": {"message": message, "type": "error", "code": code}}, status, headers)


def refuses() -> Reply:
    return says(None, refusal="I cannot help with that.")


def cut_off() -> Reply:
    return says('{"signals": [{"sentence": "S1"', finish="length")


def filtered() -> Reply:
    return says("", finish="content_filter")


def stalls(seconds: float) -> Reply:
    """A good answer that comes too late."""
    return Reply(says({}).body, stall_s=seconds)


def drops() -> Reply:
    """A connection that breaks in the middle of the answer."""
    return Reply(says({}).body, drop=True)


def obeys(request: Json) -> Reply:
    """The shortest answer the schema of a request allows: first values, empty lists. Good enough for a canary."""
    return says(shortest(request["response_format"]["json_schema"]["schema"]))


def shortest(schema: Json) -> Any:
    match schema["type"]:
        case "object":
            return {key: shortest(value) for key, value in schema["properties"].items()}
        case "array":
            return []
        case _:
            return schema.get("enum", [""])[0]


def schema_name(request: Json) -> str:
    """Which of our shapes a request asks for."""
    return request["response_format"]["json_schema"]["name"]


class ScriptedServer:
    """Serves while the `with` block lasts. `requests` holds the JSON of each request (canaries apart, in `canaries`), `headers` theirs by
    lower-case name, `paths` every path anybody asked for."""

    def __init__(
        self, replies: Sequence[Reply] | Callable[[Json], Reply] = obeys, *, canary: Literal["obeys", "ignores", "scripted"] = "obeys"
    ) -> None:
        self._replies = replies
        self._canary = canary
        self._lock = Lock()
        self.closing = Event()
        self.requests: list[Json] = []
        self.canaries: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.under_way = 0
        self.most_under_way = 0

    def __enter__(self) -> ScriptedServer:
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.scripted = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def reply_to(self, request: Json, headers: dict[str, str]) -> Reply:
        with self._lock:
            if schema_name(request) == "canary" and self._canary != "scripted":
                self.canaries.append(request)
                return obeys(request) if self._canary == "obeys" else says("blue")
            self.requests.append(request)
            self.headers.append(headers)
            place = len(self.requests) - 1
        if callable(self._replies):
            return self._replies(request)
        return self._replies[place] if place < len(self._replies) else fails(400, message="the script has no further reply")

    @contextlib.contextmanager
    def counted(self):
        with self._lock:
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            yield
        finally:
            with self._lock:
                self.under_way -= 1


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scripted: ScriptedServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_GET(self) -> None:
        self.server.scripted.paths.append(self.path)
        self._send(fails(404))

    def do_POST(self) -> None:
        self.server.scripted.paths.append(self.path)
        if not self.path.endswith("/chat/completions"):
            return self._send(fails(404))
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.scripted.counted():
            reply = self.server.scripted.reply_to(request, {key.lower(): value for key, value in self.headers.items()})
            if reply.stall_s:
                self.server.scripted.closing.wait(reply.stall_s)
            with contextlib.suppress(ConnectionError):
                self._send(reply)
        return None

    def _send(self, reply: Reply) -> None:
        body = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
        self.send_response(reply.status)
        for key, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **reply.headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if reply.drop else body)
        if reply.drop:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is not a server's log."""
