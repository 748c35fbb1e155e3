"""What travels to a target: the approved bytes with who approved them, and what a target can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from briefs.brief import BriefBody
from briefs.handoff.envelope import Envelope
from briefs.handoff.wire import Answer, Post
from briefs.store.delivery_rows import Purpose

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True)
class Parcel:
    """One message to one target. `delivery_id` is the same at every try. `data` are the approved bytes, `body` the same to read from.

    `at` is when the delivery was made up, `reference` what the target called the hand-off when it got it.
    `changes` is what is otherwise since the approval, in words; it stands outside the approved bytes. `ae` is the e-mail address of
    the account executive the hand-off names, where one is known. `link` leads to the hand-off, where the service's own address is set.
    """

    delivery_id: str
    purpose: Purpose
    envelope: Envelope
    data: bytes
    body: BriefBody
    at: datetime
    reference: str | None = None
    changes: tuple[str, ...] = ()
    ae: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Target:
    """Where to: `settings` as a person gave them, `secrets` newest first."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Sent:
    """It arrived. `reference` is what the other side calls it."""

    status: int | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Again:
    """It did not arrive whole and may later. `wait_s` is what the receiver asked for, `reference` what it calls the part it took."""

    fault: str
    status: int | None = None
    wait_s: float | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Never:
    """It will not arrive whole, however often it is tried. `gone`: nothing ever will, the target is to be switched off. `reference` as in Again."""

    fault: str
    status: int | None = None
    gone: bool = False
    reference: str | None = None


Receipt = Sent | Again | Never


class Mail(Protocol):
    """Hands an e-mail to the mail server. Raises OSError where it cannot now, BadInput where the server refuses it for good."""

    def __call__(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class Tools:
    """What sending needs. `mail` is None, `sender` empty, where no mail server is set."""

    post: Post
    now: Callable[[], datetime]
    mail: Mail | None = None
    sender: str = ""


class Send(Protocol):
    """Sends the parcel once. Raises BadInput for an address that may not be sent to, Unreachable where no answer came."""

    def __call__(self, parcel: Parcel, target: Target, tools: Tools) -> Receipt: ...


def judged(answer: Answer, reference: str | None = None) -> Receipt:
    """What a receiver's status means: 2xx arrived; 408, 429 and 5xx later; 410 never again; everything else is a fault a person must mend."""
    status = answer.status
    if 200 <= status < 300:
        return Sent(status, reference)
    if status == 410:
        return Never("the receiver says it is gone", status, gone=True)
    if status in (408, 425, 429) or status >= 500:
        return Again(f"the receiver answered {status}", status, answer.retry_after)
    if 300 <= status < 400:
        return Never(f"the receiver answered {status}: redirects are not followed", status)
    return Never(f"the receiver answered {status}", status)
