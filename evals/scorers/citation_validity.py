"""Does every citation of a brief name a record of this account that its writer was given?"""

from __future__ import annotations

from briefs.drafting.facts import Records
from evals.portfolios.faults import evidence_in
from evals.results import Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier
from retrieval.records import Account

NAME = "citation_validity"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """The share of citations whose record stands in the dossier, belongs to the account, and is listed among the brief's sources.

    A sentence that states a fact and cites nothing counts as a citation that is not valid. Without a brief nothing is asked.
    """
    if output.brief is None:
        return []
    if dossier is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no dossier to look in")
    body, records = output.brief, Records(dossier).by_id
    listed = {source.record_id for source in body.sources}
    cited = list(evidence_in(body))
    faults: list[str] = []
    for evidence in cited:
        record = records.get(evidence.record_id)
        owner = record.id if isinstance(record, Account) else getattr(record, "account_id", None)
        if record is None:
            faults.append(f"{evidence.record_id} was not given to the writer")
        elif owner != body.account_id:
            faults.append(f"{evidence.record_id} belongs to another account")
        elif evidence.record_id not in listed:
            faults.append(f"{evidence.record_id} is missing among the sources")
    bare = [claim.id for claim in body.claims() if claim.kind in ("fact", "customer_said") and not claim.evidence]
    faults += [f"claim {name} cites nothing" for name in bare]
    of = len(cited) + len(bare)
    if not of:
        return Score(scorer=NAME, version=VERSION, value=None, reason="the brief cites nothing and states nothing")
    reason = f"{of} citations are valid" if not faults else f"{len(faults)} of {of} are not: {faults[0]}"
    return Score(scorer=NAME, version=VERSION, value=1 - len(faults) / of, reason=reason)
