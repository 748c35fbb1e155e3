"""Is a lead counted for the side it was born on: customer success, or service?"""

from __future__ import annotations

from evals.results import Output, Score
from evals.suite import Case, VerdictExpected
from retrieval.dossier import Dossier

NAME = "lead_type"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where it is the one expected."""
    wanted = case.expect.lead_type if isinstance(case.expect, VerdictExpected) else None
    if wanted is None:
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    found = output.result.lead_type
    reason = f"{found}, as expected" if found == wanted else f"{found}, expected {wanted}"
    return Score(scorer=NAME, version=VERSION, value=float(found == wanted), reason=reason)
