"""The brief as a PDF to print or attach: A4, fonts inside, links from each mark to its source, the same bytes every time."""

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
from briefs.rendering.sheet import ACCENT, FILL, NOT_SHOWN, PALE, Sheet
from briefs.rendering.words import number, short_label

_BODY, _SMALL = 9.2, 7.8
_LABEL = 24
_BARS_HEIGHT = 20
_TABLE_START = 26
"""Millimetres a table wants, so that its headings never stand alone at the foot of a page."""
_LACKING = f"{NOT_SHOWN} stands for a character that the fonts of this document cannot show. The web page and the JSON hold it."


def render(body: BriefBody, audience: str = "ae") -> bytes:
    """The brief as PDF; the creation date is the brief's day. Raises BadInput for an unknown audience."""
    shown = document(body, audience)
    sheet = Sheet(f"{shown.title}: {shown.subtitle}", f"{shown.title} · {shown.subtitle} · as of {shown.as_of}", body.as_of)
    _head(sheet, shown)
    if shown.card:
        _card(sheet, shown.card)
    for part in shown.parts:
        _part(sheet, part)
    if sheet.lacking:
        sheet.size(_SMALL)
        sheet.ln(2)
        sheet.flow((Span(_LACKING, "muted"),))
    return sheet.finished()


def _head(sheet: Sheet, shown: Document) -> None:
    sheet.size(_SMALL)
    sheet.flow((Span(shown.kicker, "muted"),))
    sheet.size(18)
    sheet.flow((Span(shown.title, "strong"),))
    sheet.size(11)
    sheet.flow((Span(shown.subtitle),))
    sheet.size(_SMALL)
    sheet.flow((Span(" · ".join((f"As of {shown.as_of}", *shown.meta)), "muted"),))
    sheet.size(_BODY)
    for notice in shown.notices:
        sheet.ln(1)
        sheet.flow((Span("! ", "warn"), *notice))
    sheet.ln(2.5)


def _card(sheet: Sheet, card: CardView) -> None:
    sheet.rule(ACCENT, 0.9)
    sheet.ln(2.5)
    sheet.size(11.5)
    sheet.flow(card.headline, "strong")
    sheet.ln(1.5)
    sheet.size(_BODY)
    for label, line in (*card.rows[:1], *card.tests, *card.rows[1:]):
        _labelled(sheet, label, line)
    sheet.ln(1.5)
    sheet.rule(ACCENT, 0.3)
    sheet.ln(2)


def _labelled(sheet: Sheet, label: str, line: Line) -> None:
    sheet.room(sheet.leading)
    top = sheet.y
    sheet.look("muted", _SMALL)
    sheet.cell(_LABEL, sheet.leading, sheet.showable(label))
    sheet.set_y(top)
    with sheet.between(_LABEL):
        sheet.flow(line)
    sheet.ln(0.6)


def _part(sheet: Sheet, part: Part) -> None:
    sheet.size(_BODY)
    sheet.ln(2.2)
    sheet.room(_needed(part))
    sheet.land(part.anchor)
    sheet.start_section(sheet.showable(f"{part.number} {part.title}"))
    sheet.rule()
    sheet.ln(1.6)
    sheet.size(10.5)
    sheet.flow((Span(f"{part.number}  ", "muted"), Span(part.title, "strong")))
    sheet.size(_SMALL if part.reference else _BODY)
    for block in part.blocks:
        sheet.ln(0.9)
        _block(sheet, block)


def _needed(part: Part) -> float:
    """Millimetres a heading wants below it, so that it never stands alone at the foot of a page."""
    return 15 + (_BARS_HEIGHT + 10 if any(isinstance(block, Bars) for block in part.blocks[:1]) else 10)


def _block(sheet: Sheet, block: Block) -> None:
    match block:
        case Sentences():
            _sentences(sheet, block)
        case Paragraph():
            sheet.flow(block.line)
        case Table():
            _table(sheet, block)
        case Facts():
            _facts(sheet, block)
        case Bars():
            _bars(sheet, block)
        case Entries():
            _entries(sheet, block)


def _sentences(sheet: Sheet, block: Sentences) -> None:
    for item in block.items:
        _sentence(sheet, item)


def _facts(sheet: Sheet, block: Facts) -> None:
    for label, line in block.rows:
        _labelled(sheet, label, line)


def _entries(sheet: Sheet, block: Entries) -> None:
    for entry in block.items:
        _entry(sheet, entry)


def _sentence(sheet: Sheet, item: Sentence) -> None:
    if item.line:
        sheet.room(sheet.leading)
        top = sheet.y
        sheet.look("muted")
        sheet.cell(4, sheet.leading, "\N{BULLET}")
        sheet.set_y(top)
        with sheet.between(4):
            sheet.flow(item.line)
    for quote in item.quotes:
        _quote(sheet, quote)
    sheet.ln(0.9)


def _quote(sheet: Sheet, quote: Quote) -> None:
    line: Line = (Span(f"“{quote.text}”", "said"), Span(" " + quote.credit.replace(" ", "\N{NO-BREAK SPACE}"), "muted"), *quote.tail)
    sheet.room(sheet.leading)
    top, page = sheet.y, sheet.page
    with sheet.between(7):
        sheet.flow(line)
    if sheet.page == page:
        sheet.box(sheet.l_margin + 4.2, top + 0.4, 0.7, sheet.y - top - 0.8, (156, 195, 202))


def _table(sheet: Sheet, table: Table) -> None:
    sheet.room(_TABLE_START)
    if table.caption:
        sheet.flow((Span(table.caption, "strong"),))
    whole = sum(column.share for column in table.columns)
    widths = [sheet.epw * column.share / whole for column in table.columns]
    points = sheet.points
    sheet.size(min(points, 8.5))
    if any(column.title for column in table.columns):
        _row(sheet, table, tuple((Span(column.title, "muted"),) for column in table.columns), widths)
    for row in table.rows:
        _row(sheet, table, row, widths)
    sheet.size(points)
    sheet.ln(0.8)


def _row(sheet: Sheet, table: Table, row: tuple[Line, ...], widths: list[float]) -> None:
    """One row, as high as its highest cell; a row taller than a page goes on on the next."""
    gaps = [*(4 if column.align == "right" else 2 for column in table.columns[:-1]), 0]
    widths = [width - gap for width, gap in zip(widths, gaps, strict=True)]
    cells = [sheet.lines_in(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    sheet.room(min(height, 12) * sheet.leading + 1.6)
    for i in range(height):
        sheet.room(sheet.leading)
        left = sheet.l_margin
        for cell, line, column, width, gap in zip(cells, row, table.columns, widths, gaps, strict=True):
            sheet.look(_cell_look(line))
            sheet.set_x(left)
            sheet.cell(width, sheet.leading, cell[i] if i < len(cell) else "", align="R" if column.align == "right" else "L")
            left += width + gap
        sheet.ln(sheet.leading)
    sheet.ln(0.7)
    sheet.rule()
    sheet.ln(0.7)


def _cell_look(line: Line) -> str:
    first = next((item for item in line if isinstance(item, Span)), None)
    return first.style if first and (len(line) == 1 or first.style == "said") else "plain"


def _bars(sheet: Sheet, block: Bars) -> None:
    sheet.room(_BARS_HEIGHT + 12)
    sheet.look("muted", 7.5)
    sheet.cell(0, 4, sheet.showable(block.title))
    sheet.ln(8)
    foot = sheet.y + _BARS_HEIGHT
    step = min(sheet.epw / len(block.bars), 18)
    every = max(1, round(14 / step))
    for i, bar in enumerate(block.bars):
        left = sheet.l_margin + i * step
        whole, tall = (_BARS_HEIGHT * max(value or 0, 0) / block.top for value in (bar.whole, bar.value))
        if bar.whole:
            sheet.box(left, foot - whole, step * 0.62, whole, PALE)
        sheet.box(left, foot - tall, step * 0.62, tall, FILL)
        if (len(block.bars) - 1 - i) % every == 0:
            sheet.look("plain", 6.5)
            sheet.set_xy(left - step * 0.19, foot - max(whole, tall) - 3.6)
            sheet.cell(step, 3.2, number(bar.value), align="C")
            sheet.look("muted", 6)
            sheet.set_xy(left - step * 0.19, foot + 0.8)
            sheet.cell(step, 3, sheet.showable(short_label(bar.label)), align="C")
    sheet.set_xy(sheet.l_margin, foot + 5.5)


def _entry(sheet: Sheet, entry: Entry) -> None:
    sheet.room(2 * sheet.leading)
    sheet.land(f"source-{entry.number}")
    top = sheet.y
    sheet.look("mark")
    sheet.cell(9, sheet.leading, f"[{entry.number}]")
    sheet.set_y(top)
    with sheet.between(9):
        sheet.flow(entry.head)
        words = Span(f"“{entry.words}”", "said") if entry.quoted else Span(entry.words)
        sheet.flow((words, Span(f"  {entry.place}", "muted")) if entry.place else (words,))
    sheet.ln(0.8)
