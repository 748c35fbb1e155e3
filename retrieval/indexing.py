"""Carries what changed in the archive to the index, and rebuilds an account's part of the index when the two may differ.

The archive is the truth. A change is committed there first, with the account marked; the mark goes away when the index has it too.
So whatever happens in between, the next run knows which accounts to rebuild, and needs no embedding to do so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.archive_writes import Batch
from retrieval.filing import vector_key
from retrieval.records import Passage, Record, kind_of, record_id
from retrieval.tables import UNSPLIT

if TYPE_CHECKING:
    import numpy as np

    from retrieval.archive import Archive
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex

Splitter = Callable[[Record, str], list[Passage]]
"""(record, account name) → its passages."""
Progress = Callable[[str, int, int | None], None]
"""(stage, done, total or None)."""

EMBED_AT_ONCE = 2048
FEW = 20
"""Passages of an account up to which their vectors are asked for one by one; more are picked from all of the account's."""


class Pending:
    """Passages that changed in the archive and that the index has not seen yet. Holds ids only."""

    def __init__(self) -> None:
        self._put: defaultdict[str, set[str]] = defaultdict(set)
        self._gone: defaultdict[str, set[str]] = defaultdict(set)
        self.size = 0

    def add(self, fresh: Iterable[Passage], removed: Mapping[str, Sequence[str]]) -> None:
        """Notes what one transaction removed and, after that, put in."""
        for account, ids in removed.items():
            self._put[account].difference_update(ids)
            self._gone[account].update(ids)
            self.size += len(ids)
        for passage in fresh:
            self._gone[passage.account_id].discard(passage.id)
            self._put[passage.account_id].add(passage.id)
            self.size += 1

    def carry(self, archive: Archive, index: VectorIndex, model: str, progress: Progress) -> None:
        """Brings the index up to date and takes the marks away."""
        accounts = sorted(self._put.keys() | self._gone.keys())

        for done, account in enumerate(accounts):
            progress("index", done, len(accounts))
            if self._gone[account]:
                index.delete(account, sorted(self._gone[account]))
            ids, vectors = _vectors(archive, account, model, self._put[account])
            if ids:
                index.upsert(account, ids, vectors)
        archive.settle(accounts)
        if accounts:
            progress("index", len(accounts), len(accounts))
        self.__init__()


def _vectors(archive: Archive, account_id: str, model: str, wanted: Collection[str]) -> tuple[list[str], np.ndarray]:
    if len(wanted) <= FEW:
        return archive.vectors(account_id, model, wanted)
    ids, vectors = archive.vectors(account_id, model)
    kept = [place for place, passage in enumerate(ids) if passage in wanted]
    return [ids[place] for place in kept], vectors[kept]


def rebuild(archive: Archive, index: VectorIndex, account_id: str, model: str, *, from_nothing: bool = False) -> int:
    """Makes the account's part of the index what the vectors in the archive say; returns the passages in it.

    Every vector is put again, since one may be stale under an id that is right. `from_nothing` drops the account first: slower, and leaves nothing
    of what was there on disk.
    """
    ids, vectors = archive.vectors(account_id, model)
    if from_nothing:
        index.delete(account_id, None)
    elif surplus := index.ids(account_id) - set(ids):
        index.delete(account_id, sorted(surplus))
    if ids:
        index.upsert(account_id, ids, vectors)
    return len(ids)


def mend(archive: Archive, splitter: Splitter, embedder: Embedder, index: VectorIndex, progress: Progress) -> None:
    """Finishes what an earlier run left half done, splits renamed accounts again, and embeds again what another model embedded."""
    outdated = {account for account, model in archive.indexed_accounts().items() if model != embedder.name}
    if outdated:
        archive.mark(embedder.name, dict.fromkeys(outdated, UNSPLIT))
    dirt = archive.dirt()
    for done, (account, level) in enumerate(sorted(dirt.items())):
        progress("mend", done, len(dirt))
        if level == UNSPLIT:
            split_again(archive, splitter, embedder, account)
        rebuild(archive, index, account, embedder.name, from_nothing=account in outdated)
        archive.settle([account])


def split_again(archive: Archive, splitter: Splitter, embedder: Embedder, account_id: str) -> None:
    """Replaces all passages of an account by what the splitter makes of its records today."""
    name = archive.account_names([account_id]).get(account_id, "")
    for records in archive.texts(account_id):
        passages = [passage for record in records for passage in splitter(record, name)]
        replaced = [(kind_of(record), record_id(record)) for record in records]
        batch = Batch(
            embedder.name, replaced=replaced, passages=passages, vectors=embed_missing(archive, embedder, passages), dirty={account_id: UNSPLIT}
        )
        archive.save(batch)


def embed_missing(archive: Archive, embedder: Embedder, passages: Iterable[Passage]) -> dict[str, np.ndarray]:
    """Vectors (d,) by key of those passages whose words were never embedded by this model."""
    texts = {vector_key(embedder.name, passage.ranked_text): passage.ranked_text for passage in passages}
    missing = sorted(archive.missing_vectors(texts.keys()))
    fresh: dict[str, np.ndarray] = {}
    for some in _slices(missing):
        fresh.update(zip(some, embedder.embed([texts[key] for key in some]), strict=True))
    return fresh


def _slices(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), EMBED_AT_ONCE):
        yield keys[start : start + EMBED_AT_ONCE]
