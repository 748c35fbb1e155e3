"""Reads the native import format: a folder (or one file) of accounts, contacts, notes, tickets, usage, surveys, scorecards and opportunities.

Each kind may come as .jsonl, .json or .csv and in several files (`notes.jsonl`, `notes.north.jsonl`); catalogue.yaml or .json says what is for sale.
Text is taken as given. A row with a NUL character or half a surrogate pair is quarantined, since PostgreSQL cannot keep it.
Other files, and files that a symbolic link fetches from outside the folder, are not read, and the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from retrieval.errors import ImportFault
from retrieval.records import Kind
from retrieval.sources import PLURALS, CatalogueRead, Fault, Row
from retrieval.sources.catalogue import read_catalogue
from retrieval.sources.lines import Read, read_csv, read_json, read_jsonl

_READERS: dict[str, Callable[[BinaryIO], Iterator[Read]]] = {"jsonl": read_jsonl, "json": read_json, "csv": read_csv}
_SINGULARS: dict[str, Kind] = {plural: kind for kind, plural in PLURALS.items()}
_NAME = re.compile(rf"({'|'.join(_SINGULARS)})(?:\..+)?\.({'|'.join(_READERS)})", re.IGNORECASE)
_CATALOGUES = ("catalogue.yaml", "catalogue.yml", "catalogue.json")
_HINT = "Give a folder with accounts.jsonl (or .json, .csv) and beside it notes, tickets, usage, ...; other formats need --profile."


class NativeFiles:
    """The files of one import, found but not yet read."""

    def __init__(self, path: Path) -> None:
        """Looks what is there. Raises ImportFault where there is nothing to read."""
        if not path.exists():
            raise ImportFault(f"No such file or folder: {path}.", "Check the path.")
        self._faults: list[Fault] = []
        self._ignored: list[str] = []
        self._empty: list[str] = []
        self._files: dict[Kind, list[Path]] = {}
        self._catalogues: list[Path] = []
        for file in self._candidates(path):
            self._sort_in(file)
        if not self._files and not self._catalogues:
            raise ImportFault(f"Nothing to import in {path}.", _HINT)

    def kinds(self) -> frozenset[Kind]:
        return frozenset(self._files)

    def catalogue(self) -> CatalogueRead | None:
        return read_catalogue(self._catalogues[0]) if self._catalogues else None

    def rows(self, kind: Kind) -> Iterator[Row | Fault]:
        for path in self._files.get(kind, []):
            yield from self._file(kind, path)

    def remarks(self) -> tuple[list[Fault], list[str]]:
        warnings = [f"{name} is empty" for name in self._empty]
        if self._catalogues[1:]:
            warnings.append(f"only {self._catalogues[0].name} is used, not {', '.join(path.name for path in self._catalogues[1:])}")
        if self._ignored:
            shown = ", ".join(self._ignored[:5]) + (", ..." if len(self._ignored) > 5 else "")
            warnings.append(f"{len(self._ignored)} other file{'s' if len(self._ignored) > 1 else ''} ignored: {shown}")
        return self._faults, warnings

    def _candidates(self, path: Path) -> Iterator[Path]:
        """Regular files that stay inside the folder, by name."""
        if path.is_file():
            if not _NAME.fullmatch(path.name) and path.name.lower() not in _CATALOGUES:
                raise ImportFault(f"Cannot tell what {path.name} holds.", "Name it after its kind (notes.jsonl, tickets.csv, ...), or use --profile.")
            yield path
            return
        if not path.is_dir():
            raise ImportFault(f"{path} is neither a file nor a folder.", _HINT)
        inside = path.resolve()
        for file in sorted(path.iterdir()):
            if not file.resolve().is_relative_to(inside):
                self._faults.append(Fault("file", file.name, 0, "a symbolic link that leaves the folder; it is not followed", ""))
            elif file.is_file():
                yield file
            else:
                self._ignored.append(file.name)

    def _sort_in(self, file: Path) -> None:
        if match := _NAME.fullmatch(file.name):
            self._files.setdefault(_SINGULARS[match[1].lower()], []).append(file)
        elif file.name.lower() in _CATALOGUES:
            self._catalogues.append(file)
            self._catalogues.sort(key=lambda path: _CATALOGUES.index(path.name.lower()))
        else:
            self._ignored.append(file.name)

    def _file(self, kind: Kind, path: Path) -> Iterator[Row | Fault]:
        """The rows of one file; what the system refuses to read is a fault of the file."""
        plural, ending = PLURALS[kind], path.suffix.lower().lstrip(".")
        seen = False
        try:
            with path.open("rb") as stream:
                if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
                    yield Fault(plural, path.name, 0, "the file is UTF-16; save it as UTF-8", "")
                    return
                stream.seek(0)
                for read in _READERS[ending](stream):
                    seen = True
                    yield _placed(kind, path.name, read)
        except OSError as fault:
            yield Fault(plural, path.name, 0, f"the file cannot be read: {fault.strerror}", "")
            return
        if not seen:
            self._empty.append(path.name)


def _placed(kind: Kind, file: str, read: Read) -> Row | Fault:
    if read.data is None:
        return Fault(PLURALS[kind], file, read.line, read.reason, read.raw)
    return Row(kind, file, read.line, read.data, read.raw)
