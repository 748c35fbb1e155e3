"""Imports made beside the requests: taken up after a crash, told how far they are, and never left half told."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

from briefs.errors import BriefsError, NotFound
from briefs.importing import UPLOADS, Warehouse, allowed, counts, finished, kept
from briefs.store import import_rows
from retrieval import quarantine
from retrieval.errors import RetrievalError
from retrieval.sources.native import NativeFiles

INTERRUPTED = "interrupted"
"""What is said of an import that was made inside a request when the server ended: sending it again imports what is left."""


TOLD_EVERY = timedelta(seconds=1)


def run(house: Warehouse, import_id: str) -> None:
    """The job: imports what was sent or named. Safe to repeat, since an import is idempotent by content. A fault is written down, not raised."""
    with house.store.reading() as connection:
        try:
            row = import_rows.get(connection, import_id)
        except NotFound:
            return
    if row.state not in import_rows.BESIDE:
        return
    try:
        report = _taken_in(house, import_id, row.source)
    except (BriefsError, RetrievalError) as fault:
        finished(house, row.by, import_id, "failed", {}, fault.code, None)
    except Exception as fault:  # noqa: BLE001 - whatever it is, whoever asked must read that it failed
        finished(house, row.by, import_id, "failed", {}, type(fault).__name__, None)
    else:
        finished(house, row.by, import_id, "done", report, None, None)
    shutil.rmtree(kept(house, import_id), ignore_errors=True)


def take_up(house: Warehouse) -> None:
    """At the start of a server: what a request was importing when the last one ended has failed, and what nobody waits for is cleared away."""
    with house.store.reading() as connection:
        open_ones = import_rows.unfinished(connection)
    for row in open_ones:
        if row.state not in import_rows.BESIDE:
            finished(house, row.by, row.id, "failed", {}, INTERRUPTED, None)
    waiting = {row.id for row in open_ones if row.state in import_rows.BESIDE}
    uploads = house.home / UPLOADS
    for folder in uploads.iterdir() if uploads.is_dir() else ():
        if folder.name not in waiting:
            shutil.rmtree(folder, ignore_errors=True)


def _taken_in(house: Warehouse, import_id: str, source: str) -> dict[str, Any]:
    last = house.now() - TOLD_EVERY

    def told(stage: str, done: int, total: int | None) -> None:
        nonlocal last
        at = house.now()
        if at - last < TOLD_EVERY:
            return
        last = at
        with house.store.writing() as connection:
            import_rows.going(connection, import_id, {"stage": stage, "done": done, "total": total})

    folder = kept(house, import_id)
    files = NativeFiles(folder if folder.is_dir() else allowed(house, source))
    told("begin", 0, None)
    quarantine.take_out(house.home, lambda entry: entry.id.startswith(f"{import_id}:"))  # of a try that was cut short
    with house.one_at_a_time:
        return counts(house.take_in(files, import_id, told))
