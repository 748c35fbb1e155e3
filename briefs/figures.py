"""Numbers and days in a text, folded so that `two hundred`, `200` and `200.0` are the same, and `31 Mar 2026` is `2026-03-31`."""

from __future__ import annotations

import re
from datetime import date

from briefs.reading.months import MONTHS as EVERY_MONTH
from briefs.reading.patterns import Guarded
from briefs.wording import MONTHS

# Left out: the Spanish eleven, which is an English word, and every word for one, which is an article.
UNITS = {
    "zero": 0,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "dozen": 12,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
    "dutzend": 12,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "doce": 12,
    "docena": 12,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "douzaine": 12,
}
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "zwanzig": 20,
    "dreissig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "sechzig": 60,
    "veinte": 20,
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
}
SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 1_000_000,
    "hundert": 100,
    "tausend": 1000,
    "cien": 100,
    "mil": 1000,
    "cent": 100,
    "mille": 1000,
}
HALVES = {"half": 0.5, "doubled": 2.0, "double": 2.0, "twice": 2.0, "tripled": 3.0}

DIGITS = re.compile(r"(?<![\w.,])[-+]?(\d{1,3}(?:[,.' \u2009\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)(\s?[kKmM](?![\w]))?")
CURRENCY = re.compile(r"\b(?:EUR|USD|GBP|CHF)(?=\d)")
_FIGURE = re.compile(r"\d")
ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?=T|\b)")
_MONTH = {name.casefold()[:3]: i for i, name in enumerate(MONTHS, 1)}
_MONTH_WORD = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(0?[1-9]|[12]\d|3[01])(?!\d)"
DAY_MONTH = re.compile(rf"\b{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_WORD}(?:,?\s+(\d{{4}}))?\b", re.I)
MONTH_DAY = re.compile(rf"\b{_MONTH_WORD}\s+{_DAY}(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?\b", re.I)
MONTH_YEAR = re.compile(rf"\b{_MONTH_WORD}\s+(\d{{4}})\b", re.I)

_UNCLEAR = {"ene", "janv", "févr", "mrz", "abr", "avr", "ago", "juil", "dic", "déc"}
"""Short forms that are other words or rare: `two years ago` is no August."""
_MONTH_NAMES = {name: number for name, number in EVERY_MONTH.items() if name not in _UNCLEAR}
_AMBIGUOUS = {"may", "march", "mar", "jun", "sept", "mars", "mai"}
_SMALL = "|".join(sorted((n for n in _MONTH_NAMES if n not in _AMBIGUOUS), key=len, reverse=True))
BARE_MONTH = re.compile(rf"\b(?:(?i:{_SMALL})|May|March|Mar|Jun|Sept|mars|mai|Mai)\b")
"""A month on its own, in four languages."""
QUARTER = re.compile(r"\b[QT]([1-4])\b")

Day = tuple[int | None, int, int | None]
"""(year, month, day), None where the text does not say."""


def days_in(text: str) -> tuple[frozenset[Day], str]:
    """The days and months a text names, and the text without them."""
    found: set[Day] = set()
    if not _FIGURE.search(text):
        return frozenset(found), text  # every way to tell a day holds a figure

    def take(match: re.Match[str], year: int | None, month: int, day: int | None) -> str:
        found.add((year, month, day))
        return " "

    text = ISO.sub(lambda m: take(m, int(m[1]), int(m[2]), int(m[3])), text)
    text = DAY_MONTH.sub(lambda m: take(m, int(m[3]) if m[3] else None, _MONTH[m[2].casefold()[:3]], int(m[1])), text)
    text = MONTH_YEAR.sub(lambda m: take(m, int(m[2]), _MONTH[m[1].casefold()[:3]], None), text)
    text = MONTH_DAY.sub(lambda m: take(m, int(m[3]) if m[3] else None, _MONTH[m[1].casefold()[:3]], int(m[2])), text)
    return frozenset(found), text


def same_day(named: Day, known: date) -> bool:
    """Does a day as named fit a known one? A year or a day left out fits any."""
    year, month, day = named
    return month == known.month and year in (None, known.year) and day in (None, known.day)


def may_be(named: Day, told: Day, said: date) -> bool:
    """May a day as named be one told on `said`? What the teller left out is filled with the next or the last such day, never with any year."""
    year, month, day = named
    if month != told[1] or (day is not None and day != told[2]):
        return False
    if year is None:
        return True
    return year == told[0] if told[0] is not None else abs(12 * (year - said.year) + month - said.month) <= 12


def spans_in(text: str) -> frozenset[str]:
    """Months and quarters a text names: `month 6`, `quarter 3`. Days and their months count too; `may` and `march` in small letters are verbs."""
    found = {span for day in days_in(text)[0] for span in spans_of(day)}
    found |= {span for m in BARE_MONTH.findall(text) for span in spans_of((None, _MONTH_NAMES[m.casefold()], None))}
    return frozenset(found | {f"quarter {n}" for n in QUARTER.findall(text)})


def spans_of(day: Day | date) -> frozenset[str]:
    """The month and the quarter a day lies in."""
    month = day.month if isinstance(day, date) else day[1]
    return frozenset({f"month {month}", f"quarter {(month + 2) // 3}"})


_WORDS = re.compile(r"[^\W\d_]+")
_SPELLED = Guarded("|".join((*UNITS, *TENS, *SCALES, *HALVES)))


def numbers_in(text: str) -> frozenset[float]:
    """Every number of a text, digits and words; a bare `one` is an article, not a count."""
    found = {_value(m.group(1), m.group(2)) for m in DIGITS.finditer(CURRENCY.sub(" ", text))} if _FIGURE.search(text) else set[float]()
    if not _SPELLED.may_match(text):
        return frozenset(found)
    words, i = _WORDS.findall(CURRENCY.sub(" ", text).casefold().replace("-", " ")), 0
    while i < len(words):
        value, used = _spelled(words, i)
        if used:
            found.add(value)
        i += max(used, 1)
    return frozenset(found)


def _value(digits: str, suffix: str | None) -> float:
    digits = re.sub(r"[' \u2009\u202f]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    elif digits.count(",") + digits.count(".") > 1:
        whole, fraction = re.split(r"[.,](?=\d{1,2}$)", digits) if re.search(r"[.,]\d{1,2}$", digits) else (digits, "0")
        digits = re.sub(r"[.,]", "", whole) + "." + fraction
    scale = {"k": 1_000, "m": 1_000_000}.get((suffix or "").strip().casefold(), 1)
    return float(digits.replace(",", ".")) * scale


def _spelled(words: list[str], i: int) -> tuple[float, int]:
    """The number that starts at word `i`, and how many words it takes; (0, 0) where none does."""
    word = words[i]
    if word in HALVES:
        return HALVES[word], 1
    total, used = 0.0, 0
    if word in TENS:
        total, used = TENS[word], 1
        if i + 1 < len(words) and UNITS.get(words[i + 1], 10) < 10:
            total, used = total + UNITS[words[i + 1]], 2
    elif word in UNITS:
        total, used = UNITS[word], 1
    elif word in SCALES and word not in ("cent", "mil", "mille"):
        total, used = SCALES[word], 1
    if used and word not in SCALES and i + used < len(words) and words[i + used] in SCALES:
        total, used = total * SCALES[words[i + used]], used + 1
    return float(total), used
