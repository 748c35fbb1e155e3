"""A person's judgement over the machine's: whose account it is, until when it stands, and what it needs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from briefs.errors import BadInput, NotFound
from briefs.review import override, revoke_override
from tests.briefs.desk_parts import Office


def test_an_override_stands_until_it_expires_or_is_revoked(desk: Office):
    ends = desk.clock() + timedelta(days=30)
    made = override(desk.desk, desk.dana, "a1", "clear_blocker", target="usage_decline", reason="Summer break.", expires_at=ends)
    assert desk.store.overrides("a1", desk.clock()) == [made]
    assert desk.store.overrides("a2", desk.clock()) == []
    assert desk.store.overrides("a1", ends) == []
    with pytest.raises(NotFound):
        revoke_override(desk.desk, desk.otto, made.id)
    revoke_override(desk.desk, desk.max, made.id)
    assert desk.store.overrides("a1", desk.clock()) == []
    with pytest.raises(NotFound):
        revoke_override(desk.desk, desk.dana, made.id)
    assert [(row.actor, row.action) for row in desk.store.audit_rows()[-2:]] == [("dana1", "override.add"), ("max1", "override.revoke")]


@pytest.mark.parametrize(
    ("kind", "target", "reason", "days"),
    [
        ("clear_blocker", None, "r", 1),
        ("clear_blocker", "price_complaint", "r", 1),
        ("dismiss_signal", None, "r", 1),
        ("draft_anyway", "x", "r", 1),
        ("draft_anyway", None, " ", 1),
        ("draft_anyway", None, "r", 0),
        ("always_qualify", None, "r", 1),
    ],
)
def test_an_override_needs_its_target_a_reason_and_an_end(desk: Office, kind: str, target: str | None, reason: str, days: int):
    with pytest.raises(BadInput):
        override(desk.desk, desk.dana, "a1", kind, target=target, reason=reason, expires_at=desk.clock.at + timedelta(days=days))  # pyright: ignore[reportArgumentType]
    assert desk.store.overrides("a1", desk.clock()) == []
