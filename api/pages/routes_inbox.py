"""The inbox, its saved views, and the page of one account: why it stands where it stands."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from api.pages import first_run
from api.pages.frame import go, router, show
from api.pages.gather import found_in, inbox_of
from api.pages.routes_start import start_of
from api.pages.views.inbox import SORTS, TABS, Filters
from api.parts import Space, caller
from briefs.people import Person
from briefs.store import page_rows
from briefs.store.page_rows import View

pages = router()
Reader = Annotated[Person, Depends(caller("csm", "admin"))]


def asked_for(
    tab: Annotated[str, Query(max_length=20)] = "ready",
    q: Annotated[str, Query(max_length=200)] = "",
    product: Annotated[str, Query(max_length=200)] = "",
    motion: Annotated[str, Query(max_length=40)] = "",
    csm: Annotated[str, Query(max_length=200)] = "",
    changed: bool = False,
    snoozed: bool = False,
    sort: Annotated[str, Query(max_length=20)] = "rank",
) -> Filters:
    """What the address asks for; a tab or an order there is not falls back to the first."""
    return Filters(tab if tab in TABS else "ready", q.strip(), product, motion, csm, changed, snoozed, sort if sort in SORTS else "rank")


Asked = Annotated[Filters, Depends(asked_for)]


@pages.get("/inbox")
def see_inbox(request: Request, space: Space, person: Reader, filters: Asked) -> Response:
    """Accounts by verdict and rank; or, with words to look for, the places that hold them."""
    box, views, unread = inbox_of(space, person, filters)
    running = start_of(request).running()
    if not box.total and running:
        return go("/start")
    if not box.total and (unread or not space.archive.accounts()):
        admin, sample = person.role == "admin", first_run.wanted(space)
        return show(request, "first_run.html", admin=admin, home=str(space.home), unread=unread, sample=sample)
    found = found_in(space, person, filters.q) if filters.q else None
    show_unread = 0 if running else unread
    return show(request, "inbox.html", box=box, f=filters, tabs=TABS, sorts=SORTS, views=views, found=found, running=running, unread=show_unread)


@pages.post("/views")
def save_view(
    space: Space, person: Reader, name: Annotated[str, Form(min_length=1, max_length=60)], query: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Keeps the list as it is filtered now under a name."""
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    kept = asked_for(
        tab=asked.get("tab", "ready"),
        product=asked.get("product", ""),
        motion=asked.get("motion", ""),
        csm=asked.get("csm", ""),
        changed="changed" in asked,
        snoozed="snoozed" in asked,
        sort=asked.get("sort", "rank"),
    )
    with space.store.writing() as connection:
        page_rows.save_view(connection, View(space.new_id(), name.strip(), kept.query()), person.id)
    return go(f"/inbox?{kept.query()}", "view")


@pages.post("/views/{view_id}/remove")
def remove_view(space: Space, person: Reader, view_id: str) -> Response:
    with space.store.writing() as connection:
        page_rows.remove_view(connection, view_id, person.id)
    return go("/inbox")
