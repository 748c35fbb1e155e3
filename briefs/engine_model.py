"""The engine with a language model: one call to read, one to write, one to check. Where it fails the offline engine takes over and says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefs.brief import AccountResult, BriefBody, Cost
from briefs.drafting.assemble import assemble, verified
from briefs.drafting.material import Material
from briefs.drafting.model import write
from briefs.drafting.offline import sections
from briefs.engine import OfflineEngine, Read, context, shop
from briefs.errors import ModelFault
from briefs.models import LanguageModel, Usage, spent
from briefs.models.operations import Words, extract
from briefs.models.questions import MOST_SENTENCES, AccountFacts, ExtractRequest, Passage, ReadSignal
from briefs.models.stack import OpenedModel
from briefs.models.tokens import estimate
from briefs.needs import Shelf
from briefs.reading.offline import Reading
from briefs.reading.sentences import Sentence
from briefs.signals.said import SPEAKS_AGAINST
from briefs.subject import Subject
from briefs.verify import Court
from retrieval.dossier import Dossier
from retrieval.search import Hit

if TYPE_CHECKING:
    from briefs.engine import Embed

OVERHEAD = 30
"""Tokens a sentence takes beside its words: its id, kind, date and speaker."""

Remember = Callable[[str], LanguageModel]
"""The model with answers kept for one account."""


@dataclass(frozen=True)
class Memory:
    """What was read before, by key: a sentence read once with the same prompt and model is not asked about again."""

    get: Callable[[Sequence[str]], Mapping[str, Any]]
    put: Callable[[str, Sequence[tuple[str, str, Any]]], None]
    """(account id, new readings as key, record id, value): a record that is forgotten takes its readings along."""


@dataclass(frozen=True)
class _Answered:
    """What the model said. `broken_off`: the sentences of a question whose answer was cut off; the model named some, and did not come to the rest."""

    readings: list[Reading]
    usage: Usage
    versions: dict[str, str]
    broken_off: frozenset[Sentence]

    @property
    def unread(self) -> frozenset[Sentence]:
        """Those the model said nothing of before it was cut off."""
        return self.broken_off - {reading.sentence for reading in self.readings}


class ModelEngine:
    """`offline` decides what is worth asking about, writes the floor, and takes over when the model fails."""

    def __init__(
        self,
        offline: OfflineEngine,
        opened: OpenedModel,
        remember: Remember,
        memory: Memory,
        words: Words,
        examples: tuple[str, ...],
        budget_tokens: int,
    ) -> None:
        self.offline, self.opened, self._remember, self.memory, self.words = offline, opened, remember, memory, words
        self.examples, self.budget_tokens = examples, budget_tokens
        versions = ",".join(words(name).version for name in ("extract_signals", "draft_sections", "check_claims", "redraft"))
        self.version = f"llm:{opened.settings.qualified_name}:{opened.settings.base_url or ''}:{versions}:{budget_tokens}:{offline.version}"

    @property
    def embed(self) -> Embed:
        return self.offline.embed

    def read(self, sentences: Sequence[Sentence], dossier: Dossier, subject: Subject, shelf: Shelf, hits: Sequence[Hit]) -> Read:
        """Readings by the model where there is anything to ask about; the local reader's where the model could not answer."""
        name = self.opened.settings.qualified_name
        asked, left = self._chosen(sentences, dossier, subject, hits)
        try:
            told = self._asked(asked, dossier, subject)
        except ModelFault as fault:
            local = self.offline.read(sentences, dossier, subject, shelf, hits)
            note = f"read offline: {fault}"
            return Read(local.readings, local.name, "offline", note, name, {}, self.opened.cost(spent(fault)))
        extra = self.offline.reader.read(left, context(dossier), shop(shelf)) if left else []
        if told.broken_off:
            extra += _beside(told, self.offline.reader.read(sentences, context(dossier), shop(shelf)))
        left_out = tuple(_left_out(len(asked), len(left), told))
        return Read((*told.readings, *extra), f"llm:{name}", "llm", None, name, told.versions, self.opened.cost(told.usage), left_out)

    def write(self, material: Material, result: AccountResult, court: Court) -> tuple[BriefBody, AccountResult]:
        floor, rejected = verified(sections(material), court)
        if result.engine != "llm":
            return assemble(material, result, floor, rejected, court), result
        try:
            written = write(material, floor, court, self._remember(result.account_id), self.words)
        except ModelFault as fault:
            result = result.model_copy(update={"engine_note": f"worded offline: {fault}", "cost": _sum(result.cost, self.opened.cost(spent(fault)))})
            return assemble(material, result, floor, rejected, court), result
        cost = _sum(result.cost, self.opened.cost(written.usage))
        result = result.model_copy(update={"cost": cost, "prompt_versions": {**result.prompt_versions, **written.prompt_versions}})
        return assemble(material, result, written.sections, (*rejected, *written.rejected), court), result

    def _chosen(
        self, sentences: Sequence[Sentence], dossier: Dossier, subject: Subject, hits: Sequence[Hit]
    ) -> tuple[list[Sentence], list[Sentence]]:
        """What is worth asking about, in the record's order, and what the budget leaves out. Stage one is local."""
        ranked = dict.fromkeys(self.offline.reader.candidates(sentences))
        for hit in hits:
            p = hit.passage
            ranked |= dict.fromkeys(
                s for s in sentences if s.record_id == p.record_id and s.part == p.part and s.start < p.end and s.end > p.start and not s.quoted
            )
        kept: list[Sentence] = []
        room = self.budget_tokens
        for sentence in ranked:
            room -= estimate(sentence.text) + OVERHEAD
            if room < 0 or len(kept) == MOST_SENTENCES:
                break
            kept.append(sentence)
        chosen = set(kept)
        order = {s: i for i, s in enumerate(sentences)}
        return sorted(kept, key=lambda s: order[s]), [s for s in ranked if s not in chosen]

    def _asked(self, asked: Sequence[Sentence], dossier: Dossier, subject: Subject) -> _Answered:
        """What the model said of the sentences; only those never read before are asked about.

        Nothing of an answer that was cut off is remembered: of a sentence it named, more may have been to come.
        """
        prompt = self.words("extract_signals")
        keys = {s: self._key(s, prompt.version) for s in asked}
        known = self.memory.get(list(keys.values()))
        new = [s for s in asked if keys[s] not in known]
        answers: dict[str, list[dict[str, str]]] = {key: list(value) for key, value in known.items()}
        usage, broken_off = Usage(), False
        if new:
            model = self._remember(dossier.account.id)
            found = extract(model, ExtractRequest(_facts(dossier, subject, new), tuple(_passage(s, dossier) for s in new)), self.words)
            usage, broken_off = found.usage, found.cut_off
            fresh: dict[str, list[dict[str, str]]] = {keys[s]: [] for s in new}
            for told in found.signals:
                fresh[keys[new[told.sentence]]].append(_told(told))
            if not broken_off:
                self.memory.put(dossier.account.id, [(keys[s], s.record_id, fresh[keys[s]]) for s in new])
            answers |= fresh
        readings = [_reading(s, told) for s in asked for told in answers[keys[s]]]
        return _Answered(readings, usage, {"extract_signals": prompt.version}, frozenset(new) if broken_off else frozenset())

    def _key(self, sentence: Sentence, version: str) -> str:
        settings = self.opened.settings
        told = (
            settings.qualified_name,
            settings.base_url,
            version,
            sentence.record_id,
            sentence.kind,
            sentence.at,
            sentence.speaker,
            sentence.side,
            sentence.text,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _beside(told: _Answered, offline: Sequence[Reading]) -> list[Reading]:
    """What the offline reader adds to an answer that was cut off: all it finds in sentences the model did not come to.

    The entries of an answer stand in no order, so more may have been to come of a sentence it named. The model's word stands there for what speaks
    for a sale; what speaks against one is added, since a missed objection is worse than a missed chance.
    """
    said = {(reading.sentence, reading.label) for reading in told.readings}
    unread = told.unread
    return [
        reading
        for reading in offline
        if reading.sentence in unread
        or (reading.sentence in told.broken_off and reading.label in SPEAKS_AGAINST and (reading.sentence, reading.label) not in said)
    ]


def _left_out(asked: int, left: int, told: _Answered) -> Iterator[str]:
    """What the model did not read of an account, in words for whoever reads the result."""
    if left:
        yield f"{left} of {asked + left} candidate sentences, the lowest ranked, did not fit the model's budget and were read offline"
    if told.broken_off:
        missed = f"{len(told.unread)} of {len(told.broken_off)} sentences"
        yield f"{missed}: the model's answer was cut off at its output limit before it came to them, and they were read offline"


def _told(signal: ReadSignal) -> dict[str, str]:
    return {"label": signal.type, "stance": signal.stance, "speaks_for": signal.speaks_for, "firmness": signal.firmness}


def _reading(sentence: Sentence, told: Mapping[str, str]) -> Reading:
    """What the model said of a sentence, as a claim that code goes on to check."""
    stance = told["stance"] if told["speaks_for"] == "this_customer" or told["label"] == "referral" else "quoted_from_others"
    firmness = "firm" if told["firmness"] == "firm" else "soft"
    return Reading(sentence=sentence, label=told["label"], stance=stance, firmness=firmness, score=1.0)  # pyright: ignore[reportArgumentType]


def _passage(sentence: Sentence, dossier: Dossier) -> Passage:
    contact = dossier.contact(sentence.speaker)
    role = {"customer": "customer", "reported": "csm", "agent": "agent", "internal": "agent"}[sentence.side]
    return Passage(sentence.text, sentence.kind, sentence.at, contact.name if contact else sentence.speaker, role, internal=not sentence.public)


def _facts(dossier: Dossier, subject: Subject, sentences: Sequence[Sentence]) -> AccountFacts:
    account, catalogue = dossier.account, dossier.catalogue
    held = [p for sku in dict.fromkeys((account.plan, *account.products)) if (p := catalogue.find(sku))]
    others = sorted({name for s in sentences for name in subject.other_customers_in(s.text)})
    return AccountFacts(
        name=account.name,
        aliases=account.aliases,
        products=tuple(p.name for p in held),
        features=tuple(f for p in held for f in p.features),
        people=tuple(f"{c.name} ({c.role.replace('_', ' ')})" for c in dossier.contacts),
        other_companies=tuple(others),
    )


def _sum(one: Cost, other: Cost) -> Cost:
    amount = None if one.amount is None or other.amount is None else one.amount + other.amount
    return Cost(
        calls=one.calls + other.calls,
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
        amount=amount,
        currency=other.currency if other.calls else one.currency,
        retries=one.retries + other.retries,
    )
