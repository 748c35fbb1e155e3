"""A hand-off arrived: from now on sales has its business hours to answer, and the one it names hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from briefs.policy import Policy
from briefs.store import Transaction, answers, notices, person_rows
from briefs.store.handoffs import Handoff
from briefs.store.notices import Notice
from briefs.workdays import Workdays


def answer_due(delivered_at: datetime, policy: Policy, workdays: Workdays) -> datetime:
    """By when sales must accept or decline."""
    return workdays.after_hours(delivered_at, policy.answer_hours)


def arrived(connection: Transaction, handoff: Handoff, at: datetime, *, policy: Policy, workdays: Workdays, new_id: Callable[[], str]) -> None:
    """Sets by when it must be answered and tells whom it names, in the transaction that writes the delivery down."""
    answers.set_due(connection, handoff.id, answer_due(at, policy, workdays))
    for person in person_rows.named(connection, handoff.ae):
        notices.add(connection, Notice(new_id(), person.id, at, "handoff_delivered", f"handoff:{handoff.id}", handoff.account_id, {}))
