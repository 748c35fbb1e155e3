"""What people changed in a brief: each sentence as it was and as it is, with the words that differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from api.pages.views.words import CLAIM_KINDS, said
from briefs.brief import BriefBody, Claim
from briefs.rendering.cleaning import one_line
from briefs.rendering.words import SECTIONS, hyphenless

Way = Literal["same", "out", "in"]
ALIKE = 0.35
"""The share of letters two texts have in common from which on it helps to see which words differ."""
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """One sentence that differs. `pieces` are runs of words: the same, taken out, put in."""

    where: str
    what: str
    pieces: tuple[tuple[Way, str], ...]
    kind: str = ""
    anchor: str = ""


def changes(before: BriefBody, after: BriefBody) -> tuple[Change, ...]:
    """Every difference in words and in standing, in reading order."""
    found = [*_fields("Card", before.card.model_dump(), after.card.model_dump(), "card")]
    old = {claim.id: claim for claim in before.claims()}
    kept = {claim.id for claim in after.claims()}
    for section in after.sections:
        title = SECTIONS.get(section.key) or one_line(section.title)
        earlier = next((each.claims for each in before.sections if each.key == section.key), ())
        found += [change for claim in section.claims if (change := _claim(title, old.get(claim.id), claim)) is not None]
        found += [Change(title, "Taken out", (("out", one_line(claim.text)),)) for claim in earlier if claim.id not in kept]
    talk = {"questions": None, "evidence": None}
    return (*found, *_fields("For the call", before.talk_track.model_dump() | talk, after.talk_track.model_dump() | talk, "talk"))


def differing(one: str, other: str) -> tuple[tuple[Way, str], ...]:
    """Both texts as runs of words that are the same, taken out or put in; where little is the same, one whole text after the other."""
    left, right = _PIECE.findall(one_line(one)), _PIECE.findall(one_line(other))
    matched = SequenceMatcher(None, left, right, autojunk=False)
    shared = sum(len(word) for a, _, size in matched.get_matching_blocks() for word in left[a : a + size] if not word.isspace())
    if left and right and shared < ALIKE * max(sum(not c.isspace() for c in text) for text in (one, other)):
        return (("out", one_line(one)), ("same", " "), ("in", one_line(other)))
    pieces: list[tuple[Way, str]] = []
    for tag, a, b, c, d in matched.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(left[a:b])))
            continue
        if a < b:
            pieces.append(("out", "".join(left[a:b])))
        if c < d:
            pieces.append(("in", "".join(right[c:d])))
    return tuple(pieces)


def _claim(title: str, old: Claim | None, new: Claim) -> Change | None:
    anchor, kind = f"s-{new.id}", said(CLAIM_KINDS, new.kind)
    if old is None:
        return Change(title, "Added", (("in", one_line(new.text)),), kind, anchor)
    if old.text != new.text:
        return Change(title, "Reworded", differing(old.text, new.text), kind, anchor)
    if old.kind != new.kind or old.evidence != new.evidence:
        return Change(title, "Rests on other evidence", (("same", one_line(new.text)),), kind, anchor)
    return None


def _fields(title: str, before: Mapping[str, Any], after: Mapping[str, Any], group: str) -> Sequence[Change]:
    names = [name for name in after if isinstance(after[name], str) and before.get(name) != after[name]]
    return [Change(title, hyphenless(name), differing(str(before.get(name) or ""), str(after[name])), anchor=f"s-{group}.{name}") for name in names]
