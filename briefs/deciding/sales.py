"""What sales answers to a hand-off: accept it with a day for the first touch, decline it with a code, send it back for later, say how it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Literal

from briefs.deciding import handed, notices
from briefs.deciding.arriving import answer_due
from briefs.deciding.codes import DECLINE_CODES, LONGEST_WORDS, LOST_CODES, check
from briefs.desk import Desk, see, still_works
from briefs.errors import BadInput, MoveRefused, NotAllowed
from briefs.gate import Action, State, allowed_in
from briefs.people import Person
from briefs.policy import Policy
from briefs.store import Transaction, answers, audit_log, brief_rows, person_rows
from briefs.store.answers import Answer
from briefs.store.brief_rows import BriefRow
from briefs.store.drafts import MACHINE
from briefs.store.handoffs import Handoff
from briefs.workdays import Workdays

FIRST_TOUCH_WITHIN = timedelta(days=30)
LONGEST_RECYCLE = timedelta(days=730)
REMIND_AT = 0.5
"""The part of the time to answer after which sales is reminded."""
ACTIONS = {"accept": Action.ACCEPT, "decline": Action.DECLINE, "recycle": Action.RECYCLE, "won": Action.WIN, "lost": Action.LOSE}


def accept(desk: Desk, person: Person, handoff_id: str, *, first_touch: date, reason: str | None = None) -> BriefRow:
    """Sales takes it and says when it will first speak with the customer. Raises NotFound, MoveRefused, BadInput (a day gone by or too far)."""
    today = desk.workdays.day_of(desk.courier.now())
    if not today <= first_touch <= today + FIRST_TOUCH_WITHIN:
        raise BadInput("The first touch is a day from today to 30 days ahead.", f"A day from {today} to {today + FIRST_TOUCH_WITHIN}.")
    return _answer(desk, person, handoff_id, _new("accept", reason=reason, day=first_touch))


def decline(desk: Desk, person: Person, handoff_id: str, *, code: str | None, reason: str | None = None) -> BriefRow:
    """Sales says no, with a code of DECLINE_CODES. Raises NotFound, MoveRefused, BadInput."""
    check(DECLINE_CODES, code, reason, "Declining")
    return _answer(desk, person, handoff_id, _new("decline", code=code, reason=reason))


def recycle(
    desk: Desk, person: Person, handoff_id: str, *, day: date | None = None, condition: str | None = None, reason: str | None = None
) -> BriefRow:
    """Not now: back to the CSM until a day, or until something holds (in words). Also the CSM may. Raises NotFound, MoveRefused, BadInput."""
    today, told = desk.workdays.day_of(desk.courier.now()), (condition or "").strip() or None
    if day is None and told is None:
        raise BadInput("Until when, or until what?", "Give a day, or a condition in words.")
    if day is not None and not today < day <= today + LONGEST_RECYCLE:
        raise BadInput("A lead comes back on a day after today, at most two years ahead.")
    return _answer(desk, person, handoff_id, _new("recycle", reason=reason, day=day, condition=told), by_csm=True)


def outcome(
    desk: Desk,
    person: Person,
    handoff_id: str,
    result: Literal["won", "lost"],
    *,
    amount: float | None = None,
    currency: str | None = None,
    code: str | None = None,
    reason: str | None = None,
) -> BriefRow:
    """How it ended: won with the amount added a year, or lost with a code of LOST_CODES. Raises NotFound, MoveRefused, BadInput."""
    answer = _ended(result, amount, currency, code, reason)
    return _answer(desk, person, handoff_id, answer)


def kept_outcome(
    desk: Desk,
    person: Person,
    brief_id: str,
    result: Literal["won", "lost"],
    *,
    amount: float | None = None,
    currency: str | None = None,
    code: str | None = None,
    reason: str | None = None,
) -> BriefRow:
    """How a deal ended that its CSM kept; the CSM or an admin says so. Raises as `outcome`."""
    answer = _ended(result, amount, currency, code, reason)
    see(desk, person, brief_id)
    with desk.courier.store.writing() as connection:
        row = brief_rows.get(connection, brief_id, lock=True)
        if row.state is not State.CSM_OWNED:
            raise MoveRefused("This deal is not kept by its CSM.", "Sales says how a hand-off ended.", allowed_in(row.state))
        return _write(connection, desk, person, row, None, answer)


def due(handoff: Handoff, state: State, now: datetime, policy: Policy, workdays: Workdays) -> Literal["remind", "escalate"] | None:
    """What the clock asks for: nothing, a reminder at half the time, or that CSM and admins hear of it when the time is over."""
    if state is not State.DELIVERED or handoff.delivered_at is None or handoff.withdrawn_at is not None:
        return None
    ends = handoff.answer_due_at or answer_due(handoff.delivered_at, policy, workdays)
    if now >= ends:
        return "escalate" if handoff.escalated_at is None else None
    half = workdays.after_hours(handoff.delivered_at, policy.answer_hours * REMIND_AT)
    return "remind" if now >= half and handoff.reminded_at is None else None


def remind(desk: Desk) -> dict[str, str]:
    """Applies what is due to every unanswered hand-off: what was done, by hand-off id. Safe to repeat. Nothing is ever accepted by time."""
    store, now = desk.courier.store, desk.courier.now()
    with store.reading() as connection:
        waiting = [handoff for handoff in answers.unanswered(connection) if due(handoff, State.DELIVERED, now, desk.policy, desk.workdays)]
    done: dict[str, str] = {}
    for handoff in waiting:
        with store.writing() as connection:
            row = brief_rows.get(connection, handoff.brief_id, lock=True)
            present = next(iter(answers.unanswered(connection, handoff.id)), None)
            wanted = None if present is None else due(present, row.state, now, desk.policy, desk.workdays)
            if present is not None and wanted is not None:
                _press(connection, desk, row, present, wanted, now)
                done[handoff.id] = wanted
    return done


def _press(connection: Transaction, desk: Desk, row: BriefRow, handoff: Handoff, wanted: str, now: datetime) -> None:
    people = person_rows.named(connection, handoff.ae)
    if wanted == "remind":
        answers.reminded(connection, handoff.id, now)
    else:
        answers.escalated(connection, handoff.id, now)
        people = [*people, *notices.csms(connection, desk, row), *person_rows.with_role(connection, "admin")]
    kind = "answer_due" if wanted == "remind" else "answer_overdue"
    audit_log.append(connection, now, MACHINE, f"handoff.{wanted}", f"handoff:{handoff.id}")
    notices.tell(connection, desk, people, kind, f"handoff:{handoff.id}", account_id=row.account_id, at=now)


def _new(kind: str, **values: str | float | date | None) -> Answer:
    """An answer without who, when and to what, which the transaction fills in."""
    told = (str(values.get("reason") or "")).strip() or None
    if told and len(told) > LONGEST_WORDS:
        raise BadInput(f"The reason is too long: {len(told)} characters.", f"At most {LONGEST_WORDS}.")
    blank = Answer(id="", brief_id="", handoff_id=None, kind=kind, by="", at=datetime.min)
    return replace(blank, **(values | {"reason": told}))


def _ended(result: str, amount: float | None, currency: str | None, code: str | None, reason: str | None) -> Answer:
    if result not in ("won", "lost"):
        raise BadInput("A deal ends won or lost.")
    if result == "lost":
        check(LOST_CODES, code, reason, "A lost deal")
        if amount is not None:
            raise BadInput("A lost deal has no amount.")
        return _new("lost", code=code, reason=reason)
    if amount is None or not isfinite(amount) or amount < 0:
        raise BadInput("A deal won needs the amount it adds a year.", "A number, zero or more.")
    if currency is not None and not (currency.isalpha() and currency.isascii() and len(currency) == 3):
        raise BadInput("A currency is three letters, such as EUR.")
    return _new("won", amount=float(amount), currency=currency.upper() if currency else None, reason=reason)


def _answer(desk: Desk, person: Person, handoff_id: str, answer: Answer, *, by_csm: bool = False) -> BriefRow:
    with desk.courier.store.writing() as connection:
        handoff = handed.answerable(connection, desk, person, handoff_id, by_csm=by_csm)
        row = brief_rows.get(connection, handoff.brief_id, lock=True)
        return _write(connection, desk, person, row, handoff_id, answer)


def _write(connection: Transaction, desk: Desk, person: Person, row: BriefRow, handoff_id: str | None, answer: Answer) -> BriefRow:
    still_works(connection, person)
    if person.role not in ("ae", "csm", "admin"):
        raise NotAllowed("Only sales, the CSM or an admin answers.")
    at = desk.courier.now()
    currency = answer.currency or (row.currency if answer.kind == "won" else None)
    whole = replace(answer, id=desk.courier.new_id(), brief_id=row.id, handoff_id=handoff_id, by=person.id, at=at, currency=currency)
    changed = brief_rows.change(
        connection, row, ACTIONS[answer.kind], by=person.id, at=at, handoff=handoff_id, code=answer.code, answer=whole.id, token=person.token_id
    )
    answers.add(connection, whole)
    others = [one for one in notices.csms(connection, desk, row) if one.id != person.id]
    notices.tell(connection, desk, others, "answered", f"brief:{row.id}", account_id=row.account_id, at=at, answer=answer.kind, code=answer.code)
    return changed
