"""For admins: every hand-off on its way to every target, what was given up and why, and sending it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.pages.frame import go, router, show
from api.parts import DeskDep, Space, caller
from briefs import deliveries
from briefs.people import Person
from briefs.store import delivery_rows, target_rows
from briefs.store.delivery_rows import State

pages = router()
Admin = Annotated[Person, Depends(caller("admin"))]
STATES: dict[str, str] = {"waiting": "Waiting", "delivered": "Arrived", "dead": "Given up", "cancelled": "Not needed any more"}
"""A state without a word here is shown by its own name."""
PURPOSES = {"handoff": "Hand-off", "recall": "Taking back", "change": "What changed since"}
KINDS = {"folder": "in the home folder", "email": "by e-mail", "webhook": "signed call"}


@pages.get("/deliveries")
def see_deliveries(
    request: Request,
    space: Space,
    desk: DeskDep,
    person: Admin,
    state: Annotated[str, Query(max_length=20)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The newest first; `state` narrows."""
    wanted = state if state in [each.value for each in State] else ""
    shown = deliveries.page(desk.courier, by=person, state=wanted or None, offset=offset)
    with space.store.reading() as connection:
        counts = delivery_rows.counts(connection)
        targets = target_rows.all_rows(connection)
    names = space.archive.account_names({each.account_id for each in shown})
    return show(
        request,
        "deliveries.html",
        rows=shown,
        names=names,
        counts=counts,
        targets=targets,
        state=wanted,
        purposes=PURPOSES,
        kinds=KINDS,
        states={each.value: STATES.get(each.value, each.value.replace("_", " ").capitalize()) for each in State},
        offset=offset,
        more=len(shown) == deliveries.LIMIT,
        step=deliveries.LIMIT,
    )


@pages.get("/deliveries/{delivery_id}")
def see_delivery(request: Request, space: Space, desk: DeskDep, person: Admin, delivery_id: str) -> Response:
    """One delivery with every try."""
    told = deliveries.one(desk.courier, delivery_id, by=person)
    name = space.archive.account_names([told.listed.account_id]).get(told.listed.account_id, told.listed.account_id)
    return show(request, "delivery.html", d=told.listed, tries=told.tries, name=name, states=STATES, purposes=PURPOSES)


@pages.post("/deliveries/{delivery_id}/resend")
def resend(desk: DeskDep, person: Admin, delivery_id: str) -> Response:
    deliveries.resend(desk.courier, delivery_id, by=person)
    return go(f"/deliveries/{delivery_id}", "resent")
