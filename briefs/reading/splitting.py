"""Cuts a piece of text into sentences without losing where each stands; the cost grows with the length of the text and no faster."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

LONGEST = 350
"""Run-on text is cut where clauses join once it is longer than this many characters, and in any case at twice that."""

_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "eg",
        "ie",
        "etc",
        "approx",
        "appr",
        "vs",
        "cf",
        "ca",
        "st",
        "no",
        "nr",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "est",
        "fig",
        "incl",
        "excl",
        "max",
        "min",
        "avg",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sr",
        "sra",
        "srta",
        "jr",
        "mme",
        "mlle",
        "mm",
        "m",
        "z.b",
        "zb",
        "d.h",
        "u.a",
        "usw",
        "bzw",
        "ggf",
        "evtl",
        "inkl",
        "exkl",
        "zzgl",
        "ca",
        "vgl",
        "str",
        "abs",
        "hr",
        "fr",
        "frau",
        "tel",
        "mio",
        "mrd",
        "p.ej",
        "ej",
        "pag",
        "num",
        "art",
        "aprox",
        "ud",
        "uds",
        "vd",
        "avda",
        "ext",
        "env",
        "ex",
        "p.ex",
        "c.-a-d",
        "c-a-d",
        "av",
        "bd",
        "qte",
        "ref",
        "tél",
        "al",
        "a.m",
        "p.m",
        "u.s",
        "u.k",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|(?<=[a-zà-ÿ)])[.!?](?=[A-ZÀ-Þ][a-zà-ÿ]+ )")
_JOINT = re.compile(r"(?:[,;:]\s+|\s+[-–—]\s+|\s(?=(?:and|but|so|because|also|then|und|aber|weil|y|pero|porque|et|mais|donc)\s))")
_MONTH = re.compile(r"\s*(?:Jan|Feb|März|Maerz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Quartal)")
_LAST_WORD = re.compile(r"[^\s(\[\"'“«]*\Z")


def split(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of `text[start:end]` as offsets into `text`, white space at their ends left out."""
    end = len(text) if end is None else end
    first = start
    for mark in _END.finditer(text, start, end):
        if _ends(text, first, mark.start(), mark.end(), end):
            yield from _pieces(text, first, mark.end())
            first = mark.end()
    yield from _pieces(text, first, end)


def _ends(text: str, first: int, mark: int, after: int, end: int) -> bool:
    """Whether the mark closes a sentence: not after an abbreviation, an initial, a list number or in front of a word that goes on."""
    if text[mark] != "." or after - mark > 1:
        return (text[mark] != "…" and not text.startswith("..", mark)) or _next(text, after, end).isupper()
    found = _LAST_WORD.search(text[max(first, mark - 24) : mark])
    word = found.group().casefold() if found else ""
    follower = _next(text, after, end)
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return follower == ""
    if word.isdigit() and len(word) <= 2 and (text[first:mark].strip() == word or follower.islower() or _MONTH.match(text, after, end)):
        return False
    return not follower.islower() or len(word) >= 3


def _next(text: str, after: int, end: int) -> str:
    for place in range(after, min(end, after + 8)):
        if not text[place].isspace() and text[place] not in "\"'“«(¿¡":
            return text[place]
    return ""


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    start, end = trim(text, start, end)
    while end - start > LONGEST:
        joints = [m.end() for m in _JOINT.finditer(text, start + LONGEST // 3, start + LONGEST)]
        blank = text.rfind(" ", start, start + 2 * LONGEST)
        cut = joints[-1] if joints else blank + 1 if blank > start else start + 2 * LONGEST
        if cut >= end:
            break
        yield trim(text, start, cut)
        start, end = trim(text, cut, end)
    if start < end:
        yield start, end


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
