"""A table of words: drawn by rich at a terminal; in a pipe, where nothing has to be folded, the same lines without the import of rich."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from api.cli.session import PIPED_WIDTH, out

GAP = "  "
_FIRST_COMBINING = "\u0300"
"""Every printable letter before it takes one column."""

Row = Sequence[str]


def put_table(heads: Row, rows: Sequence[Row]) -> None:
    """Prints the rows under their heads."""
    lines = None if sys.stdout.isatty() else plain_lines(heads, rows)
    if lines is None:
        out().print(rich_table(heads, rows))
    else:
        print(*lines, sep="\n", flush=True)


def plain_lines(heads: Row, rows: Sequence[Row]) -> list[str] | None:
    """The lines rich would draw; None where it would have to fold a cell, or a letter is not one column wide."""
    every = [heads, *rows]
    if not all(_even(cell) for row in every for cell in row):
        return None
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > PIPED_WIDTH:
        return None
    return [GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in every]


def rich_table(heads: Row, rows: Sequence[Row]) -> object:
    """The table as rich draws it. Cells are texts: nothing in them is markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _even(cell: str) -> bool:
    return cell.isprintable() and all(letter < _FIRST_COMBINING for letter in cell)
