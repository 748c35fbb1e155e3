"""Dates and numbers are read as people mean them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.reading.dates import periods
from briefs.reading.numerals import value_of
from briefs.reading.quantities import quantities

AT = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on 1 May", "2026-05-01", "2026-05-01"),
        ("May 1st", "2026-05-01", "2026-05-01"),
        ("by June", "2026-06-01", "2026-06-30"),
        ("mid-April", "2026-04-10", "2026-04-21"),
        ("end of Q3", "2026-08-31", "2026-09-30"),
        ("in Q2 2026", "2026-04-01", "2026-06-30"),
        ("next month", "2026-04-01", "2026-04-30"),
        ("in six weeks", "2026-05-12", "2026-05-12"),
        ("KW 23", "2026-06-01", "2026-06-07"),
        ("am 01.05.2026", "2026-05-01", "2026-05-01"),
        ("2026-05-01", "2026-05-01", "2026-05-01"),
        ("05/06/26", "2026-06-05", "2026-06-05"),
        ("06/25/26", "2026-06-25", "2026-06-25"),
        ("our fiscal year starting July", "2026-07-01", "2026-07-31"),
        ("Anfang Mai", "2026-05-01", "2026-05-11"),
        ("à partir du 3 juin", "2026-06-03", "2026-06-03"),
        ("a principios de junio", "2026-06-01", "2026-06-10"),
        ("bis 8.9.", "2026-09-08", "2026-09-08"),
        ("im nächsten Quartal", "2026-04-01", "2026-06-30"),
        ("el mes que viene", "2026-04-01", "2026-04-30"),
        ("dans trois semaines", "2026-04-21", "2026-04-21"),
        ("vor zwei Wochen", "2026-03-17", "2026-03-17"),
        ("before Easter", "2026-04-05", "2026-04-06"),
        ("we signed in February", "2026-02-01", "2026-02-28"),
        ("we want it by February", "2027-02-01", "2027-02-28"),
        ("Q4/25", "2025-10-01", "2025-12-31"),
        ("on Friday", "2026-04-03", "2026-04-03"),
    ],
)
def test_a_date_is_worked_out_from_the_day_of_writing(text: str, start: str, end: str) -> None:
    (period,) = periods(text, AT)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text", ["May I ask why?", "we march on", "it may be late", "Jan called", "24/7 support", "1/2 done", "for 3 years", "version 3.1"]
)
def test_words_that_only_look_like_dates_are_none(text: str) -> None:
    assert periods(text, AT) == []


def test_the_fiscal_year_moves_the_quarters() -> None:
    (period,) = periods("in Q1 2027", AT, fiscal_start=7)
    assert (period.start, period.end) == (date(2026, 7, 1), date(2026, 9, 30))


def test_before_a_day_is_marked() -> None:
    assert [p.before for p in periods("before summer, and in May", AT)] == [True, False]


@given(st.text(alphabet=st.sampled_from("0123456789./- QTKWMaybinf"), max_size=40))
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    for period in periods(text, AT):
        assert period.start <= period.end
        assert 0 <= period.start_offset < period.end_offset <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-five", 25), ("two dozen", 24), ("half a dozen", 6), ("fünfundzwanzig", 25), ("zweihundertvierzig", 240), ("treinta y cinco", 35),
        ("quatre-vingt-dix", 90), ("vingt et un", 21), ("1.200", 1200), ("1,200.50", 1200.5),
        ("2,5", 2.5), ("40k", 40_000), ("two thousand five hundred", 2500),
    ],
)  # fmt: skip
def test_numbers_in_words_and_digits(text: str, value: float) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 more technicians", [(12, "seats", True)]),
        ("please add 12", [(12, "other", True)]),
        ("+12 seats", [(12, "seats", True)]),
        ("sechs weitere Lizenzen", [(6, "seats", True)]),
        ("12 usuarios más", [(12, "seats", True)]),
        ("12 utilisateurs de plus", [(12, "seats", True)]),
        ("a dozen more users", [(12, "seats", True)]),
        ("98 of 100 seats", [(98, "seats", False), (100, "seats", False)]),
        ("30 k€ a year", [(30_000, "money", False)]),
        ("€30,000", [(30_000, "money", False)]),
        ("up 20 %", [(20, "percent", False)]),
        ("one call at 14:30, v2.3.1", []),
    ],
)
def test_numbers_know_what_they_count(text: str, expected: list[tuple[float, str, bool]]) -> None:
    assert [(q.value, q.unit, q.additional) for q in quantities(text)] == expected


def test_from_to_and_ranges_keep_both_ends() -> None:
    (grown,) = quantities("from 40 to 60 users")
    (between,) = quantities("10-15 additional licences")
    assert (grown.base, grown.value, grown.additional) == (40, 60, False)
    assert (between.low, between.value, between.additional) == (10, 15, True)


def test_numbers_inside_dates_are_left_out() -> None:
    text = "ten seats by 1 May"
    (named,) = quantities(text, [(p.start_offset, p.end_offset) for p in periods(text, AT)])
    assert text[named.start : named.end] == "ten"
