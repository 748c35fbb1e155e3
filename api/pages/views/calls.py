"""The AE's list: what waits for an answer, what is being worked on, what is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.pages.views.words import STATES, said, when
from briefs.gate import State
from briefs.rendering.words import money
from briefs.store.brief_rows import BriefRow
from briefs.store.handoffs import Handoff


@dataclass(frozen=True)
class Call:
    """One hand-off in the list. `changed` says in a word that something is otherwise since the approval."""

    id: str
    name: str
    state: str
    headline: str
    arr: str
    approver: str
    at: datetime
    due: str
    changed: str


GROUPS = (
    ("Waiting for your answer", frozenset((State.DELIVERED,))),
    ("Working on it", frozenset((State.ACCEPTED,))),
    ("Over", frozenset((State.WON, State.LOST, State.DECLINED, State.RECYCLED, State.RECALLED, State.CHANGES_REQUESTED, State.IN_REVIEW))),
)


def calls(handed: Iterable[tuple[Handoff, BriefRow]]) -> tuple[tuple[str, tuple[Call, ...]], ...]:
    """The hand-offs by what they wait for, in the order given."""
    rows = [(_state(handoff, row), _call(handoff, row)) for handoff, row in handed]
    return tuple((label, tuple(call for state, call in rows if state in states)) for label, states in GROUPS)


def _state(handoff: Handoff, row: BriefRow) -> State:
    """A hand-off that was taken back is over, whatever became of its brief."""
    return State.RECALLED if handoff.withdrawn_at is not None else row.state


def _call(handoff: Handoff, row: BriefRow) -> Call:
    state = _state(handoff, row)
    return Call(
        id=handoff.id,
        name=row.account_name,
        state=said(STATES, state),
        headline=row.headline,
        arr=money(row.arr_base, row.currency) if row.arr_base is not None and row.currency else "–",
        approver=handoff.approval.by_name,
        at=handoff.approval.at,
        due=when(handoff.answer_due_at) if handoff.answer_due_at and state is State.DELIVERED else "",
        changed="",
    )
