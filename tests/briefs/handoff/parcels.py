"""Parcels and tools to send with, all real but the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from briefs.brief import BriefBody
from briefs.canonical import canonical, digest
from briefs.handoff.envelope import Envelope
from briefs.handoff.parcel import Parcel, Target, Tools
from briefs.handoff.wire import Wire
from tests.briefs.builders import a_brief

NOW = datetime(2026, 4, 2, 8, tzinfo=UTC)


def envelope(data: bytes) -> Envelope:
    return Envelope(
        handoff_id="h1",
        brief_id="b1",
        version_hash=digest(data),
        approver_id="u-mira",
        approver_name="Mira Hoff",
        approved_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
        audit_head="sha256:" + "ab" * 32,
    )


def parcel(body: BriefBody | None = None, **changes: Any) -> Parcel:
    body = body or a_brief()
    data = canonical(body)
    made = Parcel("d1", "handoff", envelope(data), data, body, at=NOW, ae="eve@vendor.example", link="https://briefs.example/calls/h1")
    return replace(made, **changes)


def target(kind: str, secrets: tuple[str, ...] = (), **settings: Any) -> Target:
    return Target("t1", kind, "Sales", settings, secrets)


def tools(**changes: Any) -> Tools:
    made = Tools(Wire(allow_private=True, seconds=2.0), lambda: datetime.now(UTC), sender="Briefs <briefs@vendor.example>")
    return replace(made, **changes)


NASTY = "Acme <script>alert(1)</script> & <!channel> *bold* <https://evil.example|click>\r\nBcc: all@example.com"


def nasty() -> Parcel:
    body = a_brief()
    card = body.card.model_copy(update={"headline": NASTY, "why_now": NASTY})
    return parcel(body.model_copy(update={"account_name": NASTY, "card": card}))
