"""How often does a text in which nothing is to be found raise a signal: the routine question flagged as buying intent?"""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import FIT_TYPES, SUCCESS_TYPES, TIMING_TYPES
from evals.rates import scored, share
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case, TypesExpected
from retrieval.dossier import Dossier

NAME = "false_alarms"
VERSION = "1"
FOR_A_SALE = frozenset((*SUCCESS_TYPES, *FIT_TYPES, *TIMING_TYPES))


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where a text with nothing to find raised nothing; asked of such texts only."""
    if not isinstance(case.expect, TypesExpected) or case.expect.types:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    found = sorted({signal.type for signal in output.signals})
    detail = {"found": found, "for_a_sale": sorted(FOR_A_SALE & set(found))}
    return Score(scorer=NAME, version=VERSION, value=float(not found), reason=f"raised {', '.join(found)}" if found else "quiet", detail=detail)


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """The false-positive rate on routine texts: of any signal, and of signals that speak for a sale."""
    routine = [each for each in scored(results, NAME) if "found" in each.score.detail]
    return [
        share("false_positive_rate", ((bool(each.score.detail["found"]), each.weight) for each in routine), better="lower"),
        share("false_positive_rate:for_a_sale", ((bool(each.score.detail["for_a_sale"]), each.weight) for each in routine), better="lower"),
    ]
