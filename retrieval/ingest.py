"""Imports what a customer's systems exported: what is new or changed is stored, split and embedded, what is the same is left alone,
and what cannot be read is put into quarantine with its reason.

Rows read = stored + unchanged + quarantined. An import that is killed leaves nothing half done: the next one finishes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from retrieval.archive import Archive
from retrieval.archive_writes import Batch
from retrieval.errors import ImportFault
from retrieval.filing import Filed, Unstorable, filed
from retrieval.indexing import Pending, Progress, Splitter, embed_missing, mend
from retrieval.quarantine import Quarantine
from retrieval.records import KINDS, TEXT_KINDS, Account, Kind
from retrieval.sources import PLURALS, Fault, Row, Source
from retrieval.sources.native import NativeFiles
from retrieval.sources.shape import TEXT_LIMIT, RowFault, check_size, record_of
from retrieval.tables import UNSPLIT

if TYPE_CHECKING:
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex

ROWS_AT_ONCE = 500
CHARACTERS_AT_ONCE = 8_000_000
CARRY_AT = 100_000
"""Passages that may wait for the index: one visit to an account's part of it costs the same for one passage and for a hundred."""


class IngestReport(BaseModel):
    """What an import did. `records` counts what was stored (new or changed) by kind; `passages` are those of the records stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    records: dict[str, int]
    unchanged: int
    quarantined: int
    quarantine_file: str | None
    passages: int
    warnings: tuple[str, ...] = ()


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress for nobody."""


def ingest(
    path: Path,
    archive: Archive,
    splitter: Splitter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    home: Path,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress = quiet,
) -> IngestReport:
    """Imports a folder or file in the native format. Raises ImportFault where nothing can be imported at all."""
    return take_in(NativeFiles(path), archive, splitter, embedder, index, home=home, now=now, new_id=new_id, progress=progress)


def take_in(
    source: Source,
    archive: Archive,
    splitter: Splitter,
    embedder: Embedder,
    index: VectorIndex,
    *,
    home: Path,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress = quiet,
) -> IngestReport:
    """Imports from any source: the native files, a mapped export, rows mended in quarantine."""
    kinds = source.kinds()
    if kinds and "account" not in kinds and not archive.accounts():
        raise ImportFault("There are records but no accounts.", "Put accounts.jsonl (or .json, .csv) beside them, or import the accounts first.")
    with Quarantine(home, new_id(), now) as quarantine:
        run = _Import(archive, splitter, embedder, index, quarantine, progress)
        run.take_catalogue(source)
        mend(archive, splitter, embedder, index, progress)
        for kind in KINDS:
            if kind in kinds:
                run.take_rows(kind, source.rows(kind))
            if kind == "account":
                mend(archive, splitter, embedder, index, progress)
        return run.finish(source)


class _Import:
    """One import under way: its counts, and what has been seen so far."""

    def __init__(
        self, archive: Archive, splitter: Splitter, embedder: Embedder, index: VectorIndex, quarantine: Quarantine, progress: Progress
    ) -> None:
        self._archive, self._splitter, self._embedder, self._index = archive, splitter, embedder, index
        self._quarantine, self._progress = quarantine, progress
        self._stored = dict.fromkeys([*PLURALS.values(), "catalogue"], 0)
        self._unchanged = self._passages = self._read = 0
        self._warnings: list[str] = []
        self._seen: dict[bytes, bytes] = {}
        self._names: dict[str, str] = {}
        self._skus: dict[str, list[str]] = {}
        self._pending = Pending()

    def take_catalogue(self, source: Source) -> None:
        """Replaces the catalogue where the source brings one."""
        read = source.catalogue()
        if read is None:
            return
        for fault in read.faults:
            self._quarantine.add(fault)
        before = self._archive.catalogue()
        same = sum(product in before.products for product in read.catalogue.products)
        self._unchanged += same
        self._stored["catalogue"] += len(read.catalogue.products) - same
        self._warnings.extend(read.warnings)
        if read.catalogue != before:
            self._archive.save_catalogue(read.catalogue)

    def take_rows(self, kind: Kind, rows: Iterable[Row | Fault]) -> None:
        """Stores the rows of one kind, a batch at a time."""
        for batch in _batches(self._readable(kind, rows)):
            self._file(kind, batch)
            self._progress(PLURALS[kind], self._read, None)
            if self._pending.size >= CARRY_AT:
                self._pending.carry(self._archive, self._index, self._embedder.name, self._progress)

    def finish(self, source: Source) -> IngestReport:
        """Brings the index up to date and says what was done."""
        self._pending.carry(self._archive, self._index, self._embedder.name, self._progress)
        faults, warnings = source.remarks()
        for fault in faults:
            self._quarantine.add(fault)
        path = self._quarantine.path
        return IngestReport(
            records=self._stored,
            unchanged=self._unchanged,
            quarantined=self._quarantine.count,
            quarantine_file=None if path is None else str(path),
            passages=self._passages,
            warnings=(*self._warnings, *self._unknown_skus(), *warnings),
        )

    def _readable(self, kind: Kind, rows: Iterable[Row | Fault]) -> Iterator[tuple[Row, Filed]]:
        for row in rows:
            self._read += 1
            if isinstance(row, Fault):
                self._quarantine.add(row)
                continue
            try:
                record = record_of(kind, row.data)
                if len(row.raw) > TEXT_LIMIT:
                    check_size(record)
                item = filed(record, kind)
            except (RowFault, Unstorable) as fault:
                self._put_aside(row, str(fault))
                continue
            yield row, item

    def _file(self, kind: Kind, batch: list[tuple[Row, Filed]]) -> None:
        """One transaction: the rows of a batch that are new or changed."""
        known = self._archive.known(kind, {item.id for _, item in batch})
        owners = {item.account_id for _, item in batch}
        if kind == "account":
            names = self._archive.account_names(owners)
        else:
            self._names.update(self._archive.account_names(owners - self._names.keys()))
            names = self._names
        fresh: list[Filed] = []
        for row, item in batch:
            if kind != "account" and item.account_id not in names:
                self._put_aside(row, f"account_id: there is no account {item.account_id[:40]!r}")
            elif self._is_new(row, item, known.get((item.id, item.edition), ("", ""))[0]):
                fresh.append(item)
        if not fresh:
            return
        passages = [passage for item in fresh for passage in self._splitter(item.record, names[item.account_id])] if kind in TEXT_KINDS else []
        replaced = [(kind, item.id) for item in fresh if (item.id, item.edition) in known] if kind in TEXT_KINDS else []
        renamed = {
            item.account_id: UNSPLIT
            for item in fresh
            if isinstance(item.record, Account) and names.get(item.account_id, item.record.name) != item.record.name
        }
        vectors = embed_missing(self._archive, self._embedder, passages)
        removed = self._archive.save(Batch(self._embedder.name, fresh, replaced, passages, vectors, renamed))
        self._pending.add(passages, removed.passages)
        self._stored[PLURALS[kind]] += len(fresh)
        self._passages += len(passages)

    def _is_new(self, row: Row, item: Filed, known_hash: str) -> bool:
        """Whether a row has to be stored; counts it otherwise."""
        if isinstance(item.record, Account):
            for sku in {item.record.plan, *item.record.products} - {None}:
                self._skus.setdefault(str(sku), []).append(item.account_id)
        key = hashlib.blake2b("\0".join(item.key).encode(), digest_size=16).digest()
        content = bytes.fromhex(item.hash)[:16]
        if (earlier := self._seen.setdefault(key, content)) != content:
            self._put_aside(row, "id: duplicate id, a row with other content stands earlier in this import")
        elif earlier is not content or item.hash == known_hash:
            self._unchanged += 1
        else:
            return True
        return False

    def _unknown_skus(self) -> Iterator[str]:
        """One line for all accounts that own something the catalogue does not name."""
        products = self._archive.catalogue().products
        if not products:
            if any(self._stored[PLURALS[kind]] for kind in KINDS):
                yield "there is no catalogue: nothing can be recommended until catalogue.yaml is imported"
            return
        unknown = sorted(self._skus.keys() - {product.sku for product in products})
        for sku in unknown[:20]:
            owners = sorted(set(self._skus[sku]))
            more = f" and {len(owners) - 1} more" if len(owners) > 1 else ""
            yield f"sku {sku[:40]!r} of account {owners[0][:40]!r}{more} is not in the catalogue"
        if unknown[20:]:
            yield f"{len(unknown) - 20} more skus are not in the catalogue"

    def _put_aside(self, row: Row, reason: str) -> None:
        self._quarantine.add(Fault(PLURALS[row.kind], row.file, row.line, reason, row.raw), row.data)


def _batches(rows: Iterable[tuple[Row, Filed]]) -> Iterator[list[tuple[Row, Filed]]]:
    """Rows in lists that fit one transaction and memory."""
    batch: list[tuple[Row, Filed]] = []
    size = 0
    for row, item in rows:
        batch.append((row, item))
        size += len(row.raw)
        if len(batch) == ROWS_AT_ONCE or size > CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
