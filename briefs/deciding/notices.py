"""Who is told what, and when: at once only for what cannot wait, everything else once a week.

A CSM whose every signal rings stops listening. At once: a customer's own request, a change to a hand-off already approved, sales' words, a deadline
missed. The rest stands in the weekly digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from briefs.desk import Desk
from briefs.store import Transaction, notices, person_rows
from briefs.store.notices import Notice
from briefs.store.person_rows import PersonRow

IMMEDIATE = (
    "customer_asked",
    "handoff_changed",
    "handoff_recalled",
    "handoff_delivered",
    "question",
    "reply",
    "answer_due",
    "answer_overdue",
    "assigned",
)
WEEKLY = ("undecided", "expired", "answered", "feedback", "returned")
KINDS = (*IMMEDIATE, *WEEKLY)


def at_once(kind: str) -> bool:
    """Whether a notice of this kind is sent when it happens. Raises KeyError for a kind that is not known."""
    if kind not in KINDS:
        raise KeyError(kind)
    return kind in IMMEDIATE


def csms(connection: Transaction, desk: Desk, account_id: str, assignee: str | None = None) -> list[PersonRow]:
    """Whose brief it is: the one it was given to, else whoever the account names."""
    return person_rows.named(connection, assignee) or person_rows.named(connection, desk.owners(account_id).csm)


def tell(
    connection: Transaction, desk: Desk, people: Iterable[PersonRow], kind: str, object: str, *, account_id: str, at: datetime, **detail: Any
) -> None:
    """One notice for each of the people, in this transaction. `detail` holds ids, codes and counts only."""
    at_once(kind)
    for person_id in sorted({person.id for person in people}):
        notices.add(connection, Notice(desk.courier.new_id(), person_id, at, kind, object, account_id, detail))
