"""What must never stand in a brief: a quote the record does not hold at its place, or another customer's name."""

from __future__ import annotations

from collections.abc import Iterator

from briefs.brief import BriefBody, Evidence
from briefs.subject import Directory, Subject
from retrieval.archive import Archive
from retrieval.dossier import collect
from retrieval.records import TextRecord, parts_of


def evidence_in(body: BriefBody) -> Iterator[Evidence]:
    """Every piece of evidence anywhere in a brief."""
    for claim in (*body.claims(), *(side for conflict in body.conflicts for side in conflict.sides)):
        yield from claim.evidence
    for factor in body.coverage:
        yield from factor.evidence
    yield from (*body.talk_track.evidence, *body.talk_track.risk_evidence)
    for question in body.talk_track.questions:
        yield from question.evidence


def false_quotes(body: BriefBody, archive: Archive) -> list[str]:
    """Record ids of quotes that are not the imported text at their place, or belong to another account."""
    wrong: list[str] = []
    for e in evidence_in(body):
        if e.part is None:
            continue
        record = archive.record(e.record_id)
        held = parts_of(record).get(e.part, "") if isinstance(record, TextRecord) else ""
        if e.quote is None or held[e.start : e.end] != e.quote or getattr(record, "account_id", None) != body.account_id:
            wrong.append(e.record_id)
    return wrong


def words_of(body: BriefBody) -> Iterator[str]:
    """Every text an AE reads."""
    yield from (claim.text for claim in body.claims())
    yield from (str(v) for v in body.card.model_dump(mode="json").values())
    track = body.talk_track
    yield from (track.objective, track.opener, track.risk, track.say, track.show, track.avoid)
    yield from (text for q in track.questions for text in (q.text, q.listen_for))
    yield from (text for f in body.coverage for text in (f.text, f.question or ""))
    yield from (side.text for conflict in body.conflicts for side in conflict.sides)
    yield from (source.title for source in body.sources)
    yield from (e.quote or "" for e in evidence_in(body))
    yield from (r.text for r in body.rejected)


def other_names(body: BriefBody, archive: Archive) -> list[str]:
    """Names of other customers that stand anywhere in a brief."""
    subject = Subject(collect(archive, body.account_id, body.as_of), Directory(archive.roster()))
    return [name for text in words_of(body) for name in subject.other_customers_in(text)]
