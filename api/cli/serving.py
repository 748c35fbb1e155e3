"""`serve`: the API and the pages, with the background work beside them, in one process that owns the home folder."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import uvicorn

from api.app import create_app
from api.cli.session import note, workspace
from api.logs import to_stderr
from briefs.errors import BadInput

PATIENCE = 20
"""Seconds open requests get to end after somebody says stop."""
BACKLOG = 512


TURN_S = 0.001
"""How long a thread may go on while others wait for their turn: five times shorter than Python's own. An answer is put together from some dozen reads
of the database, and waits for its turn after each."""


class Server(uvicorn.Server):
    """uvicorn that comes back after a signal instead of ending the process, so that the home is closed properly."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(home: Path | None, host: str, port: int) -> None:
    """Serves until a signal comes. Raises StoreLocked where another process works on this home, BadInput where the address is taken."""
    with workspace(home) as opened, _listening(host, port) as door:
        opened.warm()
        sys.setswitchinterval(TURN_S)
        to_stderr()
        app = create_app(opened, opened.background())
        _set_aside()
        shown = f"[{host}]" if ":" in host else host
        note(f"briefs: serving {opened.home} on http://{shown}:{door.getsockname()[1]} (stop with Ctrl-C).")
        Server(_config(app)).run(sockets=[door])


def _set_aside() -> None:
    """What is there now stays to the end. Looked through for cycles now and then, as Python would, all answers wait a third of a second."""
    gc.collect()
    gc.freeze()


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=PATIENCE, backlog=BACKLOG)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as cause:
        told = getattr(cause, "strerror", None) or "no such address"
        raise BadInput(f"Nothing can listen on {host}:{port}: {told}.", "Name another with --host and --port.") from cause
    with door:
        yield door
