"""One process at a time owns a home folder's index, and one its background work: two would destroy it, so the second is told who the first is.

The lock file holds the owner's process id while it lives and is emptied when it closes properly: an id found in an unlocked file
means that the last owner was killed, and that its index must be looked at before it is trusted.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from retrieval.errors import StoreLocked

NAME = "index.lock"


class Ownership:
    """Held from construction to `release()` (or as a context manager). `clean` is False when the last owner ended without closing."""

    def __init__(self, home: Path, name: str = NAME) -> None:
        """Raises StoreLocked, which names the process that owns `home`."""
        home.mkdir(parents=True, exist_ok=True)
        self._file: int | None = os.open(home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as cause:
            owner = _read(self._file) or "unknown"
            os.close(self._file)
            self._file = None
            raise StoreLocked(f"Process {owner} is using {home}.", "Stop it, or give this one another --home.") from cause
        self.clean = not _read(self._file)
        self._write(str(os.getpid()))

    def release(self, clean: bool = True) -> None:
        """Lets the next process in; `clean=False` makes it check the index first. Twice is once."""
        if self._file is None:
            return
        if clean:
            self._write("")
        os.close(self._file)
        self._file = None

    def __enter__(self) -> Ownership:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.release()

    def _write(self, text: str) -> None:
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)
        os.fsync(self._file)


def owner(home: Path, name: str = NAME) -> str | None:
    """The id of the process that owns `home` now; None where none does."""
    try:
        file = os.open(home / name, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return _read(file) or "unknown"
    finally:
        os.close(file)


def _read(file: int) -> str:
    return os.pread(file, 32, 0).decode("ascii", "replace").strip()
