"""Scans as background work: asked for, looked at, followed step by step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.parts import DeskDep, Space, caller, workspace_of
from api.routes import problems, router
from api.schemas.scans import ScanIn, ScanOut, scan_out
from briefs import scanning
from briefs.desk_view import accounts_of
from briefs.errors import NotFound
from briefs.people import Person
from briefs.review import Desk
from briefs.scanning import Wish
from briefs.store import Store, scan_rows
from briefs.store.scan_rows import Event, ScanRow, State

calls = router("scans")
Scanner = Annotated[Person, Depends(caller("csm", "admin"))]
ScanReader = Annotated[Person, Depends(caller("csm", "admin", hides="scan"))]
LOOK_EVERY = 0.5
"""Seconds between two looks for new steps."""


@calls.post("/scans", status_code=202, responses=problems(404))
def ask_for_scan(space: Space, desk: DeskDep, person: Scanner, wish: ScanIn, response: Response) -> ScanOut:
    """Asks for a scan; it is made in the background. Follow it at its events."""
    accounts = _accounts(desk, person, wish.accounts)
    as_of = wish.as_of or space.now().date()
    wanted = Wish(as_of, accounts, wish.engine, wish.draft, wish.force, wish.max_cost, wish.max_calls)
    row = scanning.ask(space.store, space.jobs, wanted, by=person.id, at=space.now(), new_id=space.new_id)
    response.headers["Location"] = f"/v1/scans/{row.id}"
    return scan_out(row)


def seen(request: Request, person: ScanReader, scan_id: str) -> ScanRow:
    """The scan, if the caller asked for it or is admin. Raises NotFound, with the same words, where there is none."""
    with workspace_of(request.app).store.reading() as connection:
        row = scan_rows.get(connection, scan_id)
    if person.role != "admin" and row.by != person.id:
        raise scan_rows.no_such_scan(scan_id)
    return row


Seen = Annotated[ScanRow, Depends(seen)]


@calls.get("/scans/{scan_id}", responses=problems(404))
def get_scan(scan: Seen) -> ScanOut:
    """How far a scan is."""
    return scan_out(scan)


@calls.get("/scans/{scan_id}/events", response_class=EventSourceResponse, responses=problems(404))
async def follow_scan(
    request: Request, scan: Seen, last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,9}$")] = None
) -> AsyncIterable[ServerSentEvent]:
    """Every step of a scan as it is made, from the beginning or after `Last-Event-ID`, until it ends. Waiting holds no thread."""
    store, after = workspace_of(request.app).store, int(last_event_id or 0)
    while True:
        steps, ended = await run_in_threadpool(_news, store, scan.id, after)
        for step in steps:
            yield ServerSentEvent(data={"at": step.at.isoformat(), **step.body}, event=step.kind, id=str(step.seq))
            after = step.seq
        if ended and not steps:
            return
        if not steps:
            await asyncio.sleep(LOOK_EVERY)


def _news(store: Store, scan_id: str, after: int) -> tuple[list[Event], bool]:
    """The steps after that number, and whether the scan has ended (asked first: what it tells at its end is then among the steps)."""
    with store.reading() as connection:
        ended = scan_rows.get(connection, scan_id).state in (State.DONE, State.FAILED)
        return scan_rows.events(connection, scan_id, after), ended


def _accounts(desk: Desk, person: Person, wanted: list[str] | None) -> tuple[str, ...] | None:
    if wanted is None:
        own = accounts_of(desk, person)
        return None if own is None else tuple(sorted(own))
    known = desk.roster()
    unknown = [account for account in wanted if account not in known or not desk.may_see(person, account)]
    if unknown:
        raise NotFound(f"No account {unknown[0][:64]!r}.", "The list of accounts shows those you can see.")
    return tuple(dict.fromkeys(wanted))
