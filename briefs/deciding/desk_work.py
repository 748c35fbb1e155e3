"""What a CSM does with a brief besides deciding it: give it to somebody, put it off, keep a small deal, take one that waits before its week."""

from __future__ import annotations

from datetime import date, timedelta

from briefs.deciding import notices
from briefs.desk import Desk, decide, newest, open_brief, see, still_works
from briefs.errors import BadInput, MoveRefused
from briefs.gate import REDRAFTABLE, Action, allowed_in
from briefs.people import Person, person_of
from briefs.store import audit_log, brief_rows, marks, person_rows
from briefs.store.brief_rows import BriefRow

LONGEST_SNOOZE = timedelta(days=90)


def assign(desk: Desk, person: Person, brief_id: str, to: str | None) -> BriefRow:
    """Gives an undecided brief to a colleague who may see it, by id or e-mail; None: back to whoever the account names.

    Raises NotFound (the brief), BadInput (nobody who may decide it), MoveRefused (it is decided).
    """
    row = _undecided(see(desk, person, brief_id))
    with desk.courier.store.writing() as connection:
        row = _undecided(brief_rows.get(connection, brief_id, lock=True))
        still_works(connection, person)
        named = person_rows.named(connection, to) if to else []
        able = [one for one in named if desk.may_see(person_of(one, None), row.account_id) and one.role in ("csm", "admin")]
        if to and not able:
            raise BadInput("Nobody of that id or e-mail may decide this brief.", "Name a CSM the account names, one of their team, or an admin.")
        given_to, at = able[0].id if able else None, desk.courier.now()
        if given_to == row.assignee:
            return row
        row = marks.assign(connection, row, given_to)
        audit_log.append(connection, at, person.id, "brief.assign", f"brief:{row.id}", to=given_to, token=person.token_id)
        others = [one for one in able[:1] if one.id != person.id]
        notices.tell(connection, desk, others, "assigned", f"brief:{row.id}", account_id=row.account_id, at=at, by=person.id)
    return row


def snooze(desk: Desk, person: Person, brief_id: str, *, until: date | None = None, for_evidence: bool = False) -> BriefRow:
    """Puts an undecided brief off until a day, or until something new is known of it (at the latest in 90 days); its time to decide runs from then.

    Raises NotFound, BadInput (no day and no evidence to wait for, or a day too near or too far), MoveRefused.
    """
    _undecided(see(desk, person, brief_id))
    at = desk.courier.now()
    today = desk.workdays.day_of(at)
    latest = today + LONGEST_SNOOZE
    if until is None and not for_evidence:
        raise BadInput("Until when?", "Give a day, or wait for new evidence.")
    day = until or latest
    if not today < day <= latest:
        raise BadInput("A brief is put off until a day after today, at most 90 days ahead.", f"A day from {today + timedelta(days=1)} to {latest}.")
    ends = desk.workdays.after_days(desk.workdays.start_of(day), desk.policy.expire_after_days)
    with desk.courier.store.writing() as connection:
        row = _undecided(brief_rows.get(connection, brief_id, lock=True))
        still_works(connection, person)
        row = marks.snooze(connection, row, day, for_evidence=for_evidence, expires_at=ends)
        audit_log.append(
            connection, at, person.id, "brief.snooze", f"brief:{row.id}", until=day.isoformat(), for_evidence=for_evidence, token=person.token_id
        )
    return row


def wake(desk: Desk, person: Person, brief_id: str) -> BriefRow:
    """Takes a brief up again before its day. Safe to repeat. Raises NotFound."""
    see(desk, person, brief_id)
    with desk.courier.store.writing() as connection:
        row = brief_rows.get(connection, brief_id, lock=True)
        still_works(connection, person)
        at = desk.courier.now()
        today = desk.workdays.day_of(at)
        if is_asleep(row, today):
            row = marks.wake(connection, row, today, desk.workdays.after_days(at, desk.policy.expire_after_days))
            audit_log.append(connection, at, person.id, "brief.wake", f"brief:{row.id}", token=person.token_id)
    return row


def keep(desk: Desk, person: Person, brief_id: str, version_hash: str, reason: str | None = None) -> BriefRow:
    """The CSM closes this small deal without sales; its outcome is still asked for. Raises NotFound, StaleVersion, MoveRefused."""
    newest(see(desk, person, brief_id), version_hash)
    with desk.courier.store.writing() as connection:
        row = open_brief(connection, desk, person, brief_id, version_hash)
        _, row = decide(connection, desk, person, row, Action.KEEP, None, reason)
    return row


def release(desk: Desk, person: Person, brief_id: str) -> BriefRow:
    """Takes a brief that waits for its week onto the desk now. Safe to repeat. Raises NotFound, MoveRefused."""
    _undecided(see(desk, person, brief_id))
    with desk.courier.store.writing() as connection:
        row = _undecided(brief_rows.get(connection, brief_id, lock=True))
        still_works(connection, person)
        if row.waiting:
            at = desk.courier.now()
            row = marks.release(connection, row, at, desk.workdays.after_days(at, desk.policy.expire_after_days))
            audit_log.append(connection, at, person.id, "brief.release", f"brief:{row.id}", token=person.token_id)
    return row


def is_asleep(row: BriefRow, today: date) -> bool:
    """Whether the brief is put off: its day has not come."""
    return row.snoozed_until is not None and today < row.snoozed_until


def _undecided(row: BriefRow) -> BriefRow:
    if row.state not in REDRAFTABLE:
        raise MoveRefused(f"A brief that is {row.state.value} is decided.", "Only an undecided brief can be moved about.", allowed_in(row.state))
    return row
