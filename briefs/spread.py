"""Looks at many accounts on all cores: reading without a model is arithmetic, and one Python process uses one core.

Each worker process opens the home for itself, only reads, and answers with plain data; the process that asked looks at accounts as well, and writes
all down, in order. Workers rank passages exactly from SQL, since Chroma's files belong to one process. Should a worker die, the accounts left are
looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
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
        asked = [pool.submit(_look, account, as_of, draft, force) for account in accounts]
        mine: dict[int, Prepared] = {}
        try:
            for place, account in enumerate(accounts):
                while len(mine) < self._ahead and not asked[place].done() and (free := _withdrawn(asked, place)) is not None:
                    mine[free] = look(accounts[free])
                yield mine.pop(place) if place in mine else _answer(asked[place], account, look)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _withdrawn(asked: Sequence[Future[Prepared]], place: int) -> int | None:
    """The first account from `place` on that no worker has begun, taken back from them; None where there is none."""
    return next((number for number in range(place, len(asked)) if not asked[number].done() and asked[number].cancel()), None)


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
