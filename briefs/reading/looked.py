"""One sentence as the record reader sees it: its scores, the concepts it holds, and what may be asked of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from briefs.reading.offline import Reading, firmness, stance
from briefs.reading.sentences import Sentence

FEWEST_WORDS = 4
QUESTION = re.compile(r"\?\s*\Z")


@dataclass(frozen=True)
class Shop:
    """What the reader may ask of the catalogue: does a text name something this account could buy, and which limit does it speak of?"""

    wanted: Callable[[str], bool] = lambda text: False
    owned: Callable[[str], bool] = lambda text: False
    limit: Callable[[str], str | None] = lambda text: None
    vendor: frozenset[str] = field(default_factory=frozenset)
    products: frozenset[str] = field(default_factory=frozenset)
    """The words of the products' names, folded: two of them held side by side are no rivals."""


@dataclass(frozen=True)
class Looked:
    """A sentence with the classifier's scores and the concepts it holds."""

    sentence: Sentence
    scores: dict[str, float]
    held: frozenset[str]


def reading_of(said: Sentence, label: str, score: float, *, asked: bool = False, about: str = "") -> Reading:
    """The sentence as a reading; `asked` where it is known to be a request, `about` the words that name what is requested."""
    return Reading(said, label, "asked_now" if asked else stance(label, said.text), firmness(said.text), round(score, 4), about)
