"""Is the product recommended the one that closes the need?"""

from __future__ import annotations

from evals.results import Output, Score
from evals.suite import ApartExpected, BriefExpected, Case, VerdictExpected
from retrieval.dossier import Dossier

NAME = "sku"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where the result names the sku, and the brief, where there is one, the same."""
    wanted = case.expect.sku if isinstance(case.expect, VerdictExpected | ApartExpected | BriefExpected) else None
    if wanted is None:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    found = output.result.tests.fit.sku
    if found != wanted:
        also = wanted in output.result.tests.fit.also
        return Score(
            scorer=NAME, version=VERSION, value=0.0, reason=f"{found}, expected {wanted}{', which is named as an alternative' if also else ''}"
        )
    if output.brief is not None and output.brief.sku != wanted:
        return Score(scorer=NAME, version=VERSION, value=0.0, reason=f"the result names {wanted}, the brief {output.brief.sku}")
    return Score(scorer=NAME, version=VERSION, value=1.0, reason=f"{wanted}, as expected")
