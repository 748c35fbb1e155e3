"""Giving a brief away, putting it off, keeping a deal; and what the clock does to a brief nobody decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from briefs.deciding import expiry, sales
from briefs.deciding.desk_work import assign, is_asleep, keep, release, snooze, wake
from briefs.errors import BadInput, MoveRefused, NotFound, StaleVersion
from briefs.gate import State
from briefs.review import reject
from briefs.store import marks, notices
from tests.briefs.desk_parts import Office, body

DAY = timedelta(days=1)
MONDAY = date(2026, 4, 6)


def told(desk: Office, name: str) -> list[str]:
    with desk.store.reading() as connection:
        return [notice.kind for notice in notices.of_person(connection, getattr(desk, name).id)]


def test_a_brief_is_given_to_somebody_who_may_decide_it(desk: Office):
    brief_id = desk.draft()
    row = assign(desk.desk, desk.dana, brief_id, "MAX@acme.example")
    assert row.assignee == desk.max.id
    assert told(desk, "max") == ["assigned"]
    assert assign(desk.desk, desk.dana, brief_id, None).assignee is None
    assert [r.action for r in desk.store.audit_rows()].count("brief.assign") == 2


@pytest.mark.parametrize("name", ["otto", "eve"])
def test_a_brief_is_not_given_to_somebody_who_may_not_see_it(desk: Office, name: str):
    brief_id = desk.draft()
    with pytest.raises(BadInput):
        assign(desk.desk, desk.dana, brief_id, getattr(desk, name).id)
    assert desk.store.brief(brief_id).assignee is None


def test_giving_a_brief_again_to_the_same_person_is_nothing(desk: Office):
    brief_id = desk.draft()
    first = assign(desk.desk, desk.dana, brief_id, desk.max.id)
    assert assign(desk.desk, desk.dana, brief_id, desk.max.id) == first
    assert told(desk, "max") == ["assigned"]


@pytest.mark.parametrize("name", ["otto", "eve"])
def test_whoever_does_not_see_a_brief_can_do_nothing_with_it(desk: Office, name: str):
    brief_id, who = desk.draft(), getattr(desk, name)
    acts = (
        lambda: assign(desk.desk, who, brief_id, who.id),
        lambda: snooze(desk.desk, who, brief_id, for_evidence=True),
        lambda: wake(desk.desk, who, brief_id),
        lambda: keep(desk.desk, who, brief_id, desk.head(brief_id)),
        lambda: release(desk.desk, who, brief_id),
    )
    before = desk.store.brief(brief_id)
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert desk.store.brief(brief_id) == before


def test_a_brief_put_off_sleeps_until_its_day(desk: Office):
    brief_id = desk.draft()
    row = snooze(desk.desk, desk.dana, brief_id, until=MONDAY)
    assert (row.snoozed_until, row.snooze_for_evidence) == (MONDAY, False)
    assert is_asleep(row, MONDAY - DAY)
    assert not is_asleep(row, MONDAY)


def test_a_brief_waiting_for_evidence_sleeps_at_most_ninety_days(desk: Office):
    row = snooze(desk.desk, desk.dana, desk.draft(), for_evidence=True)
    assert row.snooze_for_evidence
    assert row.snoozed_until == date(2026, 3, 31) + timedelta(days=90)


@pytest.mark.parametrize("until", [date(2026, 3, 31), date(2026, 3, 1), date(2026, 7, 1), None])
def test_a_brief_is_put_off_to_a_day_that_makes_sense(desk: Office, until: date | None):
    brief_id = desk.draft()
    with pytest.raises(BadInput):
        snooze(desk.desk, desk.dana, brief_id, until=until)
    assert desk.store.brief(brief_id).snoozed_until is None


def test_a_sleeping_brief_can_still_be_decided(desk: Office):
    brief_id = desk.draft()
    snooze(desk.desk, desk.dana, brief_id, until=MONDAY)
    assert desk.approve(brief_id).brief.state is State.DELIVERED


def test_waking_a_brief_puts_it_back_on_the_desk(desk: Office):
    brief_id = desk.draft()
    snooze(desk.desk, desk.dana, brief_id, until=MONDAY)
    row = wake(desk.desk, desk.dana, brief_id)
    assert not is_asleep(row, date(2026, 3, 31))
    assert wake(desk.desk, desk.dana, brief_id) == row


def test_a_decided_brief_cannot_be_moved_about(desk: Office):
    brief_id = desk.draft()
    reject(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="too_early")
    for act in (
        lambda: assign(desk.desk, desk.dana, brief_id, desk.max.id),
        lambda: snooze(desk.desk, desk.dana, brief_id, until=MONDAY),
        lambda: keep(desk.desk, desk.dana, brief_id, desk.head(brief_id)),
        lambda: release(desk.desk, desk.dana, brief_id),
    ):
        with pytest.raises(MoveRefused):
            act()


def test_a_small_deal_stays_with_its_csm_and_its_outcome_is_kept(desk: Office):
    brief_id = desk.draft()
    with pytest.raises(StaleVersion):
        keep(desk.desk, desk.dana, brief_id, "sha256:other")
    assert keep(desk.desk, desk.dana, brief_id, desk.head(brief_id), "two seats").state is State.CSM_OWNED
    assert desk.store.handoffs(brief_id) == []
    row = sales.kept_outcome(desk.desk, desk.dana, brief_id, "won", amount=400, currency="eur")
    assert row.state is State.WON
    with pytest.raises(MoveRefused):
        sales.kept_outcome(desk.desk, desk.dana, brief_id, "lost", code="price")


def test_taking_a_waiting_brief_by_hand_starts_its_time(desk: Office):
    brief_id = desk.draft()
    with desk.store.writing() as connection:
        marks.hold(connection, desk.store.brief(brief_id))
    row = release(desk.desk, desk.dana, brief_id)
    assert not row.waiting
    assert row.released_at is not None
    assert row.expires_at == desk.desk.workdays.after_days(row.released_at, 10)
    assert release(desk.desk, desk.dana, brief_id) == row


def days_later(desk: Office, days: float) -> None:
    desk.clock.at += timedelta(days=days)


def test_an_undecided_brief_is_brought_to_an_admin_then_expires(desk: Office):
    """The desk's clock stands on Tuesday, 31 March: three business days later is Friday, ten are Tuesday in two weeks."""
    brief_id = desk.draft()
    days_later(desk, 2.9)
    assert expiry.lapse(desk.desk) == {}
    days_later(desk, 0.2)
    assert expiry.lapse(desk.desk) == {brief_id: "escalate"}
    assert expiry.lapse(desk.desk) == {}
    assert told(desk, "max") == ["undecided"]
    days_later(desk, 10.8)
    assert expiry.lapse(desk.desk) == {}
    days_later(desk, 0.2)
    assert expiry.lapse(desk.desk) == {brief_id: "expire"}
    assert desk.store.brief(brief_id).state is State.EXPIRED
    assert told(desk, "dana") == ["expired", "undecided"]
    assert desk.store.decisions(brief_id) == [], "time decides nothing"
    assert "brief.reject" not in {row.action for row in desk.store.audit_rows()}


def test_an_expired_brief_cannot_be_approved(desk: Office):
    brief_id = desk.draft()
    days_later(desk, 30)
    expiry.lapse(desk.desk)
    with pytest.raises(MoveRefused):
        desk.approve(brief_id)
    assert desk.shelf.written == {}


def test_a_sleeping_brief_does_not_expire_and_has_its_whole_time_when_it_wakes(desk: Office):
    brief_id = desk.draft()
    snooze(desk.desk, desk.dana, brief_id, until=date(2026, 6, 1))
    days_later(desk, 61)
    assert expiry.lapse(desk.desk) == {}, "31 May"
    days_later(desk, 4)
    assert expiry.lapse(desk.desk) == {brief_id: "escalate"}, "three business days after Monday, 1 June"
    days_later(desk, 10)
    assert expiry.lapse(desk.desk) == {}
    days_later(desk, 1)
    assert expiry.lapse(desk.desk) == {brief_id: "expire"}


def test_a_waiting_brief_has_no_clock(desk: Office):
    brief_id = desk.draft()
    with desk.store.writing() as connection:
        marks.hold(connection, desk.store.brief(brief_id))
    days_later(desk, 90)
    assert expiry.lapse(desk.desk) == {}
    assert desk.store.brief(brief_id).state is State.DRAFT


def test_an_approval_that_could_not_set_off_lapses_and_nothing_is_sent(desk: Office):
    brief_id = desk.draft()
    desk.approve_without_delivering(brief_id)
    days_later(desk, 6.9)
    assert expiry.lapse(desk.desk) == {}
    days_later(desk, 0.2)
    assert expiry.lapse(desk.desk) == {brief_id: "expire"}
    assert desk.shelf.written == {}


def test_what_is_decided_or_delivered_does_not_lapse(desk: Office):
    delivered, rejected = desk.draft(), desk.draft(body("a2"))
    desk.approve(delivered)
    reject(desk.desk, desk.dana, rejected, desk.head(rejected), reason_code="too_early")
    days_later(desk, 90)
    assert expiry.lapse(desk.desk) == {}
