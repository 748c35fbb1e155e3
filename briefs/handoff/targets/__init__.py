"""The places a hand-off can be sent to besides its folder, one file each. All look alike: `check` what a person set, `send` one parcel once."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from briefs.errors import BadInput
from briefs.handoff.parcel import Send

FOLDER = "folder"
KINDS = ("webhook", "slack", "email", "salesforce", "hubspot")


def check(kind: str, settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput where the kind is unknown or what was set does not fit it."""
    _module(kind).check(settings, secrets)


def sender(kind: str) -> Send:
    """How a parcel is sent to a target of this kind. Raises BadInput for an unknown one."""
    return cast(Send, _module(kind).send)


def _module(kind: str) -> Any:
    if kind not in KINDS:
        raise BadInput(f"No kind of target is called {kind[:40]!r}.", f"One of: {', '.join(KINDS)}.")
    return import_module(f"briefs.handoff.targets.{kind}")
