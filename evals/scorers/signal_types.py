"""Is exactly that found in a text which a careful person finds there: each type, and none too many?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import Labelled, by_label, scored
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case, TypesExpected
from retrieval.dossier import Dossier

NAME = "signal_types"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where the types that rest on the text are those expected, and nothing of `never` stands anywhere in the account's result."""
    if not isinstance(case.expect, TypesExpected):
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    expected, found = set(case.expect.types), {signal.type for signal in output.signals}
    everywhere = {signal.type for signal in output.result.signals} | {blocker.code for blocker in output.result.blockers}
    faults = [f"missed {_list(expected - found)}"] * bool(expected - found)
    faults += [f"not expected: {_list(found - expected)}"] * bool(found - expected)
    faults += [f"never expected in the account: {_list(everywhere & set(case.expect.never))}"] * bool(everywhere & set(case.expect.never))
    detail = {"expected": sorted(expected), "found": sorted(found)}
    reason = "; ".join(faults) or (f"found {_list(found)}" if found else "rightly found nothing")
    return Score(scorer=NAME, version=VERSION, value=float(not faults), reason=reason, detail=detail)


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Precision, recall and F1 over all types and by type, and the macro mean."""
    cases = [
        Labelled(each.result.cluster, frozenset(each.score.detail["expected"]), frozenset(each.score.detail["found"]), each.weight)
        for each in scored(results, NAME)
        if "found" in each.score.detail
    ]
    return by_label(cases)


def _list(types: set[str]) -> str:
    return ", ".join(sorted(types))
