"""Fills a real archive with one account's texts, so that a test can say what matters in a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval.archive import Archive
from retrieval.archive_writes import Batch
from retrieval.chunking import split
from retrieval.embedding import Embedder, Vectors, unit
from retrieval.engine import open_engine
from retrieval.filing import filed, vector_key
from retrieval.records import Account, Note, Passage, Record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class LetterEmbedder:
    """A real, tiny embedder: how often each letter occurs. Fast enough for property tests, and like texts are near each other."""

    name, dim, dense_weight = "letters-1", 26, 0.3

    def embed(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().count(chr(97 + place)) for place in range(26)] for text in texts]
        return unit(np.array(counts, dtype=np.float32).reshape(len(texts), 26))


def archive_in(folder: Path) -> Archive:
    return Archive(open_engine(f"sqlite:///{folder}/briefs.db"))


def note(account: str, name: str, body: str, at: datetime = NOON, title: str | None = None) -> Note:
    return Note(id=f"{account}-{name}", account_id=account, at=at, kind="call", title=title, body=body)


def shelve(archive: Archive, embedder: Embedder, account: str, records: Sequence[Record]) -> list[Passage]:
    """Files the account and its records with passages and vectors, as an import does; returns the passages."""
    passages = [passage for record in records for passage in split(record, account.title())]
    vectors = embedder.embed([passage.ranked_text for passage in passages])
    keyed = {vector_key(embedder.name, passage.ranked_text): vector for passage, vector in zip(passages, vectors, strict=True)}
    archive.save(
        Batch(embedder.name, [filed(row) for row in (Account(id=account, name=account.title()), *records)], passages=passages, vectors=keyed)
    )
    archive.settle([account])
    return passages


def shelve_notes(archive: Archive, embedder: Embedder, account: str, bodies: Sequence[str]) -> list[Passage]:
    return shelve(archive, embedder, account, [note(account, f"n{number}", body) for number, body in enumerate(bodies)])
