"""Instants as the database keeps them: ISO 8601 UTC text of fixed width, which sorts as it reads."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """`2026-03-31T10:00:00.000000+00:00`. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a time zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The aware UTC time a stamp says."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if text is None else moment(text)
