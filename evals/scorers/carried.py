"""Does every number, day and name of a brief stand in what it rests on? Read apart from the product's verifier, and in parts that it does not read.

A tripwire, not a measure of truth: on labelled summaries of sales e-mails such a check found 4 of 10 wrong ones and blamed 1 of 10 right ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from briefs.brief import BriefBody, Claim, Evidence
from briefs.figures import days_in, may_be, numbers_in, same_day
from briefs.names import names_somebody_new
from evals.portfolios.faults import evidence_in
from evals.rates import mean, told
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier

NAME = "carried"
VERSION = "1"
NUMBERS, DATES, NAMES = "numbers_carried", "dates_carried", "names_carried"
QUOTED = re.compile(r'"([^"]*)"')
OUT_OF_TEN = re.compile(r"\bout of 10\b")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Sentence:
    """Words of a brief and what they may rest on."""

    where: str
    text: str
    rests_on: str


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """Three shares over the brief's sentences (claims, card, talk track, coverage). A sentence that holds none of the kind is not counted.

    Claims are held against their own evidence; the other parts against everything the brief shows. Names may stand anywhere in the dossier.
    """
    if output.brief is None:
        return []
    if dossier is None:
        return [
            Score(scorer=NAME, version=VERSION, name=name, value=None, reason="there is no dossier to read in") for name in (NUMBERS, DATES, NAMES)
        ]
    page = Page(output.brief, dossier)
    return [_share(NUMBERS, page, page.numbers), _share(DATES, page, page.days), _share(NAMES, page, page.names)]


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    return [mean(name, ((each.result.cluster, value) for each, value in told(results, name))) for name in (NUMBERS, DATES, NAMES)]


def _share(name: str, page: Page, check: Callable[[Sentence], bool | None]) -> Score:
    judged = [(sentence, ok) for sentence in page.sentences if (ok := check(sentence)) is not None]
    if not judged:
        return Score(scorer=NAME, version=VERSION, name=name, value=None, reason="no sentence holds any")
    wrong = [sentence.where for sentence, ok in judged if not ok]
    reason = f"all of {len(judged)} sentences" if not wrong else f"{len(wrong)} of {len(judged)} sentences hold one of unknown origin: {wrong[0]}"
    return Score(scorer=NAME, version=VERSION, name=name, value=1 - len(wrong) / len(judged), reason=reason)


class Page:
    """A brief taken apart into sentences, beside all that is known."""

    def __init__(self, body: BriefBody, dossier: Dossier) -> None:
        self.body, self.dossier = body, dossier

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return (*(Sentence(claim.id, claim.text, _under(claim)) for claim in self.body.claims()), *self._others())

    def _others(self) -> Iterator[Sentence]:
        shown = " ".join((*(f"{claim.text} {_under(claim)}" for claim in self.body.claims()), *map(_words, evidence_in(self.body)), self._computed))
        card, track = self.body.card, self.body.talk_track
        told = {
            "card": (card.headline, card.why_now, card.arr, card.top_risk, card.next_step, *card.tests.values()),
            "talk track": (track.objective, track.opener, track.risk, track.say, track.show, track.avoid),
            "questions": tuple(text for question in track.questions for text in (question.text, question.listen_for)),
            "coverage": tuple(text for factor in self.body.coverage for text in (factor.text, factor.question or "")),
        }
        for where, texts in told.items():
            yield from (Sentence(where, text, shown) for text in texts)

    @cached_property
    def _computed(self) -> str:
        """Figures that code computes and shows outside the sentences: revenue and the rows of usage."""
        arr, rows = self.body.arr, self.body.usage
        return f"{arr.model_dump() if arr else ''} {[row.model_dump(mode='json') for row in rows]}"

    def numbers(self, sentence: Sentence) -> bool | None:
        words = OUT_OF_TEN.sub(" ", self._own(sentence))
        said = {n for n in numbers_in(days_in(words)[1]) if not 1900 <= n <= 2100}
        if not said:
            return None
        known = numbers_in(f"{sentence.rests_on} {self.body.sku_name}") | numbers_in(DAY.sub(" ", sentence.rests_on))
        return all(any(abs(n - k) < 0.051 * max(1.0, abs(n) / 100) for k in known) for n in said)

    def days(self, sentence: Sentence) -> bool | None:
        said = days_in(self._own(sentence))[0] - days_in(sentence.rests_on)[0]
        if not said:
            return True if days_in(sentence.text)[0] else None
        known = {self.dossier.as_of, *(date.fromisoformat(day) for day in DAY.findall(f"{sentence.rests_on} {self._table_days}"))}
        quoted = [(day, e.at or self.dossier.as_of) for e in evidence_in(self.body) for day in days_in(e.quote or "")[0]]
        return all(any(same_day(day, k) for k in known) or any(may_be(day, q, at) for q, at in quoted) for day in said)

    def names(self, sentence: Sentence) -> bool | None:
        if not re.search(r"\b[A-Z]\w+ [A-Z]\w+", sentence.text):
            return None
        return not names_somebody_new(sentence.text, f"{sentence.rests_on} {self._dossier_words}")

    def _own(self, sentence: Sentence) -> str:
        """The sentence without what it quotes: a quote is its own evidence (`evidence_exact` reads it)."""

        def cut(match: re.Match[str]) -> str:
            inside = " ".join(match.group(1).split()).removesuffix(" …")
            return " " if any(inside in quote for quote in self._quotes) else match.group(0)

        return QUOTED.sub(cut, sentence.text)

    @cached_property
    def _quotes(self) -> tuple[str, ...]:
        return tuple(" ".join(e.quote.split()) for e in evidence_in(self.body) if e.quote)

    @cached_property
    def _dossier_words(self) -> str:
        return self.dossier.model_dump_json()

    @cached_property
    def _table_days(self) -> str:
        return self.dossier.account.model_dump_json()


def _under(claim: Claim) -> str:
    return " ".join((*map(_words, claim.evidence), str(claim.derived)))


def _words(evidence: Evidence) -> str:
    return " ".join(
        str(part) for part in (evidence.quote, evidence.value, evidence.at, evidence.speaker, evidence.record_id, evidence.field) if part is not None
    )
