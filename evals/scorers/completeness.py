"""Does a brief say what the case's checklist asks for, and rest on the records it has to rest on?"""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import BriefBody
from evals.portfolios.faults import evidence_in, words_of
from evals.rates import mean, told
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import BriefExpected, Case, Point
from retrieval.dossier import Dossier

NAME = "completeness"
VERSION = "1"
SAID, CITED = "completeness", "cites_what_it_must"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """`completeness`: the share of points said, in any of their words. `cites_what_it_must`: the share of records cited.

    Where a brief is due and none was written, nothing was said: 0, not "could not tell".
    """
    if not isinstance(case.expect, BriefExpected) or case.expect.abstain:
        return []
    points, records = case.expect.must_say, case.expect.must_cite
    if output.result is None:
        reason = "there is no result"
        return [Score(scorer=NAME, version=VERSION, name=name, value=None, reason=reason) for name, due in ((SAID, points), (CITED, records)) if due]
    body = output.brief
    cited = {evidence.record_id for evidence in evidence_in(body)} if body else set[str]()
    missing = [point.any[0] for point in points if body is None or not says(body, point)]
    made = [_share(SAID, len(points), [f'"{words}"' for words in missing], "not said")] if points else []
    return [*made, _share(CITED, len(records), [name for name in records if name not in cited], "not cited")] if records else list(made)


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    return [mean(f"mean_{name}", ((each.result.cluster, value) for each, value in told(results, name))) for name in (SAID, CITED)]


def says(body: BriefBody, point: Point) -> bool:
    """Whether any of the point's wordings stands in the section it names, or anywhere where it names none."""
    if point.section is None:
        texts = list(words_of(body))
    else:
        claims = [claim for section in body.sections if section.key == point.section for claim in section.claims]
        texts = [text for claim in claims for text in (claim.text, *(evidence.quote or "" for evidence in claim.evidence))]
    shown = [flat(text) for text in texts]
    return any(flat(words) in text for words in point.any for text in shown)


def flat(text: str) -> str:
    """Words as they are compared: one space between them, upper and lower case the same."""
    return " ".join(text.split()).casefold()


def _share(name: str, of: int, missing: Sequence[str], words: str) -> Score:
    reason = f"{of} of {of}" if not missing else f"{len(missing)} of {of} {words}: {', '.join(missing[:3])}"
    return Score(scorer=NAME, version=VERSION, name=name, value=1 - len(missing) / of, reason=reason)
