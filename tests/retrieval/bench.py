"""A store on a temporary folder with everything an import needs, and short ways to write the files of an import."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from retrieval.archive import Archive
from retrieval.chunking import split
from retrieval.engine import open_engine
from retrieval.ingest import IngestReport, ingest, take_in
from retrieval.quarantine import Entry, entries
from retrieval.sources import Source
from tests.retrieval.fakes import MemoryIndex, TinyEmbedder

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
ACCOUNTS = [{"id": "a1", "name": "Acme"}, {"id": "a2", "name": "Borealis"}]


@dataclass
class Store:
    """A home folder with an archive, an index and an embedder; `put` writes a file to import, `run` imports."""

    root: Path
    index: Any = field(default_factory=MemoryIndex)
    embedder: TinyEmbedder = field(default_factory=TinyEmbedder)
    ids: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.home = self.root / "home"
        self.folder = self.root / "export"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.archive = Archive(open_engine(f"sqlite:///{self.home}/briefs.db"))

    def put(self, name: str, rows: Sequence[Mapping[str, Any]] | str | bytes) -> Path:
        path = self.folder / name
        if isinstance(rows, bytes):
            path.write_bytes(rows)
        elif isinstance(rows, str):
            path.write_text(rows, encoding="utf-8")
        elif name.endswith(".json"):
            path.write_text(json.dumps(rows), encoding="utf-8")
        elif name.endswith(".csv"):
            write_csv(path, rows)
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    def run(self, path: Path | None = None) -> IngestReport:
        return ingest(path or self.folder, self.archive, split, self.embedder, self.index, home=self.home, now=lambda: NOON, new_id=self.new_id)

    def take(self, source: Source) -> IngestReport:
        return take_in(source, self.archive, split, self.embedder, self.index, home=self.home, now=lambda: NOON, new_id=self.new_id)

    def new_id(self) -> str:
        return f"import-{next(self.ids)}"

    def quarantined(self) -> list[Entry]:
        return list(entries(self.home))

    def reasons(self) -> list[str]:
        return [entry.reason for entry in self.quarantined()]


def note(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"id": f"n{number}", "account_id": "a1", "at": "2026-03-01T09:00:00Z", "body": f"They asked for more seats, call {number}."} | changes


def ticket(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"id": f"t{number}", "account_id": "a1", "created_at": "2026-03-02", "subject": f"Cannot export {number}", "messages": []} | changes


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Lists and objects as JSON in their cells, as the contract says."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: json.dumps(value) if isinstance(value, (list, dict, bool)) else value for name, value in row.items()})
