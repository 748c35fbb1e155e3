"""Takes the last change of a brief back, and puts a record's words under a sentence: each makes a new version, like any edit."""

from __future__ import annotations

from collections.abc import Callable

from briefs import review
from briefs.brief import BriefBody, Claim, Evidence, Section
from briefs.errors import BadInput
from briefs.people import Person
from briefs.review import Desk
from briefs.store.brief_rows import BriefRow
from briefs.store.drafts import MACHINE

Verify = Callable[[str, tuple[Evidence, ...]], Claim]


def undo(desk: Desk, person: Person, brief_id: str, version_hash: str) -> BriefRow:
    """The version before the newest, word for word, as a new version on top; taken back twice, the change stands again.

    Raises NotFound, StaleVersion, MoveRefused; BadInput where nobody changed the machine's draft.
    """
    row = review.see(desk, person, brief_id)
    store = desk.courier.store
    newest = store.versions(brief_id)[-1]
    if newest.author == MACHINE or newest.parent is None:
        raise BadInput("There is no change to take back.", "The draft stands as it was written.")
    earlier = BriefBody.model_validate_json(store.version(newest.parent))
    return review.revise(desk, person, row.id, version_hash, lambda _body, _dossier: earlier)


def undoable(desk: Desk, brief_id: str) -> bool:
    """Whether a person made the newest version."""
    newest = desk.courier.store.versions(brief_id)[-1]
    return newest.author != MACHINE and newest.parent is not None


def attach(body: BriefBody, claim_id: str, evidence: Evidence, verify: Verify) -> BriefBody:
    """The body with the sentence resting on the words as well. Raises BadInput where there is no such sentence, or the words do not carry it."""
    held = next((claim for claim in body.claims() if claim.id == claim_id), None)
    if held is None:
        raise BadInput("The brief has no such sentence.", "Reload the page.")
    for tried in ((*held.evidence, evidence), (evidence,)):
        made = verify(held.text, tried)
        if made.kind != "csm_statement" and evidence in made.evidence:
            kept = made.model_copy(update={"id": held.id, "internal": made.internal or (held.internal and held.kind != "csm_statement")})
            return body.model_copy(update={"sections": tuple(_replaced(section, kept) for section in body.sections)})
    raise BadInput("These words do not carry the sentence.", "Reword the sentence to what the record says, or choose other words.")


def _replaced(section: Section, new: Claim) -> Section:
    return section.model_copy(update={"claims": tuple(new if claim.id == new.id else claim for claim in section.claims)})
