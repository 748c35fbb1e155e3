"""Numbers a sentence names, with what they count: `12 more technicians`, `from 40 to 60 licences`, `zwei Dutzend`, `30 k€`, `20 %`."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from briefs.reading.concepts import fold
from briefs.reading.numerals import DIGITS, SUFFIX, WORD, value_of

Unit = Literal["seats", "percent", "money", "other"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at `start:end`. `additional`: on top of what there is; `low`: the lower end of a range; `base`: today's number in `from 40 to 60`."""

    value: float
    unit: Unit
    additional: bool
    start: int
    end: int
    low: float | None = None
    base: float | None = None


_NUMBER = rf"(?:{DIGITS}{SUFFIX}?|{WORD})"
_BETWEEN = r"(?:-|–| ?to ?| ?bis ?| ?à ?| ?a ?| ?or ?| ?oder ?| ?ou ?| ?o ?|/)"
_CURRENCY = r"(?:[$€£]|US\$|CHF|EUR|USD|GBP|k€|keur|teur)"
_FROM_TO = re.compile(
    rf"(?i)(?<![\w.,])(?:from|von|de|desde) (?P<base>{_NUMBER})(?: [^\W\d_]+){{0,2}} (?:to|up to|auf|a|à|hasta) (?P<value>{_NUMBER})(?![\w%]|[.,]\d)"
)
_ONE = re.compile(
    rf"(?i)(?P<plus>(?<!\w)\+ ?)?(?P<before>(?<!\w){_CURRENCY} ?)?(?<![\w.,:/#-])(?:(?P<low>{_NUMBER}){_BETWEEN})?(?P<value>{_NUMBER})"
    rf"(?P<after> ?(?:%|percent|per cent|pct|prozent|por ciento|pour cent|{_CURRENCY}|euros?|dollars?|pounds?|francs?|franken)(?!\w))?(?![\w:/]|[.,]\d|-\w*\d)"
)
_SEATS = re.compile(
    r"(?:seat|licen[cs]|lizenz|login|user|usuario|usager|utilisateur|nutzer|benutzer|puesto|plaza|asiento|acces|zugang|account|konto|konten|poste|place|platz|"
    r"people|person|leute|gens|head|technician|technicien|tecnico|techniker|agent|colleague|collegue|kolleg|companer|employee|employe|empleado|mitarbeiter|"
    r"driver|fahrer|chauffeur|conductor|nurse|pfleger|enfermer|infirmier|teacher|lehrer|profesor|enseignant|clerk|analyst|broker|planner|dispatcher|engineer|"
    r"ingenier|ingenieur|lawyer|editor|reviewer|trainee|azubi|intern|hire|starter|joiner|staff|member|miembro|monteur|fitter|buyer|operator|developer|"
    r"entwickler|designer|estimator|caseworker|volunteer|manager|rep|handheld|subscription|abo|sachbearbeiter|docente|comercial|gestor|assistant|worker)\w*\Z"
)
_MORE = re.compile(
    r"(?:more|additional\w*|extra|another|further|plus|add|adding|added|mas|adicional\w*|otr[oa]s|weiter\w*|zusatz\w*|mehr|noch|dazu|supplementaire\w*|encore|ajout\w*|rajout\w*|anad\w*)\Z"
)
_LINKS = frozenset(
    [
        "of",
        "the",
        "our",
        "new",
        "named",
        "de",
        "des",
        "nouveaux",
        "nuevas",
        "nuevos",
        "neue",
        "neuen",
        "power",
        "full",
        "paid",
        "light",
        "field",
        "office",
        "users",
        "user",
        "concurrent",
    ]
)
_WORDS = re.compile(r"[^\W\d_]+|[^\w\s]")
_REACH = 4
_ARTICLE_ONLY = frozenset(["a", "an", "one", "ein", "eine", "einem", "einer", "einen", "un", "una", "une", "uno", "eins"])


def quantities(text: str, skip: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """The numbers of `text` in order; those inside the spans of `skip` (dates) are left out, and so are bare articles and numbers inside names."""
    found: list[Quantity] = []
    taken = list(skip)
    for pattern in (_FROM_TO, _ONE):
        for match in pattern.finditer(text):
            if any(match.start("value") < end and start < match.end("value") for start, end in taken):
                continue
            quantity = _quantity(text, match)
            if quantity is not None:
                found.append(quantity)
                taken.append((match.start(), match.end()))
    return sorted(found, key=lambda q: q.start)


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    value = value_of(match["value"])
    if value is None:
        return None
    ahead = [fold(word) for word in _WORDS.findall(text[max(0, match.start() - 40) : match.start()])]
    behind = [fold(word) for word in _WORDS.findall(text[match.end() : match.end() + 60])]
    additional = bool(groups.get("plus")) or _additional(ahead, behind)
    unit = _unit(groups, behind)
    if match["value"].casefold() in _ARTICLE_ONLY and not (additional and unit == "seats"):
        return None
    low = value_of(groups["low"]) if groups.get("low") else None
    base = value_of(groups["base"]) if groups.get("base") else None
    return Quantity(value, unit, additional and base is None, match.start("low") if low is not None else match.start("base") if base is not None else match.start("value"),
                    match.end("value"), low, base)  # fmt: skip


def _unit(groups: dict[str, str | None], behind: Sequence[str]) -> Unit:
    after = (groups.get("after") or "").strip().casefold()
    if groups.get("before") or (after and not re.match(r"%|p(?:er|ct|roz|or|our)", after)):
        return "money"
    if after:
        return "percent"
    for place, word in enumerate(behind[:_REACH]):
        if not word.isalpha():
            break
        if _SEATS.match(word):
            return "seats"
        if word in ("percent", "prozent"):
            return "percent"
        if place and not (_MORE.match(word) or word in _LINKS or word.endswith(("e", "en", "al", "ed", "es", "s", "ing"))):
            break
    return "other"


def _additional(ahead: Sequence[str], behind: Sequence[str]) -> bool:
    if any(_MORE.match(word) for word in ahead[-2:]) and "than" not in behind[:1]:
        return True
    for word in behind[:_REACH]:
        if not word.isalpha():
            return False
        if (word == "plus" and len(behind) == 1) or (_MORE.match(word) and word not in ("add", "adding", "added", "plus")):
            return True
    return behind[1:3] == ["de", "plus"] or behind[:2] == ["de", "plus"]
