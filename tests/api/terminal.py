"""The command line as a person at a terminal meets it: a real pseudo-terminal takes what it writes there, a pipe the rest."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

START = (sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main())")


class Seen(NamedTuple):
    """What came out: `screen` is what a terminal showed, `piped` what a pipe got."""

    code: int
    screen: str
    piped: str


def at_a_terminal(home: Path, *arguments: str, only_stderr: bool = False) -> Seen:
    """Runs a command with its output on a terminal; with `only_stderr` its result goes into a pipe, as in `briefs ... > file`."""
    master, slave = pty.openpty()
    taken: list[bytes] = []
    reader = Thread(target=_read, args=(master, taken), daemon=True)
    reader.start()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    process = subprocess.Popen(
        [*START, "--home", str(home), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if only_stderr else slave,
        stderr=slave,
        env=environment,
    )
    os.close(slave)
    piped, _ = process.communicate(timeout=300)
    reader.join(timeout=30)
    os.close(master)
    return Seen(process.returncode, b"".join(taken).decode("utf-8", "replace"), (piped or b"").decode())


def _read(master: int, taken: list[bytes]) -> None:
    with suppress(OSError):  # Linux says EIO when the last writer has closed the terminal
        while chunk := os.read(master, 65536):
            taken.append(chunk)
