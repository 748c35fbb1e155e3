"""Looks at many accounts on all cores: reading without a model is arithmetic, and one Python process uses one core.

Each worker process opens the home for itself, only reads, and answers with plain data; the process that asked looks at accounts as well, and writes
all down, in order. Workers rank passages exactly from SQL, since Chroma's files belong to one process. Should a worker die, the accounts left are
looked at here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings

if TYPE_CHECKING:
    from briefs.wiring import Workspace

FEWEST = 40
"""Accounts from which starting the workers (about three seconds) pays."""
AHEAD = 32
"""Accounts this process looks at by itself before the one whose turn it is comes back from a worker."""
IN_HAND = 4
"""Accounts a worker has at a time, begun or in line: enough that it is not left waiting while this process looks at a long one. The others are free
for whoever is done first."""


class Processes:
    """A way to look at accounts that uses `processes` processes, this one among them, or only this one where they are too few to be worth it.

    This process is ready at once and works while the others start. With `ahead` 0 it only waits for them.
    """

    def __init__(self, settings: Settings, processes: int, here: Pipeline, *, fewest: int = FEWEST, ahead: int = AHEAD) -> None:
        self._settings, self._processes, self._here, self._fewest, self._ahead = settings, processes, here, fewest, ahead

    def __call__(self, accounts: Sequence[str], as_of: date, draft: bool, force: bool) -> Iterator[Prepared]:
        """See `pipeline.Spread`."""

        def look(account: str) -> Prepared:
            return self._here.prepare(account, as_of, draft=draft, force=force)

        if self._processes < 2 or len(accounts) < self._fewest:
            return map(look, accounts)
        return self._spread(accounts, as_of, draft, force, look)

    def _spread(self, accounts: Sequence[str], as_of: date, draft: bool, force: bool, look: Callable[[str], Prepared]) -> Iterator[Prepared]:
        others = self._processes - bool(self._ahead)
        pool = ProcessPoolExecutor(others, get_context("spawn"), _open, (self._settings, self._here.now()))
        free = deque(range(len(accounts)))
        theirs: dict[int, Future[Prepared]] = {}
        mine: dict[int, Future[Prepared]] = {}
        try:
            for place, account in enumerate(accounts):
                while True:
                    awaited = {answer for answer in theirs.values() if not answer.done()}
                    while free and len(awaited) < others * IN_HAND:
                        number = free.popleft()
                        theirs[number] = _handed(pool, accounts[number], as_of, draft, force)
                        awaited.add(theirs[number])
                    if place in mine or theirs[place].done():
                        break
                    if free and len(mine) < self._ahead:
                        number = free.popleft()
                        mine[number] = _kept(look, accounts[number])
                    else:
                        wait(awaited, return_when=FIRST_COMPLETED)
                yield _answer((mine if place in mine else theirs).pop(place), account, look)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _handed(pool: ProcessPoolExecutor, account: str, as_of: date, draft: bool, force: bool) -> Future[Prepared]:
    """What a worker will give for an account. It is never taken back: Python 3.11 cannot end a pool whose worker died while it holds what was."""
    try:
        return pool.submit(_look, account, as_of, draft, force)
    except BrokenProcessPool as fault:
        return _failed(fault)


def _kept(look: Callable[[str], Prepared], account: str) -> Future[Prepared]:
    """What a look here gives, or what went wrong in it, until its turn comes."""
    try:
        found = look(account)
    except Exception as fault:  # noqa: BLE001  # whatever it is, it is raised in its turn
        return _failed(fault)
    kept: Future[Prepared] = Future()
    kept.set_result(found)
    return kept


def _failed(fault: Exception) -> Future[Prepared]:
    failed: Future[Prepared] = Future()
    failed.set_exception(fault)
    return failed


def _answer(asked: Future[Prepared], account: str, look: Callable[[str], Prepared]) -> Prepared:
    try:
        return asked.result()
    except BrokenProcessPool:
        return look(account)


_opened: list[tuple[Workspace, Pipeline]] = []
"""What this worker process holds open from its first account to its last."""


def _open(settings: Settings, at: datetime) -> None:
    """Runs once in each worker. `at` is the moment of the scan, so that every worker sees the same overrides."""
    from briefs.wiring import Workspace

    workspace = Workspace(settings, now=lambda: at, exact=True)
    _opened[:] = [(workspace, workspace.pipeline(workspace.offline_engine))]


def _look(account: str, as_of: date, draft: bool, force: bool) -> Prepared:
    _, pipeline = _opened[0]
    return pipeline.prepare(account, as_of, draft=draft, force=force)
