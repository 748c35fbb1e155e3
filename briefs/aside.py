"""A process beside the service that looks at accounts and lays out pages, so that neither takes the time of those who wait for an answer.

Reading without a model is arithmetic, and so is a PDF, and one Python process does one thing at a time. The process here runs at a lower priority,
only reads, and answers with plain data; the service writes it down. It is opened when the service starts, ahead of the first question, and asked over
a pipe whose other end the service alone holds: when the service ends, however it ends, the pipe does, and so does the process. Should it die or fail,
the service does the work.
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
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from briefs.brief import BriefBody
from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings
from briefs.store.turns import Turns

if TYPE_CHECKING:
    from briefs.wiring import Workspace

log = logging.getLogger("briefs.aside")

NICER = 10
"""By how much the process stands back for others."""
ANSWERS = 1000
"""Answers after which a new process takes over: what libraries hoard in long use is given back."""
DEATHS = 3
"""Processes that may die one after another without an answer; then it is left alone."""
PATIENCE = 300.0
"""Seconds an answer may take, a ticket of thousands of messages included; then the process counts as dead, and whoever asked looks for himself."""
ENDS_WITHIN = 5.0
"""Seconds the process has to end before it is killed."""
PIPELINES = 2
"""Held open at once: of the scan under way, and of those who ask in between."""


@dataclass(frozen=True)
class Look:
    """One look at an account. `scan` numbers the scan it belongs to, `at` is the moment it is asked (overrides stand or not as of it)."""

    scan: int
    account_id: str
    as_of: date
    draft: bool
    force: bool
    at: datetime


@dataclass(frozen=True)
class Copies:
    """The readable copies of a hand-off that are made of this body."""

    body: BriefBody


@dataclass(frozen=True)
class Ready:
    """Whether what looks and copies need is loaded; it is, once this is answered."""


Question = Look | Copies | Ready


class Aside:
    """Holds the process open from `open_ahead`, or else the first question, to `close`.

    One question at a time; the others stand in line, so that a person waits for the look under way and not for a whole scan.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime], *, answers: int = ANSWERS, patience: float = PATIENCE) -> None:
        self._settings, self._now, self._answers, self.patience = settings, now, answers, patience
        self._scans, self._line = itertools.count(1), Turns()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._left, self._deaths, self._closed = 0, 0, False

    @property
    def pid(self) -> int | None:
        """The id of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    def open_ahead(self) -> None:
        """Opens the process and loads what it needs while the caller goes on, so that nobody who asks waits for that."""
        Thread(target=self._ask, args=(Ready(),), name="briefs-aside-opens", daemon=True).start()

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
        with self._line.turn():
            self._end()

    def copies(self, body: BriefBody) -> dict[str, bytes] | None:
        """As `handoff.folder.copies`; None as with a look."""
        return self._ask(Copies(body))

    def _look(self, scan: int, account_id: str, as_of: date, draft: bool, force: bool) -> Prepared | None:
        return self._ask(Look(scan, account_id, as_of, draft, force, self._now()))

    def _ask(self, question: Question) -> Any:
        """The answer; None where there is none to be had."""
        with self._line.turn():
            if self._closed or self._deaths >= DEATHS:
                return None
            try:
                pipe = self._opened()
                pipe.send(question)
                answer = self._received(pipe)
            except (OSError, EOFError):
                self._died()
                return None
            self._deaths, self._left = 0, self._left - 1
            if self._left <= 0:
                self._end()
            return answer

    def _received(self, pipe: Connection) -> Any:
        """What comes out of the pipe. Raises EOFError where the process ended, TimeoutError where it hangs."""
        if not pipe.poll(self.patience):
            raise TimeoutError
        return pipe.recv()

    def _opened(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._end()
        context = get_context("spawn")
        ours, theirs = cast("tuple[Connection, Connection]", context.Pipe())  # on Windows it is another class of the same shape
        self._process = context.Process(target=_work, args=(theirs, self._settings), name="briefs-aside", daemon=True)
        self._process.start()
        theirs.close()
        self._pipe, self._left = ours, self._answers
        return ours

    def _died(self) -> None:
        self._end()
        if not self._closed:
            self._deaths += 1
            log.warning("the process beside the service died", extra={"deaths": self._deaths})

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
    asked: list[datetime] = []
    with Workspace(settings, now=lambda: asked[0], exact=True) as workspace, suppress(EOFError, OSError):
        room = _Room(workspace, asked)
        while True:
            questions.send(room.answer(questions.recv()))


class _Room:
    """What the process holds open between two questions: the pipelines last asked for."""

    def __init__(self, workspace: Workspace, at: list[datetime]) -> None:
        """`at` holds what the workspace takes for now."""
        self._workspace, self._at = workspace, at
        self._open: dict[int, Pipeline] = {}

    def answer(self, question: Question) -> Prepared | dict[str, bytes] | None:
        """None for work that fails: the service does it again and says what is wrong."""
        try:
            match question:
                case Ready():
                    return self._load()
                case Copies(body):
                    return _copies(body)
                case Look():
                    return self._prepared(question)
        except Exception:  # noqa: BLE001  # whatever it is, it is raised once more where it is handled
            return None

    def _load(self) -> None:
        """Loads what does not change with the records: the reader, the embeddings, the search, the writer of PDFs."""
        import_module("briefs.rendering.pdf")
        assert self._workspace.searcher is not None
        assert self._workspace.pipeline(self._workspace.offline_engine).book is not None

    def _prepared(self, asked: Look) -> Prepared:
        self._at[:] = [asked.at]
        pipeline = self._open.pop(asked.scan, None) or self._workspace.pipeline(self._workspace.offline_engine)
        self._open[asked.scan] = pipeline
        while len(self._open) > PIPELINES:
            del self._open[next(iter(self._open))]
        return pipeline.prepare(asked.account_id, asked.as_of, draft=asked.draft, force=asked.force)


def _copies(body: BriefBody) -> dict[str, bytes]:
    from briefs.handoff.folder import copies

    return copies(body)
