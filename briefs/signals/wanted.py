"""What a reading is about: the product, the number of seats, the limit and the day, joined from the sentence and its neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from briefs.needs import Shelf
from briefs.reading.dates import Period, plan_periods
from briefs.reading.grounds import concepts_in
from briefs.reading.offline import Reading
from briefs.reading.quantities import Quantity, quantities
from briefs.reading.sentences import Sentence
from briefs.signals.counted import asked_for
from retrieval.dossier import Dossier

CLOSE_BY = 4
"""Sentences between which an answer belongs to what it answers."""
SPARE = 0.8
"""Below this share of seats in use nobody's words make them full."""

BUYING = re.compile(
    r"\b(?:buy|purchase|order|quote|quotation|offer|price|pricing|proposal|upgrade|subscribe|sign up|"
    r"add (?:it|them|this|that|the \w+)?\s*to our|switch (?:us )?to|move (?:us )?to|"
    r"get us on|invoice us|send (?:us|me) (?:an?|the) (?:offer|quote|contract)|"
    r"kaufen|bestell\w*|angebot|buchen|beauftragen|freischalten|preis|erweitern|"
    r"comprar|contratar|presupuesto|oferta|ampliar|pedido|precio|"
    r"acheter|commander|devis|souscrire|offre|tarif|passer à)\b",
    re.I,
)
"""Verbs and papers of buying: with one of them a wish is an explicit request."""


class Room:
    """Sentences in their order, to look at the ones before and after."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._by_part: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
        for sentence in sentences:
            self._by_part[sentence.record_id, sentence.part].append(sentence)

    def near(self, sentence: Sentence, reach: int) -> list[Sentence]:
        """The sentence itself, then its neighbours by distance; quoted history is left out."""
        row = self._by_part.get((sentence.record_id, sentence.part), [sentence])
        spot = next((i for i, s in enumerate(row) if s.start == sentence.start), 0)
        order = sorted((i for i in range(len(row)) if abs(i - spot) <= reach), key=lambda i: (abs(i - spot), i))
        return [row[i] for i in order if not row[i].quoted]

    def title(self, sentence: Sentence) -> str:
        """The subject or title of the record a sentence stands in."""
        for part in ("subject", "title"):
            if self._by_part.get((sentence.record_id, part)):
                return " ".join(s.text for s in self._by_part[sentence.record_id, part])
        return ""


REQUESTS = frozenset({"seats_requested", "higher_tier_feature_requested", "module_interest", "limit_reached", "new_team", "new_use_case"})
"""Signals that can be an explicit request."""
Made = tuple[str | None, dict[str, Any], tuple[str, ...], date | None]
"""A signal's type (None: no signal after all), what is wanted, the products that serve it, the day it points at."""


def asks_to_buy(sentence: Sentence, shelf: Shelf) -> bool:
    """Does the sentence speak of buying, or name a tier or module that is for sale?"""
    if BUYING.search(sentence.text):
        return True
    names = {p.name.casefold() for p in shelf.for_sale if p.kind in ("tier", "module")}
    return any(name in sentence.text.casefold() for name in names)


def _feature(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    """A capability asked for: which unowned products hold it, and so which type of signal it is."""
    said = reading.sentence
    for text in (reading.about,) if reading.about else _widening(said, room):
        wanted = shelf.wanted(text)
        if wanted:
            best = [m for m in wanted if m.score >= wanted[0].score - 0.1]
            kinds = {p.kind: p for m in best if (p := shelf.catalogue.find(m.sku))}
            skus = tuple(dict.fromkeys(m.sku for m in best))
            kind = next(name for product, name in _TYPE_BY_KIND if product in kinds)
            if kind == "limit_reached" and not concepts_in(f"{text} {said.text}") & _OF_AMOUNT:
                return None, {}, (), None  # photos sent `per WhatsApp` ask for no pack of messages
            amount = {} if kind == "limit_reached" else _amount(said, room)  # people or seats are no packs of storage
            return kind, {"feature": best[0].phrase} | amount, skus, None
        if shelf.named(text):
            return None, {}, (), None  # all it names is owned: enablement, not a sale
    return None, {}, (), None


_OF_AMOUNT = frozenset(("LIMIT", "REACHED", "NEARLY", "TAKEN", "MORE", "BUY", "PERCENT", "PLAN", "NUM"))
"""What makes a request one for a pack: how much there is or should be of a thing, not the thing alone."""
_TYPE_BY_KIND = (
    ("module", "module_interest"),
    ("tier", "higher_tier_feature_requested"),
    ("usage", "limit_reached"),
    ("seats", "seats_requested"),
)


def _widening(said: Sentence, room: Room) -> Iterable[str]:
    """The sentence, then with its neighbours, then each sentence close by, then the subject line: what `it` means often stands next door."""
    yield said.text
    near = room.near(said, 1)
    if len(near) > 1:
        yield " ".join(s.text for s in sorted(near, key=lambda s: s.start))
    yield from (s.text for s in room.near(said, CLOSE_BY)[1:])
    title = room.title(said)
    if title:
        yield f"{title}. {said.text}"


def _use_case(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    _, wants, skus, _ = _feature(reading, room, dossier, shelf)
    return "new_use_case", wants, skus, None


def _seats(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    return "seats_requested", _amount(reading.sentence, room), shelf.seat_products, None


def _full(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    """Words that all seats are taken, unless the usage table of the day shows seats to spare."""
    rows = [row for row in dossier.usage if row.period_start <= reading.sentence.at and row.seats_active is not None and row.seats_licensed]
    if rows and (rows[-1].seats_active or 0) < SPARE * (rows[-1].seats_licensed or 1):
        return None, {}, (), None
    return "seat_saturation", {}, shelf.serving_saturation(), None


def _team(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    return "new_team", _amount(reading.sentence, room), shelf.seat_products, None


def _limit(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    for text in _widening(reading.sentence, room):
        limit = shelf.limit_named(text)
        if limit:
            return "limit_reached", {"limit": limit}, shelf.serving_limit(limit, _allowed(dossier, shelf, limit)), None
    return "limit_reached", {}, (), None


def _allowed(dossier: Dossier, shelf: Shelf, limit: str) -> float | None:
    plan = shelf.catalogue.find(dossier.account.plan)
    return plan.included_limits.get(limit) if plan else None


def _attempt(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    kind, wants, skus, _ = _feature(reading, room, dossier, shelf)
    return ("upgrade_attempt" if kind else None), wants, skus, None


def _plan(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    """A plan needs its date: in the sentence, or next to it. Without one it is a wish."""
    due, named = _due(reading.sentence, room, dossier.as_of)
    return ("dated_plan" if due else None), _amount(reading.sentence, room, reach=0) | named, (), due


def _budget(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    due, named = _due(reading.sentence, room, dossier.as_of)
    return "budget_event", named, (), due


def _due(said: Sentence, room: Room, as_of: date) -> tuple[date | None, dict[str, Any]]:
    """The nearest day named that is not over by `as_of`; else the last one named; None where none lies after the day it was said.

    An exact day counts before a month or a season. With a month or a season go its words, under `due_as`: whoever says September has not named
    the first of it. `due_before` marks `before Easter`: the day is then the last one, not the first.
    """
    for sentence in room.near(said, 1):
        named = [p for p in plan_periods(sentence.text, said.at) if _last(p) > said.at]
        ahead = [p for p in named if _last(p) >= as_of]
        if ahead:
            first = min(ahead, key=lambda p: (p.start != p.end, p.start))
            return max(first.start, as_of), _words_for(first, sentence)
        if named:
            last = max(named, key=_last)
            return _last(last), _words_for(last, sentence)
    return None, {}


def _last(period: Period) -> date:
    """The day by which it must have happened."""
    return period.start if period.before else period.end


def _words_for(period: Period, sentence: Sentence) -> dict[str, Any]:
    words = " ".join(sentence.text[period.start_offset : period.end_offset].split()).rstrip(".")
    return ({} if period.start == period.end else {"due_as": words}) | ({"due_before": True} if period.before else {})


def _amount(said: Sentence, room: Room, reach: int = 1) -> dict[str, Any]:
    """How many seats are asked for; `planned` where the number belongs to a later date."""
    for sentence in room.near(said, reach):
        counted: list[Quantity] = [q for q in quantities(sentence.text) if q.unit == "seats" and q.value > 0 and asked_for(q, sentence.text)]
        if counted:
            best = next((q for q in counted if q.additional), counted[0])
            return {
                "quantity": best.value,
                "additional": best.additional,
                "planned": bool([p for p in plan_periods(sentence.text, said.at) if p.start > said.at]),
            }
    return {}


def _none(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf) -> Made:
    return None, {}, (), None


MAKERS: dict[str, Callable[[Reading, Room, Dossier, Shelf], Made]] = {
    "feature_requested": _feature,
    "new_use_case": _use_case,
    "seats_requested": _seats,
    "seat_saturation": _full,
    "new_team": _team,
    "limit_reached": _limit,
    "upgrade_attempt": _attempt,
    "dated_plan": _plan,
    "budget_event": _budget,
    "referral": _none,
    "taken_back": _none,
}
"""How a label becomes a signal, where the label alone does not say; any other label is its own type."""
