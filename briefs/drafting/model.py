"""A model writes sections from evidence that code picked. What fails verification is asked for once more, then the offline sentence stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefs.brief import Claim, RejectedClaim, Section
from briefs.drafting.facts import claim as make_claim
from briefs.drafting.material import Material
from briefs.models import LanguageModel, Usage
from briefs.models.operations import Words, check, draft, redraft
from briefs.models.questions import CheckRequest, ClaimAsk, Drafted, DraftRequest, Passage, RedraftRequest, RejectedSentence, SectionAsk
from briefs.verify import Court, key_of, verify
from briefs.wording import day, plain

WRITTEN = ("value", "need", "timing", "risks", "against")
"""Sections a model may word; people, prices, absences and what must not be said stay with code."""
MOST_PIECES = 8


@dataclass(frozen=True)
class Written:
    """The sections with the model's verified sentences in them, what was rejected, and what it took."""

    sections: tuple[Section, ...]
    rejected: tuple[RejectedClaim, ...] = ()
    usage: Usage = field(default_factory=Usage)
    prompt_versions: dict[str, str] = field(default_factory=dict)


def write(material: Material, floor: Sequence[Section], court: Court, model: LanguageModel, words: Words) -> Written:
    """`floor` are the offline sections: their claims are the evidence offered and stand wherever the model's sentence does not. Raises ModelFault."""
    pieces, asks = _offer(floor)
    if not asks:
        return Written(tuple(floor))
    request = DraftRequest(
        account=material.dossier.account.name,
        as_of=day(material.dossier.as_of),
        offer=_offer_in_words(material),
        sections=tuple(asks),
        evidence=tuple(_passage(piece, material) for piece in pieces),
    )
    first = draft(model, request, words)
    usage, versions = first.usage, {first.prompt: first.prompt_version}
    kept, failed = _judged(first.sentences, pieces, court)
    rejected = [_rejected(d, reason, detail, court) for d, reason, detail in failed]
    if failed:
        again = redraft(model, RedraftRequest(request, tuple(RejectedSentence(d, f"{reason}: {detail}") for d, reason, detail in failed)), words)
        usage, versions = usage + again.usage, versions | {again.prompt: again.prompt_version}
        more, lost = _judged([d for _, d in again.sentences], pieces, court)
        kept += more
        rejected += [_rejected(d, reason, detail, court) for d, reason, detail in lost]
    kept, surplus = _fitting(kept, asks)
    rejected += [_rejected(d, "too_many", "the section has as many sentences as pieces of evidence", court) for d, _ in surplus]
    if kept:
        asked = CheckRequest(request.account, tuple(ClaimAsk(c.text, tuple(request.evidence[i] for i in d.evidence)) for d, c in kept))
        judged = check(model, asked, words)
        usage, versions = usage + judged.usage, versions | {judged.prompt: judged.prompt_version}
        for (drafted, _), answer in zip(kept, judged.carried, strict=True):
            if answer != "yes":
                rejected.append(_rejected(drafted, "not_carried", f"the checking call answered {plain(answer)}", court))
        kept = [pair for pair, answer in zip(kept, judged.carried, strict=True) if answer == "yes"]
    return Written(tuple(_merged(section, kept) for section in floor), tuple(rejected), usage, versions)


def _offer(floor: Sequence[Section]) -> tuple[list[Claim], list[SectionAsk]]:
    """Every claim with evidence of the sections a model may word, and which section may use which."""
    pieces: list[Claim] = []
    asks: list[SectionAsk] = []
    for section in floor:
        offered = [c for c in section.claims if c.evidence and c.kind != "absence" and not c.internal][:MOST_PIECES]
        if section.key in WRITTEN and offered:
            asks.append(SectionAsk(section.key, section.title, tuple(range(len(pieces), len(pieces) + len(offered)))))
            pieces.extend(offered)
    return pieces, asks


def _offer_in_words(material: Material) -> str:
    chosen = material.finding.recommendation
    return f"{chosen.product.name} ({chosen.product.kind})" if chosen else "nothing yet"


def _passage(piece: Claim, material: Material) -> Passage:
    """A claim as the model sees it: the customer's exact words, or the sentence code made of the table."""
    first = piece.evidence[0]
    quoted = piece.kind == "customer_said" and first.quote is not None
    contact = material.dossier.contact(first.speaker)
    text = " ".join((first.quote or "").split()) if quoted else piece.text
    return Passage(text=text, kind=first.kind, at=first.at, speaker=contact.name if contact else None, role=contact.role if contact else None)


def _judged(drafted: Iterable[Drafted], pieces: Sequence[Claim], court: Court) -> tuple[list[tuple[Drafted, Claim]], list[tuple[Drafted, str, str]]]:
    """Each sentence as a claim that passed verification, or with the reason it did not."""
    kept: list[tuple[Drafted, Claim]] = []
    failed: list[tuple[Drafted, str, str]] = []
    for sentence in drafted:
        made = _claim_of(sentence, pieces)
        offered = {key_of(e) for c in pieces for e in c.evidence}
        verdict = verify(made, court, offered)
        if verdict.ok:
            kept.append((sentence, made))
        else:
            failed.append((sentence, verdict.reason, verdict.detail))
    return kept, failed


Kept = list[tuple[Drafted, Claim]]


def _fitting(kept: Kept, asks: Sequence[SectionAsk]) -> tuple[Kept, Kept]:
    """Those sentences a section has room for, in the order written, and those it has not.

    One for each piece of evidence: a model's brief is read in about the time of the offline one.
    """
    room = {ask.key: len(ask.evidence) for ask in asks}
    fitting: Kept = []
    surplus: Kept = []
    for pair in kept:
        left = room.get(pair[0].section, 0)
        (fitting if left else surplus).append(pair)
        room[pair[0].section] = max(left - 1, 0)
    return fitting, surplus


def _claim_of(sentence: Drafted, pieces: Sequence[Claim]) -> Claim:
    used = [pieces[place] for place in sentence.evidence]
    derived = {name: value for piece in used for name, value in piece.derived.items()}
    said = all(piece.kind == "customer_said" for piece in used)
    return make_claim(
        sentence.text,
        "customer_said" if said else "fact",
        [e for piece in used for e in piece.evidence],
        signals=[s for piece in used for s in piece.signal_ids],
        derived=derived,
        internal=any(piece.internal for piece in used),
    )


def _rejected(sentence: Drafted, reason: str, detail: str, court: Court) -> RejectedClaim:
    named = bool(court.subject.other_customers_in(sentence.text))
    return RejectedClaim(
        section=sentence.section,
        text="(withheld: it names another customer)" if named else sentence.text,
        reason=reason,
        detail=detail,
        source="model",
    )


def _merged(section: Section, kept: Sequence[tuple[Drafted, Claim]]) -> Section:
    """The model's sentences, then every offline claim whose evidence none of them cites, and always the customer's own words of the need."""
    mine = [made for drafted, made in kept if drafted.section == section.key]
    if not mine:
        return section
    cited = {key_of(e) for made in mine for e in made.evidence}
    rest = [
        c
        for c in section.claims
        if not c.evidence or not {key_of(e) for e in c.evidence} <= cited or (section.key == "need" and c.kind == "customer_said")
    ]
    return section.model_copy(update={"claims": (*mine, *rest)})
