"""Is the account's verdict the one expected?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import scored, share
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import ApartExpected, AsOfExpected, AttackExpected, Case, VerdictExpected
from retrieval.dossier import Dossier

NAME = "verdict"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where it is. `detail` holds both, for the table of which verdict was taken for which."""
    wanted = case.expect.verdict if isinstance(case.expect, VerdictExpected | AttackExpected | ApartExpected | AsOfExpected) else None
    if wanted is None:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    found = output.result.verdict
    met = [name for name in ("success", "fit", "timing") if getattr(output.result.tests, name).met]
    reason = f"{found}, as expected" if found == wanted else f"{found}, expected {wanted}; tests met: {', '.join(met) or 'none'}"
    return Score(scorer=NAME, version=VERSION, value=float(found == wanted), reason=reason, detail={"expected": wanted, "found": found})


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Accuracy, and the two errors that cost most: a blocked account sent to sales, a ready one held back."""
    cases = [(each.score.detail["expected"], each.score.detail["found"], each.weight) for each in scored(results, NAME) if each.score.detail]
    held, ready = [c for c in cases if c[0] == "blocked"], [c for c in cases if c[0] == "qualified"]
    return [
        share("verdict_accuracy", ((wanted == found, weight) for wanted, found, weight in cases)),
        share("blocked_but_qualified", ((found == "qualified", weight) for _, found, weight in held), better="lower"),
        share("ready_but_held_back", ((found != "qualified", weight) for _, found, weight in ready), better="lower"),
    ]
