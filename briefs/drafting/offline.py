"""The offline writer: every section of the brief from facts, exact quotes and computed numbers. It is the floor a model has to beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from briefs.brief import Claim, Factor, Section
from briefs.drafting import against, case, people
from briefs.drafting.conflicts import MOST_CONFLICTS, candidates
from briefs.drafting.coverage import coverage
from briefs.drafting.material import Material

MOST_WORDS = 366
"""Of all sections, the coverage and the conflicts together. With the tables and the talk track it makes three minutes of reading."""
TITLES = {
    "value": "Value achieved",
    "need": "The need, in their words",
    "recommendation": "Recommended next product",
    "timing": "Why now",
    "stakeholders": "Stakeholders",
    "usage": "Usage trend",
    "risks": "Risks and open tickets",
    "against": "What argues against",
    "do_not_say": "Do not say",
    "unknowns": "Not known",
}


def sections(material: Material) -> tuple[Section, ...]:
    """All sections in reading order; none is ever left out, an empty one says that it is. A long brief tells less in each, the telling first."""
    made: tuple[Section, ...] = ()
    beside = sum(len(side.text.split()) for conflict in candidates(material)[:MOST_CONFLICTS] for side in conflict.sides)
    for most in range(material.most_stated, 0, -1):
        told = replace(material, most_stated=most)
        made = tuple(Section(key=key, title=TITLES[key], claims=tuple(_unique(make(told)))) for key, make in MAKERS.items())
        if words_of(made, coverage(told)) + beside <= MOST_WORDS:
            break
    return made


def words_of(sections: Sequence[Section], factors: Sequence[Factor]) -> int:
    """Words of the sections and of the coverage with its questions."""
    texts = [c.text for section in sections for c in section.claims] + [f"{f.text} {f.question or ''}" for f in factors]
    return sum(len(text.split()) for text in texts)


def _unique(claims: Sequence[Claim]) -> list[Claim]:
    return list({c.id: c for c in claims}.values())


MAKERS: dict[str, Callable[[Material], list[Claim]]] = {
    "value": case.value,
    "need": case.need,
    "recommendation": case.recommendation,
    "timing": case.timing,
    "stakeholders": people.stakeholders,
    "usage": case.in_use,
    "risks": against.risks,
    "against": against.against,
    "do_not_say": against.do_not_say,
    "unknowns": against.unknowns,
}
