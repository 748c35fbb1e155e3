"""The shape of a brief on the page, before any output format: parts, sentences, quotes, tables, and the marks that lead to the sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from briefs.brief import Evidence

Style = Literal["plain", "said", "strong", "muted", "tag", "warn"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `said` are a customer's words, with their quotation marks; `tag` is a label such as "internal"."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Marks:
    """Numbers of sources: `[1][2]`."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class See:
    """A pointer to a numbered part: `§4`."""

    number: int
    anchor: str


Inline = Span | Marks | See
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a customer on their own, with who said them and when."""

    text: str
    credit: str
    tail: Line = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the words it rests on when they are shown beside it, or both."""

    line: Line
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentences:
    items: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    share: int = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what they stand for."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: `value` of `whole` (None: no known whole)."""

    label: str
    value: float
    whole: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    bars: tuple[Bar, ...]

    @property
    def top(self) -> float:
        """The tallest thing drawn; 1 for an empty picture."""
        return max((max(bar.value, bar.whole or 0) for bar in self.bars), default=0) or 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One source: its number, what it is, and the exact words or value relied on."""

    number: int
    head: Line
    words: str
    quoted: bool
    place: str


@dataclass(frozen=True, slots=True)
class Entries:
    items: tuple[Entry, ...]


Block = Sentences | Paragraph | Table | Facts | Bars | Entries


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part. `reference` parts (sources, provenance, rejected sentences) are looked up, not read through."""

    number: int
    anchor: str
    title: str
    blocks: tuple[Block, ...]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """The thirty-second view: one line, then labelled lines, then the three tests."""

    headline: Line
    rows: tuple[tuple[str, Line], ...]
    tests: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Document:
    kicker: str
    title: str
    subtitle: str
    as_of: str
    meta: tuple[str, ...]
    audience: str
    card: CardView | None
    notices: tuple[Line, ...]
    parts: tuple[Part, ...]

    def part(self, anchor: str) -> Part | None:
        return next((part for part in self.parts if part.anchor == anchor), None)


@dataclass(slots=True)
class Ledger:
    """Numbers evidence in the order in which a reader meets it; the same words always get the same number."""

    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    items: list[Evidence] = field(default_factory=list)

    def mark(self, evidence: tuple[Evidence, ...]) -> Marks:
        return Marks(tuple(dict.fromkeys(self._number(item) for item in evidence)))

    def _number(self, item: Evidence) -> int:
        key = (item.record_id, item.part, item.start, item.end, item.quote, item.field, repr(item.value))
        if key not in self.numbers:
            self.items.append(item)
            self.numbers[key] = len(self.items)
        return self.numbers[key]


def mark_text(marks: Marks) -> str:
    return "".join(f"[{number}]" for number in marks.numbers)


def see_text(see: See) -> str:
    return f"\N{SECTION SIGN}{see.number}"


def inline_text(item: Inline) -> str:
    """An inline as plain characters."""
    match item:
        case Span():
            return item.text
        case Marks():
            return mark_text(item)
        case See():
            return see_text(item)


def line_text(line: Line) -> str:
    """A line as plain characters."""
    return "".join(inline_text(item) for item in line)
