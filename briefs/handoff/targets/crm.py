"""What every CRM is told of a hand-off: a deal worth following up and a task for the account executive, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from briefs.handoff.parcel import Again, Parcel, Receipt, Sent, Tools
from briefs.handoff.targets.slack import HEADS
from briefs.rendering import render

_LONGEST_NAME = 120
_LONGEST_TEXT = 30000
CLOSE_IN_DAYS = 90
"""The close date a new deal starts with; sales sets the real one."""
SETTLED = timedelta(minutes=10)
"""A CRM that did not answer in time may still be making the deal for so long."""


@dataclass(frozen=True)
class Deal:
    """`id` is the hand-off's: sent twice, it is one deal."""

    id: str
    name: str
    amount: float | None
    close_on: date
    text: str
    next_step: str


@dataclass(frozen=True)
class Task:
    """`id` is the delivery's: sent twice, it is one task."""

    id: str
    subject: str
    text: str
    due_on: date


def deal(parcel: Parcel) -> Deal:
    body = parcel.body
    arr = body.arr.base if body.arr else None
    name = _cut(f"{body.account_name}: {body.sku_name or body.motion or 'expansion'}", _LONGEST_NAME)
    approved = parcel.envelope.approved_at.date()
    return Deal(
        parcel.envelope.handoff_id, name, arr, approved + timedelta(days=CLOSE_IN_DAYS), _text(parcel), _cut(body.card.next_step, _LONGEST_NAME)
    )


def task(parcel: Parcel) -> Task:
    subject = _cut(f"{HEADS[parcel.purpose]}: {parcel.body.account_name}", _LONGEST_NAME)
    return Task(parcel.delivery_id, subject, _text(parcel), parcel.at.date() + timedelta(days=1))


def no_deal(parcel: Parcel, tools: Tools) -> Receipt:
    """For a recall or a change where the CRM has no deal of this hand-off: looked for again for a while, then there is nobody to tell."""
    if tools.now() < parcel.at + SETTLED:
        return Again("the CRM has no deal of this hand-off yet")
    return Sent()


def _text(parcel: Parcel) -> str:
    """The brief as the account executive may read it, after who approved which version; a recall says so and nothing else."""
    e = parcel.envelope
    lines = [f"Approved by {e.approver_name} on {e.approved_at:%Y-%m-%d %H:%M} UTC.", f"Version {e.version_hash}", f"Audit head {e.audit_head}"]
    lines += [parcel.link] if parcel.link else []
    if parcel.purpose == "recall":
        return "\n".join(["The CSM took this hand-off back. Please do not act on it.", *lines])
    if parcel.purpose == "change":
        return "\n".join(["What this hand-off rests on changed since it was approved:", *parcel.changes, *lines])
    return ("\n".join([*lines, *parcel.changes]) + "\n\n" + render(parcel.body, "text", "ae").decode())[:_LONGEST_TEXT]


def _cut(text: str, longest: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"
