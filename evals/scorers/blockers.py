"""Are exactly the blockers listed that stand?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import Labelled, by_label, scored, share
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case, VerdictExpected
from retrieval.dossier import Dossier

NAME = "blockers"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where the codes are those expected."""
    if not isinstance(case.expect, VerdictExpected) or case.expect.blockers is None:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    wanted, found = set(case.expect.blockers), {blocker.code for blocker in output.result.blockers}
    faults = [f"missed {code}" for code in sorted(wanted - found)] + [f"{code} does not stand" for code in sorted(found - wanted)]
    detail = {"expected": sorted(wanted), "found": sorted(found)}
    return Score(scorer=NAME, version=VERSION, value=float(not faults), reason="; ".join(faults) or "as expected", detail=detail)


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Accuracy, and precision, recall and F1 of the codes."""
    cases = [each for each in scored(results, NAME) if each.score.detail]
    labelled = [
        Labelled(each.result.cluster, frozenset(each.score.detail["expected"]), frozenset(each.score.detail["found"]), each.weight) for each in cases
    ]
    return [share("blocker_accuracy", ((one.expected == one.found, one.weight) for one in labelled)), *by_label(labelled, "blocker_")]
