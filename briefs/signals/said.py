"""What people wrote as dated signals: readings are checked by code, joined to the catalogue and the calendar, and gathered by record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from briefs.brief import Evidence, Referral, Signal
from briefs.needs import Shelf
from briefs.reading.injection import Place, place, planted, suspected
from briefs.reading.offline import Reading
from briefs.reading.sentences import HEADLINES, Sentence
from briefs.signals.evidence import signal
from briefs.signals.wanted import MAKERS, REQUESTS, Room, asks_to_buy
from briefs.signals.welcomed import has_left_since
from briefs.subject import Subject
from retrieval.dossier import Dossier

ASKS = frozenset({"seats_requested", "feature_requested", "upgrade_attempt", "new_use_case", "new_team"})
STATED_BLOCKERS = ("churn_intent", "contested_renewal", "competitor_evaluation", "budget_freeze")
SPEAKS_AGAINST = frozenset({*STATED_BLOCKERS, "sponsor_left", "price_complaint", "negative_sentiment"})
MAX_EVIDENCE = 3
OF_THE_DAY = frozenset({"due_as", "due_before"})
"""What is wanted that speaks of one day and belongs to that day alone."""
QUOTATION_MARKS = '"“”„«»‟'
TOPICS = {
    "budget_freeze": r"budget|freeze|frozen|spend|money|haushalt|sperre|stopp|presupuesto|congel|gel\b|gelé|dépenses|investissement",
    "competitor_evaluation": r"evaluat|compar|alternativ|competitor|other (?:tool|vendor|system)|trial|tender|rfp|"
    r"mirando|comparando|vergleich|ausschreib|évalu|appel d'offres|concurr",
    "contested_renewal": r"renew|terms|contract|price|verläng|vertrag|renov|contrato|renouvel|contrat",
    "churn_intent": r"stay|leav|cancel|terminat|keep|continue|notice|bleib|künd|quedamos|nos vamos|íbamos|baja|restons|rest(?:er|ez)|partir|résili",
}


@dataclass(frozen=True)
class Withdrawn:
    """A stated blocker, and the later words that took it back: no blocker any more, and yet worth knowing before a call."""

    blocker: Signal
    by: Evidence


@dataclass(frozen=True)
class Heard:
    """What the texts of one dossier say: signals, referrals, and which words were set aside and why."""

    signals: tuple[Signal, ...]
    referrals: tuple[Referral, ...]
    set_aside: tuple[tuple[str, str, str], ...] = ()
    """(record, label, reason) of readings that code refused."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """What was said against us and taken back later."""
    declined: tuple[Evidence, ...] = ()
    """Words in which a reader heard an ask denied: what they said no to."""


def interpret(readings: Sequence[Reading], sentences: Sequence[Sentence], dossier: Dossier, shelf: Shelf, subject: Subject, name: str) -> Heard:
    """Signals from readings that passed the checks. `sentences` are all of the dossier's, for dates and amounts said next door."""
    orders = planted(sentences)
    room = Room([s for s in sentences if place(s) not in orders])
    refused: list[tuple[str, str, str]] = []
    kept: list[Reading] = []
    declined: list[Evidence] = []
    for reading in sorted(readings, key=lambda r: -r.score):
        reason = _addresses_a_machine(reading, orders) or _refusal(reading, dossier, subject)
        if reason:
            refused.append((reading.sentence.record_id, reading.label, reason))
            if reading.stance == "negated" and reading.label in ASKS and reason.startswith("negated"):
                declined.append(evidence_of(reading.sentence))
        else:
            kept.append(reading)
    found = [made for reading in kept if (made := _signal(reading, room, dossier, shelf, name)) is not None]
    withdrawn = [r for r in kept if r.label == "taken_back"]
    backs = [(s, _taken_back(s, withdrawn)) for s in found]
    standing = [s for s, back in backs if back is None]
    recanted = tuple(Withdrawn(s, evidence_of(back.sentence)) for s, back in backs if back is not None)
    referrals = tuple(Referral(evidence=(evidence_of(r.sentence),), observed_at=r.sentence.at) for r in kept if r.label == "referral")
    return Heard(tuple(_gathered(standing)), referrals, tuple(refused), recanted, tuple(declined))


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


def _addresses_a_machine(reading: Reading, orders: frozenset[Place]) -> str | None:
    """A planted sentence is never a reason to sell, and takes nothing back. What speaks against a sale still counts: caution costs nothing."""
    if reading.label in SPEAKS_AGAINST or (place(reading.sentence) not in orders and not suspected(reading.about)):
        return None
    return "addressed to a machine"


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
    if reading.label == "new_sponsor" and has_left_since(said, dossier):
        return "names somebody who has left since"
    return None


def _signal(reading: Reading, room: Room, dossier: Dossier, shelf: Shelf, name: str) -> Signal | None:
    """One reading as a signal with what it wants and which products serve it; None where its type needs something it lacks."""
    said = reading.sentence
    make = MAKERS.get(reading.label)
    kind, wants, skus, due = make(reading, room, dossier, shelf) if make else (reading.label, {}, (), None)
    if kind is None:
        return None
    explicit = kind in REQUESTS and reading.stance == "asked_now" and (kind == "seats_requested" or asks_to_buy(said, shelf))
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


def _taken_back(blocker: Signal, withdrawn: Sequence[Reading]) -> Reading | None:
    """The later words that take a stated blocker back, about the same thing where the words tell which; None where it stands."""
    if blocker.type not in STATED_BLOCKERS:
        return None
    for reading in withdrawn:
        if reading.sentence.at < blocker.observed_at or reading.sentence.record_id == blocker.evidence[0].record_id:
            continue
        topics = {code for code, words in TOPICS.items() if re.search(words, reading.sentence.text, re.I)}
        stays = "churn_intent" in topics and blocker.type != "budget_freeze"
        if not topics or blocker.type in topics or stays:
            return reading
    return None


def _gathered(signals: Iterable[Signal]) -> list[Signal]:
    """One signal a type, record and need: the sentences of one record that say the same thing are its evidence together."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Signal]] = defaultdict(list)
    for found in signals:
        groups[found.type, found.evidence[0].record_id, found.skus if found.type in REQUESTS else ()].append(found)
    return [_merged(members) for members in groups.values()]


def _merged(members: list[Signal]) -> Signal:
    first = max(
        members,
        key=lambda s: (
            s.evidence[0].part not in HEADLINES,
            s.explicit_request,
            s.strength == "strong",
            s.due is not None,
            s.due is not None and "due_as" not in s.wants,  # an exact day before a month or a season
            bool(s.wants),
            s.observed_at,
        ),
    )
    ordered = [first, *sorted((m for m in members if m is not first), key=lambda m: m.evidence[0].part in HEADLINES)]
    wants: dict[str, Any] = {}
    for member in reversed(ordered):
        wants |= member.wants
    for words in OF_THE_DAY - first.wants.keys():
        wants.pop(words, None)
    return first.model_copy(
        update={
            "evidence": tuple(sorted((e for m in ordered for e in m.evidence), key=_asks))[:MAX_EVIDENCE],
            "wants": wants,
            "explicit_request": any(m.explicit_request for m in members),
            "observed_at": max(m.observed_at for m in members),
        }
    )


def _asks(evidence: Evidence) -> bool:
    """A question: what somebody says they need tells more than what they ask about it, and is shown first."""
    return (evidence.quote or "").rstrip().endswith("?")
