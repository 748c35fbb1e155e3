"""A scan asked for on the command line while a server works on the same home: the server makes it, this process waits and shows it."""

from __future__ import annotations

import time
from collections.abc import Callable

from briefs.brief import AccountResult
from briefs.errors import BriefsError
from briefs.jobs import at_work
from briefs.people import CONSOLE, whose
from briefs.scanning import Wish, ask
from briefs.store import scan_rows
from briefs.store.scan_rows import ScanRow, State
from briefs.wiring import Workspace

LOOK_EVERY_S = 0.3


class NobodyScans(BriefsError):
    """The server that was asked is gone. The scan waits for the next one."""

    code = "service_missing"


def scan_elsewhere(opened: Workspace, wish: Wish, accounts: list[str], progress: Callable[[str, int, int | None], None]) -> list[AccountResult]:
    """The results of the accounts when the server has made the scan. Raises NobodyScans where it ends before, BriefsError where the scan fails."""
    token = opened.settings.token
    by = whose(opened.store, token.get_secret_value(), now=opened.now).id if token else CONSOLE
    opened.jobs.ready()
    row = ask(opened.store, opened.jobs, wish, by=by, at=opened.now(), new_id=opened.new_id)
    while row.state not in (State.DONE, State.FAILED):
        time.sleep(LOOK_EVERY_S)
        row = _now(opened, row)
        progress("by the server", row.done, row.total or None)
        if row.state not in (State.DONE, State.FAILED) and at_work(opened.home) is None:
            raise NobodyScans("The server that was making this scan has stopped.", "Start it again and it goes on: `briefs serve`.")
    if row.state is State.FAILED:
        raise BriefsError(f"The server could not make this scan: {row.error}.", "Its log says more.")
    results = opened.store.last_results(accounts)
    return [results[account].result for account in accounts if account in results]


def _now(opened: Workspace, row: ScanRow) -> ScanRow:
    with opened.store.reading() as connection:
        return scan_rows.get(connection, row.id)
