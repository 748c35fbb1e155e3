"""Another threshold tried on a person's accounts as they were last looked at; records are read only where it looks further back than the scan did."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Event, Lock, Thread, current_thread

from briefs import what_if
from briefs.errors import BriefsError
from briefs.pipeline import Examined, Pipeline
from briefs.rubric import Rubric
from briefs.store.results import LastResult
from briefs.what_if import Moved
from briefs.wiring import Workspace
from retrieval.dossier import Dossier
from retrieval.errors import RetrievalError

log = logging.getLogger("briefs.api.pages")

KEPT = 400
MOST = 200
"""Accounts a what-if judges while somebody waits."""
PATIENCE_S = 20.0
Key = tuple[str, date, str]
"""An account, the day, and what was on file: a look is good as long as these are the same."""


@dataclass(frozen=True)
class Tried:
    """`moved` are the accounts whose answer would differ, of `judged`. `waiting` have to be read first, beside the requests.

    `unread` could not be read, `left_out` were over the number that is judged at once.
    """

    moved: tuple[Moved, ...]
    judged: int
    waiting: int = 0
    unread: int = 0
    left_out: int = 0

    @property
    def total(self) -> int:
        return self.judged + self.waiting


class Trials:
    """Looks already taken; the oldest make room. One thread takes those that are asked for, and ends with the service.

    `most` is how many accounts are judged while somebody waits.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._looks: OrderedDict[Key, Examined] = OrderedDict()
        self._lock, self._stop = Lock(), Event()
        self._wanted: dict[Key, None] = {}
        self._unreadable: set[Key] = set()
        self._thread: Thread | None = None

    def of(self, space: Workspace, other: Rubric, accounts: Sequence[str]) -> Tried:
        """The first of these accounts, as many as are judged at once, and how many were left out."""
        tried = self.tried(space, other, space.store.last_results(accounts[: self.most]))
        return replace(tried, left_out=max(len(accounts) - self.most, 0))

    def tried(self, space: Workspace, other: Rubric, results: Mapping[str, LastResult]) -> Tried:
        """Each account under the present rubric and under the other, as of the day of its last look."""
        pipeline = space.pipeline(space.offline_engine)
        found: list[Moved] = []
        waiting: list[Key] = []
        unread: set[Key] = set()
        for account, last in results.items():
            result = last.result
            if what_if.in_reach(result, space.rubric, other):
                dossier = Dossier.model_validate_json(space.store.dossier(result.dossier_hash))
                found.append(what_if.rejudged(result, dossier, pipeline, other))
                continue
            key = _key(space, account, last.as_of)
            look = self._held(key)
            if look is not None:
                found.append(what_if.moved(look.dossier, look.finding, what_if.judged(look, other)))
            elif key in self._unreadable:
                unread.add(key)
            else:
                waiting.append(key)
        self._read(pipeline, waiting)
        if not waiting:
            self._unreadable -= unread  # told now: whoever asks once more has them tried once more
        return Tried(tuple(each for each in found if each.differs), len(found), len(waiting), len(unread))

    def stop(self) -> None:
        """Waits for the account being read, and begins no other."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(PATIENCE_S)

    def _held(self, key: Key) -> Examined | None:
        with self._lock:
            if key in self._looks:
                self._looks.move_to_end(key)
            return self._looks.get(key)

    def _read(self, pipeline: Pipeline, keys: list[Key]) -> None:
        """Has them read; those already waiting are not queued twice."""
        with self._lock:
            self._wanted |= dict.fromkeys(keys)
            if self._wanted and self._thread is None:
                self._thread = Thread(target=self._work, args=(pipeline,), name="what-if", daemon=True)
                self._thread.start()

    def _work(self, pipeline: Pipeline) -> None:
        try:
            while (key := self._next()) is not None:
                self._take(pipeline, key)
        finally:
            with self._lock:
                if self._thread is current_thread():
                    self._thread = None

    def _take(self, pipeline: Pipeline, key: Key) -> None:
        try:
            look = pipeline.examine(key[0], key[1])
        except Exception as fault:  # noqa: BLE001 - whatever it is, the other accounts are read and the page says that this one was not
            code = fault.code if isinstance(fault, BriefsError | RetrievalError) else type(fault).__name__
            log.warning("an account could not be read", extra={"code": code})
            self._unreadable.add(key)
            return
        with self._lock:
            self._looks[key] = look
            while len(self._looks) > KEPT:
                self._looks.popitem(last=False)

    def _next(self) -> Key | None:
        """The next to read; None ends the thread."""
        with self._lock:
            key = None if self._stop.is_set() else next(iter(self._wanted), None)
            if key is None:
                self._thread = None
            else:
                del self._wanted[key]
            return key


def _key(space: Workspace, account: str, as_of: date) -> Key:
    overruled = ",".join(sorted(each.id for each in space.store.overrides(account, space.now())))
    return account, as_of, f"{space.archive.fingerprint(account)} {space.rubric.version} {overruled}"
