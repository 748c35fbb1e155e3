"""The work beside the requests: deliveries, scans and timers, started and stopped with the service, one process a home."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from briefs.delivery_wiring import QUEUES
from briefs.governing import note_settings
from briefs.jobs import Plan
from briefs.scanning import Wish, ask
from briefs.store.scan_rows import ScanRow

if TYPE_CHECKING:
    from briefs.aside import Aside
    from briefs.durable import Worker
    from briefs.wiring import Workspace

log = logging.getLogger("briefs.audit")

DELIVERIES_AT_ONCE = 4
PATIENCE_S = 20


class Background:
    """Holds the worker open between `start` and `stop`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._worker: Worker | None = None

    def start(self) -> None:
        """Takes up what waits and what a killed process left half done. Raises StoreLocked where another process does this home's work."""
        from briefs import deliveries, importing_beside
        from briefs.durable import Worker

        workspace = self._workspace
        workspace.serves = True
        workspace.home.mkdir(parents=True, exist_ok=True)
        note_settings(workspace)
        importing_beside.take_up(workspace.warehouse)
        worker = Worker(workspace.database_url, workspace.home, self.plan(), workspace.jobs)
        worker.start()
        self._worker = worker
        deliveries.take_up(workspace.desk.courier)
        if workspace.aside is not None:
            workspace.aside.open_ahead()
        self._log_head("start")

    def stop(self) -> None:
        """Running jobs get a little time; what is not done then is taken up at the next start. Twice is once."""
        if self._worker is not None:
            self._worker.stop(PATIENCE_S)
            self._worker = None
            self._log_head("stop")
        if self._workspace.aside is not None:
            self._workspace.aside.close()
            self._workspace.aside = None

    def enqueue_scan(self, wish: Wish, *, by: str) -> ScanRow:
        """Asks for a scan; it begins when the work of this home is running. Raises BadInput."""
        workspace = self._workspace
        return ask(workspace.store, workspace.jobs, wish, by=by, at=workspace.now(), new_id=workspace.new_id)

    def _log_head(self, when: str) -> None:
        """Where the audit chain stands, kept outside the database too: a chain that was rewritten no longer holds it."""
        log.info("audit head", extra={"audit_head": self._workspace.store.audit_head(), "when": when})

    def plan(self) -> Plan:
        """Every job there is, and how many of each queue run at once."""
        from briefs import background_jobs

        jobs, timers = background_jobs.of(self._workspace, self._aside())
        at_once = dict.fromkeys(QUEUES.values(), 1)
        return Plan(jobs, at_once | {"deliveries": DELIVERIES_AT_ONCE, "accounts": background_jobs.accounts_at_once(self._workspace)}, timers)

    def _aside(self) -> Aside | None:
        """The process beside this one; none where the settings allow no other process."""
        from briefs.aside import Aside

        workspace = self._workspace
        if workspace.aside is None and workspace.settings.processes != 1:
            workspace.aside = Aside(workspace.settings, workspace.now)
        return workspace.aside
