"""Deliveries and their targets on the wire. A secret is shown once, when it is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from api.schemas import Listed, Wire
from briefs.deliveries import Listed as ListedDelivery
from briefs.deliveries import Told
from briefs.store.delivery_rows import State
from briefs.targets import Made, Shown


class DeliveryOut(Wire):
    """One hand-off on its way to one target. `id` is what the receiver sees at every try."""

    id: str
    handoff_id: str
    brief_id: str
    account_id: str
    target_id: str
    target_name: str
    kind: str
    purpose: str
    state: State
    attempts: int
    last_status: int | None
    last_error: str | None
    next_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


class DeliveriesOut(Listed):
    deliveries: list[DeliveryOut]


class TryOut(Wire):
    n: int
    at: datetime
    status: int | None
    fault: str | None


class WholeDeliveryOut(DeliveryOut):
    tries: list[TryOut]


class TargetIn(Wire):
    """Where hand-offs go: `webhook`, `slack`, `email`, `salesforce` or `hubspot`, with its settings."""

    kind: str = Field(max_length=20)
    name: str = Field(min_length=1, max_length=80)
    settings: dict[str, Any] = Field(default_factory=dict, max_length=20)
    secret: str | None = Field(default=None, max_length=2000, description="A webhook without one gets one.")


class TargetOut(Wire):
    """A target without its secrets."""

    id: str
    kind: str
    name: str
    settings: dict[str, Any]
    host: str | None
    secrets: int
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None


class NewTargetOut(TargetOut):
    """`secret` was made here and cannot be read again; null where it was given."""

    secret: str | None


class TargetsOut(Listed):
    targets: list[TargetOut]


def delivery_out(listed: ListedDelivery) -> DeliveryOut:
    names = DeliveryOut.model_fields.keys() & vars(listed.row).keys()
    more = {"target_name": listed.target_name, "brief_id": listed.brief_id, "account_id": listed.account_id}
    return DeliveryOut.model_validate({name: getattr(listed.row, name) for name in names} | more)


def whole_delivery_out(told: Told) -> WholeDeliveryOut:
    tries = [TryOut(n=each.n, at=each.at, status=each.status, fault=each.fault) for each in told.tries]
    return WholeDeliveryOut(**delivery_out(told.listed).model_dump(), tries=tries)


def target_out(shown: Shown) -> TargetOut:
    return TargetOut.model_validate(vars(shown) | {"settings": dict(shown.settings)})


def new_target_out(made: Made) -> NewTargetOut:
    return NewTargetOut(**target_out(made.target).model_dump(), secret=made.secret)
