"""Is a brief written where one is due, and none where not?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import scored, share
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import BriefExpected, Case
from retrieval.dossier import Dossier

NAME = "abstention"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where the product abstained, or did not, as expected."""
    if not isinstance(case.expect, BriefExpected):
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    due, abstained = case.expect.abstain, output.brief is None
    words = {
        (True, True): "rightly no brief",
        (True, False): f"a brief for an account that is {output.result.verdict}, where none is due",
        (False, True): f"no brief: the account is {output.result.verdict}",
        (False, False): "a brief, as expected",
    }
    return Score(
        scorer=NAME, version=VERSION, value=float(due == abstained), reason=words[due, abstained], detail={"due": due, "abstained": abstained}
    )


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """How often it abstained where it should, and wrote where it should."""
    cases = [each for each in scored(results, NAME) if each.score.detail]
    return [
        share("abstained_where_due", ((each.score.detail["abstained"], each.weight) for each in cases if each.score.detail["due"])),
        share("written_where_due", ((not each.score.detail["abstained"], each.weight) for each in cases if not each.score.detail["due"])),
    ]
