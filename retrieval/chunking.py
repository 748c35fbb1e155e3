"""A customer's text is cut into passages small enough to rank and to quote, at the turns, paragraphs and sentences people wrote.

A passage is an exact slice of one part of one record: `part[start:end] == text`. Offsets count Unicode code points.
What helps ranking but was not written there (account, kind, title, day, speaker) goes into the header, never into the text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from retrieval.records import Note, Passage, Record, Scorecard, Survey, TextRecord, Ticket, kind_of, parts_of

FULL = 1000
"""Characters a passage is filled up to (400 to 1200 rank alike, 2000 ranks worse)."""
WHOLE = 1200
"""A message, turn or paragraph up to this long is never split."""

_TURN = re.compile(
    r"""^[ \t]{0,8}(?:
        (?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?[ \t]{0,4}(?:[-–—][ \t]{0,4})?)?      # [00:12] or 9:05 -
        (?P<who>[^\W\d_][\w.'’&/ ]{0,58}?)[ \t]?                                     # Dana, Agent Smith
        (?:\([^()\n]{1,40}\)|[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])])?[ \t]?              # (CSM) or (00:12)
        (?::(?=\s)|[-–—](?=[ \t]))                                                   # the words follow
      | [\[(]\d{1,2}:\d{2}(?::\d{2})?[\])](?=\s)                                     # [00:12] alone
    )""",
    re.MULTILINE | re.VERBOSE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s|(?<=[.!?…][\"'”’)\]])\s|(?<=[。！？])")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LEAST = ((_BLANK_LINE, 250), (re.compile(r"\n"), 400), (_SENTENCE, 300), (re.compile(r"\s"), 1))
"""Where to cut, best first, and how many characters a passage must hold before such a cut is worth it."""

Span = tuple[int, int]


def split(record: Record, account_name: str) -> list[Passage]:
    """The passages of one record in reading order; [] for records without text. Pure, linear in the text's length, ids stable."""
    if not isinstance(record, TextRecord):
        return []
    passages: list[Passage] = []
    for part, text in parts_of(record).items():
        at, speaker = _said(record, part)
        turns = [(found.start(), found["who"]) for found in _TURN.finditer(text)] if len(text) > WHOLE else []
        turn = -1
        for start, end in spans(text, [at for at, _ in turns]):
            while turn + 1 < len(turns) and turns[turn + 1][0] <= start:
                turn += 1
            continues = turn >= 0 and turns[turn][0] < start
            header = _header(record, part, account_name, at, turns[turn][1] if continues else speaker)
            passages.append(_passage(record, part, start, end, text[start:end], at, header))
    return passages


def spans(text: str, turns: list[int] | None = None) -> list[Span]:
    """Where to cut: ordered, non-overlapping `[start, end)` slices that together hold every non-space character of `text`.

    `turns` are the offsets at which somebody starts to speak, in order.
    """
    bounds = sorted({0, *(turns or ()), len(text)})
    filled: list[Span] = []
    for start, end in (piece for turn in pairwise(bounds) for piece in _pieces(text, *turn)):
        if filled and end - filled[-1][0] <= FULL:
            filled[-1] = (filled[-1][0], end)
        else:
            filled.append((start, end))
    return filled


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Trimmed slices of one turn: the whole of it where it is short enough, else at most FULL characters each."""
    start, end = _trimmed(text, start, end)
    while end - start > WHOLE:
        cut = _cut(text, start)
        yield _trimmed(text, start, cut)
        start, _ = _trimmed(text, cut, end)
    if end > start:
        yield start, end


def _cut(text: str, start: int) -> int:
    """The best place to end a passage that begins at `start`: looks at no more than FULL characters, so the whole stays linear."""
    limit = start + FULL
    for separator, least in _LEAST:
        if cuts := [found.end() for found in separator.finditer(text, start + least, limit)]:
            return cuts[-1]
    return next((cut for cut in range(limit, limit - 64, -1) if not _joined(text[cut - 1], text[cut])), limit)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joined(before: str, after: str) -> bool:
    """True where a cut would separate an accent, a joined emoji, a flag or a Hangul syllable from its base (a short form of UAX 29)."""
    extends = unicodedata.category(after) in ("Mn", "Me", "Mc") or after == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff"
    flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, after))
    hangul = "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"
    return extends or before == "\u200d" or flag or hangul


def _said(record: TextRecord, part: str) -> tuple[datetime | None, str | None]:
    """When a part was written (a message never before its ticket) and by whom."""
    match record:
        case Ticket() if part.startswith("messages["):
            message = record.messages[int(part[len("messages[") : -1])]
            return max(message.at or record.created_at, record.created_at), message.author or message.author_role
        case Note() if part == "body":
            return record.at, record.author
        case _:
            return record.at, None


def _header(record: TextRecord, part: str, account_name: str, at: datetime | None, speaker: str | None) -> str:
    match record:
        case Note():
            kind, title = f"{record.kind} note" if record.kind else "note", record.title if part != "title" else None
        case Ticket():
            kind, title = "ticket", record.subject if part != "subject" else None
        case Survey():
            kind, title = f"{record.kind} survey", None
        case Scorecard():
            kind, title = "scorecard", part.replace("_", " ")
    steps = (account_name, kind, (title or "")[:120], at.date().isoformat() if at else None, (speaker or "")[:60])
    return " > ".join(" ".join(step.split()) for step in steps if step and step.strip())


def _passage(record: TextRecord, part: str, start: int, end: int, text: str, at: datetime | None, header: str) -> Passage:
    key = "\x1f".join((record.account_id, record.id, part, str(start), str(end), text))
    return Passage(
        id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24],
        account_id=record.account_id,
        record_id=record.id,
        kind=kind_of(record),
        part=part,
        start=start,
        end=end,
        at=at,
        text=text,
        header=header,
    )
