"""Do the citations of a brief carry its sentences, and is each of them needed? Citation recall and precision as ALCE defines them.

ALCE (Gao et al., 2023) asks a model of entailment whether a sentence follows from all its citations (recall) and from each (precision). No such model
can be had offline, so the product's own verifier stands in its place: this says that citations fit by the rules the product has, not that a
person would agree. Judge `claim_supported` asks the same of a model. Sentences that state no fact of the record (what is absent, what to do, a
person's own statement, a price of the catalogue) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from briefs.brief import Claim, Evidence
from briefs.subject import Directory, Subject
from briefs.verify import Court, verify
from evals.rates import mean, told
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier
from retrieval.embedding import Embedder, load

NAME = "citations"
VERSION = "1"
RECALL, PRECISION = "citation_recall", "citation_precision"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """`citation_recall`: the share of sentences that all their citations together carry. `citation_precision`: the share of citations that count.

    A citation counts where its sentence is carried, and where it carries the sentence alone or the sentence would not be carried without it.
    """
    if output.brief is None:
        return []
    claims = [claim for claim in output.brief.claims() if states_a_fact(claim)]
    if dossier is None or not claims:
        reason = "the brief states no fact" if dossier else "there is no dossier to hold it against"
        return [Score(scorer=NAME, version=VERSION, name=name, value=None, reason=reason) for name in (RECALL, PRECISION)]
    court = court_of(dossier)
    carried = [claim for claim in claims if claim.evidence and verify(claim, court).ok]
    bare = [claim for claim in claims if claim not in carried]
    reason = f"{len(carried)} of {len(claims)} sentences are carried"
    if bare:
        reason += f"; not carried ({verify(bare[0], court).reason or 'cites nothing'}): {bare[0].id}"
    scores = [Score(scorer=NAME, version=VERSION, name=RECALL, value=len(carried) / len(claims), reason=reason)]
    return [*scores, _precision(claims, carried, court)]


def states_a_fact(claim: Claim) -> bool:
    """A price that stands in the vendor's catalogue is computed and rests on no record."""
    return claim.kind in ("fact", "customer_said") or (claim.kind == "computed" and bool(claim.evidence))


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Both as means over the briefs."""
    return [mean(name, ((each.result.cluster, value) for each, value in told(results, name)), note="by the product's own verifier")
            for name in (RECALL, PRECISION)]  # fmt: skip


def _precision(claims: Sequence[Claim], carried: Sequence[Claim], court: Court) -> Score:
    of = sum(len(claim.evidence) for claim in claims)
    if not of:
        return Score(scorer=NAME, version=VERSION, name=PRECISION, value=None, reason="the brief cites nothing")
    counting = sum(_counts(claim, evidence, court) for claim in carried for evidence in claim.evidence)
    return Score(scorer=NAME, version=VERSION, name=PRECISION, value=counting / of, reason=f"{counting} of {of} citations count")


def _counts(claim: Claim, evidence: Evidence, court: Court) -> bool:
    if len(claim.evidence) == 1 or verify(claim.model_copy(update={"evidence": (evidence,)}), court).ok:
        return True
    others = tuple(other for other in claim.evidence if other != evidence)
    return not verify(claim.model_copy(update={"evidence": others}), court).ok


def court_of(dossier: Dossier) -> Court:
    """What the product judges sentences against, for a dossier alone: the names of other customers are not known here (see `forbidden`)."""
    products = dossier.catalogue.products
    words = (word for p in products for text in (p.name, *p.features, *p.solves) for word in text.split())
    known = frozenset(word.casefold().strip("(),.") for word in words)
    return Court(dossier, Subject(dossier, Directory([dossier.account])), _embedder().embed, (), known)


@cache
def _embedder() -> Embedder:
    return load("wordllama")
