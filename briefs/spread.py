"""Looks at many accounts on all cores: reading without a model is arithmetic, and one Python process uses one core.

Each worker process opens the home for itself, only reads, and answers with plain data; the process that asked writes it down, in order. Workers rank
passages exactly from SQL, since Chroma's files belong to one process. Should a worker die, the accounts left are looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings

if TYPE_CHECKING:
    from briefs.wiring import Workspace

FEWEST = 40
"""Accounts from which starting the workers (about two seconds) pays."""


class Processes:
    """A way to look at accounts that uses `processes` workers, or `here` where they are too few to be worth it."""

    def __init__(self, settings: Settings, processes: int, here: Pipeline, *, fewest: int = FEWEST) -> None:
        self._settings, self._processes, self._here, self._fewest = settings, processes, here, fewest

    def __call__(self, accounts: Sequence[str], as_of: date, draft: bool, force: bool) -> Iterator[Prepared]:
        """See `pipeline.Spread`."""

        def look(account: str) -> Prepared:
            return self._here.prepare(account, as_of, draft=draft, force=force)

        if self._processes < 2 or len(accounts) < self._fewest:
            return map(look, accounts)
        return self._spread(accounts, as_of, draft, force, look)

    def _spread(self, accounts: Sequence[str], as_of: date, draft: bool, force: bool, look: Callable[[str], Prepared]) -> Iterator[Prepared]:
        pool = ProcessPoolExecutor(self._processes, get_context("spawn"), _open, (self._settings, self._here.now()))
        asked = [pool.submit(_look, account, as_of, draft, force) for account in accounts]
        try:
            for account, answer in zip(accounts, asked, strict=True):
                try:
                    prepared = answer.result()
                except BrokenProcessPool:
                    prepared = look(account)
                yield prepared
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


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
