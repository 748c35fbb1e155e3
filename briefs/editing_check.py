"""A person's sentence judged like any other: a fact where the record carries it, else labelled as the CSM's own statement."""

from __future__ import annotations

from briefs.brief import Claim, Evidence
from briefs.drafting.facts import Records, claim
from briefs.pipeline import Pipeline
from briefs.reading.sentences import read_all
from briefs.reading.speakers import People
from briefs.signals.said import evidence_of
from briefs.subject import Subject
from briefs.verify import Court, verify
from retrieval.dossier import Dossier

LIKELY = 12
"""Sentences of the dossier tried as evidence for a new one."""


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
