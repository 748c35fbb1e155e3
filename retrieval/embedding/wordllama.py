"""The default embedder: static word vectors that ship inside a wheel, thousands of texts a second, no network.

The wheel's own loader looks for its tokenizer in the wrong folder, would then download, and sets up the root logger on import;
so the two files are read where they lie and the package is never imported.
"""

# tokenizers and safetensors carry no complete types
# pyright: basic

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from retrieval.embedding import Vectors, unit
from retrieval.errors import EmbedderMissing

WEIGHTS = "weights/l2_supercat_256.safetensors"
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
BATCH = 256
TOKENS = 8192
"""Token vectors added at once: 8 MB."""


class WordLlamaEmbedder:
    """The mean of 256-number token vectors. Equals `WordLlama.load().embed(texts, norm=True)`, except that an empty text is zeros, not NaN."""

    dim = 256
    dense_weight = 0.3

    def __init__(self) -> None:
        """Raises EmbedderMissing if the package or one of its files is absent."""
        folder = _folder()
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        (table,) = load_file(folder / WEIGHTS).values()
        self.name = f"wordllama-{version('wordllama')}-l2_supercat-{self.dim}"
        self._table = np.ascontiguousarray(table, dtype=np.float32)
        self._ones = np.ones(TOKENS, dtype=np.float32)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for first in range(0, len(texts), BATCH):
            batch = [text.encode("utf-8", "replace").decode() for text in texts[first : first + BATCH]]
            for row, encoding in enumerate(self._tokenizer.encode_batch_fast(batch, add_special_tokens=False), start=first):
                tokens = encoding.ids
                for some in range(0, len(tokens), TOKENS):  # scaled to length 1 below, a sum is a mean
                    words = self._table.take(tokens[some : some + TOKENS], axis=0, mode="clip")
                    vectors[row] += self._ones[: len(words)] @ words
        return unit(vectors)


def _folder() -> Path:
    spec = find_spec("wordllama")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / WEIGHTS).is_file() or not (folder / TOKENIZER).is_file():
        raise EmbedderMissing("The WordLlama embedding model is not installed.", "Run: pip install wordllama==0.4.0.post1")
    return folder
