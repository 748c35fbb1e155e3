"""A process beside the service that looks at accounts, so that a scan does not take the time of those who wait for a page.

Reading without a model is arithmetic, and one Python process does one thing at a time. The process here runs at a lower priority, only reads, and
answers with plain data; the service writes it down. It is opened at the first look and asked over a pipe whose other end the service alone holds:
when the service ends, however it ends, the pipe does, and so does the process. Should it die or fail, the account is looked at in the service.
"""

from __future__ import annotations

import itertools
import logging
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Lock

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings

log = logging.getLogger("briefs.aside")

NICER = 10
"""By how much the process stands back for others."""
LOOKS = 1000
"""Looks after which a new process takes over: what libraries hoard in long use is given back."""
DEATHS = 3
"""Processes that may die one after another without an answer; then it is left alone."""
ENDS_WITHIN = 5.0
"""Seconds the process has to end before it is killed."""


@dataclass(frozen=True)
class Question:
    """One look that is asked for. `scan` numbers the scan it belongs to, `at` is the moment it is asked (overrides stand or not as of it)."""

    scan: int
    account_id: str
    as_of: date
    draft: bool
    force: bool
    at: datetime


class Aside:
    """Holds the process open from the first look to `close`. One look at a time; others wait for their turn."""

    def __init__(self, settings: Settings, now: Callable[[], datetime], *, looks: int = LOOKS) -> None:
        self._settings, self._now, self._looks = settings, now, looks
        self._scans, self._turn = itertools.count(1), Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._left, self._deaths, self._closed = 0, 0, False

    @property
    def pid(self) -> int | None:
        """The id of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    def scan(self) -> Callable[[str, date, bool, bool], Prepared | None]:
        """A way to look for one scan: (account, as_of, draft, force). Names and catalogue are read anew for each scan.

        None where the process died or could not: then the account is the caller's to look at, and what is wrong with it shows there.
        """
        return partial(self._look, next(self._scans))

    def close(self) -> None:
        """Ends the process. A look under way gets no answer. Twice is once."""
        self._closed = True
        process = self._process
        with suppress(ValueError):  # it has just ended by itself
            if process is not None:
                process.terminate()
        with self._turn:
            self._end()

    def _look(self, scan: int, account_id: str, as_of: date, draft: bool, force: bool) -> Prepared | None:
        with self._turn:
            if self._closed or self._deaths >= DEATHS:
                return None
            try:
                pipe = self._opened()
                pipe.send(Question(scan, account_id, as_of, draft, force, self._now()))
                answer: Prepared | None = pipe.recv()
            except (OSError, EOFError):
                self._died()
                return None
            self._deaths, self._left = 0, self._left - 1
            if self._left <= 0:
                self._end()
            return answer

    def _opened(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._end()
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._settings), name="briefs-aside", daemon=True)
        self._process.start()
        theirs.close()
        self._pipe, self._left = ours, self._looks
        return ours

    def _died(self) -> None:
        self._end()
        if not self._closed:
            self._deaths += 1
            log.warning("the process that looks at accounts died", extra={"deaths": self._deaths})

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.terminate()
            self._process.join(ENDS_WITHIN)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
            self._process = None


def _work(questions: Connection, settings: Settings) -> None:
    """The process: opens the home for itself and answers until nobody is there to ask."""
    from briefs.wiring import Workspace

    os.nice(NICER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the service ends this process when it is done
    asked: list[Question] = []
    with Workspace(settings, now=lambda: asked[0].at, exact=True) as workspace, suppress(EOFError, OSError):
        opened: tuple[int, Pipeline] | None = None
        while True:
            question: Question = questions.recv()
            asked[:] = [question]
            if opened is None or opened[0] != question.scan:
                opened = question.scan, workspace.pipeline(workspace.offline_engine)
            questions.send(_answer(opened[1], question))


def _answer(pipeline: Pipeline, asked: Question) -> Prepared | None:
    """None for a look that fails: the service makes it again and says what is wrong."""
    try:
        return pipeline.prepare(asked.account_id, asked.as_of, draft=asked.draft, force=asked.force)
    except Exception:  # noqa: BLE001  # whatever it is, it is raised once more where it is handled
        return None
