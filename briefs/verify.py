"""Does the record carry the sentence? Every claim of a brief passes here: what fails goes to the rejected list with its reason, never into the text.

A claim passes when its evidence was offered and still reads so in the dossier, and when the sentence adds nothing to it: no number, no name, no day,
no other customer, no lost negation, no plan told as a fact, and enough of its words or meaning. Words inside quotation marks that equal the
evidence are exempt: they are the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from briefs.brief import Claim, Evidence
from briefs.citations import misread
from briefs.drafting.facts import Records
from briefs.drafting.phrasebook import frames
from briefs.figures import ISO, days_in, may_be, numbers_in, same_day, spans_in, spans_of
from briefs.meaning import MEANING
from briefs.names import folded, names_somebody_new
from briefs.subject import Subject
from briefs.synonyms import words_of
from briefs.tone import cut_away, lost
from retrieval.dossier import Dossier
from retrieval.records import Usage

if TYPE_CHECKING:
    import numpy as np

SUPPORT = 0.5
"""Share of a sentence's content words that its evidence must hold, offline."""
ALIKE = 0.62
"""Cosine of sentence and evidence from which the meaning may stand in for missing words."""
FEWEST_SHARED = 0.25
"""Below this share of shared words no likeness of meaning saves a sentence."""
LONGEST = 400
QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”')
OUT_OF_TEN = re.compile(r"\bout of (?:10|ten)\b", re.I)
LINK = re.compile(r"https?://|www\.|\]\(|<[a-z/!]|!\[", re.I)
AROUND = (
    "said says wrote writes told asked answered answers put call called mail email e-mail review meeting ticket survey form note notes internal "
    "record records gave NPS out comment words day title wording reads subject message customer account somebody"
)
FRAME = frozenset(words_of(f"{AROUND} {frames()}"))
"""What a sentence may add around a quotation: who, when and where, never what. The offline writer's own frames are among them."""


@dataclass(frozen=True)
class Verdict:
    """Carried, or the stable reason it is not, with one line of detail."""

    ok: bool
    reason: str = ""
    detail: str = ""


OK = Verdict(True)


@dataclass(frozen=True)
class Court:
    """What claims are judged against: the dossier, whom it is about, the embedder, and the words of prompt examples that may never come back."""

    dossier: Dossier
    subject: Subject
    embed: Callable[[Sequence[str]], np.ndarray] | None = None
    examples: tuple[str, ...] = ()
    vendor_words: frozenset[str] = field(default_factory=frozenset)
    checks: Mapping[str, Callable[[Claim, Court], Verdict]] | None = None
    """None: all of CHECKS. Fewer are handed in by those who measure what a check is worth."""

    @cached_property
    def records(self) -> Records:
        return Records(self.dossier)


def verify(claim: Claim, court: Court, offered: Collection[tuple[Any, ...]] | None = None) -> Verdict:
    """The first reason a claim fails, or OK. `offered` holds the keys (`key_of`) of evidence its writer was given; None: all of the dossier."""
    if offered is not None and (strange := [e for e in claim.evidence if key_of(e) not in offered]):
        return Verdict(False, "not_offered", f"{strange[0].record_id} was not among the evidence given")
    for check in (CHECKS if court.checks is None else court.checks).values():
        verdict = check(claim, court)
        if not verdict.ok:
            return verdict
    return OK


def key_of(evidence: Evidence) -> tuple[Any, ...]:
    return (evidence.record_id, evidence.part, evidence.start, evidence.end, evidence.field)


def own_words(claim: Claim) -> str:
    """The sentence without what stands in quotation marks and equals the evidence."""
    quotes = [" ".join((e.quote or (e.value if isinstance(e.value, str) else "")).split()) for e in claim.evidence]

    def strip(match: re.Match[str]) -> str:
        inside = " ".join((match.group(1) or match.group(2) or "").split()).removesuffix(" …")
        return " " if any(inside and inside in quote for quote in quotes) else match.group(0)

    return QUOTED.sub(strip, _flat(claim.text, quotes))


def _flat(text: str, quotes: Sequence[str]) -> str:
    """A quote may hold quotation marks of its own: it is taken out whole first."""
    flat = " ".join(text.split())
    for quote in sorted(quotes, key=len, reverse=True):
        if len(quote) >= 12:
            flat = flat.replace(f'"{quote}"', " ").replace(f"“{quote}”", " ")
    return flat


def held(claim: Claim, court: Court) -> str:
    """All the words a claim's evidence holds: quotes, table values, who said it and what was computed."""
    return " ".join((*(e.quote or "" for e in claim.evidence), _around(claim, court)))


def _around(claim: Claim, court: Court) -> str:
    """What stands around the quotes of a claim: values, figures, records and people."""
    parts: list[str] = []
    for e in claim.evidence:
        parts.append(f"{e.speaker or ''} {e.record_id} {_worded(e.field)} {_worded(e.value)}")
        record = court.records.by_id.get(e.record_id)
        parts.append(" ".join(str(getattr(record, name, "") or "") for name in ("name", "title", "subject", "role", "priority", "status", "kind")))
        parts.extend(f"{c.name} {c.title or ''} {c.role}" for name in (e.speaker, _person_in(e.value)) if (c := court.records.person(name)))
        parts.append(MEANING.get(f"{e.kind}.{e.field}", ""))
    parts.extend(f"{_worded(name)} {_worded(value)}" for name, value in claim.derived.items())
    return " ".join(parts)


def _person_in(value: Any) -> str | None:
    """Whom a value names, if it names anybody: the user of an attempt, the respondent of a survey."""
    named = value.get("user") if isinstance(value, dict) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return named if isinstance(named, str) else None


def _worded(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{_worded(k)} {_worded(v)}" for k, v in cast(dict[str, object], value).items())
    if isinstance(value, (list, tuple)):
        return " ".join(map(_worded, cast(Sequence[object], value)))
    return "" if value is None else str(value).replace("_", " ")


def _form(claim: Claim, court: Court) -> Verdict:
    if not claim.text.strip():
        return Verdict(False, "empty", "no words")
    if len(claim.text) > LONGEST + sum(len(e.quote or "") for e in claim.evidence):
        return Verdict(False, "too_long", f"{len(claim.text)} characters")
    if LINK.search(own_words(claim)):
        return Verdict(False, "markup", "a link or markup stands in it")
    if not claim.evidence and claim.kind in ("fact", "customer_said"):
        return Verdict(False, "no_evidence", "nothing is cited")
    return OK


def _evidence_stands(claim: Claim, court: Court) -> Verdict:
    """Every citation is read again in the dossier: the words at their place, the value in its field."""
    records = court.records.by_id
    return next((Verdict(False, *fault) for e in claim.evidence if (fault := misread(e, records))), OK)


def _other_customer(claim: Claim, court: Court) -> Verdict:
    others = court.subject.other_customers_in(claim.text)
    return Verdict(False, "other_customer", "another customer is named") if others else OK


def _examples(claim: Claim, court: Court) -> Verdict:
    words = folded(own_words(claim))
    for example in court.examples:
        if len(example) >= 12 and folded(example) in words:
            return Verdict(False, "copied_example", "a sentence of the prompt's example")
    return OK


def _figures(claim: Claim, court: Court) -> Verdict:
    """Every number of the sentence stands in its evidence, or was computed by code."""
    _, rest = days_in(_without_products(claim, court))
    scale = any(e.kind == "survey" and e.field == "score" for e in claim.evidence)
    said = numbers_in(OUT_OF_TEN.sub(" ", rest) if scale else rest)
    known = numbers_in(ISO.sub(" ", held(claim, court))) | {float(v) for v in claim.derived.values() if isinstance(v, (int, float))}
    for e in claim.evidence:
        if isinstance(e.value, (int, float)) and not isinstance(e.value, bool):
            known |= {float(e.value), float(round(e.value))}
    years = {float(d.year) for d in _known_days(claim, court)}
    strange = {n for n in said - known - years if not any(abs(n - k) < 0.051 and not n.is_integer() for k in known)}
    return Verdict(False, "number", f"{min(strange):g} is not in the evidence") if strange else OK


def _without_products(claim: Claim, court: Court) -> str:
    """The sentence's own words without the names of what the vendor sells: the figure in "Sample Pack 2000" is a name."""
    words = own_words(claim)
    for product in sorted(court.dossier.catalogue.products, key=lambda p: -len(p.name)):
        words = words.replace(product.name, " ")
    return words


def _known_days(claim: Claim, court: Court) -> set[date]:
    days: set[date] = {court.dossier.as_of}
    for e in claim.evidence:
        record = court.records.by_id.get(e.record_id)
        if e.at is not None:
            days.add(e.at)
        if isinstance(record, Usage):
            days |= {record.period_start, record.period_end}
        days |= _iso_days(_worded(e.value))
    for value in claim.derived.values():
        days |= _iso_days(str(value))
    return days


def _iso_days(text: str) -> set[date]:
    """The ISO days of a stored value, alone or at the head of a time."""
    named, _ = days_in(text)
    return {date(*whole) for whole in named if None not in whole}  # pyright: ignore[reportArgumentType]


def _days(claim: Claim, court: Court) -> Verdict:
    """Every day, month and quarter of the sentence is the evidence's, or was computed. A day told without a year is the next or last one."""
    named, rest = days_in(_without_products(claim, court))
    known = _known_days(claim, court)
    quoted = {(day, e.at or court.dossier.as_of) for e in claim.evidence for day in days_in(e.quote or "")[0]}
    for day in named:
        if not any(same_day(day, k) for k in known) and not any(may_be(day, q, said) for q, said in quoted):
            return Verdict(False, "date", "a day is named that the evidence does not hold")
    held_words = held(claim, court)
    if (
        strange := spans_in(rest)
        - spans_in(held_words)
        - {s for day in known for s in spans_of(day)}
        - {s for day, _ in quoted for s in spans_of(day)}
    ):
        return Verdict(False, "date", f"{min(strange)} is not in the evidence")
    return OK


def _names(claim: Claim, court: Court) -> Verdict:
    """Every proper name stands in the evidence, is the account's or a contact's own, or is the vendor's."""
    account = court.dossier.account
    known_text = " ".join((held(claim, court), account.name, *account.aliases))
    strange = names_somebody_new(own_words(claim), known_text, court.vendor_words)
    return Verdict(False, "name", "a name is not in the evidence") if strange else OK


def _tone(claim: Claim, court: Court) -> Verdict:
    """`They need it` does not follow from `they do not need it`, nor from `they may`; nor `they opened` from `they will open`."""
    quotes = [" ".join(e.quote.split()) for e in claim.evidence if e.quote]
    if claim.kind in ("absence", "advice", "computed") or not quotes:
        return OK
    words = _flat(claim.text, quotes)
    bits = (" ".join((m.group(1) or m.group(2) or "").split()).removesuffix(" …") for m in QUOTED.finditer(claim.text))
    fault = next((found for bit in bits if bit and (found := cut_away(bit, quotes, own_words(claim)))), None)
    if fault is None and not _only_frames(claim, court) and words_of(words):
        fault = lost(words, quotes)
    return Verdict(False, *fault) if fault else OK


def _only_frames(claim: Claim, court: Court) -> bool:
    """A sentence that is its quotation with a frame around it and says nothing of its own."""
    text, quotes = " ".join(claim.text.split()), [" ".join((e.quote or "").split()) for e in claim.evidence]
    inside = [quote for quote in quotes if quote and quote in text]
    if not inside:
        return False
    rest = own_words(claim)
    for quote in inside:
        rest = rest.replace(quote, " ")
    _, rest = days_in(rest)
    said = {w for w in words_of(rest) if not w.isdigit()}
    return said <= FRAME | set(words_of(f"{_around(claim, court)} {court.dossier.account.name}"))


def _carried(claim: Claim, court: Court) -> Verdict:
    """Enough of the sentence's words, or of its meaning, stands in the evidence. Conservative: in doubt it does not."""
    if claim.kind in ("absence", "advice", "computed") or _only_frames(claim, court):
        return OK
    _, rest = days_in(own_words(claim))
    said = [w for w in dict.fromkeys(words_of(rest)) if not w.isdigit()]
    source = set(words_of(held(claim, court)))
    if not said:
        return OK
    share = sum(w in source for w in said) / len(said)
    if share >= SUPPORT:
        return OK
    if court.embed is not None and share >= FEWEST_SHARED:
        vectors = court.embed([rest, " ".join(e.quote or _worded(e.value) for e in claim.evidence)])
        if float(vectors[0] @ vectors[1]) >= ALIKE:
            return OK
    return Verdict(False, "not_carried", f"{share:.0%} of its words stand in the evidence")


CHECKS: Mapping[str, Callable[[Claim, Court], Verdict]] = {
    "form": _form, "evidence": _evidence_stands, "customer": _other_customer, "examples": _examples,
    "figures": _figures, "days": _days, "names": _names, "tone": _tone, "carried": _carried,
}  # fmt: skip
"""In the order they are asked; the first that fails is the reason."""
