"""Finds the passages of one account that answer a question: by meaning and by words, fused, and checked against the records they come from."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

from retrieval.embedding import Embedder, Vectors
from retrieval.errors import IndexBroken, UnknownAccount
from retrieval.exact import ExactIndex
from retrieval.index import Match, VectorIndex, VectorSource
from retrieval.lexical import Bm25
from retrieval.records import Passage

log = logging.getLogger(__name__)

CANDIDATES = 50
"""Passages each of the two rankings may propose; more if more are asked for."""
CACHED_PASSAGES = 30_000
"""Passages whose word statistics are kept, some 5 kB each; the account asked last stays in any case."""
QUESTION = 2000
"""Characters of a question that are read."""


class Archive(VectorSource, Protocol):
    def passages(self, account_id: str) -> list[Passage]: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it answers, 0 to 1 within its question."""

    passage: Passage
    score: float


class Searcher:
    """Holds word statistics of the accounts asked last; an account's are made anew when its passages changed."""

    def __init__(self, archive: Archive, embedder: Embedder, index: VectorIndex, *, cached: int = CACHED_PASSAGES) -> None:
        self._archive, self._embedder, self._index, self._cached = archive, embedder, index, cached
        self._words: OrderedDict[str, tuple[list[tuple[str, str]], Bm25]] = OrderedDict()
        self._asked: tuple[tuple[str, ...], Vectors] | None = None
        self._lock = Lock()

    def search(self, account_id: str, questions: Sequence[str], k: int, as_of: date | None = None) -> list[list[Hit]]:
        """For each question the `k` best passages of the account, best first, equal ones by id.

        With `as_of`, passages written after that day (UTC) are not seen at all: neither returned nor counted.
        Raises UnknownAccount. Should the index be broken, the vectors in SQL answer in its place.
        """
        stored = [passage for passage in self._archive.passages(account_id) if passage.account_id == account_id]
        if not stored and account_id not in self._archive.accounts():
            raise UnknownAccount(f"No account {account_id!r}.", "`briefs scan` lists the accounts there are.")
        visible = {passage.id: passage for passage in stored if as_of is None or passage.at is None or passage.at.astimezone(UTC).date() <= as_of}
        if not visible or not questions or k < 1:
            return [[] for _ in questions]
        asked = [question[:QUESTION] for question in questions]
        proposed = max(CANDIDATES, k)
        by_meaning = self._by_meaning(account_id, asked, proposed + len(stored) - len(visible))
        words, ids = self._bm25(account_id, list(visible.values())), list(visible)
        hits: list[list[Hit]] = []
        for question, near in zip(asked, by_meaning, strict=True):
            dense = dict([match for match in near if match[0] in visible][:proposed])
            fused = fuse(dense, _top(ids, words.scores(question), proposed), self._embedder.dense_weight)
            hits.append([Hit(visible[found], score) for found, score in fused[:k]])
        return hits

    def _by_meaning(self, account_id: str, questions: list[str], k: int) -> list[list[Match]]:
        vectors = self._vectors(tuple(questions))
        try:
            return self._index.query(account_id, vectors, k)
        except IndexBroken as fault:
            log.warning("%s Answering from SQL.", fault)
            return ExactIndex(self._archive, self._embedder.name).query(account_id, vectors, k)

    def _vectors(self, questions: tuple[str, ...]) -> Vectors:
        """The questions' vectors; those of the last batch are kept, since a scan asks the same of every account."""
        asked = self._asked
        if asked is None or asked[0] != questions:
            self._asked = asked = (questions, self._embedder.embed(questions))
        return asked[1]

    def _bm25(self, account_id: str, passages: list[Passage]) -> Bm25:
        key = [(passage.id, passage.header) for passage in passages]
        with self._lock:
            known = self._words.get(account_id)
            if known is not None and known[0] == key:
                self._words.move_to_end(account_id)
                return known[1]
        made = Bm25([passage.ranked_text for passage in passages])
        with self._lock:
            self._words[account_id] = (key, made)
            self._words.move_to_end(account_id)
            while len(self._words) > 1 and sum(len(ids) for ids, _ in self._words.values()) > self._cached:
                self._words.popitem(last=False)
        return made


def fuse(dense: dict[str, float], lexical: dict[str, float], dense_weight: float) -> list[Match]:
    """Both rankings scaled to 0-1 (min-max over what each proposed) and added by weight, best first, equal ones by id.

    A ranking that proposed nothing is no reason to rank the other's lower: the one left counts fully.
    """
    weight = 1.0 if not lexical else 0.0 if not dense else dense_weight
    near, worded = _scaled(dense), _scaled(lexical)
    scores = {found: round(weight * near.get(found, 0.0) + (1 - weight) * worded.get(found, 0.0), 6) for found in near | worded}
    return sorted(scores.items(), key=lambda match: (-match[1], match[0]))


def _scaled(scores: dict[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {found: (score - low) / (high - low) if high > low else 1.0 for found, score in scores.items()}


def _top(ids: list[str], scores: npt.NDArray[np.float64], k: int) -> dict[str, float]:
    """The `k` passages that share words with the question; at the border equal ones by id."""
    places = np.flatnonzero(scores > 0)
    if len(places) > k:
        edge = np.partition(scores[places], -k)[-k]
        places = places[scores[places] >= edge - 1e-9]
    ranked = sorted((-round(float(scores[place]), 6), ids[place]) for place in places)[:k]
    return {found: -score for score, found in ranked}
