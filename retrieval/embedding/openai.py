"""Embeddings from OpenAI, or from any server that speaks its protocol: the best vectors where text may leave the house, paid by the word."""

# the client's keyword types are wider than what it takes
# pyright: basic

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from retrieval.embedding import Vectors, unit
from retrieval.errors import EmbedderMissing

ADDRESS = "https://api.openai.com/v1"
BATCH = 256
LONGEST = 20_000
"""Characters of one text that are sent: less than the 8,191 tokens the models read, for Latin script."""


class OpenAIEmbedder:
    """Sends texts in batches; waits and tries again on 429 and 5xx, as the server says. The weight beside BM25 is MiniLM's, not measured."""

    dense_weight = 0.4

    def __init__(
        self,
        api_key: str,
        model: str = "text-embedding-3-small",
        dim: int = 1536,
        base_url: str | None = None,
        timeout: float = 30.0,
        max_retries: int = 4,
        batch: int = BATCH,
    ) -> None:
        """`dim` is how many numbers a vector has (models of the third generation are asked to shorten to it); `timeout` in seconds a request."""
        if not api_key:
            raise EmbedderMissing("The OpenAI embedder has no key.", "Set one, or use BRIEFS_EMBEDDER=wordllama, which needs none.")
        from openai import OpenAI

        self.name = f"openai-{model}-{dim}" + (f"@{base_url}" if base_url else "")
        self.dim = dim
        self._model, self._batch = model, batch
        self._shorten: dict[str, Any] = {"dimensions": dim} if model.startswith("text-embedding-3") else {}
        self._client = OpenAI(api_key=api_key, base_url=base_url or ADDRESS, timeout=timeout, max_retries=max_retries)

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        spoken = [row for row, text in enumerate(texts) if text.strip()]
        for first in range(0, len(spoken), self._batch):
            rows = spoken[first : first + self._batch]
            vectors[rows] = self._asked([texts[row][:LONGEST].encode("utf-8", "replace").decode() for row in rows])
        return unit(vectors)

    def close(self) -> None:
        """Closes the connections kept open."""
        self._client.close()

    def _asked(self, texts: list[str]) -> np.ndarray:
        """One request; the answer's `index` says which text a vector belongs to. Errors name the fault, never the text."""
        from openai import APIStatusError, OpenAIError

        try:
            answer = self._client.embeddings.create(model=self._model, input=texts, encoding_format="float", **self._shorten)
        except APIStatusError as cause:
            raise EmbedderMissing(f"The embedding server answered {cause.status_code}.", "Check key, model and quota; then run again.") from cause
        except OpenAIError as cause:
            raise EmbedderMissing(
                f"The embedding server cannot be reached ({type(cause).__name__}).", "Check its address; then run again."
            ) from cause
        rows = {item.index: item.embedding for item in answer.data or ()}
        if rows.keys() != set(range(len(texts))):
            raise EmbedderMissing(f"The embedding server was sent {len(texts)} texts and answered {len(rows)}.", "Run again, or use a smaller batch.")
        lengths = {len(row) for row in rows.values()}
        if lengths != {self.dim}:
            raise EmbedderMissing(f"Vectors of {max(lengths)} numbers came, {self.dim} were expected.", "Set the dimensions to what the model gives.")
        return np.array([rows[place] for place in range(len(texts))], dtype=np.float32)
