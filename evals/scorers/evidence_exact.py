"""Does every quote equal the stored text at its place, letter for letter, and every value the field it names?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefs.brief import Evidence
from briefs.citations import misread
from briefs.drafting.facts import Records
from evals.portfolios.faults import evidence_in
from evals.results import Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier
from retrieval.records import Cited, TextRecord, parts_of

NAME = "evidence_exact"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """The share of all evidence, of the result and of the brief, that reads so in the dossier. Nothing cited asks nothing."""
    cited = list(_cited(output))
    if not cited:
        return []
    if dossier is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no dossier to read in")
    records = Records(dossier).by_id
    faults = [fault for evidence in cited if (fault := _fault(evidence, records))]
    reason = f"{len(cited)} pieces of evidence read so" if not faults else f"{len(faults)} of {len(cited)} do not: {faults[0]}"
    return Score(scorer=NAME, version=VERSION, value=1 - len(faults) / len(cited), reason=reason)


def _fault(evidence: Evidence, records: Mapping[str, Cited]) -> str | None:
    """Words are compared here and not by the product's own check, which is among the things measured; values by the product's rule for tables."""
    if evidence.part is None:
        fault = misread(evidence, records)
        return fault[1] if fault else None
    record = records.get(evidence.record_id)
    text = parts_of(record).get(evidence.part) if isinstance(record, TextRecord) else None
    place = f"{evidence.record_id} {evidence.part}:{evidence.start}-{evidence.end}"
    if text is None or evidence.start is None or evidence.end is None:
        return f"{place} is no place in the dossier"
    return None if text[evidence.start : evidence.end] == evidence.quote != "" else f"{place} reads otherwise"


def _cited(output: Output) -> Iterator[Evidence]:
    if output.result is not None:
        for holder in (*output.result.signals, *output.result.blockers, *output.result.referrals):
            yield from holder.evidence
    if output.brief is not None:
        yield from evidence_in(output.brief)
