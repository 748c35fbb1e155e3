"""Ranks an account's passages exactly, from the vectors in SQL: the reference other indexes are held against, and the answer when one is broken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrieval.embedding import Vectors
from retrieval.index import Match, VectorSource, best


class ExactIndex:
    """Holds nothing of its own: what the archive holds for `model_id` is what can be found, read anew for every batch of questions."""

    def __init__(self, archive: VectorSource, model_id: str) -> None:
        self._archive, self._model = archive, model_id

    def upsert(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Nothing to do: the archive has them."""

    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        ids, held = self._archive.vectors(account_id, self._model)
        if not ids or k < 1:
            return [[] for _ in vectors]
        scores = np.asarray(vectors, dtype=np.float32) @ held.T
        return [_best(ids, row, k) if vector.any() else [] for vector, row in zip(vectors, scores, strict=True)]

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        """Nothing to do: the archive forgets them."""

    def ids(self, account_id: str) -> set[str]:
        return set(self._archive.vectors(account_id, self._model)[0])

    def close(self) -> None:
        """Nothing is held."""


def _best(ids: list[str], scores: Vectors, k: int) -> list[Match]:
    near = np.arange(len(ids))
    if k < len(ids):
        near = np.flatnonzero(scores >= np.partition(scores, -k)[-k] - 1e-5)
    return best([ids[place] for place in near], [float(scores[place]) for place in near], k)
