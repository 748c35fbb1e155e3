"""What people wrote as dated signals: readings are checked by code, joined to the catalogue and the calendar, and gathered by record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from briefs.brief import Evidence, Referral, Signal
from briefs.needs import Shelf
from briefs.reading.dates import plan_periods
from briefs.reading.quantities import Quantity, quantities
from briefs.reading.offline import Reading
from briefs.reading.sentences import Sentence
from briefs.signals.evidence import signal
from briefs.subject import Subject
from retrieval.dossier import Dossier

ASKS = frozenset({"seats_requested", "feature_requested", "upgrade_attempt", "new_use_case", "new_team"})
STATED_BLOCKERS = ("churn_intent", "contested_renewal", "competitor_evaluation", "budget_freeze")
MAX_EVIDENCE = 3
QUOTATION_MARKS = '"“”„«»‟'
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

TOPICS = {
    "budget_freeze": r"budget|freeze|frozen|spend|money|haushalt|sperre|stopp|presupuesto|congel|gel\b|gelé|dépenses|investissement",
    "competitor_evaluation": r"evaluat|compar|alternativ|competitor|other (?:tool|vendor|system)|trial|tender|rfp|"
    r"mirando|comparando|vergleich|ausschreib|évalu|appel d'offres|concurr",
    "contested_renewal": r"renew|terms|contract|price|verläng|vertrag|renov|contrato|renouvel|contrat",
    "churn_intent": r"stay|leav|cancel|terminat|keep|continue|notice|bleib|künd|quedamos|nos vamos|íbamos|baja|restons|rest(?:er|ez)|partir|résili",
}


@dataclass(frozen=True)
class Heard:
    """What the texts of one dossier say: signals, referrals, and which words were set aside and why."""

    signals: tuple[Signal, ...]
    referrals: tuple[Referral, ...]
    set_aside: tuple[tuple[str, str, str], ...] = ()
    """(record, label, reason) of readings that code refused."""


def interpret(readings: Sequence[Reading], sentences: Sequence[Sentence], dossier: Dossier, shelf: Shelf, subject: Subject, name: str) -> Heard:
    """Signals from readings that passed the checks. `sentences` are all of the dossier's, for dates and amounts said next door."""
    room = _Room(sentences)
    refused: list[tuple[str, str, str]] = []
    kept: list[Reading] = []
    for reading in readings:
        reason = _refusal(reading, dossier, subject)
        if reason:
            refused.append((reading.sentence.record_id, reading.label, reason))
        else:
            kept.append(reading)
    found = [made for reading in kept if (made := _signal(reading, room, dossier, shelf, name)) is not None]
    withdrawn = [r for r in kept if r.label == "taken_back"]
    standing = [s for s in found if not _taken_back(s, withdrawn)]
    referrals = tuple(Referral(evidence=(evidence_of(r.sentence),), observed_at=r.sentence.at) for r in kept if r.label == "referral")
    return Heard(tuple(_gathered(standing)), referrals, tuple(refused))


def evidence_of(sentence: Sentence) -> Evidence:
    """The exact words, with their place; quotation marks around them are left outside."""
    words = sentence.text
    left = len(words) - len(words.lstrip(QUOTATION_MARKS))
    right = len(words.rstrip(QUOTATION_MARKS))
    if left >= right:
        left, right = 0, len(words)
    return Evidence(
        record_id=sentence.record_id,
        kind=sentence.kind,
        part=sentence.part,
        start=sentence.start + left,
        end=sentence.start + right,
        quote=words[left:right],
        at=sentence.at,
        speaker=sentence.speaker,
    )


def _refusal(reading: Reading, dossier: Dossier, subject: Subject) -> str | None:
    """Why code does not let a reading count, whoever read it."""
    said = reading.sentence
    if said.at > dossier.as_of:
        return "dated after the day the scan is made for"
    if said.quoted:
        return "quoted from an older message"
    if reading.label in ASKS | {"value_stated", "advocacy"} and said.side not in ("customer", "reported"):
        return f"{said.side} words cannot carry the customer's own"
    if reading.stance in ("past", "hypothetical", "negated", "sarcastic", "quoted_from_others") and reading.label not in (
        "negative_sentiment",
        "taken_back",
    ):
        return f"{reading.stance}, not a present statement"
    if reading.label != "referral" and subject.other_customers_in(said.text):
        return "speaks of another customer"
    speaker = dossier.contact(said.speaker)
    if reading.label in ASKS and speaker is not None and speaker.left_at is not None:
        return "asked by somebody who has left"
    return None


class _Room:
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


def _signal(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf, name: str) -> Signal | None:
    """One reading as a signal with what it wants and which products serve it; None where its type needs something it lacks."""
    said = reading.sentence
    make = _MAKERS.get(reading.label)
    kind, wants, skus, due = make(reading, room, dossier, shelf) if make else (reading.label, {}, (), None)
    if kind is None:
        return None
    explicit = kind in _REQUESTS and reading.stance == "asked_now" and (kind == "seats_requested" or _asks_to_buy(said, shelf))
    return signal(
        dossier.account.id,
        kind,
        said.at,
        f"{name}:{reading.label}",
        evidence_of(said),
        strength="strong" if reading.firmness == "firm" else "weak",
        due=due,
        wants=wants,
        skus=skus,
        explicit_request=explicit,
    )


_REQUESTS = frozenset({"seats_requested", "higher_tier_feature_requested", "module_interest", "limit_reached", "new_team", "new_use_case"})
_Made = tuple[str | None, dict[str, Any], tuple[str, ...], date | None]


def _asks_to_buy(sentence: Sentence, shelf: Shelf) -> bool:
    if BUYING.search(sentence.text):
        return True
    names = {p.name.casefold() for p in shelf.for_sale if p.kind in ("tier", "module")}
    return any(name in sentence.text.casefold() for name in names)


def _feature(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    """A capability asked for: which unowned products hold it, and so which type of signal it is."""
    said = reading.sentence
    for text in (reading.about,) if reading.about else _widening(said, room):
        wanted = shelf.wanted(text)
        if wanted:
            best = [m for m in wanted if m.score >= wanted[0].score - 0.1]
            kinds = {p.kind: p for m in best if (p := shelf.catalogue.find(m.sku))}
            skus = tuple(dict.fromkeys(m.sku for m in best))
            kind = next(name for product, name in _TYPE_BY_KIND if product in kinds)
            return kind, {"feature": best[0].phrase} | _amount(said, room), skus, None
        if shelf.named(text):
            return None, {}, (), None  # all it names is owned: enablement, not a sale
    return None, {}, (), None


_TYPE_BY_KIND = (
    ("module", "module_interest"),
    ("tier", "higher_tier_feature_requested"),
    ("usage", "limit_reached"),
    ("seats", "seats_requested"),
)


def _widening(said: Sentence, room: _Room) -> Iterable[str]:
    """The sentence, then with its neighbours, then each sentence close by, then the subject line: what `it` means often stands next door."""
    yield said.text
    near = room.near(said, 1)
    if len(near) > 1:
        yield " ".join(s.text for s in sorted(near, key=lambda s: s.start))
    yield from (s.text for s in room.near(said, CLOSE_BY)[1:])
    title = room.title(said)
    if title:
        yield f"{title}. {said.text}"


def _use_case(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    _, wants, skus, _ = _feature(reading, room, dossier, shelf)
    return "new_use_case", wants, skus, None


def _seats(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    return "seats_requested", _amount(reading.sentence, room), shelf.seat_products, None


def _full(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    """Words that all seats are taken, unless the usage table of the day shows seats to spare."""
    rows = [row for row in dossier.usage if row.period_start <= reading.sentence.at and row.seats_active is not None and row.seats_licensed]
    if rows and (rows[-1].seats_active or 0) < SPARE * (rows[-1].seats_licensed or 1):
        return None, {}, (), None
    return "seat_saturation", {}, shelf.serving_saturation(), None


def _team(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    return "new_team", _amount(reading.sentence, room), shelf.seat_products, None


def _limit(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    for text in _widening(reading.sentence, room):
        limit = shelf.limit_named(text)
        if limit:
            return "limit_reached", {"limit": limit}, shelf.serving_limit(limit, _allowed(dossier, shelf, limit)), None
    return "limit_reached", {}, (), None


def _allowed(dossier: Dossier, shelf: Shelf, limit: str) -> float | None:
    plan = shelf.catalogue.find(dossier.account.plan)
    return plan.included_limits.get(limit) if plan else None


def _attempt(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    kind, wants, skus, _ = _feature(reading, room, dossier, shelf)
    return ("upgrade_attempt" if kind else None), wants, skus, None


def _plan(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    """A plan needs its date: in the sentence, or next to it. Without one it is a wish."""
    due = _due(reading.sentence, room, dossier.as_of)
    return ("dated_plan" if due else None), _amount(reading.sentence, room, reach=0), (), due


def _budget(reading: Reading, room: _Room, dossier: Dossier, shelf: Shelf) -> _Made:
    return "budget_event", {}, (), _due(reading.sentence, room, dossier.as_of)


def _due(said: Sentence, room: _Room, as_of: date) -> date | None:
    """The nearest day named that is not over by `as_of`; else the last one named; None where none lies after the day it was said."""
    for sentence in room.near(said, 1):
        named = [p for p in plan_periods(sentence.text, said.at) if p.end > said.at]
        ahead = [p for p in named if p.end >= as_of]
        if ahead:
            return max(min(p.start for p in ahead), as_of)
        if named:
            return max(p.end for p in named)
    return None


def _amount(said: Sentence, room: _Room, reach: int = 1) -> dict[str, Any]:
    """How many seats are spoken of; `planned` where the number belongs to a later date."""
    for sentence in room.near(said, reach):
        counted: list[Quantity] = [q for q in quantities(sentence.text) if q.unit == "seats" and q.value > 0]
        if counted:
            best = next((q for q in counted if q.additional), counted[0])
            return {
                "quantity": best.value,
                "additional": best.additional,
                "planned": bool([p for p in plan_periods(sentence.text, said.at) if p.start > said.at]),
            }
    return {}


_MAKERS: dict[str, Callable[[Reading, _Room, Dossier, Shelf], _Made]] = {
    "feature_requested": _feature,
    "new_use_case": _use_case,
    "seats_requested": _seats,
    "seat_saturation": _full,
    "new_team": _team,
    "limit_reached": _limit,
    "upgrade_attempt": _attempt,
    "dated_plan": _plan,
    "budget_event": _budget,
    "referral": lambda *_: (None, {}, (), None),
    "taken_back": lambda *_: (None, {}, (), None),
}


def _taken_back(blocker: Signal, withdrawn: Sequence[Reading]) -> bool:
    """A stated blocker that was said earlier and taken back later, about the same thing where the words tell which."""
    if blocker.type not in STATED_BLOCKERS:
        return False
    for reading in withdrawn:
        if reading.sentence.at < blocker.observed_at or reading.sentence.record_id == blocker.evidence[0].record_id:
            continue
        topics = {code for code, words in TOPICS.items() if re.search(words, reading.sentence.text, re.I)}
        stays = "churn_intent" in topics and blocker.type != "budget_freeze"
        if not topics or blocker.type in topics or stays:
            return True
    return False


def _gathered(signals: Iterable[Signal]) -> list[Signal]:
    """One signal a type, record and need: the sentences of one record that say the same thing are its evidence together."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Signal]] = defaultdict(list)
    for found in signals:
        groups[found.type, found.evidence[0].record_id, found.skus if found.type in _REQUESTS else ()].append(found)
    return [_merged(members) for members in groups.values()]


def _merged(members: list[Signal]) -> Signal:
    first = max(
        members,
        key=lambda s: (
            s.evidence[0].part not in ("title", "subject"),
            s.explicit_request,
            s.strength == "strong",
            s.due is not None,
            bool(s.wants),
            s.observed_at,
        ),
    )
    ordered = [first, *sorted((m for m in members if m is not first), key=lambda m: m.evidence[0].part in ("title", "subject"))]
    wants: dict[str, Any] = {}
    for member in reversed(ordered):
        wants |= member.wants
    return first.model_copy(
        update={
            "evidence": tuple(e for m in ordered for e in m.evidence)[:MAX_EVIDENCE],
            "wants": wants,
            "explicit_request": any(m.explicit_request for m in members),
            "observed_at": max(m.observed_at for m in members),
        }
    )
