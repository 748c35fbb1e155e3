"""How drafts come onto desks: one live brief of a thing, back only on new evidence, and no more new ones in a week than a CSM can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from briefs import returning
from briefs.brief import AccountResult, BriefBody, Signal
from briefs.errors import NotFound
from briefs.gate import REDRAFTABLE, State
from briefs.policy import DEFAULTS, Policy
from briefs.returning import Earlier
from briefs.store import Store, Transaction, answers, audit_log, brief_rows, drafts, facts, marks, notices, person_rows, results
from briefs.store.brief_rows import BriefRow
from briefs.store.drafts import MACHINE
from briefs.store.notices import Notice
from briefs.visibility import Owners
from briefs.workdays import WEEKDAYS, Workdays

ASKED_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Filing:
    """What filing needs. `owners` answers for an account id."""

    store: Store
    owners: Callable[[str], Owners]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    policy: Policy
    workdays: Workdays

    def file(self, body: BriefBody, result: AccountResult) -> str | None:
        """The id of the brief that holds this draft, or of the one that stands in its place; None where it has to wait and be looked at again."""
        at, csm = self.now(), self.owners(body.account_id).csm
        with self.store.writing() as connection:
            before = drafts.newest(connection, body)
            earlier = _earlier(connection, before)
            new = returning.fresh(result.signals, earlier.known if earlier else frozenset())
            stance = returning.stance(earlier, new, at, self.workdays.day_of(at), self.policy.cool_down_days)
            if stance != "file":
                return before.id if before is not None and stance == "leave" else None
            brief_id = drafts.save_draft(connection, body, author=MACHINE, at=at, new_id=self.new_id)
            row = brief_rows.get(connection, brief_id)
            if before is None or before.id != brief_id:
                self._new(connection, row, result, earlier, new, at, csm)
            elif before.head != row.head:
                self._redrafted(connection, row, new, at)
            if before is None or before.head != row.head:
                facts.put(connection, brief_id, facts.facts_of(body, result))
        return brief_id

    def release(self) -> list[str]:
        """Brings waiting briefs onto desks, the best first, as far as each CSM's week has room. Safe to repeat."""
        at, done = self.now(), list[str]()
        with self.store.reading() as connection:
            accounts = {row.account_id for row in marks.waiting(connection)}
            if not accounts:
                return done
            accounts |= marks.released_since(connection, self.workdays.week_of(at)).keys()
        whose = {account_id: (self.owners(account_id).csm or "").strip().casefold() or None for account_id in accounts}
        with self.store.writing() as connection:
            had = Counter[str | None]()
            for account_id, count in marks.released_since(connection, self.workdays.week_of(at)).items():
                had[whose.get(account_id)] += count
            for row in (row for row in marks.waiting(connection) if row.account_id in whose):
                csm = whose[row.account_id]
                if csm is None or not self.policy.weekly_briefs or had[csm] < self.policy.weekly_briefs:
                    had[csm] += 1
                    marks.release(connection, row, at, self._expires(at))
                    audit_log.append(connection, at, MACHINE, "brief.release", f"brief:{row.id}")
                    done.append(row.id)
        return done

    def _new(
        self, connection: Transaction, row: BriefRow, result: AccountResult, earlier: Earlier | None, new: list[Signal], at: datetime, csm: str | None
    ) -> None:
        row = marks.rank(connection, row, result.priority, _newest_day(result))
        row = marks.hold(connection, row) if self.policy.weekly_briefs else marks.release(connection, row, at, self._expires(at))
        if earlier is not None and earlier.state in returning.ENDED:
            marks.returned(connection, row, returning.told(new, earlier.known) or (f"{earlier.state.value} before; its day has come",))
        asked = [s for s in new if returning.is_asked(s) and s.observed_at >= self.workdays.day_of(at) - ASKED_WITHIN]
        if asked:
            for person in person_rows.named(connection, csm):
                detail = {"signals": sorted({signal.type for signal in asked})}
                notices.add(connection, Notice(self.new_id(), person.id, at, "customer_asked", f"brief:{row.id}", row.account_id, detail))

    def _redrafted(self, connection: Transaction, row: BriefRow, new: list[Signal], at: datetime) -> None:
        """A new version on an open brief: its time to decide runs anew, and one that slept until something was new wakes."""
        if row.state not in REDRAFTABLE or row.waiting:
            return
        today = self.workdays.day_of(at)
        if row.snooze_for_evidence and new:
            marks.wake(connection, row, today, self._expires(at))
            audit_log.append(connection, at, MACHINE, "brief.wake", f"brief:{row.id}")
        elif row.snoozed_until is None or row.snoozed_until <= today:
            marks.extend(connection, row, self._expires(at))

    def _expires(self, at: datetime) -> datetime:
        return self.workdays.after_days(at, self.policy.expire_after_days)


def unlimited(store: Store, now: Callable[[], datetime], new_id: Callable[[], str]) -> Filing:
    """Filing without a weekly number or anybody to tell, for a pipeline that stands alone."""
    return Filing(store, lambda account_id: Owners(), now, new_id, DEFAULTS, WEEKDAYS)


def _newest_day(result: AccountResult) -> date | None:
    return max((signal.observed_at for signal in result.signals if signal.test != "risk"), default=None)


def _earlier(connection: Transaction, before: BriefRow | None) -> Earlier | None:
    """What was known when the earlier brief came to where it stands: its own evidence, and the signals of the scan before that moment."""
    if before is None:
        return None
    known = frozenset[returning.Key]()
    try:
        body = BriefBody.model_validate_json(brief_rows.version_bytes(connection, before.head))
        known |= returning.keys(evidence for claim in body.claims() for evidence in claim.evidence)
    except NotFound:
        """Its words were erased with a source: what is on file now counts as new."""
    seen = results.last_before(connection, before.account_id, before.updated_at)
    if seen is not None:
        known |= returning.keys(evidence for signal in seen.result.signals for evidence in signal.evidence)
    days = [answer.day for answer in answers.of_brief(connection, before.id) if answer.kind == "recycle"]
    until = days[-1] if days and before.state is State.RECYCLED else None
    return Earlier(before.state, before.updated_at, known, until)
