"""What the review page needs beside the brief: passages found, what a check of a sentence said, questions waiting."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.views.evidence import anchor_of
from api.pages.views.words import said
from briefs import editing_check
from briefs.brief import BriefBody, Claim, Evidence
from briefs.drafting.facts import Records
from briefs.editing import LABEL, Edit
from briefs.errors import BadInput
from briefs.rendering.cleaning import harmless
from briefs.rendering.words import KINDS, day, named
from briefs.store.brief_rows import BriefRow
from briefs.wiring import Workspace
from retrieval.dossier import Dossier
from retrieval.errors import RetrievalError

FOUND = 8
CARD = ("headline", "why_now", "top_risk", "next_step")
TALK = ("objective", "opener", "risk", "say", "show", "avoid")


@dataclass(frozen=True)
class Passage:
    """A passage that may carry a sentence."""

    record_id: str
    kind: str
    day: str
    part: str
    start: int
    end: int
    text: str
    anchor: str
    internal: bool
    attachable: bool


@dataclass(frozen=True)
class Checked:
    """What verification said of a sentence just saved: `kind` is fact, csm_statement or contradicted."""

    key: str
    kind: str
    name: str
    detail: str


def passages(space: Workspace, body: BriefBody, dossier: Dossier, words: str, *, attach: bool) -> tuple[Passage, ...]:
    """The account's passages closest to the words, none dated after the brief, none of a record the dossier does not hold."""
    if not words.strip():
        return ()
    try:
        hits = space.searcher.search(body.account_id, [words.strip()], FOUND, body.as_of)[0]
    except RetrievalError:
        return ()
    records = Records(dossier)
    known = {record.id for record in dossier.texts}
    return tuple(
        Passage(
            record_id=hit.passage.record_id,
            kind=named(KINDS, hit.passage.kind),
            day=day(hit.passage.at),
            part=hit.passage.part,
            start=hit.passage.start,
            end=hit.passage.end,
            text=harmless(hit.passage.text),
            anchor=anchor_of(hit.passage.record_id),
            internal=records.is_internal(Evidence(record_id=hit.passage.record_id, kind=hit.passage.kind, part=hit.passage.part)),
            attachable=attach,
        )
        for hit in hits
        if hit.passage.record_id in known
    )


def edit_of(key: str, text: str, act: str) -> Edit:
    """The edit a form asks for: a sentence's id, `card.FIELD`, `talk.FIELD` or `add.SECTION`. Raises BadInput."""
    group, _, name = key.partition(".")
    match group:
        case "card" if name in CARD:
            return Edit.model_validate({"card": {name: text}})
        case "talk" if name in TALK:
            return Edit.model_validate({"talk_track": {name: text}})
        case "add" if name:
            return Edit(added={name: (text,)})
        case _ if not name and group:
            return Edit(sentences={key: None if act == "remove" else text})
        case _:
            raise BadInput("There is no such sentence.", "Reload the page.")


def place_of(before: BriefBody, after: BriefBody, key: str) -> str:
    """Which sentence an edit made or changed: for an added one, its new id."""
    old = {claim.id for claim in before.claims()}
    fresh = [claim.id for claim in after.claims() if claim.id not in old]
    return fresh[-1] if key.startswith("add.") and fresh else key


def checked(space: Workspace, body: BriefBody, dossier: Dossier, key: str) -> Checked | None:
    """What to say of a sentence that was just saved; nothing where it is gone."""
    claim = _words_of(body, key)
    if claim is None:
        return None
    if claim.kind != "csm_statement":
        return Checked(key, "fact", "Carried by the record", _where(claim.evidence))
    against = contradicted(space, claim, dossier)
    if against is not None:
        detail, words = against
        return Checked(key, "contradicted", "A record says otherwise", f"{detail}: “{harmless(words.quote or str(words.value))}” ({words.record_id})")
    return Checked(
        key, "csm_statement", "No record carries this", "It is kept as your own statement and marked so for the AE. Attach evidence, or reword it."
    )


def contradicted(space: Workspace, claim: Claim, dossier: Dossier) -> tuple[str, Evidence] | None:
    """Where a record on the same matter says otherwise: what differs, and its words."""
    found = editing_check.contradiction(claim.text, dossier, claim.evidence, space.pipeline(space.offline_engine))
    return None if found is None else (found[0][:1].upper() + found[0][1:], found[1])


def contradictions(space: Workspace, body: BriefBody, dossier: Dossier) -> tuple[tuple[Claim, str, Evidence], ...]:
    """Every statement of the CSM that a record speaks against: told again before an approval."""
    statements = [claim for claim in body.claims() if claim.kind == "csm_statement"]
    found = ((claim, contradicted(space, claim, dossier)) for claim in statements)
    return tuple((claim, *against) for claim, against in found if against is not None)


def words_at(space: Workspace, body: BriefBody, dossier: bytes, key: str, record_id: str, part: str, span: tuple[int, int]) -> Evidence:
    """The sentence of a passage that is closest to a claim. Raises BadInput where the passage is not in the dossier."""
    claim = _words_of(body, key)
    held = Dossier.model_validate_json(dossier)
    pipeline = space.pipeline(space.offline_engine)
    found = editing_check.words_at(claim.text, record_id, part, span, held, pipeline) if claim is not None else None
    if found is None:
        raise BadInput("That passage is not among this account's records.", "Search again.")
    return found


def _words_of(body: BriefBody, key: str) -> Claim | None:
    group, _, name = key.partition(".")
    if group in ("card", "talk"):
        text = str(getattr(body.card if group == "card" else body.talk_track, name, ""))
        kind = "csm_statement" if text.startswith(LABEL) else "fact"
        return Claim(id=key, text=text.removeprefix(LABEL), kind=kind) if text else None
    return next((claim for claim in body.claims() if claim.id == key), None)


def _where(evidence: tuple[Evidence, ...]) -> str:
    records = dict.fromkeys(f"{said(KINDS, e.kind).lower()} {e.record_id}" for e in evidence)
    return f"It rests on {', '.join(records)}." if records else ""


def first_sentence(body: BriefBody) -> str:
    """Where editing begins when no sentence was named."""
    return next((claim.id for claim in body.claims()), "card.headline")


def is_open(row: BriefRow) -> tuple[bool, bool]:
    """Whether the brief can be edited, and whether it can be decided on."""
    from briefs.gate import MOVES, Action

    return (row.state, Action.EDIT) in MOVES, (row.state, Action.APPROVE) in MOVES
