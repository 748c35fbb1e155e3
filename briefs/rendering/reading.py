"""How long a brief takes to read: the card within thirty seconds, the brief within three minutes."""

from __future__ import annotations

from typing import NamedTuple

from briefs.brief import BriefBody
from briefs.rendering.compose import document
from briefs.rendering.outline import Block, Document, Entries, Facts, Line, Paragraph, Sentences, Span, Table

WORDS_A_MINUTE = 220
CARD_WORDS = 60
CARD_SECONDS = 30
BRIEF_SECONDS = 180


class ReadingTime(NamedTuple):
    """Seconds for the card and for the parts below it that are read through (not sources, provenance, rejected sentences)."""

    card: float
    brief: float


def reading_seconds(body: BriefBody, audience: str = "ae") -> ReadingTime:
    """Reading time at WORDS_A_MINUTE, as the audience sees the brief; marks and labels of the card are not counted."""
    shown = document(body, audience)
    words = sum(_block_words(block) for part in shown.parts if not part.reference for block in part.blocks)
    words += sum(len(part.title.split()) for part in shown.parts if not part.reference)
    return ReadingTime(_seconds(_card_words(shown)), _seconds(words))


def card_words(body: BriefBody) -> int:
    """Words of prose on the card, its labels left out; CARD_WORDS is the most it should hold."""
    return _card_words(document(body, "csm"))


def _seconds(words: int) -> float:
    return round(60 * words / WORDS_A_MINUTE, 1)


def _card_words(shown: Document) -> int:
    card = shown.card
    return 0 if card is None else sum(_words(line) for line in (card.headline, *(line for _, line in card.rows), *(line for _, line in card.tests)))


def _words(line: Line) -> int:
    return sum(any(c.isalnum() for c in word) for item in line if isinstance(item, Span) for word in item.text.split())


def _block_words(block: Block) -> int:
    match block:
        case Sentences():
            lines = [
                line
                for held in block.items
                for line in (held.line, *((Span(quote.text), Span(f" {quote.credit}"), *quote.tail) for quote in held.quotes))
            ]
        case Paragraph():
            lines = [block.line]
        case Table():
            lines = [(Span(block.caption),), *((Span(column.title),) for column in block.columns), *(cell for row in block.rows for cell in row)]
        case Facts():
            lines = [(Span(label + " "), *line) for label, line in block.rows]
        case Entries():
            lines = [(*entry.head, Span(" " + entry.words)) for entry in block.items]
        case _:
            lines = []
    return sum(_words(line) for line in lines)
