"""What customers answer when asked how likely they are to recommend us."""

from __future__ import annotations

from briefs.brief import Evidence, Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import data, signal
from retrieval.dossier import Dossier
from retrieval.records import Survey

SPONSORS = ("champion", "economic_buyer")


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`nps_promoter` and `detractor`, from each respondent's latest answer."""
    latest: dict[str, Survey] = {}
    for survey in dossier.surveys:
        if survey.kind == "nps" and survey.score is not None and (dossier.as_of - survey.at.date()).days <= rubric.nps_days:
            answered = dossier.contact(survey.respondent)
            latest[answered.id if answered else survey.respondent or f"unnamed:{survey.id}"] = survey
    found: list[Signal] = []
    for survey in latest.values():
        score = survey.score or 0
        contact = dossier.contact(survey.respondent)
        wants = {"score": score, "role": contact.role if contact else "unknown", "respondent": contact.name if contact else None}
        if rubric.nps_promoter_from <= score <= 10:
            found.append(signal(dossier.account.id, "nps_promoter", survey.at.date(), "rule:nps", *_evidence(survey), wants=wants))
        elif score <= rubric.nps_detractor_to and contact is not None and contact.role in SPONSORS and contact.left_at is None:
            found.append(signal(dossier.account.id, "detractor", survey.at.date(), "rule:nps", *_evidence(survey), wants=wants))
    return found


def _evidence(survey: Survey) -> tuple[Evidence, ...]:
    score = data(survey, "score", survey.score)
    if not survey.comment or not survey.comment.strip():
        return (score,)
    words = Evidence(
        record_id=survey.id,
        kind="survey",
        part="comment",
        start=0,
        end=len(survey.comment),
        quote=survey.comment,
        at=survey.at.date(),
        speaker=survey.respondent,
    )
    return (score, words)
