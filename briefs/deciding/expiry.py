"""Undecided briefs: first an admin hears of them, then they expire. Time never approves a brief, and what expires was not rejected.

`due` is pure; `lapse` applies it. Whoever runs the clock calls `lapse` as often as they like.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from briefs import dispatch
from briefs.deciding import notices
from briefs.deciding.desk_work import is_asleep
from briefs.desk import Desk
from briefs.gate import REDRAFTABLE, Action, State
from briefs.policy import Policy
from briefs.store import Transaction, audit_log, brief_rows, marks, person_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.drafts import MACHINE
from briefs.workdays import Workdays

Due = Literal["escalate", "expire"]
CLOCK_CHANGE_HOURS = 2


def expires(row: BriefRow, policy: Policy, workdays: Workdays) -> datetime | None:
    """When the brief lapses: so many business days after it came onto the desk or woke, or after an approval that never set off. None: never."""
    if row.waiting or row.state not in {*REDRAFTABLE, State.APPROVED}:
        return None
    if row.state is State.APPROVED:
        return workdays.after_days(row.updated_at, policy.approval_days)
    return row.expires_at or workdays.after_days(row.released_at or row.created_at, policy.expire_after_days)


def due(row: BriefRow, now: datetime, policy: Policy, workdays: Workdays) -> Due | None:
    """What the clock asks for: nothing, that an admin hears of it, or that it expires."""
    ends = expires(row, policy, workdays)
    if ends is None or is_asleep(row, workdays.day_of(now)):
        return None
    if now >= ends:
        return "expire"
    if row.state is State.APPROVED or row.escalated_at is not None:
        return None
    since = row.released_at or row.created_at
    if row.snoozed_until is not None:
        since = max(since, workdays.start_of(row.snoozed_until))
    return "escalate" if now >= workdays.after_days(since, policy.decide_within_days) else None


def lapse(desk: Desk) -> dict[str, Due]:
    """Applies what is due to every brief, each in a transaction of its own: what was done, by brief id. Safe to repeat and to run twice at once."""
    store, now = desk.courier.store, desk.courier.now()
    with store.reading() as connection:
        rows = [row for row in _perhaps_due(connection, now, desk.policy) if due(row, now, desk.policy, desk.workdays)]
    done: dict[str, Due] = {}
    for row in rows:
        with store.writing() as connection:
            present = brief_rows.get(connection, row.id, lock=True)
            wanted = due(present, now, desk.policy, desk.workdays)
            if wanted is not None:
                _apply(connection, desk, present, wanted, now)
                done[row.id] = wanted
    return done


def _perhaps_due(connection: Transaction, now: datetime, policy: Policy) -> list[BriefRow]:
    """What is younger than so many days cannot be due, and is not read. A business day has its twenty-four hours, but for a change of clocks."""
    unread, undecided, approved = (
        now - timedelta(days=days, hours=-CLOCK_CHANGE_HOURS) for days in (policy.decide_within_days, policy.expire_after_days, policy.approval_days)
    )
    return marks.overdue(connection, now, unread, undecided, approved)


def _apply(connection: Transaction, desk: Desk, row: BriefRow, wanted: Due, now: datetime) -> None:
    people = notices.csms(connection, desk, row.account_id, row.assignee)
    if wanted == "expire":
        if row.state is State.APPROVED:  # its hand-off never set off: it is taken back, not left open behind a brief that is over
            dispatch.withdraw(connection, desk.courier, row.id)
        brief_rows.change(connection, row, Action.EXPIRE, by=MACHINE, at=now, was_escalated=row.escalated_at is not None)
        notices.tell(connection, desk, people, "expired", f"brief:{row.id}", account_id=row.account_id, at=now, was=row.state.value)
        return
    marks.escalated(connection, row, now)
    audit_log.append(connection, now, MACHINE, "brief.escalate", f"brief:{row.id}", state=row.state.value)
    people = [*people, *person_rows.with_role(connection, "admin")]
    notices.tell(connection, desk, people, "undecided", f"brief:{row.id}", account_id=row.account_id, at=now)
