"""The funnel counts what people did, with honest intervals, for the accounts one may see."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from briefs import funnel
from briefs.deciding import expiry, sales
from briefs.funnel import wilson
from briefs.review import recall, reject
from briefs.store import Store, facts, looks, marks
from briefs.store.instants import stamp
from briefs.store.sales_tables import brief_facts
from briefs.store.tables import briefs
from tests.briefs.desk_parts import AS_OF, NOON, Office, body


def handoff(desk: Office, brief_id: str) -> str:
    return desk.store.handoffs(brief_id)[0].id


def test_an_empty_funnel_has_no_rate(desk: Office):
    report = funnel.of(desk.desk, desk.max)
    assert report.total.drafted == 0
    assert report.total.acceptance.rate is None
    assert report.hours["draft_to_approval"].median is None


def test_every_step_is_counted_whatever_came_after(desk: Office):
    won, lost, declined, rejected, expired, recalled = (desk.draft(body(f"a{n}")) for n in range(6))
    for brief_id in (won, lost, declined, recalled):
        desk.approve(brief_id)
    for brief_id in (won, lost):
        sales.accept(desk.desk, desk.eve, handoff(desk, brief_id), first_touch=AS_OF)
    sales.outcome(desk.desk, desk.eve, handoff(desk, won), "won", amount=1200, currency="EUR")
    sales.outcome(desk.desk, desk.eve, handoff(desk, lost), "lost", code="price")
    sales.decline(desk.desk, desk.eve, handoff(desk, declined), code="no_budget")
    recall(desk.desk, desk.dana, recalled, desk.head(recalled), reason_code="stale")
    reject(desk.desk, desk.dana, rejected, desk.head(rejected), reason_code="too_early")
    desk.clock.at += timedelta(days=30)
    expiry.lapse(desk.desk)
    report = funnel.of(desk.desk, desk.max)
    total = report.total
    assert (total.drafted, total.approved, total.delivered, total.accepted, total.declined) == (6, 4, 4, 2, 1)
    assert (total.won, total.lost, total.rejected, total.expired) == (1, 1, 1, 1)
    assert total.won_arr == {"unknown": 1200.0}
    assert (total.acceptance.part, total.acceptance.whole) == (2, 3)
    assert report.rejected_for == {"too_early": 1}
    assert report.declined_for == {"no_budget": 1}
    assert report.lost_for == {"price": 1}
    assert expired in {row.id for row in desk.store.list("expired")}


def test_hours_between_steps_are_medians(desk: Office):
    for n, hours in enumerate((1, 3, 20)):
        brief_id = desk.draft(body(f"a{n}"))
        with desk.store.writing() as connection:
            marks.rank(connection, desk.store.brief(brief_id), 0.5, date(2026, 3, 30))
        desk.clock.at += timedelta(hours=hours)
        desk.approve(brief_id)
    report = funnel.of(desk.desk, desk.max)
    assert report.hours["draft_to_approval"].median == pytest.approx(3, abs=0.01)
    assert report.hours["draft_to_approval"].briefs == 3
    assert report.hours["signal_to_draft"].median == pytest.approx(37, abs=0.1)
    assert report.hours["delivery_to_acceptance"].briefs == 0


def test_an_approval_of_what_was_never_opened_is_counted_unread(desk: Office):
    read, unread, late = (desk.draft(body(f"a{n}")) for n in range(3))
    with desk.store.writing() as connection:
        looks.add(connection, "l1", read, desk.head(read), desk.dana.id, desk.clock(), 40.0, 3)
        looks.add(connection, "l2", unread, desk.head(unread), desk.max.id, desk.clock(), 40.0, 3)
    for brief_id in (read, unread, late):
        desk.approve(brief_id)
    with desk.store.writing() as connection:
        looks.add(connection, "l3", late, desk.head(late), desk.dana.id, desk.clock(), 40.0, 3)
    share = funnel.of(desk.desk, desk.max).approved_unread
    assert (share.part, share.whole) == (2, 3)


def test_the_funnel_is_told_apart_by_what_a_brief_rests_on(desk: Office):
    one, two = desk.draft(body("a1")), desk.draft(body("a2"))
    with desk.store.writing() as connection:
        facts.put(connection, one, {("engine", "offline"), ("signal", "seats_requested"), ("signal", "value_stated"), ("source", "ticket")})
        facts.put(connection, two, {("engine", "llm"), ("signal", "value_stated"), ("prompt", "draft_brief sha256:1")})
    by = funnel.of(desk.desk, desk.max).by
    assert {value: counts.drafted for value, counts in by["signal"].items()} == {"seats_requested": 1, "value_stated": 2}
    assert set(by["engine"]) == {"offline", "llm"}
    assert by["prompt"]["draft_brief sha256:1"].drafted == 1
    assert by["week"]["2026-W14"].drafted == 2
    assert by["lead_type"]["customer_success"].drafted == 2


def test_each_sees_the_funnel_of_their_own_accounts(desk: Office):
    desk.draft()
    assert funnel.of(desk.desk, desk.max).total.drafted == 1
    assert funnel.of(desk.desk, desk.dana).total.drafted == 1
    for person in (desk.otto, desk.eve):
        assert funnel.of(desk.desk, person).total.drafted == 0


def test_a_period_is_from_its_first_moment_to_before_its_last(desk: Office):
    desk.draft()
    drafted = desk.store.list()[0].created_at
    for since, until, count in (
        (drafted, None, 1),
        (None, drafted, 0),
        (drafted + timedelta(seconds=1), None, 0),
        (None, NOON + timedelta(days=1), 1),
    ):
        assert funnel.of(desk.desk, desk.max, since, until).total.drafted == count


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(3, 3, 0.438503, 1.0), (0, 10, 0.0, 0.277540), (50, 100, 0.403832, 0.596168), (1, 1, 0.206549, 1.0)]
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float):
    """Checked against the closed form, computed apart."""
    share = wilson(part, whole)
    assert (share.low, share.high) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))


@given(st.integers(1, 10_000), st.data())
def test_a_rate_lies_in_its_interval(whole: int, data: st.DataObject):
    share = wilson(data.draw(st.integers(0, whole)), whole)
    assert share.rate is not None
    assert share.low is not None
    assert share.high is not None
    assert 0 <= share.low <= share.rate + 1e-12
    assert share.rate - 1e-12 <= share.high <= 1


def test_a_part_is_no_more_than_its_whole():
    with pytest.raises(ValueError, match="part"):
        wilson(2, 1)


def test_twenty_thousand_briefs_are_counted_in_seconds_of_work(sqlite_store: Store):
    made = stamp(datetime(2026, 3, 1, tzinfo=UTC))
    rows = [
        {
            "id": f"b{n}", "account_id": f"a{n % 500}", "account_name": "A", "motion": "tier", "sku": "s", "quarter": "2026Q1", "state": "draft",
            "head": f"sha256:{n}", "versions": 1, "row_version": 1, "as_of": "2026-03-01", "headline": "h", "created_at": made, "updated_at": made,
        }
        for n in range(20_000)
    ]  # fmt: skip
    counted = [{"brief_id": row["id"], "kind": "signal", "value": f"s{n % 7}"} for n, row in enumerate(rows)]
    with sqlite_store.writing() as connection:
        connection.execute(insert(briefs), rows)
        connection.execute(insert(brief_facts), counted)
    before = time.process_time()
    with sqlite_store.reading() as connection:
        found = funnel.funnel_rows.rows(connection)
    assert funnel.report(found).total.drafted == 20_000
    assert time.process_time() - before < 5
