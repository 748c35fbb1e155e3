"""Where passages' vectors are looked up: one closed shelf an account, so that a question about one customer cannot reach another's words.

The index holds ids and vectors only. It is derived: SQL keeps the text and the vectors, and any index can be thrown away and rebuilt from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrieval.embedding import Vectors

Match = tuple[str, float]
"""A passage id and its cosine similarity to the question, -1 to 1."""


class VectorIndex(Protocol):
    """Every method names its account; there is none that sees two."""

    def upsert(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Adds or replaces the vectors (n, d) of those passages."""
        ...

    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        """For each of the (q, d) questions at most `k` passages of the account, best first, equal ones by id; none for a row of zeros.

        Raises IndexBroken.
        """
        ...

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        """Forgets those passages, or with None everything of the account, on disk too."""
        ...

    def ids(self, account_id: str) -> set[str]:
        """The passages held for the account; empty for an account never seen."""
        ...

    def close(self) -> None:
        """Writes what is pending and lets go of files and locks."""
        ...


class VectorSource(Protocol):
    """What an index needs of the archive to answer from SQL or to be rebuilt from it."""

    def accounts(self) -> list[str]: ...
    def vectors(self, account_id: str, model_id: str) -> tuple[list[str], Vectors]: ...


def best(ids: Sequence[str], scores: Sequence[float], k: int) -> list[Match]:
    """The `k` highest, equal scores (to six digits) by id."""
    ranked = sorted(zip(ids, scores, strict=True), key=lambda match: (-round(match[1], 6), match[0]))
    return ranked[: max(k, 0)]
