"""A home for every case: each portfolio is imported once, and copied for a case that adds or drops records.

Meanings are ranked exactly from SQL: the suites measure judgement, and tests/contracts holds Chroma to the same answers.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from briefs.opening import cached_property
from briefs.settings import Settings
from briefs.store.judgements import Flag
from briefs.wiring import Workspace
from evals.errors import SuiteFault
from evals.loading import fault_in_words
from evals.materials import FLAGS, Rows, Source, item_rows, native_folder, record_set, source_of, write_rows
from evals.suite import Look, Pair, Text
from retrieval.chunking import split
from retrieval.exact import ExactIndex
from retrieval.ingest import Splitter, ingest
from retrieval.records import Contact, Record, TicketFlag, kind_of
from retrieval.search import Searcher
from retrieval.sources import PLURALS

if TYPE_CHECKING:
    from briefs.engine import OfflineEngine
    from retrieval.archive import Archive
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""What the clock says to a case: nothing that is measured may depend on the day it is measured on."""


@dataclass(frozen=True)
class Parts:
    """What a bench puts together itself. Another part is handed in to see whether a suite notices what it does."""

    cut: Splitter = split
    searcher: Callable[[Archive, Embedder, VectorIndex], Searcher] = Searcher


PRODUCT = Parts()


class Home(Workspace):
    """A home folder with exact ranking, and with models that were loaded before."""

    def __init__(self, home: Path, settings: Settings, models: Workspace, parts: Parts = PRODUCT) -> None:
        numbers = count(1)
        super().__init__(
            settings.model_copy(update={"home": home, "database_url": None, "chroma_url": None}),
            now=lambda: NOON,
            new_id=lambda: f"e{next(numbers):06d}",
        )
        self._models, self._parts = models, parts
        home.mkdir(parents=True, exist_ok=True)

    @cached_property
    def embedder(self) -> Embedder:
        return self._models.embedder

    @cached_property
    def index(self) -> VectorIndex:
        return ExactIndex(self.archive, self.embedder.name)

    @cached_property
    def offline_engine(self) -> OfflineEngine:
        return self._models.offline_engine

    def take_in(self, folder: Path) -> None:
        """Imports native files. Raises SuiteFault where a row cannot be read: the fault is the case's."""
        report = ingest(folder, self.archive, self._parts.cut, self.embedder, self.index, home=self.home, now=self.now, new_id=self.new_id)
        if report.quarantine_file:
            first = Path(report.quarantine_file).read_text("utf-8")[:300]
            raise SuiteFault(f"{report.quarantined} of the case's own records cannot be imported: {first}", "Write them in the native format.")

    def add(self, rows: Rows, account_id: str) -> None:
        """Files these rows. Raises SuiteFault."""
        folder = self.home / f"rows-{self.new_id()}"
        write_rows(rows, account_id, folder)
        self.take_in(folder)
        self.flag(rows, account_id)

    def flag(self, rows: Rows, account_id: str) -> None:
        """Sets the flags among these rows, as a support agent of that name did. Raises SuiteFault."""
        for row in rows.get(FLAGS, ()):
            try:
                told = TicketFlag.model_validate(row)
            except ValidationError as fault:
                raise SuiteFault(f"A flag among the records: {fault_in_words(fault)}", "It has id, ticket_id, at, by and reason.") from None
            self.store.add_flag(Flag(told.id.removeprefix("flag:"), account_id, told.ticket_id, told.reason, told.by, told.at))

    def drop(self, record_id: str) -> None:
        """Leaves a record out. Raises SuiteFault where there is none of that id."""
        kinds = self.archive.kinds(record_id)
        if not kinds:
            raise SuiteFault(f"There is no record {record_id[:60]!r} to drop.", "Its id stands in the account's records.")
        for kind in kinds:
            self.archive.forget_record(kind, record_id)

    def close(self) -> None:
        super().close()
        if "database" in self.__dict__:
            self.database.dispose()


class Rooms:
    """The homes under way in one folder. Safe to use from several threads."""

    def __init__(self, folder: Path, settings: Settings, models: Workspace | None = None, parts: Parts = PRODUCT) -> None:
        """`folder` is emptied by `close`. `models` were loaded before; None: those of `settings`, loaded when first needed."""
        self.folder, self.settings, self.parts = folder, settings, parts
        self.models = models or Workspace(settings.model_copy(update={"home": folder / "models", "database_url": None}))
        self._bases: dict[str, Home] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        for base in self._bases.values():
            base.close()
        self._bases.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def base(self, source: Source) -> Home:
        """Where everything of a portfolio or a record set was imported, once. Nothing is written to it afterwards. Raises SuiteFault."""
        with self._lock:
            if source.name not in self._bases:
                home = Home(self.folder / f"base-{len(self._bases)}", self.settings, self.models, self.parts)
                home.take_in(native_folder(source, home.home / "records"))
                if source.file is not None:
                    home.flag(record_set(source.file), source.account_id)
                home.database.dispose()  # the last connection empties the journal into the file
                shutil.copy(home.home / "briefs.db", home.home / "template.db")
                self._bases[source.name] = home
            return self._bases[source.name]

    @contextmanager
    def opened(self, given: Look) -> Generator[Home]:
        """The shared home of what is asked about; or, where records are added or dropped, a copy that holds for this case only. Raises SuiteFault."""
        source = source_of(given.account)
        base = self.base(source)
        if not changes(given):
            yield base
            return
        folder = self.folder / f"case-{next(self._numbers)}"
        folder.mkdir()
        try:
            shutil.copy(base.home / "template.db", folder / "briefs.db")
            home = Home(folder, self.settings, self.models, self.parts)
            try:
                self._change(home, given, source)
                yield home
            finally:
                home.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _change(self, home: Home, given: Look, source: Source) -> None:
        for record in given.drop:
            home.drop(record)
        if isinstance(given, Pair):
            other = source_of(given.other)
            if other.name != source.name:
                home.add(self._rows_of(other), other.account_id)
            if given.other_add:
                home.add(given.other_add, other.account_id)
        if given.add:
            home.add(given.add, source.account_id)
        if isinstance(given, Text) and given.item is not None:
            home.add(item_rows(given.item, *_speakers(home, source.account_id)), source.account_id)

    def _rows_of(self, source: Source) -> Rows:
        """Everything of an account, to be filed elsewhere."""
        if source.file is not None:
            return {kind: rows for kind, rows in record_set(source.file).items() if kind != "catalogue"}
        archive = self.base(source).archive
        rows = {"accounts": [_row(row) for row in archive.account_rows(source.account_id)]}
        for record in archive.records(source.account_id):
            rows.setdefault(PLURALS[kind_of(record)], []).append(_row(record))
        return rows


def _row(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude={"extra"}, exclude_none=True)


def changes(given: Look) -> bool:
    """Whether a case adds to the records it refers to, or leaves some out."""
    own_text = isinstance(given, Text) and given.item is not None
    return own_text or isinstance(given, Pair) or bool(given.add or given.drop)


def _speakers(home: Home, account_id: str) -> tuple[tuple[str, str] | None, str | None]:
    """Who speaks for the account (its champion, else its first contact), and its CSM."""
    contacts = [r for r in home.archive.records(account_id) if isinstance(r, Contact) and r.left_at is None]
    first = min(contacts, key=lambda c: (c.role != "champion", c.id), default=None)
    rows: Sequence[Any] = home.archive.account_rows(account_id)
    return (first.id, first.name) if first else None, rows[-1].csm if rows else None
