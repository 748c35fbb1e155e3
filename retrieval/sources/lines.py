"""Reads JSON Lines, JSON arrays and CSV as streams, row by row, so that one bad row costs that row only and a big file costs no memory.

A JSON array is cut into its items by brackets and quotes alone, so each item is parsed, blamed and quarantined by itself with its own line number.
Rows larger than ROW_LIMIT bytes are reported with their first thousand characters.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

ROW_LIMIT = 64_000_000
CUT = 1_000
BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 18
_TOKEN = re.compile(rb'["\\{}\[\],]')
_SURROGATE = re.compile("[\udc80-\udcff]")


class Read(NamedTuple):
    """One row: its first line, its raw text, and either the object it holds or the reason why it cannot be read."""

    line: int
    raw: str
    data: dict[str, Any] | None
    reason: str = ""


def read_jsonl(stream: BinaryIO, limit: int = ROW_LIMIT) -> Iterator[Read]:
    """One object a line; blank lines are no rows."""
    for line, raw in _lines(stream, limit):
        if len(raw) > limit:
            yield _too_large(line, raw, limit)
        elif raw.strip():
            yield parsed(line, raw.rstrip(b"\r\n"))


def read_json(stream: BinaryIO, limit: int = ROW_LIMIT) -> Iterator[Read]:
    """An array of objects. What follows a broken bracket is one fault, since nobody can say where the next row begins."""
    for line, raw, whole in _items(stream, limit):
        if len(raw) > limit:
            yield _too_large(line, raw, limit)
        elif whole:
            yield parsed(line, raw)
        else:
            yield Read(line, _shown(raw), None, "not a JSON array: the file breaks off or holds something outside the array")


def parsed(line: int, raw: bytes) -> Read:
    """A JSON object as it stands in the file. Refuses what other readers would silently change: repeated names, NaN."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        return Read(line, _shown(raw), None, f"not UTF-8 (byte {fault.start + 1} of the row)")
    try:
        data = _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        return Read(line, text, None, f"not JSON: {fault.msg} at character {fault.pos + 1}")
    except ValueError as fault:
        return Read(line, text, None, f"not JSON: {fault}")
    except RecursionError:
        return Read(line, text, None, "not JSON a person wrote: nested too deeply")
    if not isinstance(data, dict):
        return Read(line, text, None, "not a JSON object")
    return Read(line, text, data)


def read_csv(stream: BinaryIO, limit: int = ROW_LIMIT) -> Iterator[Read]:
    """Rows under a header line; the separator is a comma, or a semicolon or tab where the header has no comma. Blank cells are left out."""
    source = _Physical(stream, limit)
    top = source.peek() or ""
    rows = _csv_rows(source, next((mark for mark in ",;\t" if mark in top), ","))
    header = next(rows, None)
    if header is None:
        return
    line, raw, cells = header
    names = [cell.strip() for cell in cells] if not isinstance(cells, str) else []
    if isinstance(cells, str):
        yield Read(line, raw, None, cells)
    elif (twice := next((name for name in names if names.count(name) > 1), None)) is not None:
        yield Read(line, raw, None, f"column {twice[:40]!r} stands twice in the header; the file is left out")
    else:
        yield from (_csv_row(line, raw, names, cells, limit) for line, raw, cells in rows)


def _csv_rows(source: _Physical, separator: str) -> Iterator[tuple[int, str, list[str] | str]]:
    """(line, raw text, cells) of each row that is not blank; in place of the cells, the reason why a line is no row."""
    while True:
        source.begin()
        try:
            cells = next(csv.reader(source, delimiter=separator, strict=True))
        except StopIteration:
            return
        except csv.Error as fault:
            line, raw = source.keep_first()
            yield line, raw, f"not CSV: {'a quotation mark is never closed' if 'unexpected end' in str(fault) else fault}"
            continue
        if any(cell.strip() for cell in cells):
            yield *source.taken(), cells


def _csv_row(line: int, raw: str, header: list[str], cells: list[str] | str, limit: int) -> Read:
    if isinstance(cells, str):
        return Read(line, raw, None, cells)
    if _SURROGATE.search(raw):
        return Read(line, raw.encode(errors="surrogateescape").decode(errors="replace"), None, "not UTF-8")
    if len(raw) > limit:
        return _too_large(line, raw.encode(), limit)
    if any(cells[len(header) :]):
        return Read(line, raw, None, f"{len(cells)} cells where the header has {len(header)} columns")
    return Read(line, raw, {name: cell for name, cell in zip(header, cells, strict=False) if cell.strip()})


class _Physical:
    """The lines of a CSV file for `csv.reader`, which can give back the lines of a row that turned out to be broken."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        csv.field_size_limit(ROW_LIMIT)
        self._limit = limit
        self._lines = _lines(stream, limit)
        self._back: list[tuple[int, str]] = []
        self._row: list[tuple[int, str]] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._size > self._limit:  # a quotation mark that swallows the rest of the file
            raise StopIteration
        if self._back:
            numbered = self._back.pop()
        else:
            line, raw = next(self._lines)
            numbered = line, raw.decode(errors="surrogateescape")
        self._row.append(numbered)
        self._size += len(numbered[1])
        return numbered[1]

    def begin(self) -> None:
        self._row, self._size = [], 0

    def peek(self) -> str | None:
        text = next(self, None)
        if text is not None:
            self._back.append(self._row.pop())
            self._size = 0
        return text

    def taken(self) -> tuple[int, str]:
        return self._row[0][0], "".join(text for _, text in self._row).rstrip("\r\n")

    def keep_first(self) -> tuple[int, str]:
        """The first line of a broken row; the others are read again as rows of their own."""
        (line, raw), *rest = self._row
        self._back.extend(reversed(rest))
        return line, raw.encode(errors="surrogateescape").decode(errors="replace").rstrip("\r\n")


def _lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes]]:
    """Numbered lines without the byte order mark. A line beyond the limit is cut there (and is longer than it, so it can be told)."""
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if len(raw) > limit:
            rest = raw
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(_CHUNK)
        yield number, raw.removeprefix(BOM) if number == 1 else raw


def _items(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes, bool]]:
    """(line, raw bytes, whole) of each item of the array; `whole` is False for what follows a broken bracket, or is no array at all."""
    segments = _segments(stream, limit)
    piece, newlines, sign = next(segments)
    line = 1 + newlines
    if sign != b"[" or piece.strip():
        if piece.strip() or sign:
            yield 1, (piece + sign)[:CUT], False
        return
    items = 0
    for piece, newlines, sign in segments:
        raw = piece.strip()
        at = line + piece[: len(piece) - len(piece.lstrip())].count(b"\n")
        line += newlines
        if sign in (b",", b"]"):
            if raw or sign == b"," or items:
                yield at, raw, True
            items += 1
        if sign == b",":
            continue
        rest, _, more = next(segments, (b"", 0, b"")) if sign else (raw, 0, b"")
        if rest.strip() or more or not sign or sign != b"]":
            yield (line if sign else at), ((rest + more) or sign)[: CUT if sign else None], False
        return


def _segments(stream: BinaryIO, limit: int) -> Iterator[tuple[bytes, int, bytes]]:
    """The file cut at the array's own brackets and commas: (bytes, newlines in them, the sign they end at, empty at the end of the file)."""
    depth, quoted, skip, newlines, first = 0, False, 0, 0, True
    piece = bytearray()
    while chunk := stream.read(_CHUNK):
        if first:
            chunk, first = chunk.removeprefix(BOM), False
        start = 0
        for token in _TOKEN.finditer(chunk):
            at, sign = token.start(), token.group()
            if at < skip:
                continue
            if quoted or sign == b'"':
                skip = at + 2 if sign == b"\\" else skip
                quoted = quoted != (sign == b'"')
                continue
            depth += (sign in b"[{") - (sign in b"]}")
            if (sign == b"[" and depth == 1) or (sign == b"," and depth <= 1) or (sign in b"]}" and depth <= 0):
                newlines += chunk.count(b"\n", start, at)
                yield bytes(piece + chunk[start:at]), newlines, sign
                piece.clear()
                newlines, start = 0, at + 1
        skip = max(0, skip - len(chunk))
        newlines += chunk.count(b"\n", start)
        if len(piece) <= limit:
            piece += chunk[start:]
    yield bytes(piece), newlines, b""


def _too_large(line: int, raw: bytes, limit: int) -> Read:
    return Read(line, _shown(raw[:CUT]), None, f"a row of more than {limit:,} bytes; only its beginning is kept here")


def _shown(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the field {next(name for name in names if names.count(name) > 1)[:40]!r} stands twice")
    return data


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
