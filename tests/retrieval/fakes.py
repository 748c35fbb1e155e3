"""Small real parts for the tests of retrieval: an index in memory, one in a folder that survives a kill, and an embedder that costs nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np


class TinyEmbedder:
    """A bag of words hashed into a few numbers; counts what it was asked to embed."""

    dense_weight = 0.3

    def __init__(self, dim: int = 16, name: str = "tiny-16") -> None:
        self.dim, self.name = dim, name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, hashlib.blake2b(word.encode(), digest_size=4).digest()[0] % self.dim] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


class MemoryIndex:
    """Vectors by account and passage id, in a dictionary; counts the vectors it was given."""

    def __init__(self) -> None:
        self.shelves: defaultdict[str, dict[str, np.ndarray]] = defaultdict(dict)
        self.upserted = 0

    def upsert(self, account_id: str, ids: Sequence[str], vectors: np.ndarray) -> None:
        self.upserted += len(ids)
        self.shelves[account_id].update(zip(ids, np.asarray(vectors, dtype=np.float32), strict=True))

    def query(self, account_id: str, vectors: np.ndarray, k: int) -> list[list[tuple[str, float]]]:
        shelf = self.shelves[account_id]
        ranked = [sorted(((key, float(held @ vector)) for key, held in shelf.items()), key=lambda match: (-match[1], match[0])) for vector in vectors]
        return [matches[:k] for matches in ranked]

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        if ids is None:
            self.shelves.pop(account_id, None)
        for key in ids or ():
            self.shelves[account_id].pop(key, None)

    def ids(self, account_id: str) -> set[str]:
        return set(self.shelves.get(account_id, {}))

    def close(self) -> None:
        self.shelves.clear()


class BrokenIndex(MemoryIndex):
    """Takes so many changes and then fails, as an index does whose disk is full."""

    def __init__(self, changes: int) -> None:
        super().__init__()
        self.left = changes

    def upsert(self, account_id: str, ids: Sequence[str], vectors: np.ndarray) -> None:
        self._spend()
        super().upsert(account_id, ids, vectors)

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        self._spend()
        super().delete(account_id, ids)

    def _spend(self) -> None:
        if not self.left:
            raise OSError("no space left on the index's disk")
        self.left -= 1


class FolderIndex:
    """A file an account in a folder, replaced as a whole: what it acknowledged survives a kill."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def upsert(self, account_id: str, ids: Sequence[str], vectors: np.ndarray) -> None:
        held = self._read(account_id) | {key: vector.tolist() for key, vector in zip(ids, vectors, strict=True)}
        self._write(account_id, held)

    def query(self, account_id: str, vectors: np.ndarray, k: int) -> list[list[tuple[str, float]]]:
        memory = MemoryIndex()
        held = self._read(account_id)
        memory.upsert(account_id, list(held), np.array(list(held.values()), dtype=np.float32))
        return memory.query(account_id, vectors, k)

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        held = self._read(account_id) if ids is not None else {}
        self._write(account_id, {key: vector for key, vector in held.items() if key not in set(ids or ())})

    def ids(self, account_id: str) -> set[str]:
        return set(self._read(account_id))

    def vectors(self, account_id: str) -> dict[str, list[float]]:
        return self._read(account_id)

    def close(self) -> None:
        """Nothing is held."""

    def _path(self, account_id: str) -> Path:
        return self._folder / hashlib.sha256(account_id.encode()).hexdigest()

    def _read(self, account_id: str) -> dict[str, list[float]]:
        path = self._path(account_id)
        return json.loads(path.read_text()) if path.exists() else {}

    def _write(self, account_id: str, held: dict[str, list[float]]) -> None:
        fresh = self._path(account_id).with_suffix(".new")
        fresh.write_text(json.dumps(held))
        os.replace(fresh, self._path(account_id))
