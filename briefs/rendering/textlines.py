"""Breaks styled text into lines of a terminal's width, and writes them plain or as rich markup."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from briefs.rendering.outline import Line, Marks, See, Span, Style, inline_text

Look = Style | str
"""A style of the outline, or one of the terminal's own: `title`, `heading`, `mark`, `rule`."""

RICH_STYLES = {
    "said": "cyan",
    "strong": "bold",
    "muted": "dim",
    "tag": "yellow",
    "warn": "bold red",
    "title": "bold",
    "heading": "bold blue",
    "mark": "dim cyan",
    "rule": "dim",
    "bar": "blue",
}


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    look: Look = "plain"


TextLine = tuple[Piece, ...]


def width_of(text: str) -> int:
    """Columns a terminal gives the text: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) or c in "\u200c\u200d" else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pieces(line: Line) -> TextLine:
    """The outline's inlines as pieces with a look."""
    looks = {Marks: "mark", See: "mark"}
    return tuple(Piece(inline_text(item), item.style if isinstance(item, Span) else looks[type(item)]) for item in line)


def wrap(line: TextLine, width: int) -> list[TextLine]:
    """Lines of at most `width` columns, broken at spaces; a word too long for a line is cut."""
    lines: list[TextLine] = []
    current: list[Piece] = []
    used = 0
    for word in _words(line, max(width, 4)):
        size = sum(width_of(piece.text) for piece in word)
        if current and used + 1 + size > width:
            lines.append(tuple(current))
            current, used = [], 0
        if current:
            shared = current[-1].look if current[-1].look == word[0].look else "plain"
            current.append(Piece(" ", shared))
            used += 1
        current.extend(word)
        used += size
    return [*lines, tuple(current)] if current or not lines else lines


def _words(line: TextLine, width: int) -> list[list[Piece]]:
    """Words as lists of pieces: a word may change its look in the middle, as before a mark that touches it."""
    words: list[list[Piece]] = []
    open_word: list[Piece] = []
    for piece in line:
        for token in re.findall(r" +|[^ ]+", piece.text):
            if token.startswith(" "):
                words, open_word = ([*words, open_word] if open_word else words), []
            else:
                open_word = [*open_word, Piece(token, piece.look)]
    words = [*words, open_word] if open_word else words
    return [part for word in words for part in _cut(word, width)]


def _cut(word: list[Piece], width: int) -> list[list[Piece]]:
    if sum(width_of(piece.text) for piece in word) <= width:
        return [word]
    parts: list[list[Piece]] = [[]]
    used = 0
    for piece in word:
        for character in piece.text:
            if used + width_of(character) > width:
                parts.append([])
                used = 0
            parts[-1].append(Piece(character, piece.look))
            used += width_of(character)
    return parts


def padded(line: TextLine, width: int, *, right: bool = False) -> TextLine:
    """The line filled with spaces to `width`."""
    gap = Piece(" " * max(0, width - sum(width_of(piece.text) for piece in line)))
    return (gap, *line) if right else (*line, gap)


def plain(lines: list[TextLine]) -> str:
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in lines) + "\n"


def rich_markup(lines: list[TextLine]) -> str:
    """The lines as rich markup in which only our own tags act; `rich.text.Text.from_markup` gives the plain text back."""
    from rich.markup import escape

    runs: list[Piece] = []
    for index, line in enumerate(lines):
        for piece in (*((Piece("\n"),) if index else ()), *_trimmed(line)):
            if runs and runs[-1].look == piece.look:
                runs[-1] = Piece(runs[-1].text + piece.text, piece.look)
            else:
                runs.append(piece)
    return "".join(_tagged(run, [escape(part) for part in re.split(r"(?<=[:\\])", run.text)]) for run in [*runs, Piece("\n")])


def _trimmed(line: TextLine) -> list[Piece]:
    kept = [piece for piece in line if piece.text]
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    return [*kept[:-1], Piece(kept[-1].text.rstrip(), kept[-1].look)] if kept else []


def _tagged(run: Piece, escaped: list[str]) -> str:
    """An empty tag after each colon keeps `:name:` from turning into a picture, one after each backslash keeps it a backslash."""
    style = RICH_STYLES.get(run.look, "none")
    return f"[{style}]" + "[none][/none]".join(escaped) + f"[/{style}]"
