"""Is the card read in thirty seconds and the brief in three minutes, at 200 words a minute?"""

from __future__ import annotations

from collections.abc import Sequence

from briefs.rendering.reading import BRIEF_SECONDS, CARD_SECONDS, WORDS_A_MINUTE, reading_seconds
from evals.rates import mean, scored
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier

NAME = "reading_time"
VERSION = "1"
SLOW_READER = 200
"""Words a minute: a little slower than the reader the product plans for, so that a brief at the limit is noticed."""


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where both are within their limits; `detail` holds the seconds."""
    if output.brief is None:
        return []
    card, brief = (round(seconds * WORDS_A_MINUTE / SLOW_READER, 1) for seconds in reading_seconds(output.brief))
    reason = f"card {card:g} of {CARD_SECONDS} s, brief {brief:g} of {BRIEF_SECONDS} s"
    within = card <= CARD_SECONDS and brief <= BRIEF_SECONDS
    return Score(scorer=NAME, version=VERSION, value=float(within), reason=reason, detail={"card": card, "brief": brief})


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Mean seconds of both."""
    cases = [each for each in scored(results, NAME) if each.score.detail]
    return [
        mean(f"{part}_seconds", ((c.result.cluster, c.score.detail[part]) for c in cases), better="lower", unit="s") for part in ("card", "brief")
    ]
