"""What the classifier sees of a sentence: letters, words, concepts and how they stand together, as numbered features.

Five groups, each scaled to nearly the same length in every sentence: letter groups (3-5 letters inside a word), words (one and two),
concepts (also: denied ones), pairs of concepts in order, and words beside concepts. Numbers are hashes, so nothing has to be kept but the
weights. Who speaks is not among them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from briefs.reading.concepts import Found, analysed, language, lexicon

GROUPS = {"letters": 1 << 14, "words": 1 << 14, "concepts": 1 << 9, "pairs": 1 << 13, "beside": 1 << 15}
STARTS = dict(zip(GROUPS, np.cumsum([0, *GROUPS.values()]).tolist(), strict=False))
SIZE = sum(GROUPS.values())
DAMPERS = (20, 6, 4, 6, 20)
"""Added to the number of features of a group before scaling, so that a text of two words does not shout."""

PAIR_REACH = 7
BESIDE_REACH = 4
DENIED_REACH = 5
MAX_WORDS = 400
"""A longer sentence is read by its first words: run-on text must not cost more than time in proportion."""

CACHED_WORDS = 50_000
_STOPS = frozenset(".,;:!?…")
_MIX = 0x9E3779B1
_MASK = 0xFFFFFFFF


class Rows(NamedTuple):
    """Sparse rows: `features[starts[i]:starts[i + 1]]` are those of text i, with their `values`."""

    features: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]


class Featuriser:
    """Texts to sparse rows. Keeps what it knows of a word, nothing of a text."""

    def __init__(self) -> None:
        self._lexicon = lexicon()
        self._denial = self._lexicon.names.index("NEG")
        self._known: dict[str, tuple[int, tuple[int, ...]]] = {}

    def rows(self, texts: Sequence[str]) -> Rows:
        """One row a text, in order; a text without words gives an empty row."""
        features: list[int] = []
        values: list[float] = []
        starts = [0]
        for text in texts:
            for group, damper in zip(self._groups(text), DAMPERS, strict=True):
                features += group
                values += [(len(group) + damper) ** -0.5] * len(group)
            starts.append(len(features))
        return Rows(np.asarray(features, dtype=np.int64), np.asarray(values, dtype=np.float32), np.asarray(starts, dtype=np.int64))

    def _groups(self, text: str) -> tuple[set[int], ...]:
        tokens, found = analysed(text)
        if len(tokens) > MAX_WORDS:
            tokens = tokens[:MAX_WORDS]
            found = self._lexicon.find(tokens, language(tokens))
        known = [self._word(token) for token in tokens]
        hashes = [number for number, _ in known]
        return (
            set[int]().union(*[letters for _, letters in known]),
            _one_and_two(hashes),
            self._concepts(tokens, found),
            _pairs(found),
            _beside(hashes, found),
        )

    def _word(self, token: str) -> tuple[int, tuple[int, ...]]:
        entry = self._known.get(token)
        if entry is None:
            framed = f" {token[:40]} "
            pieces = {framed[i : i + size] for size in (3, 4, 5) for i in range(max(1, len(framed) - size + 1))}
            letters = {STARTS["letters"] + zlib.crc32(piece.encode()) % GROUPS["letters"] for piece in pieces}
            entry = (zlib.crc32(token.encode()), tuple(sorted(letters)))
            if len(self._known) < CACHED_WORDS:
                self._known[token] = entry
        return entry

    def _concepts(self, tokens: Sequence[str], found: Sequence[Found]) -> set[int]:
        start = STARTS["concepts"]
        half = GROUPS["concepts"] // 2
        denied: set[int] = set()
        for concept, place in found:
            if concept == self._denial:
                for ahead in range(place + 1, min(len(tokens), place + 1 + DENIED_REACH)):
                    if tokens[ahead] in _STOPS:
                        break
                    denied.add(ahead)
        return {start + concept for concept, _ in found} | {start + half + concept for concept, place in found if place in denied}


def _one_and_two(hashes: Sequence[int]) -> set[int]:
    start, size = STARTS["words"], GROUPS["words"]
    single = {start + number % size for number in hashes}
    return single | {start + ((a * 31 + b) * _MIX & _MASK) % size for a, b in pairwise(hashes)}


def _pairs(found: Sequence[Found]) -> set[int]:
    start, size = STARTS["pairs"], GROUPS["pairs"]
    pairs: set[int] = set()
    for number, (first, place) in enumerate(found):
        reach, salt = place + PAIR_REACH, first * 257
        for following in range(number + 1, len(found)):
            second, later = found[following]
            if later > reach:
                break
            if later > place and first != second:
                pairs.add(start + ((salt + second) * _MIX & _MASK) % size)
    return pairs


def _beside(hashes: Sequence[int], found: Sequence[Found]) -> set[int]:
    start, size, length = STARTS["beside"], GROUPS["beside"], len(hashes)
    beside: set[int] = set()
    for concept, place in found:
        salt = concept * 7919
        near = [*hashes[max(0, place - BESIDE_REACH) : place], *hashes[place + 1 : min(length, place + BESIDE_REACH + 1)]]
        beside.update([start + ((word ^ salt) * _MIX & _MASK) % size for word in near])
    return beside
