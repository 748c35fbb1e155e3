"""What each judge is shown of a brief: the sentences it grades, each with its evidence as a person would read it."""

from __future__ import annotations

from collections.abc import Callable

from briefs.brief import Claim, Evidence
from briefs.models.questions import ClaimAsk, Passage
from evals.results import Output
from retrieval.dossier import Dossier

Take = Callable[[Output, Dossier | None], list[ClaimAsk]]


def statements(output: Output, dossier: Dossier | None) -> list[ClaimAsk]:
    """Every sentence that states a fact and names evidence."""
    claims = output.brief.claims() if output.brief else ()
    return [_ask(claim, dossier) for claim in claims if claim.evidence and claim.kind in ("fact", "customer_said", "computed")]


def needs(output: Output, dossier: Dossier | None) -> list[ClaimAsk]:
    """The sentences of the section on the need that name somebody's words."""
    sections = output.brief.sections if output.brief else ()
    claims = (claim for section in sections if section.key == "need" for claim in section.claims)
    return [_ask(claim, dossier) for claim in claims if any(evidence.quote for evidence in claim.evidence)]


TAKES: dict[str, Take] = {"claim_supported": statements, "need_in_their_words": needs}


def _ask(claim: Claim, dossier: Dossier | None) -> ClaimAsk:
    pieces = [_piece(evidence, dossier) for evidence in claim.evidence]
    if claim.derived:
        figures = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in claim.derived.items())
        pieces.append(Passage(f"Computed from these by the program: {figures}", claim.evidence[0].kind))
    return ClaimAsk(claim.text, tuple(pieces))


def _piece(evidence: Evidence, dossier: Dossier | None) -> Passage:
    """Words as they stand; a table's value with the name of its field."""
    contact = dossier.contact(evidence.speaker) if dossier else None
    text = evidence.quote if evidence.quote is not None else f"{(evidence.field or '').replace('_', ' ')}: {evidence.value}"
    return Passage(text, evidence.kind, evidence.at, contact.name if contact else evidence.speaker, contact.role if contact else None)
