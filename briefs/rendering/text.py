"""The brief for a terminal or an e-mail: plain text, or rich markup with the same words."""

from __future__ import annotations

from briefs.brief import BriefBody
from briefs.rendering.compose import document
from briefs.rendering.outline import (
    Bars,
    Block,
    CardView,
    Document,
    Entries,
    Entry,
    Facts,
    Line,
    Paragraph,
    Part,
    Quote,
    Sentence,
    Sentences,
    Span,
    Table,
)
from briefs.rendering.textlines import Piece, TextLine, padded, pieces, plain, rich_markup, width_of, wrap
from briefs.rendering.words import number

WIDTH = 88
_EIGHTHS = "▁▂▃▄▅▆▇█"
_TENTHS = 10


def render(body: BriefBody, audience: str = "csm", *, rich: bool = False, width: int = WIDTH) -> str:
    """The brief in lines of at most `width` columns. Raises BadInput for an unknown audience."""
    shown = document(body, audience)
    width = max(width, 40)
    lines = _head(shown, width)
    for part in shown.parts:
        lines += _part(part, width)
    return rich_markup(lines) if rich else plain(lines)


def _head(shown: Document, width: int) -> list[TextLine]:
    rule: TextLine = (Piece("━" * width, "rule"),)
    lines = [(Piece(shown.kicker, "muted"),), *wrap((Piece(shown.title, "title"), Piece(" · "), Piece(shown.subtitle)), width)]
    lines.append((Piece(" · ".join((f"As of {shown.as_of}", *shown.meta)), "muted"),))
    if shown.card:
        lines += [rule, *_card(shown.card, width), rule]
    for notice in shown.notices:
        lines += _hung((Piece("! ", "warn"),), pieces(notice), width)
    return lines


def _card(card: CardView, width: int) -> list[TextLine]:
    lines = [*wrap(tuple(Piece(piece.text, "strong") for piece in pieces(card.headline)), width), ()] if card.headline else []
    for label, line in card.rows[:1]:
        lines += _labelled(label, line, width)
    for label, line in card.tests:
        lines += _labelled(label, line, width)
    for label, line in card.rows[1:]:
        lines += _labelled(label, line, width)
    return lines


def _part(part: Part, width: int) -> list[TextLine]:
    heading: TextLine = (Piece(f"{part.number}. {part.title.upper()}", "heading"),)
    lines: list[TextLine] = [(), *wrap(heading, width)]
    for block in part.blocks:
        lines += _block(block, width)
    return lines


def _block(block: Block, width: int) -> list[TextLine]:
    match block:
        case Sentences():
            return [line for item in block.items for line in _sentence(item, width)]
        case Paragraph():
            return _hung((Piece("  "),), pieces(block.line), width)
        case Table():
            return _table(block, width)
        case Facts():
            return [line for label, content in block.rows for line in _labelled(label, content, width, indent=2)]
        case Bars():
            return _bars(block, width)
        case Entries():
            return [line for entry in block.items for line in _entry(entry, width)]


def _sentence(item: Sentence, width: int) -> list[TextLine]:
    lines = _hung((Piece("  • "),), pieces(item.line), width) if item.line else []
    for quote in item.quotes:
        lines += _quote(quote, width, indent=4 if item.line else 2)
    return lines


def _quote(quote: Quote, width: int, *, indent: int) -> list[TextLine]:
    said = (Piece(f"“{quote.text}”", "said"), Piece(f" — {quote.credit}", "muted"), *pieces(quote.tail))
    return [(Piece(" " * indent + "│ ", "rule"), *line) for line in wrap(said, width - indent - 2)]


def _labelled(label: str, content: Line, width: int, *, indent: int = 0) -> list[TextLine]:
    room = 12
    first = (Piece(" " * indent), *padded((Piece(label, "strong"),), room), Piece("" if width_of(label) < room else " "))
    return _hung(first, pieces(content), width, hang=indent + room)


def _hung(first: TextLine, rest: TextLine, width: int, *, hang: int | None = None) -> list[TextLine]:
    """A first line that begins with `first`, the others indented to where it ends (or by `hang`)."""
    size = sum(width_of(piece.text) for piece in first)
    hang = size if hang is None else hang
    lines = wrap(rest, width - max(size, hang))
    return [(*first, *lines[0]), *((Piece(" " * hang), *line) for line in lines[1:])]


def _table(table: Table, width: int) -> list[TextLine]:
    sizes = _column_sizes(table, width - 2)
    lines: list[TextLine] = _hung((Piece("  "),), (Piece(table.caption, "strong"),), width) if table.caption else []
    if any(column.title for column in table.columns):
        lines += _row(table, tuple((Span(column.title, "muted"),) for column in table.columns), sizes)
    for row in table.rows:
        lines += _row(table, row, sizes)
    return lines


def _column_sizes(table: Table, width: int) -> list[int]:
    """Columns as wide as their widest cell where all fit, else by their share."""
    natural = [
        max(width_of(column.title), *(sum(width_of(piece.text) for piece in pieces(row[i])) for row in table.rows), 1)
        for i, column in enumerate(table.columns)
    ]
    room = width - 2 * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    shares = sum(column.share for column in table.columns)
    sizes = [min(size, max(6, room * column.share // shares)) for size, column in zip(natural, table.columns, strict=True)]
    spare = room - sum(sizes)
    for i in sorted(range(len(sizes)), key=lambda i: natural[i] - sizes[i], reverse=True)[:1]:
        sizes[i] = max(6, sizes[i] + min(spare, natural[i] - sizes[i]))
    return sizes


def _row(table: Table, row: tuple[Line, ...], sizes: list[int]) -> list[TextLine]:
    cells = [wrap(pieces(cell), size) for cell, size in zip(row, sizes, strict=True)]
    height = max(len(cell) for cell in cells)
    lines: list[TextLine] = []
    for i in range(height):
        line: TextLine = (Piece("  "),)
        for n, (cell, size, column) in enumerate(zip(cells, sizes, table.columns, strict=True)):
            held = padded(cell[i] if i < len(cell) else (), size, right=column.align == "right")
            line = (*line, *((Piece("  "),) if n else ()), *held)
        lines.append(line)
    return lines


def _bars(block: Bars, width: int) -> list[TextLine]:
    """A line of eighths for the run of values, and the latest as a share of its whole."""
    ticks = "".join(_EIGHTHS[min(7, max(0, round(7 * bar.value / block.top)))] for bar in block.bars)
    first, last = block.bars[0], block.bars[-1]
    said = f" {number(first.value)} ({first.label}) → {number(last.value)} ({last.label})"
    lines = wrap((Piece(ticks, "bar"), Piece(said)), width - 2)
    shown: list[TextLine] = [(Piece("  "), Piece(block.title, "muted")), *((Piece("  "), *line) for line in lines)]
    if last.whole:
        full = min(_TENTHS, max(0, round(_TENTHS * last.value / last.whole)))
        shown.append(
            (
                Piece("  "),
                Piece("█" * full + "░" * (_TENTHS - full), "bar"),
                Piece(f" {round(100 * last.value / last.whole)}% of {number(last.whole)} in {last.label}"),
            )
        )
    return shown


def _entry(entry: Entry, width: int) -> list[TextLine]:
    label = f"[{entry.number}]"
    lines = _hung((*padded((Piece(label, "mark"),), 5), Piece(" ")), pieces(entry.head), width)
    words = Piece(f"“{entry.words}”", "said") if entry.quoted else Piece(entry.words)
    place = (Piece(f" ({entry.place})", "muted"),) if entry.place else ()
    return lines + _hung((Piece("      "),), (words, *place), width)
