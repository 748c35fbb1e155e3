"""Models that grade: each asks one yes-or-no question of the sentences of a brief, and is held against labelled ones before anybody believes it.

A judge is a folder: `judge.md` (a prompt) and `calibration.yaml` (sentences labelled by people, half of them failing). It answers through the closed
shape of `check_claims`: yes, no or cannot_tell, a sentence each. What a judge says stands beside how often it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import prompts
from briefs.errors import InvalidAnswer, ModelFault
from briefs.models import LanguageModel
from briefs.models.operations import check
from briefs.models.questions import CheckRequest, ClaimAsk, Passage
from briefs.models.shapes import Carried
from evals.errors import SuiteFault
from evals.judges.agreement import Agreement, Answered, everything, read, said
from evals.judges.items import TAKES, Take
from evals.loading import fault_in_words, read_yaml
from evals.rates import mean, told
from evals.results import CaseResult, Metric, Output, Score
from evals.statistics import rogan_gladen
from evals.suite import Case
from retrieval.dossier import Dossier

A = TypeVar("A")
FOLDER = Path(__file__).parent
BATCH = 6
"""Sentences a call. The same in grading and in calibrating: a judge that reads more at once judges otherwise."""
FEWEST_LABELLED = 60
NOT_SCORED = "not scored: no judge's model is set"


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Piece(_Told):
    """What a labelled sentence names as its evidence."""

    text: str
    kind: Literal["note", "ticket", "survey", "usage", "account"] = "note"
    speaker: str | None = None
    role: str | None = None
    internal: bool = False


class Labelled(_Told):
    """A sentence, its evidence, and what a person answers. `why` is for people: no model sees it."""

    text: str
    evidence: tuple[Piece, ...] = Field(min_length=1)
    label: Literal["yes", "no"]
    why: str

    @property
    def ask(self) -> ClaimAsk:
        return ClaimAsk(self.text, tuple(Passage(p.text, p.kind, None, p.speaker, p.role, p.internal) for p in self.evidence))


@dataclass(frozen=True)
class Judge:
    """One criterion. `take` picks what of an output is graded; `folder` holds the prompt and the labelled set; `kept` is where agreement is kept."""

    NAME: str
    folder: Path
    take: Take
    kept: Path

    @cached_property
    def prompt(self) -> prompts.Prompt:
        return prompts.load("judge", self.folder)

    @property
    def VERSION(self) -> str:
        return self.prompt.version

    @cached_property
    def labelled(self) -> tuple[Labelled, ...]:
        """The calibration set. Raises SuiteFault where it is too small, not half failing, or has a slip."""
        path = self.folder / "calibration.yaml"
        try:
            rows = tuple(Labelled.model_validate(row) for row in read_yaml(path) or ())
        except ValidationError as fault:
            raise SuiteFault(f"{self.NAME}/calibration.yaml: {fault_in_words(fault)}", "evals/judges/README.md shows the form.") from None
        failing = sum(row.label == "no" for row in rows)
        if len(rows) < FEWEST_LABELLED or not 0.4 <= failing / len(rows) <= 0.6:
            raise SuiteFault(
                f"{self.NAME}/calibration.yaml holds {len(rows)} sentences, {failing} of them failing.",
                f"It takes {FEWEST_LABELLED} or more, about half of them failing.",
            )
        return rows

    def grade(self, case: Case, output: Output, dossier: Dossier | None, model: LanguageModel | None) -> list[Score]:
        """The share of sentences answered yes. None without a model or where the judge could not tell or did not answer; [] with nothing to grade."""
        asks = self.take(output, dossier) if dossier is not None else []
        if not asks:
            return []
        if model is None:
            return [self._score(None, NOT_SCORED)]
        try:
            answers = list(self._answers(model, output.brief.account_name if output.brief else "", asks))
        except ModelFault as fault:
            return [self._score(None, f"the judge did not answer: {type(fault).__name__}", judge=model.name)]
        told_of = [answer for answer in answers if answer != "cannot_tell"]
        agreed = read(self.kept, self.NAME, self.VERSION, model.name)
        detail = {"judged": len(answers), "cannot_tell": len(answers) - len(told_of), "judge": model.name}
        if not told_of:
            return [self._score(None, f"the judge could not tell of any of {len(answers)} sentences; {said(agreed)}", **detail)]
        yes = sum(answer == "yes" for answer in told_of)
        first = next((ask.text for answer, ask in zip(answers, asks, strict=True) if answer == "no"), None)
        reason = f"{yes} of {len(told_of)} sentences; {said(agreed)}" + (f'; first no: "{first}"' if first else "")
        return [self._score(yes / len(told_of), reason, **detail)]

    def agreement(self, model: LanguageModel, day: date | None = None, progress: Callable[[int, int], None] | None = None) -> Agreement:
        """How far the judge agrees with people, newly measured and kept. An answer that cannot be used is one that agrees with nobody.

        Raises ModelFault where the model is out of reach: nothing is kept then.
        """
        pairs: list[tuple[str, Answered]] = []
        for some in _batches(self.labelled):
            pairs += zip((row.label for row in some), self._answered(model, [row.ask for row in some]), strict=True)
            if progress:
                progress(len(pairs), len(self.labelled))
        measured = Agreement.of(self.NAME, self.VERSION, model.name, pairs, day)
        measured.keep(self.kept)
        return measured

    def _answered(self, model: LanguageModel, asks: Sequence[ClaimAsk]) -> list[Answered]:
        try:
            return [*self._answers(model, "the customer", asks)]
        except InvalidAnswer:
            return ["no_answer" for _ in asks]

    def known(self) -> list[Agreement]:
        """What was measured with this text of the judge, a model each."""
        return [each for each in everything(self.kept, self.NAME) if each.version == self.VERSION]

    def summarise(self, results: Sequence[CaseResult]) -> list[Metric]:
        """The mean over briefs as the judge tells it, and with its known errors taken out; the agreement stands in the note.

        What it could not tell of stands in neither: the errors taken out are those among what it told.
        """
        graded = list(told(results, self.NAME))
        judge = next((str(each.score.detail["judge"]) for each, _ in graded), None)
        agreed = read(self.kept, self.NAME, self.VERSION, judge) if judge else None
        seen = mean(f"judged:{self.NAME}", ((each.result.cluster, value) for each, value in graded), note=said(agreed) if judge else NOT_SCORED)
        rates = agreed.rates_where_told if agreed else None
        if seen.value is None or rates is None:
            return [seen]
        behind = rogan_gladen(seen.value, *rates)
        note = "the judge's errors taken out (Rogan-Gladen)" if behind is not None else "this judge tells no more than a coin"
        return [seen, Metric(name=f"judged:{self.NAME}:corrected", value=behind, n=seen.n, note=note)]

    def _answers(self, model: LanguageModel, account: str, asks: Sequence[ClaimAsk]) -> Iterator[Carried]:
        for some in _batches(asks):
            yield from check(model, CheckRequest(account, tuple(some)), lambda _: self.prompt).carried

    def _score(self, value: float | None, reason: str, **detail: object) -> Score:
        return Score(scorer=self.NAME, version=self.VERSION, value=value, reason=reason, detail=detail)


def load(name: str, folder: Path = FOLDER, kept: Path | None = None) -> Judge:
    """The judge of that name. `kept`: where agreement is kept, the judge's own folder by default. Raises SuiteFault."""
    if name not in TAKES or not (folder / name / "judge.md").is_file():
        raise SuiteFault(f"There is no judge {name[:40]!r}.", f"There are: {', '.join(names(folder))}.")
    return Judge(name, folder / name, TAKES[name], kept or folder / name)


def names(folder: Path = FOLDER) -> list[str]:
    """The judges there are."""
    return sorted(name for name in TAKES if (folder / name / "judge.md").is_file())


def apart(judge: str, writer: str | None, *, same: bool = False) -> None:
    """A model is not asked to grade its own writing unless that is said (`same`). Raises SuiteFault."""
    if writer is not None and not same and _full(judge) == _full(writer):
        raise SuiteFault(
            f"The judge is the writer: {_full(judge)} would grade its own briefs.", "Name another model as the judge, or say that it may."
        )


def _full(model: str) -> str:
    return model if ":" in model else f"openai:{model}"


def _batches(asks: Sequence[A]) -> Iterable[Sequence[A]]:
    return (asks[start : start + BATCH] for start in range(0, len(asks), BATCH))
