"""The one door to pydantic-evals, which runs the cases several at a time and hands what they gave to the scorers.

Its averages leave out a case that crashed; ours never do. So each case is taken from it as it ends, well or not, and counted by us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from pydantic_evals import Case as EngineCase
from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext, EvaluatorOutput
from pydantic_evals.lifecycle import CaseLifecycle
from pydantic_evals.reporting import ReportCase, ReportCaseFailure

from evals.bench import Made
from evals.errors import EvalError
from evals.results import CaseResult, Score, Spent
from evals.scorers import Scorer
from evals.suite import Case

LONGEST_ERROR = 400
NOT_THE_PRODUCTS = frozenset({"model_unavailable", "schema_ignored", "budget_spent", "embedder_missing"})
"""Codes of errors that say the surroundings failed, not what is measured."""


@dataclass(frozen=True)
class Job:
    """A case, once. `content` is the hash of the case with its records."""

    case: Case
    repeat: int
    content: str

    @property
    def name(self) -> str:
        return f"{self.case.suite}/{self.case.id}#{self.repeat}"


Make = Callable[[Job], Made]
Grade = Callable[[Job, Made], list[Score]]
Done = Callable[[CaseResult], None]


def evaluate(
    jobs: Sequence[Job], make: Make, scorers: Callable[[Job], Sequence[Scorer]], done: Done, *, concurrency: int, grade: Grade | None = None
) -> None:
    """Makes and scores every job and gives each result to `done` as it ends, in no fixed order.

    A job that raises is a result with its error, and each of its scores is 0; a scorer that raises gives a score that could not be told.
    `grade` asks the judges. An error of evals/errors.py, or of a service out of reach, is not the product's: the case counts as not measured.
    """
    if not jobs:
        return
    held = _Held(scorers, done)
    task = held.watched(make)
    cases = [EngineCase[Job, Made, None](name=job.name, inputs=job) for job in jobs]
    evaluators: list[Evaluator[Job, Made, None]] = [_Scoring(held)]
    if grade is not None:
        evaluators.append(_Grading(held, grade))
    dataset = Dataset[Job, Made, None](name="cases", cases=cases, evaluators=evaluators)
    _outside_a_loop(
        lambda: dataset.evaluate(
            task, name="evals", max_concurrency=concurrency, progress=False, lifecycle=lambda case: _Ending(case, held), task_name="product"
        )
    )


def _outside_a_loop(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Where this thread has an event loop running already (a notebook, a browser driver), another thread runs the engine's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work())
        return
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(work())).result()


class _Held:
    """Scores and faults of the jobs under way, by the job's name."""

    def __init__(self, scorers: Callable[[Job], Sequence[Scorer]], done: Done) -> None:
        self.scorers, self.done = scorers, done
        self.scores: dict[str, list[Score]] = {}
        self.faults: dict[str, Exception] = {}

    def watched(self, make: Make) -> Make:
        def task(job: Job) -> Made:
            try:
                return make(job)
            except Exception as fault:
                self.faults[job.name] = fault
                raise

        return task

    def told(self, name: str, score: Score | list[Score]) -> list[Score]:
        scores = score if isinstance(score, list) else [score]
        self.scores.setdefault(name, []).extend(scores)
        return scores


@dataclass
class _Scoring(Evaluator[Job, Made, None]):
    """All scorers of a case's suite. Their scores are kept by us: the engine has no word for a score that could not be told."""

    held: _Held = field(repr=False)

    def evaluate(self, ctx: EvaluatorContext[Job, Made, None]) -> EvaluatorOutput:
        job, made = ctx.inputs, ctx.output
        shown: list[Score] = []
        for scorer in self.held.scorers(job):
            try:
                shown += self.held.told(job.name, scorer.score(job.case, made.output, made.dossier))
            except Exception as fault:  # noqa: BLE001 - a scorer that fails says so in its score, and the others go on
                broken = Score(scorer=scorer.NAME, version=scorer.VERSION, value=None, reason=f"the scorer failed: {_said(fault)}")
                shown += self.held.told(job.name, broken)
        return _for_engine(shown)


@dataclass
class _Grading(Evaluator[Job, Made, None]):
    """The judges of a case's suite, asked in a thread: a model takes its time."""

    held: _Held = field(repr=False)
    grade: Grade = field(repr=False)

    async def evaluate(self, ctx: EvaluatorContext[Job, Made, None]) -> EvaluatorOutput:
        scores = await asyncio.to_thread(self.grade, ctx.inputs, ctx.output)
        return _for_engine(self.held.told(ctx.inputs.name, scores))


class _Ending(CaseLifecycle[Job, Made, None]):
    """Takes each case as it ends."""

    def __init__(self, case: EngineCase[Job, Made, None], held: _Held) -> None:
        super().__init__(case)
        self._held = held

    async def teardown(self, result: ReportCase[Job, Made, None] | ReportCaseFailure[Job, Made, None] | None) -> None:
        job = self.case.inputs
        if isinstance(result, ReportCase):
            broken = [
                Score(scorer=failure.name, version="", value=None, reason=failure.error_message[:LONGEST_ERROR])
                for failure in result.evaluator_failures
            ]
            scores = (*self._held.scores.pop(job.name, ()), *broken)
            self._held.done(of(job, output=result.output.output, scores=scores, spent=result.output.spent))
        elif result is not None:
            fault = self._held.faults.pop(job.name, None)
            self._held.done(failed(job, fault or RuntimeError(result.error_message), self._held.scorers(job)))


def of(job: Job, **told: object) -> CaseResult:
    """A result of the job with what was told of it."""
    case = job.case
    kept = {"tags": case.tags, "pinned": case.pinned, "content": job.content, **told}
    return CaseResult(case_id=case.id, suite=case.suite, cluster=case.cluster, split=case.split, repeat=job.repeat, **kept)  # pyright: ignore[reportArgumentType]


def failed(job: Job, fault: Exception, scorers: Sequence[Scorer]) -> CaseResult:
    """A result of a job that raised. A fault of ours or of the surroundings leaves the case unmeasured; any other is a failure of the case."""
    said = _said(fault)
    if isinstance(fault, EvalError) or getattr(fault, "code", None) in NOT_THE_PRODUCTS:
        return of(job, error=said, unmeasured=True, spent=Spent(amount=None))
    scores = tuple(Score(scorer=s.NAME, version=s.VERSION, value=0.0, reason=f"the case crashed: {said}") for s in scorers)
    return of(job, error=said, scores=scores)


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:LONGEST_ERROR]


def _for_engine(scores: Sequence[Score]) -> EvaluatorOutput:
    return {score.key: EvaluationReason(value=score.value, reason=score.reason) for score in scores if score.value is not None}
