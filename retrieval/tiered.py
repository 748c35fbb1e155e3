"""Large accounts have a collection of their own; a small one's vectors are compared one by one, as SQL holds them.

A collection costs the same for ten passages as for a thousand: files, memory, and most of the time an import takes. Below some hundred passages
comparing with each is as quick as asking a collection, and exact. Both are closed shelves: neither sees two accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrieval.embedding import Vectors
from retrieval.exact import ExactIndex
from retrieval.index import Match, VectorIndex, VectorSource


class Collections(VectorIndex, Protocol):
    def holds(self, account_id: str) -> bool: ...
    def replace(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None: ...


class Archive(VectorSource, Protocol):
    def embedded(self, account_id: str, model_id: str) -> int: ...


class TieredIndex:
    """A `VectorIndex`. An account moves into a collection with its `collection_from`-th passage, and stays there should it shrink."""

    def __init__(self, collections: Collections, archive: Archive, model_id: str, collection_from: int) -> None:
        self._collections, self._archive, self._model, self._from = collections, archive, model_id, collection_from
        self._exact = ExactIndex(archive, model_id)

    def upsert(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None:
        if self._collections.holds(account_id):
            self._collections.upsert(account_id, ids, vectors)
        elif self._archive.embedded(account_id, self._model) >= self._from:
            self._collections.replace(account_id, *self._archive.vectors(account_id, self._model))

    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        return self._shelf(account_id).query(account_id, vectors, k)

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        self._collections.delete(account_id, ids)

    def ids(self, account_id: str) -> set[str]:
        return self._shelf(account_id).ids(account_id)

    def close(self) -> None:
        self._collections.close()

    def _shelf(self, account_id: str) -> VectorIndex:
        return self._collections if self._collections.holds(account_id) else self._exact
