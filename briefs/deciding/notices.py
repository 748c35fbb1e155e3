"""Who is told what, and when: at once only for what cannot wait, everything else once a week.

A CSM whose every signal rings stops listening. At once: a customer's own request, a change to a hand-off already approved, sales' words, a deadline
missed. The rest stands in the weekly digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from briefs.desk import Desk
from briefs.store import Transaction, decisions, notices, person_rows
from briefs.store.brief_rows import BriefRow
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


def csms(connection: Transaction, desk: Desk, row: BriefRow) -> list[PersonRow]:
    """Whose brief it is: the one it was given to, else whoever the account names; where neither acts here any more, who approved it, else the
    admins: somebody always hears."""
    given = person_rows.named(connection, row.assignee) or person_rows.named(connection, desk.owners(row.account_id).csm)
    if given:
        return given
    approval = decisions.approval(connection, row.id, row.head)
    return person_rows.named(connection, approval.by if approval else None) or person_rows.with_role(connection, "admin")


def tell(
    connection: Transaction, desk: Desk, people: Iterable[PersonRow], kind: str, object: str, *, account_id: str, at: datetime, **detail: Any
) -> None:
    """One notice for each of the people, in this transaction. `detail` holds ids, codes and counts only."""
    at_once(kind)
    for person_id in sorted({person.id for person in people}):
        notices.add(connection, Notice(desk.courier.new_id(), person_id, at, kind, object, account_id, detail))
