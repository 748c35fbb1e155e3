"""How high do the passages stand that answer a question: by words and meaning together, by words alone (BM25), and by meaning alone?"""

from __future__ import annotations

from collections.abc import Sequence

from evals.benchmarks.ranking import recall, reciprocal_rank
from evals.rates import mean, told
from evals.results import CaseResult, Found, Metric, Output, Score
from evals.suite import Case, PassagesExpected, Place
from retrieval.dossier import Dossier

NAME = "ranking"
VERSION = "1"
METHODS = ("fused", "words", "meaning")
K = 10
RECALL, MRR, ANSWERED = f"recall_at_{K}", "mrr", "answered"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """`recall_at_10` and `mrr` of the product's ranking, and of the two it is fused from (`recall_at_10:words`, ...); `answered`: any answer in ten.

    An answer is a record, found where its first passage stands, or a place, found by any passage that overlaps it.
    """
    if not isinstance(case.expect, PassagesExpected):
        return []
    answers, scores = _answers(case.expect), list[Score]()
    for method in METHODS:
        suffix = "" if method == "fused" else f":{method}"
        if method not in output.rankings or not answers:
            reason = "the case names no answer" if not answers else f"nothing was ranked by {method}"
            scores += [Score(scorer=NAME, version=VERSION, name=f"{name}{suffix}", value=None, reason=reason) for name in (RECALL, MRR)]
            continue
        ranking = ranked(output.rankings[method], case.expect)
        found, first = recall_at(ranking, answers), reciprocal_rank([_best(names, answers) for names in ranking], answers)
        place = f"the first answer stands at {round(1 / first)}" if first else "no answer was found"
        scores.append(Score(scorer=NAME, version=VERSION, name=f"{RECALL}{suffix}", value=found, reason=f"{found:.0%} of {len(answers)} answers"))
        scores.append(Score(scorer=NAME, version=VERSION, name=f"{MRR}{suffix}", value=first, reason=place))
        if method == "fused":
            scores.append(Score(scorer=NAME, version=VERSION, name=ANSWERED, value=float(found > 0), reason=place))
    return scores


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Means by method, and how much the fused ranking has over each of the others, paired by question."""
    made: list[Metric] = []
    for name in (RECALL, MRR):
        values = {m: {(e.result.case_id, e.result.repeat): (e.result.cluster, v) for e, v in told(results, _key(name, m))} for m in METHODS}
        made += [
            mean(f"mean_{_key(name, method)}", values[method].values(), better="higher" if method == "fused" else "neither") for method in METHODS
        ]
        for method in METHODS[1:]:
            both = values["fused"].keys() & values[method].keys()
            gained = [(values["fused"][key][0], values["fused"][key][1] - values[method][key][1]) for key in sorted(both)]
            made.append(mean(f"{name}:fused-{method}", gained, better="neither", note="paired by question"))
    return made


def ranked(found: Sequence[Found], expect: PassagesExpected) -> list[frozenset[str]]:
    """What stands at each rank, in terms of the answers; a record stands once, where its first passage does."""
    if not expect.passages:
        return [frozenset({record}) for record in dict.fromkeys(passage.record_id for passage in found)]
    return [frozenset(_name(place) for place in expect.passages if _overlaps(passage, place)) for passage in found]


def recall_at(ranking: Sequence[frozenset[str]], answers: frozenset[str]) -> float:
    """The share of the answers among the first ten ranks. A rank may hold several: a passage can cover more than one place."""
    names = sorted({name for rank in ranking[:K] for name in rank})
    return recall(names, answers, k=len(names))


def _key(name: str, method: str) -> str:
    return name if method == "fused" else f"{name}:{method}"


def _answers(expect: PassagesExpected) -> frozenset[str]:
    return frozenset(map(_name, expect.passages)) or frozenset(expect.records)


def _best(names: frozenset[str], answers: frozenset[str]) -> str:
    return next(iter(sorted(names & answers)), "")


def _name(place: Place) -> str:
    return f"{place.record_id} {place.part}:{place.start}-{place.end}"


def _overlaps(passage: Found, place: Place) -> bool:
    if (passage.record_id, passage.part) != (place.record_id, place.part):
        return False
    return place.start is None or place.end is None or (passage.start < place.end and place.start < passage.end)
