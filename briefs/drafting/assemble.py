"""The brief as one document: sections, card, talk track, coverage, revenue, conflicts, sources and where it all came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from briefs.brief import AccountResult, BriefBody, Claim, Evidence, Provenance, RejectedClaim, Section, Source
from briefs.drafting.conflicts import conflicts
from briefs.drafting.coverage import coverage
from briefs.drafting.facts import private_parts, title_of
from briefs.drafting.material import Material
from briefs.drafting.offline import MOST_WORDS, words_of
from briefs.drafting.talk import card, talk_track
from briefs.drafting.use import usage_rows
from briefs.drafting.worth import flagged_estimate
from briefs.qualify import lead_type_of
from briefs.verify import Court, verify


def verified(sections: Sequence[Section], court: Court, source: str = "offline") -> tuple[tuple[Section, ...], tuple[RejectedClaim, ...]]:
    """The sections with only claims the record carries, and what fell out with the reason."""
    rejected: list[RejectedClaim] = []
    kept: list[Section] = []
    for section in sections:
        claims: list[Claim] = []
        for claim in section.claims:
            verdict = verify(claim, court)
            if verdict.ok:
                claims.append(claim)
            else:
                text = "(withheld: it names another customer)" if verdict.reason == "other_customer" else claim.text
                rejected.append(RejectedClaim(section=section.key, text=text, reason=verdict.reason, detail=verdict.detail, source=source))
        kept.append(section.model_copy(update={"claims": tuple(claims)}))
    return tuple(kept), tuple(rejected)


def assemble(material: Material, result: AccountResult, sections: Sequence[Section], rejected: Iterable[RejectedClaim], court: Court) -> BriefBody:
    """The body a CSM reviews. Every sentence in it has passed `verify`."""
    chosen, arr = material.finding.recommendation, flagged_estimate(result.arr, material)
    risks = next(s for s in sections if s.key == "risks")
    against = conflicts(material, court)
    track = talk_track(material, risks, court)
    factors = coverage(material)
    if words_of(sections, factors) + sum(len(side.text.split()) for conflict in against for side in conflict.sides) > MOST_WORDS:
        track = track.model_copy(
            update={"questions": track.questions[: max(len(track.questions) - 1, 1)]}
        )  # there is much to read already, and the coverage asks the rest
    used = [e for s in sections for c in s.claims for e in c.evidence]
    used += [e for factor in factors for e in factor.evidence] + list(track.evidence) + [e for q in track.questions for e in q.evidence]
    used += [e for conflict in against for side in conflict.sides for e in side.evidence]
    return BriefBody(
        account_id=result.account_id,
        account_name=result.account_name,
        as_of=result.as_of,
        motion=chosen.motion if chosen else None,
        sku=chosen.product.sku if chosen else None,
        sku_name=chosen.product.name if chosen else None,
        lead_type=lead_type_of(material.finding.signals, material.dossier),
        route=material.finding.route,
        verdict=result.verdict,
        card=card(material, risks, arr, court),
        sections=tuple(sections),
        coverage_frame=material.rubric.coverage_frame,
        coverage=factors,
        arr=arr,
        usage=usage_rows(material.dossier, material.rubric),
        talk_track=track,
        conflicts=against,
        rejected=tuple(rejected),
        sources=_sources(used, material),
        overrides=result.overrides,
        provenance=_provenance(result, material),
    )


def _provenance(result: AccountResult, material: Material) -> Provenance:
    return Provenance(
        engine=result.engine,
        engine_note=result.engine_note,
        model=result.model,
        prompt_versions=result.prompt_versions,
        rubric_version=result.rubric_version,
        dossier_hash=result.dossier_hash,
        left_out=result.left_out,
        undated=material.dossier.undated_fields,
    )


def _sources(used: Iterable[Evidence], material: Material) -> tuple[Source, ...]:
    """Each record cited, once, oldest first."""
    records = material.records
    found: dict[str, Source] = {}
    for e in used:
        record = records.by_id.get(e.record_id)
        if e.record_id not in found and record is not None:
            found[e.record_id] = Source(
                record_id=e.record_id,
                kind=e.kind,
                title=" ".join(title_of(record).split())[:120],
                at=e.at,
                author=getattr(record, "author", None) or getattr(record, "requester", None) or getattr(record, "by", None),
                visibility=getattr(record, "visibility", None),
                private_parts=private_parts(record),
            )
    return tuple(sorted(found.values(), key=lambda s: (s.at is None, s.at or material.dossier.as_of, s.record_id)))
