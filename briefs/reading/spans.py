"""The arithmetic of dates: turns what a pattern caught (`mid`, `Q3`, `six weeks`) into a first and a last day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from briefs.reading.months import MONTHS, SEASONS, WEEKDAYS
from briefs.reading.numerals import value_of

Span = tuple[date, date] | None
NEXT = r"next|coming|the coming|nächste[nmrs]?|kommende[nmrs]?|próxim[oa]|proxim[oa]|que viene|prochaine?"
LAST = r"last|letzte[nmrs]?|vorige[nmrs]?|pasad[oa]|dernière?|dernier"
ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4, "final": 4,
    "ersten": 1, "erstes": 1, "zweiten": 2, "zweites": 2, "dritten": 3, "drittes": 3, "vierten": 4, "viertes": 4, "1.": 1, "2.": 2, "3.": 3, "4.": 4,
    "primer": 1, "segundo": 2, "tercer": 3, "cuarto": 4, "último": 4, "ultimo": 4,
    "premier": 1, "1er": 1, "deuxième": 2, "2e": 2, "troisième": 3, "3e": 3, "quatrième": 4, "4e": 4,
}  # fmt: skip


class When(NamedTuple):
    """The day of writing, whether the words speak of the past, and the month the vendor's year starts in."""

    at: date
    past: bool
    fiscal: int


def _year(written: str | None) -> int | None:
    return None if not written else int(written) if len(written) == 4 else 2000 + int(written.strip("'"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """First and last day of `months` months from `month` (which may run over 12)."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    last = month - 1 + months
    return first, date(year + last // 12, last % 12 + 1, 1) - timedelta(days=1)


def _nearest(spans: Iterator[tuple[date, date]], when: When) -> Span:
    """Of the same period in several years: the next that is not over, or the last that has begun."""
    listed = list(spans)
    if when.past:
        return max((s for s in listed if s[0] <= when.at), default=None)
    return min((s for s in listed if s[1] >= when.at), default=None)


def _around(when: When) -> range:
    return range(when.at.year - 2, when.at.year + 4)


def _edge(span: Span, edge: str | None) -> Span:
    """The early, middle or late third of a period."""
    if span is None or not edge:
        return span
    first, last = span
    third = min((last - first) / 3, timedelta(days=31))
    word = edge.casefold()
    if re.match(r"early|beginning|start|anfang|d[ée]but|.*principios|inicios|.*first half", word):
        return first, first + third
    if re.match(r"mid|mitte|mi\b|courant|.*mediados", word):
        return first + third, last - third
    return last - third, last


def iso_of(match: re.Match[str], when: When) -> Span:
    day = _day(int(match[1]), int(match[2]), int(match[3]))
    return (day, day) if day else None


def numeric_of(match: re.Match[str], when: When) -> Span:
    first, second = int(match["a"]), int(match["b"])
    year = match["y"]
    if second > 12 >= first:
        first, second = second, first
    if year:
        day = _day(int(year) if len(year) == 4 else 2000 + int(year), second, first)
        return (day, day) if day else None
    return _nearest(((d, d) for y in _around(when) if (d := _day(y, second, first))), when)


def day_month_of(match: re.Match[str], when: When) -> Span:
    month, number = MONTHS[match["month"].casefold()], int(match["day"])
    year = _year(match["year"])
    years = [year] if year else _around(when)
    days = [(d, d) for y in years if (d := _day(y, month, number))]
    return (days[0] if days else None) if year else _nearest(iter(days), when)


def month_of(match: re.Match[str], when: When) -> Span:
    month, year = MONTHS[match["month"].casefold()], _year(match["year"])
    span = month_span(year, month) if year else _nearest((month_span(y, month) for y in _around(when)), when)
    return _edge(span, match["edge"])


def quarter_of(match: re.Match[str], when: When) -> Span:
    number = int(match["q"]) if match["q"] else ORDINALS[match["nth"].casefold()]
    year, first = _year(match["year"]), when.fiscal + 3 * (number - 1)
    back = 1 if when.fiscal > 1 else 0
    span = month_span(year - back, first, 3) if year else _nearest((month_span(y, first, 3) for y in _around(when)), when)
    return _edge(span, match["edge"])


def half_of(match: re.Match[str], when: When) -> Span:
    year, month = _year(match["year"]), 1 if match["h"] == "1" else 7
    return month_span(year, month, 6) if year else _nearest((month_span(y, month, 6) for y in _around(when)), when)


def week_of(match: re.Match[str], when: When) -> Span:
    number, year = int(match["week"]), _year(match["year"])
    if not 1 <= number <= 53:
        return None
    spans = [_iso_week(y, number) for y in ([year] if year else _around(when))]
    known = [span for span in spans if span]
    return (known[0] if known else None) if year else _nearest(iter(known), when)


def _iso_week(year: int, number: int) -> Span:
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def season_of(match: re.Match[str], when: When) -> Span:
    month, year = SEASONS[match["season"].casefold()], _year(match["year"])
    span = month_span(year, month, 3) if year else _nearest((month_span(y, month, 3) for y in _around(when)), when)
    return _edge(span, match["edge"])


def _length(unit: str) -> str:
    word = unit.casefold()
    for kind, starts in (
        ("quarter", ("quar", "trim")),
        ("week", ("week", "wk", "woch", "sem")),
        ("month", ("mon", "mes", "mois")),
        ("fortnight", ("fort",)),
    ):
        if word.startswith(starts):
            return kind
    return "year" if word.startswith(("year", "jahr", "año", "an")) else "day"


def _later(at: date, unit: str, count: int) -> date:
    if unit in ("month", "quarter", "year"):
        months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
        first, last = month_span(at.year, at.month + months)
        return first + timedelta(days=min(at.day, last.day) - 1)
    return at + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def in_some_of(match: re.Match[str], when: When) -> Span:
    count = value_of(match["count"])
    if count is None or count > 1000:
        return None
    sign = -1 if match.re.groupindex.get("ago") and match["ago"] else 1
    day = _later(when.at, _length(match["unit"]), sign * int(count))
    return day, day


def _span_of(day: date, unit: str, fiscal: int) -> tuple[date, date]:
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if unit == "month":
        return month_span(day.year, day.month)
    if unit == "quarter":
        return month_span(day.year, day.month - (day.month - fiscal) % 3, 3)
    return month_span(day.year, day.month - (day.month - fiscal) % 12, 12)


def relative_of(match: re.Match[str], when: When) -> Span:
    unit = _length(match["span"])
    word = (match["which"] or match["after"] or "this").casefold()
    move = 1 if re.fullmatch(NEXT, word) else -1 if re.fullmatch(LAST, word) else 0
    return _edge(_span_of(_later(when.at, unit, move), unit, when.fiscal if "fiscal" in match[0].casefold() else 1), match["edge"])


def weekday_of(match: re.Match[str], when: When) -> Span:
    wanted = WEEKDAYS[match["weekday"].casefold()]
    ahead = (wanted - when.at.weekday()) % 7
    day = when.at + timedelta(days=ahead - 7 if when.past and ahead else ahead)
    return day, day


_NEAR_DAYS = {
    **dict.fromkeys(("today", "heute", "hoy", "aujourd'hui", "tonight"), 0),
    **dict.fromkeys(("tomorrow", "morgen", "mañana", "demain"), 1),
    **dict.fromkeys(("yesterday", "gestern", "ayer", "hier"), -1),
}


def near_day_of(match: re.Match[str], when: When) -> Span:
    day = when.at + timedelta(days=_NEAR_DAYS[match[0].casefold()])
    return day, day


def year_alone_of(match: re.Match[str], when: When) -> Span:
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    fiscal = match["fy"] is not None and when.fiscal > 1
    return _edge(month_span(year - 1, when.fiscal, 12) if fiscal else month_span(year, 1, 12), match["edge"])


def year_end_of(match: re.Match[str], when: When) -> Span:
    return _nearest((month_span(y, 12) for y in _around(when)), when)


def fiscal_start_of(match: re.Match[str], when: When) -> Span:
    month = MONTHS[match["month"].casefold()]
    return _nearest((month_span(y, month) for y in _around(when)), when)


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def feast_of(match: re.Match[str], when: When) -> Span:
    if re.match(r"(?i)easter|ostern|pascua|pâques|semana santa", match[0]):
        return _nearest(((easter(y), easter(y) + timedelta(days=1)) for y in _around(when)), when)
    return _nearest(((date(y, 12, 24), date(y, 12, 26)) for y in _around(when)), when)
