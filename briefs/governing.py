"""The settings that decide what is allowed: where they are others than at the last start of the service, the audit chain says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from briefs.canonical import canonical_json, digest
from briefs.store import audit_log
from briefs.store.drafts import MACHINE

if TYPE_CHECKING:
    from briefs.wiring import Workspace

CHANGED = "settings.changed"
GOVERNING = (
    "review_mode",
    "team_access",
    "calendar",
    "timezone",
    "decide_within_days",
    "expire_after_days",
    "approval_days",
    "answer_hours",
    "cool_down_days",
    "weekly_briefs",
    "rate_per_minute",
    "oidc_issuer",
    "model",
    "allow_private_targets",
)
"""Settings named with their values in the chain. None is a secret."""


def governing(workspace: Workspace) -> dict[str, Any]:
    """What is allowed here, by the name of each setting, with the version of the rubric."""
    return {name: getattr(workspace.settings, name) for name in GOVERNING} | {"rubric_version": workspace.rubric.version}


def note_settings(workspace: Workspace) -> None:
    """Writes one row where they differ from the last that was written, or none was: all values, and the names of those that are others now."""
    present = json.loads(canonical_json(governing(workspace)))
    with workspace.store.writing() as connection:
        last = audit_log.last_of(connection, CHANGED)
        known: dict[str, Any] = json.loads(last.details) if last is not None else {}
        before: dict[str, Any] = known.get("values", {})
        if before == present:
            return
        changed = sorted(name for name in present if name not in before or before[name] != present[name])
        audit_log.append(
            connection, workspace.now(), MACHINE, CHANGED, "settings", values=present, changed=changed, hash=digest(canonical_json(present))
        )
