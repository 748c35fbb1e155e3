"""What a CSM does with a brief besides deciding it, on the wire."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api.schemas import Wire


class AssignIn(Wire):
    """To whom, by id or e-mail address; null gives it back to whoever the account names."""

    to: str | None = Field(max_length=320)


class SnoozeIn(Wire):
    """Until a day, or until something new is known; one of the two."""

    until: date | None = None
    for_evidence: bool = False


class RecallIn(Wire):
    """Why an approved or delivered version is taken back."""

    version_hash: str = Field(max_length=80)
    reason_code: str | None = Field(default=None, max_length=40)
    reason: str | None = Field(default=None, max_length=2000)


class KeepIn(Wire):
    """The deal stays with its CSM."""

    version_hash: str = Field(max_length=80)
    reason: str | None = Field(default=None, max_length=2000)
