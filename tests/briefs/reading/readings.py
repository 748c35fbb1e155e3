"""Reads a few sentences as the record they would stand in."""

from __future__ import annotations

from datetime import date

from briefs.reading.offline import Context, Reading
from briefs.reading.record_reader import RecordReader, Shop
from briefs.reading.sentences import Sentence

READER = RecordReader()
CONTEXT = Context(contacts=("Dana Ortiz",), sponsors=("Dana Ortiz",))


def record(*texts: str, speaker: str = "Dana Ortiz") -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for text in texts:
        found.append(Sentence("t1", "ticket", "messages[0]", start, start + len(text), text, date(2026, 3, 31), speaker, "customer"))
        start += len(text) + 1
    return found


def read(*texts: str, wanted: str = "", context: Context = CONTEXT) -> list[Reading]:
    shop = Shop(wanted=lambda text: bool(wanted) and wanted in text)
    return READER.read(record(*texts), context, shop)
