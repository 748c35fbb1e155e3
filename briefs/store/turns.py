"""Writers of one process stand in line: SQLite itself lets those who wait look again after a nap, and the unlucky for many seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """First come, first served."""

    def __init__(self) -> None:
        self._lock, self._taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self) -> Generator[None]:
        """Waits for those who came before. Not to be asked for again by who has it."""
        mine = self._join()
        if mine is not None:
            mine.acquire()
        try:
            yield
        finally:
            self._pass_on()

    def _join(self) -> Lock | None:
        """What is released when the turn comes; None where it is there already."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return None
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
            return mine

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
