"""What a person changes in a brief: each changed sentence is verified again, and one that no evidence carries is kept and says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from briefs.brief import BriefBody, Claim, Evidence, Frozen, Section
from briefs.errors import BadInput

CardField = Literal["headline", "why_now", "top_risk", "next_step"]
TalkField = Literal["objective", "opener", "risk", "say", "show", "avoid"]
LABEL = "CSM statement: "
"""Stands before words of the card or the talk track that no evidence carries; a claim says the same by its kind."""
MAX_LENGTH = 2000

Verify = Callable[[str, tuple[Evidence, ...]], Claim]
"""(text, the evidence the sentence had) -> a claim; its kind is `csm_statement` where no evidence carries the text."""


class Edit(Frozen, defer_build=False):  # the body of a call: FastAPI warns of one whose class is built later
    """Changes to one version. A sentence set to None is taken out; figures, tests and evidence are not a person's to edit."""

    sentences: dict[str, str | None] = Field(default_factory=dict)
    """Claim id → its new text."""
    added: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Section key → sentences put at its end."""
    card: dict[CardField, str] = Field(default_factory=dict)
    talk_track: dict[TalkField, str] = Field(default_factory=dict)


def apply(body: BriefBody, edit: Edit, verify: Verify) -> BriefBody:
    """The body with the changes made. Raises BadInput for a claim or section that is not there and for empty or overlong words."""
    unknown = [*(set(edit.sentences) - {claim.id for claim in body.claims()}), *(set(edit.added) - {section.key for section in body.sections})]
    if unknown:
        raise BadInput(f"The brief has no sentence or section {sorted(unknown)[0][:64]!r}.", "`briefs show BRIEF --format json` lists their ids.")
    free = _free_ids(body)
    sections = tuple(_section(section, edit, verify, free) for section in body.sections)
    card = {field: _labelled(text, getattr(body.card, field), verify) for field, text in edit.card.items()}
    talk = {field: _labelled(text, getattr(body.talk_track, field), verify) for field, text in edit.talk_track.items()}
    return body.model_copy(
        update={"sections": sections, "card": body.card.model_copy(update=card), "talk_track": body.talk_track.model_copy(update=talk)}
    )


def _section(section: Section, edit: Edit, verify: Verify, free: Callable[[], str]) -> Section:
    claims: list[Claim] = []
    for claim in section.claims:
        text = edit.sentences.get(claim.id, claim.text)
        if text is None:
            continue
        claims.append(claim if text == claim.text else _claim(text, claim, verify))
    for text in edit.added.get(section.key, ()):
        claims.append(_claim(text, Claim(id=free(), text=""), verify))
    return section.model_copy(update={"claims": tuple(claims)})


def _claim(text: str, old: Claim, verify: Verify) -> Claim:
    """Words nobody but the CSM vouches for are not for the customer's eyes; nor are words put in the place of internal ones."""
    new = verify(_clean(text), old.evidence)
    return new.model_copy(update={"id": old.id, "internal": new.internal or old.internal or new.kind == "csm_statement"})


def _labelled(text: str, old: str, verify: Verify) -> str:
    words = _clean(text.strip().removeprefix(LABEL))
    if words == old.removeprefix(LABEL):
        return old
    return LABEL + words if verify(words, ()).kind == "csm_statement" else words


def _clean(text: str) -> str:
    words = text.strip()
    if not words or len(words) > MAX_LENGTH:
        raise BadInput(f"A sentence has between 1 and {MAX_LENGTH} characters.", "Take a sentence out by setting it to nothing (null).")
    return words


def _free_ids(body: BriefBody) -> Callable[[], str]:
    taken = {claim.id for claim in body.claims()}
    names = (f"csm{n}" for n in range(1, len(taken) + 1000) if f"csm{n}" not in taken)
    return lambda: next(names)
