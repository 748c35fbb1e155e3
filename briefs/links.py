"""Where a person reads what a message is about: the one place that knows the address of a page from outside it."""

from __future__ import annotations

PAGES = {"brief": "/briefs/", "handoff": "/calls/"}
"""The page of each kind of thing a message can be about, before its id."""


def path_of(object: str) -> str:
    """The page of `KIND:ID`; empty where there is none to open."""
    kind, _, id = object.partition(":")
    return f"{PAGES[kind]}{id}" if kind in PAGES and id else ""


def link_to(base: str | None, object: str) -> str | None:
    """The whole address of `KIND:ID` at the service's own address `base`; None where that is not set, or there is no page."""
    path = path_of(object)
    return f"{base.rstrip('/')}{path}" if base and path else None
