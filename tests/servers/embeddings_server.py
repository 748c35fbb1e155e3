"""A small embeddings server on loopback that answers as it is told: in order, shuffled, refused for a while, failing, or short."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

DIM = 8


class EmbeddingsServer(ThreadingHTTPServer):
    """`script` says how the next requests end: 429, 500, 401, "short", "shuffled" or "narrow"; once it is empty, every request is answered well."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: deque[int | str] = deque()
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


def vector(text: str, dim: int = DIM) -> list[float]:
    """What the server says of a text: the same for the same text."""
    return [byte / 255 - 0.5 for byte in hashlib.sha256(text.encode()).digest()[:dim]]


@contextmanager
def serving() -> Generator[EmbeddingsServer]:
    server = EmbeddingsServer()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingsServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(request | {"path": self.path, "authorization": self.headers["authorization"]})
        turn = self.server.script.popleft() if self.server.script else "well"
        if isinstance(turn, int):
            self._answer(turn, {"error": {"message": "scripted"}}, {"retry-after": "0.05"} if turn == 429 else {})
            return
        dim = request.get("dimensions", DIM) - (1 if turn == "narrow" else 0)
        rows = [{"object": "embedding", "index": place, "embedding": vector(text, dim)} for place, text in enumerate(request["input"])]
        rows = rows[:-1] if turn == "short" else rows[::-1] if turn == "shuffled" else rows
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._answer(200, {"object": "list", "model": request["model"], "data": rows, "usage": usage}, {})

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read what was asked from `requests`."""

    def _answer(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers | {"content-type": "application/json", "content-length": str(len(raw))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)
