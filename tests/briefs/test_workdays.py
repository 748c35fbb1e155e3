"""Business time passes on business days only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.deciding.expiry import CLOCK_CHANGE_HOURS
from briefs.errors import BadInput
from briefs.holiday_calendar import workdays
from briefs.workdays import WEEKDAYS, Workdays

FRIDAY = datetime(2026, 4, 10, 17, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (FRIDAY, 24, datetime(2026, 4, 13, 17, tzinfo=UTC)),
        (FRIDAY, 7, datetime(2026, 4, 13, tzinfo=UTC)),
        (FRIDAY, 6, datetime(2026, 4, 10, 23, tzinfo=UTC)),
        (datetime(2026, 4, 11, 9, tzinfo=UTC), 24, datetime(2026, 4, 14, tzinfo=UTC)),
        (datetime(2026, 4, 14, 9, tzinfo=UTC), 24, datetime(2026, 4, 15, 9, tzinfo=UTC)),
    ],
    ids=["over a weekend", "to the end of the day", "the same day", "from a Saturday", "in the week"],
)
def test_hours_of_free_days_do_not_pass(start: datetime, hours: int, end: datetime):
    assert WEEKDAYS.after_hours(start, hours) == end


def test_days_keep_the_time_of_day():
    assert WEEKDAYS.after_days(datetime(2026, 4, 13, 10, 30, tzinfo=UTC), 10) == datetime(2026, 4, 27, 10, 30, tzinfo=UTC)


def test_a_holiday_of_the_country_is_free():
    german = workdays("DE", "Europe/Berlin")
    assert not german.works(date(2026, 5, 1))
    assert german.works(date(2026, 4, 30))
    assert workdays("US-CA").works(date(2026, 5, 1))


def test_a_day_begins_where_the_people_are():
    sunday_night = datetime(2026, 4, 12, 22, 30, tzinfo=UTC)
    assert Workdays(zone=BERLIN).after_hours(sunday_night, 24) == sunday_night + timedelta(hours=24)
    assert WEEKDAYS.after_hours(sunday_night, 24) == datetime(2026, 4, 14, tzinfo=UTC)


def test_a_week_begins_on_monday():
    assert WEEKDAYS.week_of(FRIDAY) == datetime(2026, 4, 6, tzinfo=UTC)
    assert Workdays(zone=BERLIN).week_of(datetime(2026, 4, 12, 22, 30, tzinfo=UTC)) == datetime(2026, 4, 12, 22, tzinfo=UTC)


@pytest.mark.parametrize(("country", "zone"), [("XX", "UTC"), ("DE-XX", "UTC"), (None, "Mars/Base"), (None, "../etc")])
def test_a_calendar_that_is_not_known_is_refused_in_words(country: str | None, zone: str):
    with pytest.raises(BadInput) as refused:
        workdays(country, zone)
    assert refused.value.hint.startswith("Set BRIEFS_")


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.integers(0, 200), st.integers(1, 100))
def test_more_hours_never_end_earlier_and_always_on_a_business_day(start: datetime, hours: int, more: int):
    first, later = WEEKDAYS.after_hours(start, hours), WEEKDAYS.after_hours(start, hours + more)
    assert start + timedelta(hours=hours) <= first < later
    assert WEEKDAYS.works(first.date())


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 30),
    st.sampled_from(["UTC", "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_what_is_younger_than_so_many_days_is_never_due(since: datetime, days: int, zone: str):
    """The clock's work reads only briefs older than that (see `expiry`)."""
    ends = Workdays(zone=ZoneInfo(zone)).after_days(since, days)
    assert ends >= since + timedelta(days=days, hours=-CLOCK_CHANGE_HOURS)
