"""Is a brief whole and in its form: every section, no empty or doubled sentence, no markup, the same bytes after a round trip?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefs.brief import BriefBody
from briefs.canonical import canonical
from briefs.drafting.offline import TITLES
from evals.results import Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier

NAME = "form"
VERSION = "1"
MARKUP = re.compile(r"https?://|\]\(|</?[a-z]+>|!\[|\{\{|\[[ESCR]\d+\]")
"""Links, markup, template holes, and ids that only a prompt knows."""
QUOTED = re.compile(r'"[^"]*"|“[^”]*”')


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where no rule of form is broken; each broken one is named."""
    if output.brief is None:
        return []
    faults = list(_faults(output.brief))
    return Score(scorer=NAME, version=VERSION, value=float(not faults), reason="; ".join(faults[:4]) or "in its form")


def _faults(body: BriefBody) -> Iterator[str]:
    keys = [section.key for section in body.sections]
    if keys != list(TITLES):
        yield f"sections are {', '.join(keys)}"
    yield from (f"section {section.key} is empty" for section in body.sections if not section.claims)
    names = [claim.id for claim in body.claims()]
    yield from (f"claim {name} stands twice in a section" for name in _doubled(body))
    yield from (f"claim {claim.id} has no words" for claim in body.claims() if not claim.text.strip())
    yield from (f"claim {claim.id} holds markup or an id" for claim in body.claims() if MARKUP.search(QUOTED.sub(" ", claim.text)))
    empty = [name for name, text in body.card.model_dump(mode="json").items() if not text]
    yield from (f"the card's {name} is empty" for name in empty)
    if not names:
        yield "no sentence at all"
    if canonical(BriefBody.model_validate_json(canonical(body))) != canonical(body):
        yield "it reads back as another brief"


def _doubled(body: BriefBody) -> Iterator[str]:
    for section in body.sections:
        names = [claim.id for claim in section.claims]
        yield from sorted({name for name in names if names.count(name) > 1})
