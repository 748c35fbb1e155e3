"""Dates and periods a sentence names (`mid-April`, `end of Q3`, `in six weeks`, `KW 23`), worked out from the day it was written.

A day, month or season without a year is the next one on or after that day; where the words tell of the past, the last one before it.
`05/06/26` is read day first (5 June) unless that is impossible. Seasons are those of the northern half of the world.
"""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from briefs.reading import spans
from briefs.reading.months import MONTHS, SEASONS, SHORT, WEEKDAYS, either
from briefs.reading.numerals import WORD
from briefs.reading.patterns import Guarded
from briefs.reading.spans import LAST, NEXT, ORDINALS, Span, When


class Period(NamedTuple):
    """From `start` to `end`, both included; `start_offset:end_offset` are the words. `before` marks `before June`: the day it must be done precedes it."""

    start: date
    end: date
    start_offset: int
    end_offset: int
    before: bool = False


_Reader = Callable[[re.Match[str], When], Span]

_M = rf"(?P<month>{either(MONTHS)})\b\.?"
_Y = r"(?:[ ,/]+(?:of |de |del )?(?P<year>20\d\d|'\d\d)\b)?"
_QY = r"(?:[ ,/-]+(?:of |de |del )?(?P<year>20\d\d|'?\d\d)\b(?! ?(?:seats|users|%)))?"
_EDGE = (
    r"(?P<edge>early|mid|middle of|late|beginning of|start of|end of|(?:the )?first half of|anfang|mitte|ende|début|debut|mi|fin|courant|"
    r"(?:a )?principios de|(?:a )?mediados de|(?:a )?finales de|fin(?:ales)? de|inicios de)"
)
_EDGED = rf"(?:\b{_EDGE}(?:[ -]+(?:of |the |de |des |der |d'|del |la |le |l')*))?"
_QUARTER = r"quarter|quartals?|trimestre"
_UNIT = r"(?P<unit>days?|weeks?|fortnights?|months?|quarters?|years?|wks?|tage?n?|wochen?|monate?n?|jahre?n?|días?|dias?|semanas?|mes(?:es)?|años?|jours?|semaines?|mois|ans?|années?)"
_THIS = r"this|diese[nmrs]?|est[ea]|ce|cette|cet"
_SPAN = r"week|month|quarter|year|woche|monat|quartal|jahr|semana|mes|trimestre|año|semaine|mois|année|an"


def plan_periods(text: str, at: date) -> list[Period]:
    """As `periods`, for words about what is to come: a day without a year that was read as last year's is next year's where that is within half a year."""
    found: list[Period] = []
    for p in periods(text, at):
        dated = re.search(r"\d{4}", text[p.start_offset : p.end_offset]) is not None
        later = None if dated or p.start >= at else _next_year(p)
        found.append(later if later is not None and (later.start - at).days <= 200 else p)
    return found


def _next_year(p: Period) -> Period:
    """The same days a year later; 29 February becomes the 28th."""
    return p._replace(start=_a_year_on(p.start), end=_a_year_on(p.end))


def _a_year_on(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def periods(text: str, at: date, *, fiscal_start: int = 1) -> list[Period]:
    """The dates and periods named in `text`, in order, none inside another. `at`: the day it was written; `fiscal_start`: month of the vendor's year."""
    found: list[Period] = []
    figures = any(letter.isdigit() for letter in text)
    for pattern, read, in_figures in READERS:
        if (in_figures and not figures) or not pattern.may_match(text):
            continue
        for match in pattern.pattern.finditer(text):
            ahead = text[max(0, match.start() - 30) : match.start()]
            span = read(match, When(at, _past(text, match, ahead), fiscal_start)) if _is_date(text, match, ahead) else None
            if span is not None:
                found.append(Period(*span, match.start(), match.end(), _BEFORE.search(ahead) is not None))
    found.sort(key=lambda p: (p.start_offset, -p.end_offset))
    kept: list[Period] = []
    for period in found:
        if not kept or period.start_offset >= kept[-1].end_offset:
            kept.append(period)
    return kept


_BEFORE = re.compile(r"(?i)\b(?:before|ahead of|prior to|vor|vorm|antes de(?:l)?|avant)(?: the| dem| der| el| la| le| l')*\s*\Z")
_AHEAD = re.compile(
    r"(?i)\b(?:by|until|till|til|before|from|starting|as of|for|bis|ab|zum|vor|hasta|antes de|a partir de|para|d'ici|avant|jusqu'|à partir de|dès|per|due)\W+(?:\w+\W+){0,2}\Z"
)
_SINCE = re.compile(r"(?i)\b(?:since|seit|desde|depuis|last|back in|letzten?|vorigen?|pasado|dernier|in der|ago)\W+(?:\w+\W+){0,1}\Z")
_TOLD = re.compile(
    r"(?i)\b(?:was|were|had|did|went|came|began|started|signed|bought|happened|left|moved|war|waren|hatten?|wurden?|haben .{3,60}t\b|era|fue|fueron|était|avait|avons .{2,40}é)\b|\b\w{3,}ed\b"
)
_AHEAD_TELLS = re.compile(
    r"(?i)\b(?:will|going to|plan|plans|need|needs|want|wants|must|has to|have to|'ll|shall|expect\w*|werden|wird|soll|müssen|brauchen|vamos a|será|necesit\w+|debe\w*|doit|devra|allons|sera|besoin|due)\b"
)
_TIME_WORD = re.compile(
    r"(?i)(?:\b(?:in|by|until|till|til|before|since|from|mid|early|late|end of|start of|beginning of|next|last|this|of|for|during|through|after|to|ab|im|bis|seit|ende|mitte|anfang|"
    r"en|de|desde|hasta|para|fin|début|mi|dès|around|about|jan|feb|exp|due|starts?|begins?|per)[ -]+(?:the )?|[\d/]\s*)\Z"
)


_DATE_AHEAD = re.compile(
    r"(?i)\b(?:by|on|til|till|until|from|starts?|exit|due|per|before|live|bis|ab|am|vor|zum|le|el|au|du|al|del|avant|antes del)[ -]*\Z"
)


def _is_date(text: str, match: re.Match[str], ahead: str) -> bool:
    """`May I`, `march on`, `Jan called` are no months; a month that is also a word needs a day, a year or a word of time beside it."""
    groups = match.groupdict()
    if groups.get("slash"):
        return _DATE_AHEAD.search(ahead) is not None
    name = (groups.get("month") or "").casefold()
    if name not in SHORT or groups.get("day") or groups.get("year") or groups.get("edge"):
        return True
    written = groups["month"] or ""
    if written.islower() and name in ("may", "march", "mar", "jan"):
        following = text[match.end() : match.end() + 12].split(" ")
        return re.search(r"(?i)\b(?:in|by|until|since|mid|early|late|next|last|end of|start of)[ -]\Z", ahead) is not None and following[:2][-1:] != [
            "be"
        ]
    return _TIME_WORD.search(ahead) is not None or (name == "mars" and written.islower())


def _past(text: str, match: re.Match[str], ahead: str) -> bool:
    if _AHEAD.search(ahead):
        return False
    return _SINCE.search(ahead) is not None or (_TOLD.search(text) is not None and not _AHEAD_TELLS.search(text))


def _read(pattern: str, read: _Reader, *, in_figures: bool = False) -> tuple[Guarded, _Reader, bool]:
    """`in_figures`: no match does without a digit."""
    return Guarded(pattern, re.IGNORECASE), read, in_figures


_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
READERS = (
    _read(r"\b(20\d\d)-(\d\d)-(\d\d)(?!\d)", spans.iso_of, in_figures=True),
    _read(r"(?<![\d.,/-])(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>20\d\d|\d\d)(?![\d/]|[.,-]\d)", spans.numeric_of, in_figures=True),
    _read(r"(?<![\d.,/-])(?P<a>[12]?\d|3[01])\.(?P<b>0?[1-9]|1[0-2])\.(?P<y>(?!))?(?!\d)", spans.numeric_of, in_figures=True),
    _read(r"(?<![\d.,/-])(?P<a>[1-3]?\d)(?P<slash>/)(?P<b>[1-3]?\d)(?P<y>(?!))?(?![\d/]|\.\d)", spans.numeric_of, in_figures=True),
    _read(rf"\b{_DAY}(?:st|nd|rd|th|\.|er|º|ª)?[ -]*(?:of |de |d')?{_M}{_Y}", spans.day_month_of, in_figures=True),
    _read(
        rf"\b{_M} (?:the )?{_DAY}(?:st|nd|rd|th)?\b(?![:%]|\.\d| ?(?:seats|users|people|licen|more))(?:,? (?P<year>20\d\d|'\d\d))?",
        spans.day_month_of,
        in_figures=True,
    ),
    _read(rf"{_EDGED}\b{_M}{_Y}", spans.month_of),
    _read(rf"{_EDGED}(?:\b[QT](?P<q>[1-4])|(?<!\w)(?P<nth>{either(ORDINALS)}) (?:{_QUARTER}))\b{_QY}", spans.quarter_of),
    _read(rf"\bH(?P<h>[12]){_Y}\b", spans.half_of, in_figures=True),
    _read(
        r"\b(?:KW|CW|calendar week|kalenderwoche|week(?: no\.?)?|wk|woche|semaine|semana|sem\.)[ .]?(?P<week>\d{1,2})\b(?!\s*(?:%|h\b))(?:[ /]+(?P<year>20\d\d))?",
        spans.week_of,
        in_figures=True,
    ),
    _read(r"\bw(?P<week>[0-5]\d)\b(?P<year>(?!))?", spans.week_of, in_figures=True),
    _read(rf"{_EDGED}\b(?P<season>{either(SEASONS)})\b{_Y}", spans.season_of),
    _read(
        rf"\b(?:in|within|innerhalb von|binnen|dentro de|en|dans|d'ici)(?: the next| den nächsten| about| around| etwa| unos| environ)? (?P<count>\d{{1,3}}|{WORD}|an?|eine[mr]?|una?|une) {_UNIT}\b",
        spans.in_some_of,
    ),
    _read(rf"\b(?P<count>\d{{1,3}}|{WORD}|an?) {_UNIT} (?P<ago>ago)\b", spans.in_some_of),
    _read(rf"(?P<ago>\bvor|\bhace|\bil y a) (?P<count>\d{{1,3}}|{WORD}|eine[mr]?|una?|une) {_UNIT}\b", spans.in_some_of),
    _read(rf"{_EDGED}\b(?P<which>{NEXT}|{LAST}|{_THIS}) (?:fiscal |calendar )?(?P<span>{_SPAN})\b(?P<after>(?!))?", spans.relative_of),
    _read(
        rf"{_EDGED}\b(?:(?:el|la|l'|le) )?(?P<which>(?!))?(?P<span>{_SPAN}) (?P<after>que viene|próxim[oa]|proxim[oa]|pasad[oa]|prochaine?|dernière?|dernier)\b",
        spans.relative_of,
    ),
    _read(
        rf"\b{_EDGE} (?P<which>(?!))?(?:the |des |der |del |de la |de l'|du |of |this )*(?P<span>{_SPAN})(?:s|es)?\b(?P<after>(?!))?",
        spans.relative_of,
    ),
    _read(
        r"\b(?:year[ -]end(?! (?:report|accounts?|statements?|audit|review|party|figures|numbers|close))|years end|end of year|eoy|jahresende|fin d'année|fin de año)\b",
        spans.year_end_of,
    ),
    _read(
        rf"\b(?:fiscal|financial|budget) year (?:that )?(?:starts?|starting|begins?|beginning)(?: in| on)?(?: the)?(?: 1st| 1)?(?: of)? {_M}",
        spans.fiscal_start_of,
    ),
    _read(rf"\b(?P<weekday>{either(WEEKDAYS)})\b", spans.weekday_of),
    _read(
        r"\b(?:today|tonight|tomorrow|yesterday|heute|gestern|hoy|ayer|aujourd'hui|demain|hier(?= (?:soir|matin|j'|nous|on)))\b", spans.near_day_of
    ),
    _read(r"\b(?:easter|ostern|pascua|semana santa|pâques|christmas|xmas|weihnachten|navidad(?:es)?|noël)\b", spans.feast_of),
    _read(
        r"\b(?:(?P<fy>FY|fiscal year |fiscal )'?|(?:in|by|for|from|until|since|during|en|pour|ab|seit|für|im jahr|para|desde|dès|early|mid|late|end of) (?P<edge>(?!))?)(?P<year>20\d\d|(?<=FY)\d\d|(?<=FY')\d\d)\b(?![-/.]\d|%)",
        spans.year_alone_of,
        in_figures=True,
    ),
)
