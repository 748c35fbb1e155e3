"""The four questions put to a model: what do these sentences say, write these sections, write these sentences anew, does the evidence carry them.

Each is one call for an account. What comes back is filtered here: a thing that was not offered, is named twice, or is too much, is left out and said.
Of an answer that was cut off at the output limit the complete entries count: a signal, a sentence, a judgement. Whoever asks decides what
the rest means: unread sentences are read offline, what was not written keeps its offline sentences, a claim not judged cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

import prompts
from briefs.models import Answer, LanguageModel, shapes
from briefs.models.partial import ask
from briefs.models.questions import (
    LONGEST_SENTENCE,
    MOST_SENTENCES_A_SECTION,
    CheckAnswer,
    CheckRequest,
    DraftAnswer,
    Drafted,
    DraftRequest,
    Extraction,
    ExtractRequest,
    Passage,
    ReadSignal,
    RedraftAnswer,
    RedraftRequest,
)
from briefs.models.shapes import Carried

T = TypeVar("T", bound=BaseModel)
Words = Callable[[str], prompts.Prompt]
"""Where prompts come from; evals hand in another folder's."""


def extract(model: LanguageModel, request: ExtractRequest, words: Words = prompts.load) -> Extraction:
    """What each sentence says for or against an expansion. Raises ModelFault."""
    if not request.sentences:
        return Extraction()
    facts = request.account
    rendered = words("extract_signals").render(
        account=facts.name,
        aliases=facts.aliases,
        products=facts.products,
        features=facts.features,
        people=facts.people,
        other_companies=facts.other_companies,
        sentences=[_piece("S", place, sentence) for place, sentence in enumerate(request.sentences)],
    )
    answer = ask(model, rendered, shapes.signals(len(request.sentences)))
    refused: list[str] = []
    kept: dict[tuple[int, str], ReadSignal] = {}
    for signal in answer.value.signals:
        place = _place("S", signal.sentence, len(request.sentences))
        if place is None:
            refused.append(f"{signal.type}: names a sentence that was not offered")
        elif (place, signal.type) in kept:
            refused.append(f"{signal.type} of S{place + 1}: named twice")
        else:
            kept[place, signal.type] = ReadSignal(place, signal.type, signal.stance, signal.speaks_for, signal.firmness)
    return Extraction(**_asked(rendered, answer, refused), signals=tuple(kept.values()))


def draft(model: LanguageModel, request: DraftRequest, words: Words = prompts.load) -> DraftAnswer:
    """Sentences for each section, from the evidence offered to it. Sections without evidence are not asked for. Raises ModelFault."""
    sections = {section.key: section for section in request.sections if section.evidence}
    if not sections:
        return DraftAnswer()
    used = sorted({place for section in sections.values() for place in section.evidence})
    rendered = words("draft_sections").render(
        account=request.account,
        as_of=request.as_of,
        offer=request.offer,
        sections=[prompts.Fenced("section", key, asked.title, (("evidence", _listed(asked.evidence)),)) for key, asked in sections.items()],
        evidence=[_piece("E", place, request.evidence[place]) for place in used],
    )
    answer = ask(model, rendered, shapes.draft(list(sections), len(request.evidence)))
    refused: list[str] = []
    kept: list[Drafted] = []
    for written in answer.value.sections:
        if written.section not in sections:
            refused.append("a section that was not asked for")
            continue
        for sentence in written.sentences:
            offered = sections[written.section].evidence
            drafted = _drafted(written.section, sentence.text, sentence.evidence, offered, refused)
            if drafted is None:
                continue
            if sum(earlier.section == written.section for earlier in kept) == MOST_SENTENCES_A_SECTION:
                refused.append(f"{written.section}: more than {MOST_SENTENCES_A_SECTION} sentences")
            elif any(earlier.text == drafted.text for earlier in kept):
                refused.append(f"{written.section}: a sentence written twice")
            else:
                kept.append(drafted)
    return DraftAnswer(**_asked(rendered, answer, refused), sentences=tuple(kept))


def redraft(model: LanguageModel, request: RedraftRequest, words: Words = prompts.load) -> RedraftAnswer:
    """New sentences for rejected ones, with the reasons shown. Raises ModelFault."""
    if not request.rejected:
        return RedraftAnswer()
    offered = {section.key: section.evidence for section in request.draft.sections}
    used = sorted({place for rejected in request.rejected for place in offered[rejected.sentence.section]})
    rendered = words("redraft").render(
        account=request.draft.account,
        rejected=[
            prompts.Fenced(
                "rejected",
                f"R{number}",
                rejected.sentence.text,
                (("section", rejected.sentence.section), ("evidence", _listed(offered[rejected.sentence.section])), ("reason", rejected.reason)),
            )
            for number, rejected in enumerate(request.rejected, 1)
        ],
        evidence=[_piece("E", place, request.draft.evidence[place]) for place in used],
    )
    answer = ask(model, rendered, shapes.redraft(len(request.rejected), len(request.draft.evidence)))
    refused: list[str] = []
    kept: dict[int, Drafted] = {}
    for sentence in answer.value.sentences:
        place = _place("R", sentence.rejected, len(request.rejected))
        if place is None or place in kept:
            refused.append("a rejected sentence that was not offered" if place is None else f"R{place + 1}: written twice")
            continue
        section = request.rejected[place].sentence.section
        drafted = _drafted(section, sentence.text, sentence.evidence, offered[section], refused)
        if drafted is not None:
            kept[place] = drafted
    return RedraftAnswer(**_asked(rendered, answer, refused), sentences=tuple(sorted(kept.items(), key=lambda item: item[0])))


def check(model: LanguageModel, request: CheckRequest, words: Words = prompts.load) -> CheckAnswer:
    """Whether each claim's evidence carries it. Contradicting judgements count as the worst of them. Raises ModelFault."""
    if not request.claims:
        return CheckAnswer()
    pieces = list(dict.fromkeys(piece for claim in request.claims for piece in claim.evidence))
    numbers = {piece: place for place, piece in enumerate(pieces)}
    rendered = words("check_claims").render(
        account=request.account,
        claims=[
            prompts.Fenced("claim", f"C{number}", claim.text, (("evidence", _listed([numbers[piece] for piece in claim.evidence])),))
            for number, claim in enumerate(request.claims, 1)
        ],
        evidence=[_piece("E", place, piece) for place, piece in enumerate(pieces)],
    )
    answer = ask(model, rendered, shapes.checks(len(request.claims)))
    worst_first: tuple[Carried, ...] = ("no", "cannot_tell", "yes")
    refused: list[str] = []
    judged: dict[int, Carried] = {}
    for judgement in answer.value.claims:
        place = _place("C", judgement.claim, len(request.claims))
        if place is None:
            refused.append("a claim that was not offered")
            continue
        if place in judged:
            refused.append(f"C{place + 1}: judged twice")
        both: tuple[Carried, Carried] = (judged.get(place, "yes"), judgement.carried)
        judged[place] = min(both, key=worst_first.index)
    carried: tuple[Carried, ...] = tuple(judged.get(place, "cannot_tell") for place in range(len(request.claims)))
    return CheckAnswer(**_asked(rendered, answer, refused), carried=carried)


def _asked(rendered: prompts.Rendered, answer: Answer[Any], refused: list[str]) -> dict[str, Any]:
    told = {"usage": answer.usage, "cached": answer.cached, "cut_off": answer.cut_off}
    return {"refused": tuple(refused), "prompt": rendered.name, "prompt_version": rendered.version, **told}


def _piece(letter: str, place: int, passage: Passage) -> prompts.Fenced:
    return prompts.evidence(
        f"{letter}{place + 1}",
        passage.text,
        kind=passage.kind,
        date=passage.at.isoformat() if passage.at else "",
        speaker=passage.speaker or "",
        role=passage.role or "",
        internal="yes" if passage.internal else "",
    )


def _listed(places: Sequence[int]) -> str:
    return " ".join(f"E{place + 1}" for place in places)


def _place(letter: str, name: str, count: int) -> int | None:
    """The place an id stands for, or None where it was not offered."""
    offered = shapes.ids(letter, count)
    return offered.index(name) if name in offered else None


def _drafted(section: str, text: str, names: Sequence[str], offered: Sequence[int], refused: list[str]) -> Drafted | None:
    """The sentence with the evidence that was offered to its section, or None where nothing stands; what is left out is added to `refused`."""
    by_name = {f"E{place + 1}": place for place in offered}
    places = tuple(dict.fromkeys(by_name[name] for name in names if name in by_name))
    surplus = len(names) - len(places)
    if surplus:
        refused.append(f"{section}: {surplus} pieces of evidence named twice or not offered to this section")
    words = " ".join(text.split())
    if not words or not places:
        refused.append(f"{section}: a sentence without {'evidence' if words else 'words'}")
        return None
    if len(words) > LONGEST_SENTENCE:
        refused.append(f"{section}: a sentence of {len(words)} characters")
        return None
    return Drafted(section, words, places)
