"""Are the three tests, success, fit and timing, met and unmet as expected?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import scored, share
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case, VerdictExpected
from retrieval.dossier import Dossier

NAME = "tests_met"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """The share of the expected tests that are right."""
    if not isinstance(case.expect, VerdictExpected) or not case.expect.tests:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    met = {name: bool(getattr(output.result.tests, name).met) for name in case.expect.tests}
    wrong = [f"{name} is {'met' if met[name] else 'not met'}" for name, wanted in case.expect.tests.items() if met[name] != wanted]
    detail = {name: met[name] == wanted for name, wanted in case.expect.tests.items()}
    return Score(scorer=NAME, version=VERSION, value=1 - len(wrong) / len(met), reason="; ".join(wrong) or "all as expected", detail=detail)


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Accuracy of each test."""
    cases = list(scored(results, NAME))
    names = dict.fromkeys(name for each in cases for name in each.score.detail)
    return [share(f"test_accuracy:{name}", ((each.score.detail[name], each.weight) for each in cases if name in each.score.detail)) for name in names]
