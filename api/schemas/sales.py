"""What sales says back, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field, FiniteFloat

from api.schemas import Wire
from briefs.gate import State
from briefs.store.conversation import Feedback, Said

Text = Field(min_length=1, max_length=2000)
Reason = Field(default=None, max_length=2000)


class ResponseIn(Wire):
    """Accept with the day of the first touch, or decline with a code."""

    response: Literal["accept", "decline"]
    first_touch: date | None = None
    reason_code: str | None = Field(default=None, max_length=40)
    reason: str | None = Reason


class RecycleIn(Wire):
    """Not now: until a day, or until something holds."""

    day: date | None = None
    condition: str | None = Field(default=None, max_length=2000)
    reason: str | None = Reason


class OutcomeIn(Wire):
    """Won with the amount it adds a year, or lost with a code."""

    outcome: Literal["won", "lost"]
    amount: FiniteFloat | None = Field(default=None, ge=0)
    currency: str | None = Field(default=None, max_length=3)
    reason_code: str | None = Field(default=None, max_length=40)
    reason: str | None = Reason


class AnsweredOut(Wire):
    """Where the brief stands after sales' answer."""

    handoff_id: str
    brief_id: str
    state: State


class QuestionIn(Wire):
    """A question to the CSM, or with `reply_to` an answer to one."""

    text: str = Text
    reply_to: str | None = Field(default=None, max_length=64)


class SaidOut(Wire):
    id: str
    by: str
    by_name: str
    at: datetime
    text: str | None
    reply_to: str | None


class FeedbackIn(Wire):
    """Whether a section helped (null: the whole); what did not needs words."""

    section: str | None = Field(default=None, max_length=40)
    useful: bool
    text: str | None = Reason


class FeedbackOut(Wire):
    id: str
    section: str | None
    useful: bool
    text: str | None
    at: datetime


def said_out(said: Said) -> SaidOut:
    return SaidOut(id=said.id, by=said.by, by_name=said.by_name, at=said.at, text=said.text, reply_to=said.reply_to)


def feedback_out(given: Feedback) -> FeedbackOut:
    return FeedbackOut(id=given.id, section=given.section, useful=given.useful, text=given.text, at=given.at)
