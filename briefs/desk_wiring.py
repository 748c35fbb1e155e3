"""Puts the desk together: whom accounts name, who are colleagues, and how long things may take. Part of the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from briefs.deciding.arriving import arrived
from briefs.delivery_wiring import open_courier
from briefs.desk import Desk
from briefs.holiday_calendar import workdays
from briefs.importing import Warehouse
from briefs.jobs import Jobs
from briefs.people import colleagues
from briefs.policy import Policy
from briefs.store import Transaction
from briefs.visibility import Owners, alone
from retrieval import ingest
from retrieval.archive import Archive
from retrieval.archive_file import account_rows
from retrieval.chunking import split
from retrieval.indexing import Progress
from retrieval.ingest import IngestReport, quiet
from retrieval.records import Account
from retrieval.sources import Source

if TYPE_CHECKING:
    from briefs.wiring import Workspace

ROSTER_AGE = timedelta(seconds=1)


def open_desk(workspace: Workspace) -> Desk:
    """The desk of a home, as its settings say."""
    store, settings = workspace.store, workspace.settings
    policy, days = Policy.of(settings), workdays(settings.calendar, settings.timezone)
    return Desk(
        open_courier(
            workspace,
            partial(arrived, policy=policy, workdays=days, new_id=workspace.new_id),
            lambda connection, account_id: _named(account_rows(connection, account_id)).ae,
        ),
        lambda account_id: owners(workspace.archive, account_id),
        Roster(workspace.archive, workspace.now).read,
        four_eyes=settings.review_mode == "four_eyes",
        colleagues=(lambda person: colleagues(store, person)) if settings.team_access == "team" else alone,
        policy=policy,
        workdays=days,
    )


def owners(archive: Archive, account_id: str) -> Owners:
    """Whom an account names today; nobody where it is unknown."""
    return _named(archive.account_rows(account_id))


def _named(rows: Sequence[Account]) -> Owners:
    return Owners(rows[-1].csm, rows[-1].ae) if rows else Owners()


def look_again(workspace: Workspace, account_id: str, *, same_day: bool = False) -> None:
    """Has an account looked at: something about it was said. In the background where there is one, else now.

    As of today; `same_day`: as of the day it was last looked at, so that nothing but what a person just judged makes the difference.
    """
    last = workspace.store.last_result(account_id) if same_day else None
    day = last.as_of if last is not None else workspace.now().date()
    if workspace.serves:
        from briefs import scanning

        wish = scanning.Wish(day, (account_id,))
        scanning.ask(workspace.store, workspace.jobs, wish, by="machine", at=workspace.now(), new_id=workspace.new_id)
        return
    for _ in workspace.pipeline(workspace.engine()).scan([account_id], day):
        pass


def open_warehouse(workspace: Workspace) -> Warehouse:
    """What importing over the service needs: in the request, and beside it where this process does the home's background work."""

    def take_in(source: Source, import_id: str, progress: Progress = quiet, /) -> IngestReport:
        return ingest.take_in(
            source,
            workspace.archive,
            split,
            workspace.embedder,
            workspace.index,
            home=workspace.home,
            now=workspace.now,
            new_id=lambda: import_id,
            progress=progress,
        )

    def beside() -> Jobs | None:
        return workspace.jobs if workspace.serves else None

    def changed(connection: Transaction, import_id: str) -> None:
        if workspace.serves:
            workspace.jobs.enqueue(connection, "watch", f"watch:{import_id}")

    folder = workspace.settings.import_folder
    return Warehouse(workspace.store, workspace.home, take_in, workspace.now, workspace.new_id, folder, Lock(), beside, changed)


class Roster:
    """Whom every account names, as of at most a second ago: a list of many accounts asks once, and what it shows is checked again by `owners`."""

    def __init__(self, archive: Archive, now: Callable[[], datetime]) -> None:
        self._archive, self._now = archive, now
        self._read: tuple[datetime, Mapping[str, Owners]] | None = None

    def read(self) -> Mapping[str, Owners]:
        held = self._read
        if held is None or self._now() - held[0] > ROSTER_AGE:
            held = (self._now(), {account.id: Owners(account.csm, account.ae) for account in self._archive.roster()})
            self._read = held
        return held[1]
