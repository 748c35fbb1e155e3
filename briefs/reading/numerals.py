"""Numbers written in digits or in words of four languages."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re

_COUNTING = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "ein _ _ _ fuenf _ _ _ _ _ _ zwoelf",
    "_ _ _ _ funf _ _ _ _ _ _ zwolf _ _ _ dieciseis",
)
_TWENTIES = (
    "veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
    "veintiuno veintidos veintitres _ _ veintiseis",
)
_BY_TEN = (
    "ten twenty thirty forty fifty sixty seventy eighty ninety",
    "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "dix vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix",
    "_ _ dreissig fourty _ _ septante quatre-vingt nonante",
)
_UNITS: dict[str, float] = {
    **{word: 20.0 + n for listed in _TWENTIES for n, word in enumerate(listed.split(), start=1) if word != "_"},
    **{word: float(n) for listed in reversed(_COUNTING) for n, word in enumerate(listed.split(), start=1) if word != "_"},
}
_TENS: dict[str, float] = {word: 10.0 * n for listed in _BY_TEN for n, word in enumerate(listed.split(), start=1) if word != "_"}
_SCALES = {
    "hundred": 100,
    "cien": 100,
    "ciento": 100,
    "cientos": 100,
    "hundert": 100,
    "cent": 100,
    "cents": 100,
    "thousand": 1000,
    "mil": 1000,
    "tausend": 1000,
    "mille": 1000,
}
_GROUPS = {
    "dozen": 12, "dozens": 12, "docena": 12, "docenas": 12, "dutzend": 12, "douzaine": 12, "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "cinquantaine": 50, "centaine": 100, "decena": 10, "veintena": 20, "couple": 2, "pair": 2,
}  # fmt: skip
_ARTICLES = frozenset(("a", "an", "ein", "eine", "einem", "einer", "einen", "un", "una", "une", "one"))
_HALVES = frozenset(("half", "halbes", "media", "demi"))
_JOINERS = frozenset(("and", "y", "et", "of", "de"))
_MULTIPLIERS = {**_SCALES, **_GROUPS}
_KNOWN = {**_UNITS, **_TENS, **_SCALES, **_GROUPS}
_GERMAN = re.compile(
    r"(?:(?P<h>ein|zwei|drei|vier|fünf|fuenf|sechs|sieben|acht|neun)?hundert)?(?:und)?(?:(?P<u>ein|zwei|drei|vier|fünf|fuenf|sechs|sieben|acht|neun)und)?(?P<t>[a-zäöüß]+)?\Z"
)

_NAMES = "|".join(re.escape(word) for word in sorted(_KNOWN, key=len, reverse=True))
_COMPOUND = r"(?:[a-zäöüß]*(?:und(?:zwanzig|drei(?:ß|ss)ig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)|hundert[a-zäöüß]*))"
WORD = rf"(?:(?:half a |a |an |une |una |ein |a half )?(?:{_COMPOUND}|{_NAMES})(?:(?:[ -]+(?:and |y |et |of )?|-et-)(?:{_NAMES}))*)"
"""A number in words, as a pattern without groups."""

DIGITS = r"(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_SUFFIX = {"k": 1e3, "tsd": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "millones": 1e6, "millón": 1e6, "thousand": 1e3, "mil": 1e3, "tausend": 1e3, "mille": 1e3, "grand": 1e3, "hundred": 100}  # fmt: skip
SUFFIX = r"(?:[ \u00a0]?(?:k|tsd|mio|millions?|millionen|millones|millón|thousand|mil|tausend|mille|grand|hundred)\b\.?|m\b)"


def value_of(words: str) -> float | None:
    """The value of a number in digits (`1.200`, `2,5`, `40k`) or words (`twenty-five`, `two dozen`); None where it is none."""
    text = words.strip().casefold()
    found = re.fullmatch(rf"({DIGITS})({SUFFIX})?", text)
    if found:
        return _digits(found[1]) * _SUFFIX.get((found[2] or "").strip(" \u00a0."), 1)
    return _words(re.sub(r"[-\s]+", " ", text))


def _digits(text: str) -> float:
    """`1.200` and `1,200` are 1200; `2,5` and `2.50` are 2.5."""
    bare = re.sub(r"['’ \u00a0\u202f]", "", text)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare):
        return float(re.sub(r"[.,]", "", bare))
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return float(bare)
    return float(re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :])


def _words(text: str) -> float | None:
    parts = [word for word in text.split() if word not in _JOINERS]
    if parts and all(word in _ARTICLES for word in parts):
        return 1.0 if len(parts) == 1 else None
    factor = 0.5 if any(word in _HALVES for word in parts) else 1.0
    total, current = 0.0, 0.0
    for number, word in enumerate(parts):
        if word in _HALVES or (word in _ARTICLES and number + 1 < len(parts)):
            continue
        if word in _MULTIPLIERS:
            current = (current or 1) * _MULTIPLIERS[word]
            if _MULTIPLIERS[word] == 1000:
                total, current = total + current, 0.0
        elif word in ("vingt", "vingts") and current == 4:
            current = 80.0
        else:
            value = _TENS.get(word, _UNITS.get(word, _german(word)))
            if value is None:
                return None
            current += value
    return (total + current) * factor or None


def _german(word: str) -> float | None:
    """`fünfundzwanzig`, `zweihundertvierzig`."""
    found = _GERMAN.match(word)
    if not found or not word or not ("hundert" in word or found["u"]):
        return None
    tail = found["t"]
    rest = _TENS.get(tail, _UNITS.get(tail)) if tail else 0
    if rest is None:
        return None
    hundreds = (_UNITS.get(found["h"], 1) if found["h"] else 1) * 100 if "hundert" in word else 0
    return hundreds + rest + (_UNITS.get(found["u"], 1) if found["u"] else 0)
