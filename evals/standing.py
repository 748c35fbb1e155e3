"""How each case stood in a run: whether it passed in most of its repeats, what each score came to, and what broke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from evals.results import CaseResult
from evals.suite import About, SuiteName


class Standing(BaseModel):
    """One case over its repeats. `passed` is what most of them say; None: it could not be told, or was not measured.

    `scores` are means over the repeats that told; `broken` names the hard scores below 1 in any repeat.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    case_id: str
    suite: SuiteName
    cluster: str
    content: str = ""
    pinned: bool = False
    tags: tuple[str, ...] = ()
    passed: bool | None = None
    passes: int = 0
    runs: int = 0
    scores: dict[str, float | None] = Field(default_factory=dict)
    broken: tuple[str, ...] = ()
    error: str | None = None
    unmeasured: bool = False
    why: str = ""
    """The reasons of the scores that kept it from passing."""

    @property
    def unstable(self) -> bool:
        """Some repeats passed and some did not."""
        return 0 < self.passes < self.runs


def standings(results: Iterable[CaseResult], about: About) -> dict[str, Standing]:
    """Every case of a suite's results by id."""
    by_case: dict[str, list[CaseResult]] = defaultdict(list)
    for result in results:
        by_case[result.case_id].append(result)
    return {case: _standing(by_case[case], about) for case in sorted(by_case)}


def _standing(results: Sequence[CaseResult], about: About) -> Standing:
    first = results[0]
    told = [passed for result in results if (passed := passes(result, about)) is not None]
    errors = [result.error for result in results if result.error]
    return Standing(
        case_id=first.case_id,
        suite=first.suite,
        cluster=first.cluster,
        content=first.content,
        pinned=first.pinned,
        tags=first.tags,
        passed=2 * sum(told) > len(told) if told else None,
        passes=sum(told),
        runs=len(told),
        scores=_means(results),
        broken=tuple(key for key in about.hard if any(_below(result, key, 1.0) for result in results)),
        error=errors[0] if errors else None,
        unmeasured=any(result.unmeasured for result in results),
        why=next((said for result in results if (said := _why(result, about))), ""),
    )


def passes(result: CaseResult, about: About) -> bool | None:
    """Whether one result reaches every mark of its suite. None: not measured, or no score says.

    A crash fails. A score below its mark fails, whatever else could not be told.
    """
    if result.unmeasured:
        return None
    if result.error is not None:
        return False
    marks = [(gated.score, gated.pass_at) for gated in about.gated if gated.kind == "pass"] + [(key, 1.0) for key in about.hard]
    asked = [(score.value, mark) for key, mark in marks if (score := result.score(key)) is not None]
    if any(value is not None and value < mark for value, mark in asked):
        return False
    return True if asked and all(value is not None for value, _ in asked) else None


def _means(results: Sequence[CaseResult]) -> dict[str, float | None]:
    values: dict[str, list[float | None]] = defaultdict(list)
    for result in results:
        for score in result.scores:
            values[score.key].append(score.value)
    told = {key: [value for value in each if value is not None] for key, each in values.items()}
    return {key: sum(each) / len(each) if each else None for key, each in sorted(told.items())}


def _below(result: CaseResult, key: str, mark: float) -> bool:
    score = result.score(key)
    return score is not None and score.value is not None and score.value < mark


def _why(result: CaseResult, about: About) -> str:
    if result.error:
        return result.error
    marks = [(gated.score, gated.pass_at) for gated in about.gated if gated.kind == "pass"] + [(key, 1.0) for key in about.hard]
    below = [score for key, mark in marks if (score := result.score(key)) is not None and (score.value is None or score.value < mark)]
    return "; ".join(f"{score.key}: {score.reason}" for score in below)[:500]
