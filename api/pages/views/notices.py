"""What a person was told, in words: each notice with the account it is about and the page it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from api.pages.views.words import CHANGED, DECLINES, LOSSES, said
from briefs.links import path_of
from briefs.rendering.cleaning import one_line
from briefs.rendering.words import SECTIONS, SIGNALS, day
from briefs.store.notices import Notice

KINDS = {
    "customer_asked": "The customer asked for something",
    "handoff_changed": "Something is otherwise since the approval",
    "handoff_recalled": "The brief was taken back. Do not use a copy of it",
    "handoff_delivered": "A brief was handed to you",
    "question": "The AE asks something",
    "reply": "The CSM answered your question",
    "answer_due": "Your answer is due",
    "answer_overdue": "Sales has not answered in time",
    "assigned": "A brief was given to you",
    "undecided": "Nobody decided on this brief yet",
    "expired": "A brief expired undecided",
    "answered": "Sales answered",
    "feedback": "Sales said how useful a part was",
    "returned": "A brief is back",
}
ANSWERS = {"accept": "They take it up", "decline": "They decline", "recycle": "Sent back for later", "won": "Won", "lost": "Lost"}
CODES = DECLINES | LOSSES


@dataclass(frozen=True)
class Told:
    """One notice. `more` says which, in a few words; `href` is empty where there is nothing to open."""

    id: str
    words: str
    more: str
    name: str
    at: datetime
    unread: bool
    href: str


def notices_view(rows: Sequence[Notice], names: Mapping[str, str]) -> tuple[tuple[str, tuple[Told, ...]], ...]:
    """By day, in the order given; `names` are the accounts' by id."""
    return tuple((label, tuple(_told(row, names) for row in group)) for label, group in groupby(rows, lambda row: day(row.at)))


def href_of(notice: Notice) -> str:
    """The page a notice leads to."""
    path = path_of(notice.object)
    return f"{path}#ask" if path and notice.kind in ("question", "reply") else path


def answer_in_words(kind: str, code: str | None) -> str:
    """What sales said, such as `They decline: Bad timing`."""
    return ": ".join(filter(None, (said(ANSWERS, kind), said(CODES, code) if code else "")))


def _told(row: Notice, names: Mapping[str, str]) -> Told:
    name = one_line(names.get(row.account_id or "", "")) or "An account that was erased"
    return Told(row.id, said(KINDS, row.kind), _more(row), name, row.at, row.read_at is None, f"/notices/{row.id}" if href_of(row) else "")


def _more(row: Notice) -> str:
    """What the notice's codes say, in words."""
    detail = row.detail
    match row.kind:
        case "customer_asked":
            return "; ".join(said(SIGNALS, str(each)) for each in detail.get("signals", ()))
        case "handoff_changed":
            return "; ".join(said(CHANGED, str(each)) for each in detail.get("kinds", ()))
        case "answered":
            return answer_in_words(str(detail.get("answer", "")), str(detail["code"]) if detail.get("code") else None)
        case "feedback":
            part = SECTIONS.get(str(detail.get("section")), "The whole brief")
            return f"{part}: {'useful' if detail.get('useful') else 'wrong or no use'}"
        case _:
            return ""
