"""A person's sentence judged like any other: a fact where the record carries it, else labelled as the CSM's own statement."""

from __future__ import annotations

from briefs.brief import Claim, Evidence
from briefs.drafting.facts import Records, claim
from briefs.pipeline import Pipeline
from briefs.reading.forwarded import read_all
from briefs.reading.speakers import People
from briefs.signals.said import evidence_of
from briefs.subject import Subject
from briefs.synonyms import words_of
from briefs.verify import SUPPORT, Court, held, own_words, verify
from retrieval.dossier import Dossier

LIKELY = 12
"""Sentences of the dossier tried as evidence for a new one."""
AGAINST = frozenset(("number", "date", "negation", "modality"))
"""Reasons that say a record on the same matter tells something else."""


def judged(text: str, dossier: Dossier, evidence: tuple[Evidence, ...], pipeline: Pipeline) -> Claim:
    """The text as a claim: on the evidence it had, else on a sentence of the dossier that carries it, else `csm_statement`."""
    subject = Subject(dossier, pipeline.directory)
    court = Court(dossier, subject, pipeline.engine.embed)
    records = Records(dossier)
    for tried in ((evidence,) if evidence else ()) + tuple((e,) for e in _likely(text, dossier, subject, pipeline)):
        made = claim(text, "fact", tried, internal=any(records.is_internal(e) for e in tried))
        if verify(made, court).ok:
            return made
    return claim(text, "csm_statement")


def _likely(text: str, dossier: Dossier, subject: Subject, pipeline: Pipeline) -> list[Evidence]:
    """The sentences closest in meaning."""
    texts = (record for record in dossier.texts if not subject.misfiled(record))
    every = [s for s in read_all(texts, People.of(dossier)) if not s.quoted]
    if not every:
        return []
    similar = pipeline.engine.embed([s.text for s in every]) @ pipeline.engine.embed([text])[0]
    nearest: list[int] = similar.argsort()[::-1][:LIKELY].tolist()
    return [evidence_of(every[i]) for i in nearest]


def contradiction(text: str, dossier: Dossier, evidence: tuple[Evidence, ...], pipeline: Pipeline) -> tuple[str, Evidence] | None:
    """Where a record speaks of the same thing and says otherwise: what differs, and the words. None where no record does."""
    court = Court(dossier, Subject(dossier, pipeline.directory), pipeline.engine.embed)
    for tried in ((evidence,) if evidence else ()) + tuple((e,) for e in _likely(text, dossier, court.subject, pipeline)):
        made = claim(text, "fact", tried)
        verdict = verify(made, court)
        if not verdict.ok and verdict.reason in AGAINST and _on_the_same(made, court):
            return verdict.detail, next((e for e in tried if e.quote), tried[0])
    return None


def _on_the_same(made: Claim, court: Court) -> bool:
    """Whether the evidence holds enough of the sentence's words, figures left aside, to be about the same thing."""
    said = [word for word in dict.fromkeys(words_of(own_words(made))) if not word.isdigit()]
    source = set(words_of(held(made, court)))
    return bool(said) and sum(word in source for word in said) / len(said) >= SUPPORT


def words_at(text: str, record_id: str, part: str, span: tuple[int, int], dossier: Dossier, pipeline: Pipeline) -> Evidence | None:
    """Of the sentences of a record within a span, the one closest to `text`, as evidence. None where the span holds none."""
    records = [record for record in dossier.texts if record.id == record_id]
    there = [s for s in read_all(records, People.of(dossier)) if s.part == part and s.start < span[1] and span[0] < s.end]
    if not there:
        return None
    similar = pipeline.engine.embed([s.text for s in there]) @ pipeline.engine.embed([text])[0]
    return evidence_of(there[int(similar.argmax())])
