"""How drafts come onto desks: one live brief of a thing, back only on new evidence, and only so many a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from briefs import returning
from briefs.brief import AccountResult, BriefBody, Evidence, Signal
from briefs.deciding import sales
from briefs.deciding.desk_work import is_asleep, keep, snooze
from briefs.filing import Filing
from briefs.gate import REDRAFTABLE, State
from briefs.policy import Policy
from briefs.returning import Earlier
from briefs.review import recall, reject
from briefs.store import facts, notices
from tests.briefs.desk_parts import AS_OF, NOON, SAID, Office, body, result

NEWER = Evidence(record_id="t7", kind="ticket", part="messages[0]", start=0, end=20, quote="Could we add thirty?", at=AS_OF)
MONTHS = Evidence(record_id="usage:a1:2026-03-01", kind="usage", field="seats_active", value=92)


def signal(evidence: Evidence, type: str = "value_stated", test: str = "success", *, asked: bool = False, on: date = AS_OF) -> Signal:
    return Signal(
        id=f"{type}-{evidence.record_id}",
        type=type,
        test=test,  # pyright: ignore[reportArgumentType]
        strength="strong",
        observed_at=on,
        detector="rule:x",
        subject_account_id="a1",
        evidence=(evidence,),
        explicit_request=asked,
    )


FIRST = signal(SAID)


def said(*signals: Signal, account_id: str = "a1", priority: float = 0.5) -> AccountResult:
    return result(account_id).model_copy(update={"signals": signals, "priority": priority})


def filing(desk: Office, **limits: int) -> Filing:
    return Filing(desk.store, desk.desk.owners, desk.clock, desk.desk.courier.new_id, replace(Policy(), **limits), desk.desk.workdays)


def scan(desk: Office, written: BriefBody, found: AccountResult, **limits: int) -> str | None:
    """As a scan does: the draft is filed, then the result kept."""
    desk.draft_dossier(written)
    brief_id = filing(desk, **limits).file(written, found)
    desk.store.save_result(found.model_copy(update={"brief_id": brief_id}), "key", desk.desk.courier.new_id(), desk.clock())
    return brief_id


def refused(desk: Office) -> str:
    """A brief a CSM rejected a month ago."""
    brief_id = scan(desk, body(), said(FIRST))
    assert brief_id
    reject(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="too_early")
    desk.clock.at += timedelta(days=30)
    return brief_id


def later(headline: str = "Acme grew") -> BriefBody:
    return body(headline=headline, as_of=date(2026, 4, 30))


def test_a_new_draft_comes_onto_the_desk_with_its_clock_running(desk: Office):
    brief_id = scan(desk, body(), said(FIRST, priority=0.8))
    row = desk.store.brief(brief_id or "")
    assert (row.waiting, row.priority, row.signal_on) == (False, 0.8, AS_OF)
    assert row.released_at is not None
    assert row.expires_at == desk.desk.workdays.after_days(row.released_at, 10)


def test_a_rejected_brief_stays_away_while_nothing_is_new(desk: Office):
    """Other words, another quarter, a new month of the same use: the reasons are those a person said no to."""
    brief_id = refused(desk)
    assert scan(desk, later(), said(FIRST)) == brief_id
    assert desk.store.brief(brief_id).state is State.REJECTED
    assert len(desk.store.list()) == 1


def test_a_rejected_brief_returns_on_new_evidence_and_says_what_is_new(desk: Office):
    brief_id = refused(desk)
    again = scan(desk, later(), said(FIRST, signal(NEWER)))
    assert again not in (None, brief_id)
    row = desk.store.brief(again or "")
    assert row.new_evidence == (f"value_stated: t7, {AS_OF}",)
    assert "thirty" not in "".join(row.new_evidence)


def test_a_new_reason_against_brings_nothing_back(desk: Office):
    brief_id = refused(desk)
    assert scan(desk, later(), said(FIRST, signal(NEWER, "negative_sentiment", "risk"))) == brief_id


def test_new_evidence_waits_for_the_cool_down_unless_the_customer_asks(desk: Office):
    brief_id = refused(desk)
    desk.clock.at -= timedelta(days=25)
    assert scan(desk, later(), said(FIRST, signal(NEWER))) is None, "looked at again by the next scan"
    assert scan(desk, later(), said(FIRST, signal(NEWER, "seats_requested", "fit", asked=True))) not in (None, brief_id)


def test_what_was_held_back_returns_when_the_cool_down_is_over(desk: Office):
    brief_id = refused(desk)
    desk.clock.at -= timedelta(days=25)
    found = said(FIRST, signal(NEWER))
    assert scan(desk, later(), found) is None
    desk.clock.at += timedelta(days=10)
    assert scan(desk, later(), found) not in (None, brief_id)


def test_a_lead_sales_is_working_on_is_not_drafted_again(desk: Office):
    brief_id = scan(desk, body(), said(FIRST))
    assert brief_id
    desk.approve(brief_id)
    assert scan(desk, later(), said(FIRST, signal(NEWER))) == brief_id
    sales.accept(desk.desk, desk.eve, desk.store.handoffs(brief_id)[0].id, first_touch=AS_OF)
    assert scan(desk, later(), said(FIRST, signal(NEWER))) == brief_id
    assert len(desk.store.list()) == 1


def test_a_deal_its_csm_keeps_is_not_drafted_again(desk: Office):
    brief_id = scan(desk, body(), said(FIRST)) or ""
    keep(desk.desk, desk.dana, brief_id, desk.head(brief_id))
    assert scan(desk, later(), said(FIRST, signal(NEWER))) == brief_id


def test_a_recycled_lead_returns_on_its_day(desk: Office):
    brief_id = scan(desk, body(), said(FIRST)) or ""
    desk.approve(brief_id)
    sales.recycle(desk.desk, desk.eve, desk.store.handoffs(brief_id)[0].id, day=date(2026, 6, 1))
    desk.clock.at = NOON + timedelta(days=40)
    assert scan(desk, later(), said(FIRST)) is None
    desk.clock.at = NOON + timedelta(days=62)
    again = scan(desk, later(), said(FIRST))
    assert again not in (None, brief_id)
    assert desk.store.brief(again or "").new_evidence == ("recycled before; its day has come",)


def test_a_recalled_brief_returns_on_new_evidence_at_once(desk: Office):
    brief_id = scan(desk, body(), said(FIRST)) or ""
    desk.approve(brief_id)
    recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
    assert scan(desk, later(), said(FIRST)) == brief_id
    assert scan(desk, later(), said(FIRST, signal(NEWER))) not in (None, brief_id)


def test_only_so_many_new_briefs_reach_a_csm_in_a_week_the_best_first(desk: Office):
    ids = {n: scan(desk, body(f"a{n}"), said(FIRST, account_id=f"a{n}", priority=n / 10), weekly_briefs=2) or "" for n in range(1, 6)}
    assert all(row.waiting for row in desk.store.list())
    rules = filing(desk, weekly_briefs=2)
    assert rules.release() == [ids[5], ids[4]]
    assert rules.release() == []
    assert {row.id for row in desk.store.list() if row.waiting} == {ids[1], ids[2], ids[3]}
    desk.clock.at += timedelta(days=7)
    assert rules.release() == [ids[3], ids[2]]


def test_a_waiting_brief_that_changes_goes_on_waiting(desk: Office):
    first = scan(desk, body(), said(FIRST), weekly_briefs=1)
    assert scan(desk, body(headline="Acme grew"), said(FIRST), weekly_briefs=1) == first
    row = desk.store.brief(first or "")
    assert (row.waiting, row.versions) == (True, 2)


def test_a_brief_that_slept_until_something_is_new_wakes(desk: Office):
    brief_id = scan(desk, body(), said(FIRST)) or ""
    snooze(desk.desk, desk.dana, brief_id, for_evidence=True)
    today = desk.desk.workdays.day_of(desk.clock.at)
    scan(desk, body(headline="Other words"), said(FIRST))
    assert is_asleep(desk.store.brief(brief_id), today)
    scan(desk, body(headline="Acme grew"), said(FIRST, signal(NEWER)))
    assert not is_asleep(desk.store.brief(brief_id), today)


def test_a_csm_hears_at_once_only_of_what_the_customer_asked(desk: Office):
    scan(desk, body(), said(FIRST))
    scan(desk, body("a2"), said(FIRST, signal(NEWER, "seats_requested", "fit", asked=True), account_id="a2"))
    with desk.store.reading() as connection:
        told = notices.of_person(connection, desk.dana.id)
    assert [(notice.kind, notice.account_id) for notice in told] == [("customer_asked", "a2")]


def test_an_old_request_rings_nobody(desk: Office):
    scan(desk, body(), said(signal(NEWER, "seats_requested", "fit", asked=True, on=AS_OF - timedelta(days=31))))
    with desk.store.reading() as connection:
        assert notices.of_person(connection, desk.dana.id) == []


def test_what_a_report_counts_by_is_kept_with_the_brief(desk: Office):
    found = said(FIRST, signal(NEWER, "seats_requested", "fit"))
    assert facts.facts_of(body(), found) == {("engine", "offline"), ("signal", "value_stated"), ("signal", "seats_requested")}


@pytest.mark.parametrize(("state", "new", "later", "asked"), list(product(State, (False, True), (False, True), (False, True))))
def test_every_state_has_its_answer(state: State, new: bool, later: bool, asked: bool):
    """Nothing that a person or sales ended comes back without new evidence; nothing anybody works on is doubled."""
    signals = [signal(NEWER, "seats_requested" if asked else "value_stated", "fit", asked=asked)] if new else []
    now = NOON + timedelta(days=15 if later else 13)
    answer = returning.stance(Earlier(state, NOON, frozenset()), signals, now, now.date(), 14)
    if state in REDRAFTABLE | {State.APPROVED, State.SUPERSEDED}:
        assert answer == "file"
    elif state in returning.AT_WORK or not new:
        assert answer == "leave"
    elif state in returning.SAID_NO and not later and not asked:
        assert answer == "hold"
    else:
        assert answer == "file"


def test_a_new_month_of_the_same_measure_is_not_new_evidence():
    april = MONTHS.model_copy(update={"record_id": "usage:a1:2026-04-01", "value": 95})
    assert returning.fresh([signal(april)], returning.keys([MONTHS])) == []
    assert returning.fresh([signal(april.model_copy(update={"field": "limits.api"}))], returning.keys([MONTHS])) != []
