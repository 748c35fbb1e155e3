"""What any source of records gives the importer: rows to read, faults to report, and a catalogue if it has one.

A source does its own cleaning (HTML to text, secrets redacted); what it yields is what is stored. It never stops at a bad row: it yields a `Fault`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from retrieval.records import Catalogue, Kind

PLURALS: dict[Kind, str] = {
    "account": "accounts",
    "contact": "contacts",
    "note": "notes",
    "ticket": "tickets",
    "usage": "usage",
    "survey": "surveys",
    "scorecard": "scorecards",
    "opportunity": "opportunities",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as read: field names and values of the native format, its place (line counts from 1) and its raw text."""

    kind: Kind
    file: str
    line: int
    data: dict[str, Any]
    raw: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read. `line` 0 is the file as a whole; `reason` is one sentence that names the field."""

    kind: str
    file: str
    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class CatalogueRead:
    """The products a source offers, with the ones it could not read."""

    catalogue: Catalogue
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()


class Source(Protocol):
    """Where an import reads from."""

    def kinds(self) -> frozenset[Kind]:
        """The kinds of record there is a file for."""
        ...

    def catalogue(self) -> CatalogueRead | None:
        """The catalogue, or None where the source has none. Raises ImportFault where it cannot be read at all."""
        ...

    def rows(self, kind: Kind) -> Iterator[Row | Fault]:
        """All rows of one kind, streaming."""
        ...

    def remarks(self) -> tuple[list[Fault], list[str]]:
        """What is wrong with the source as a whole: faults to quarantine, and warnings. Complete once every kind was read."""
        ...


@dataclass(frozen=True)
class GivenRows:
    """Rows handed over in memory: a mended quarantine row, a flag from the API."""

    given: tuple[Row, ...] = field(default=())

    def kinds(self) -> frozenset[Kind]:
        return frozenset(row.kind for row in self.given)

    def catalogue(self) -> CatalogueRead | None:
        return None

    def rows(self, kind: Kind) -> Iterator[Row | Fault]:
        return iter([row for row in self.given if row.kind == kind])

    def remarks(self) -> tuple[list[Fault], list[str]]:
        return [], []
