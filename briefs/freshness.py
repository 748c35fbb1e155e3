"""Has what a brief rests on changed since it was written? Asked before every approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from briefs.brief import BriefBody, Evidence
from briefs.drafting.facts import Records
from briefs.pipeline import Pipeline
from briefs.wording import plain
from retrieval.dossier import Dossier, collect
from retrieval.records import Contact, Record, TextRecord, parts_of


@dataclass(frozen=True)
class Difference:
    """One thing that is otherwise: `kind` is record_gone, record_changed, blocker or verdict; `subject` the record, blocker code or verdict."""

    kind: str
    subject: str
    words: str


def differences(body: BriefBody, pipeline: Pipeline, today: date) -> list[str]:
    """In words: cited records that changed or vanished, and blockers that stand now and did not when the brief was written."""
    return [difference.words for difference in compare(body, pipeline, today)]


def compare(body: BriefBody, pipeline: Pipeline, today: date) -> list[Difference]:
    """What a brief rests on and is otherwise now: cited records, blockers, the verdict."""
    newest = max((day for record in pipeline.archive.records(body.account_id) if (day := _day_of(record)) and day <= today), default=body.as_of)
    found = _changed(body, collect(pipeline.archive, body.account_id, body.as_of))
    examined = pipeline.examine(body.account_id, max(body.as_of, newest))
    cleared = {o.target for o in body.overrides if o.kind == "clear_blocker"}
    found.extend(
        Difference("blocker", b.code, f"a blocker stands: {plain(b.code)}, until {b.clears_when}")
        for b in examined.finding.blockers
        if b.code not in cleared
    )
    verdict = examined.finding.verdict
    if verdict != body.verdict:
        found.append(Difference("verdict", verdict, f"the verdict is {verdict} now, it was {body.verdict}"))
    return list(dict.fromkeys(found))


def _day_of(record: Record) -> date | None:
    stamp = None if isinstance(record, Contact) else record.at
    return stamp.date() if stamp is not None else None


def _changed(body: BriefBody, dossier: Dossier) -> list[Difference]:
    records = Records(dossier)
    told: list[Difference] = []
    for e in (e for claim in body.claims() for e in claim.evidence):
        if e.record_id not in records.by_id:
            told.append(Difference("record_gone", e.record_id, f"{e.record_id} is gone from the record"))
        elif not _reads_so(e, records):
            told.append(Difference("record_changed", e.record_id, f"{e.record_id} does not read as it did"))
    return told


def _reads_so(evidence: Evidence, records: Records) -> bool:
    record = records.by_id[evidence.record_id]
    if evidence.part is None:
        return True
    text = parts_of(record).get(evidence.part, "") if isinstance(record, TextRecord) else ""
    return text[evidence.start : evidence.end] == evidence.quote
