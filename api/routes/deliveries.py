"""Where hand-offs are sent and what became of each on its way, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from api.paging import Paged, cursor_of, cut_all
from api.parts import DeskDep, Space, caller
from api.routes import problems, router
from api.schemas.deliveries import (
    DeliveriesOut,
    NewTargetOut,
    TargetIn,
    TargetOut,
    TargetsOut,
    WholeDeliveryOut,
    delivery_out,
    new_target_out,
    target_out,
    whole_delivery_out,
)
from briefs import deliveries, targets
from briefs.people import Person
from briefs.store.delivery_rows import State

calls = router("deliveries")
Admin = Annotated[Person, Depends(caller("admin"))]


@calls.get("/deliveries")
def list_deliveries(
    desk: DeskDep,
    admin: Admin,
    page: Paged,
    state: Annotated[State | None, Query(description="Only deliveries in this state.")] = None,
    target: Annotated[str | None, Query(max_length=64, description="Only to this target.")] = None,
) -> DeliveriesOut:
    """Every hand-off on its way to every target, newest first; what was given up stands here until it is sent again."""
    seen = page.number()
    found = deliveries.page(desk.courier, by=admin, state=state, target=target, limit=page.limit, offset=seen)
    full = len(found) == page.limit
    return DeliveriesOut(deliveries=[delivery_out(each) for each in found], next_cursor=cursor_of((seen + len(found),)) if full else None)


@calls.get("/deliveries/{delivery_id}", responses=problems(404))
def get_delivery(desk: DeskDep, admin: Admin, delivery_id: str) -> WholeDeliveryOut:
    """One delivery with every try."""
    return whole_delivery_out(deliveries.one(desk.courier, delivery_id, by=admin))


@calls.post("/deliveries/{delivery_id}/resend", status_code=202, responses=problems(404, 409))
def resend(desk: DeskDep, admin: Admin, delivery_id: str) -> WholeDeliveryOut:
    """Sends it again under the same id; the approval is looked at again as it goes."""
    deliveries.resend(desk.courier, delivery_id, by=admin)
    return whole_delivery_out(deliveries.one(desk.courier, delivery_id, by=admin))


@calls.get("/targets")
def list_targets(space: Space, admin: Admin, page: Paged) -> TargetsOut:
    """Where hand-offs go, switched off ones too."""
    shown, cursor = cut_all(targets.everything(space.targets, by=admin), page, lambda each: (each.created_at.isoformat(), each.id))
    return TargetsOut(targets=[target_out(each) for each in shown], next_cursor=cursor)


@calls.post("/targets", status_code=201)
def add_target(space: Space, admin: Admin, wish: TargetIn) -> NewTargetOut:
    """A new target; every hand-off approved from now on goes there too."""
    return new_target_out(targets.add(space.targets, wish.kind, wish.name, wish.settings, wish.secret, by=admin))


@calls.post("/targets/{target_id}/disable", responses=problems(404))
def disable_target(space: Space, admin: Admin, target_id: str) -> TargetOut:
    """Nothing more is sent there."""
    return target_out(targets.disable(space.targets, target_id, by=admin))


@calls.post("/targets/{target_id}/enable", responses=problems(404))
def enable_target(space: Space, admin: Admin, target_id: str) -> TargetOut:
    """Hand-offs approved from now on go there again."""
    return target_out(targets.enable(space.targets, target_id, by=admin))
