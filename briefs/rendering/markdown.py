"""The brief as Markdown (CommonMark with tables): what customers wrote stays text, whatever signs it holds."""

from __future__ import annotations

import re

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
    Sentence,
    Sentences,
    Span,
    Table,
    inline_text,
)
from briefs.rendering.words import number

_SIGNS = re.compile(r"[\\`*_\[\]#~$^]")
_LINKS = re.compile(r"(?<=\w)\.(?=\w)(?!\d)|:(?=//)|@")
"""What some readers turn into a link without being asked: a domain, an address, an e-mail."""
_STARTS = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")


def escaped(text: str) -> str:
    """Text in which nothing is Markdown: signs escaped, HTML as entities, a start that would open a list made plain."""
    out = _SIGNS.sub(r"\\\g<0>", text)
    out = _LINKS.sub(r"\\\g<0>", out)
    out = out.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "&#124;")
    return _STARTS.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", out)


def render(body: BriefBody, audience: str = "ae") -> str:
    """The brief as one Markdown document. Raises BadInput for an unknown audience."""
    shown = document(body, audience)
    blocks = [_head(shown), *(_part(part) for part in shown.parts)]
    return "\n\n".join(blocks) + "\n"


def _head(shown: Document) -> str:
    meta = " · ".join(escaped(text) for text in (shown.kicker, f"As of {shown.as_of}", *shown.meta))
    blocks = [f"# {escaped(shown.title)}", f"**{escaped(shown.subtitle)}**", meta]
    blocks += [f"> {_inline(notice)}" for notice in shown.notices]
    return "\n\n".join(blocks + ([_card(shown.card)] if shown.card else []))


def _card(card: CardView) -> str:
    rows = (*card.rows[:1], *card.tests, *card.rows[1:])
    headline = [f"**In 30 seconds:** {_inline(card.headline)}"] if card.headline else []
    return "\n\n".join([*headline, "\n".join(f"- **{escaped(label)}:** {_inline(line)}" for label, line in rows)])


def _part(part: Part) -> str:
    return "\n\n".join([f"## {part.number}. {escaped(part.title)}", *(_block(block) for block in part.blocks)])


def _block(block: Block) -> str:
    match block:
        case Sentences():
            return "\n".join(_sentence(item) for item in block.items)
        case Paragraph():
            return _inline(block.line)
        case Table():
            return _table(block)
        case Facts():
            return "\n".join(f"- **{escaped(label)}:** {_inline(line)}" for label, line in block.rows)
        case Bars():
            return _bars(block)
        case Entries():
            return "\n".join(_entry(entry) for entry in block.items)


def _sentence(item: Sentence) -> str:
    quotes = [f"“{escaped(quote.text)}” — {escaped(quote.credit)} {_inline(quote.tail)}".rstrip() for quote in item.quotes]
    if not item.line:
        return "\n".join(f"- > {quote}" for quote in quotes)
    return "\n".join([f"- {_inline(item.line)}", *(f"  > {quote}" for quote in quotes)])


def _inline(line: Line) -> str:
    """The line's pieces side by side; a space at an edge of an emphasised piece is moved out of it."""
    return "".join(_span(item) if isinstance(item, Span) else inline_text(item) for item in line).strip()


def _span(span: Span) -> str:
    core = span.text.strip()
    if span.style not in ("strong", "warn", "tag") or not core:
        return escaped(span.text)
    lead, trail = span.text[: len(span.text) - len(span.text.lstrip())], span.text[len(span.text.rstrip()) :]
    return f"{lead}{'*' if span.style == 'tag' else '**'}{escaped(core)}{'*' if span.style == 'tag' else '**'}{trail}"


def _table(table: Table) -> str:
    head = "| " + " | ".join(escaped(column.title) or " " for column in table.columns) + " |"
    rule = "|" + "|".join("---:" if column.align == "right" else "---" for column in table.columns) + "|"
    rows = ["| " + " | ".join(_inline(cell) or " " for cell in row) + " |" for row in table.rows]
    caption = [f"**{escaped(table.caption)}**\n"] if table.caption else []
    return "\n".join([*caption, head, rule, *rows])


def _bars(block: Bars) -> str:
    first, last = block.bars[0], block.bars[-1]
    whole = f" of {number(last.whole)}" if last.whole else ""
    return escaped(f"{block.title}: {number(first.value)} ({first.label}) → {number(last.value)}{whole} ({last.label})")


def _entry(entry: Entry) -> str:
    words = f"“{escaped(entry.words)}”" if entry.quoted else escaped(entry.words)
    place = f" ({escaped(entry.place)})" if entry.place else ""
    return f"- **[{entry.number}]** {_inline(entry.head)}: {words}{place}"
