"""The brief as one web page that stands alone: no script, no request to anywhere, light and dark, ready to print."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from briefs.brief import BriefBody
from briefs.rendering.chart import bars_svg
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
    Marks,
    Paragraph,
    Part,
    Quote,
    See,
    Sentence,
    Sentences,
    Span,
    Table,
    see_text,
)

_READERS = {"csm": "Copy for the CSM", "ae": "Copy for the AE", "customer": ""}


@cache
def stylesheet() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8").strip()


@cache
def policy() -> str:
    """The page's content security policy: nothing but this one stylesheet, named by its hash."""
    digest = base64.b64encode(hashlib.sha256(stylesheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def render(body: BriefBody, audience: str = "ae") -> str:
    """The brief as an HTML document. Raises BadInput for an unknown audience."""
    shown = document(body, audience)
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(shown.title)}: {escape(shown.subtitle)}</title>
<style>{stylesheet()}</style>
</head>
<body>
<main>
{_content(shown)}
</main>
</body>
</html>
"""


def fragment(body: BriefBody, audience: str) -> str:
    """The same without the frame round it, for a page that brings its own (and `stylesheet()` among its styles)."""
    return _content(document(body, audience))


def _content(shown: Document) -> str:
    return "\n".join([_head(shown), *(_notice(line) for line in shown.notices), _card(shown.card) if shown.card else "", *map(_part, shown.parts)])


def _head(shown: Document) -> str:
    meta = [f"As of {shown.as_of}", *shown.meta]
    reader = _READERS[shown.audience]
    reader_line = f'<p class="reader">{reader}</p>' if reader else ""
    return (
        f'<header class="top">{reader_line}<p class="kicker">{escape(shown.kicker)}</p>\n<h1><bdi>{escape(shown.title)}</bdi></h1>\n'
        f'<p class="offer">{escape(shown.subtitle)}</p>\n<p class="meta">{escape(" · ".join(meta))}</p></header>'
    )


def _notice(line: Line) -> str:
    return f'<p class="notice" role="note">{_inline(line)}</p>'


def _card(card: CardView) -> str:
    tests = "".join(f"<div><dt>{escape(label)}</dt><dd>{_inline(line)}</dd></div>" for label, line in card.tests)
    rows = "".join(f"<div><dt>{escape(label)}</dt><dd>{_inline(line)}</dd></div>" for label, line in card.rows)
    return (
        '<section class="card" aria-label="In thirty seconds">\n'
        + (f'<p class="headline">{_inline(card.headline)}</p>\n' if card.headline else "")
        + (f'<dl class="tests">{tests}</dl>\n' if tests else "")
        + f'<dl class="rows">{rows}</dl>\n</section>'
    )


def _part(part: Part) -> str:
    kind = " reference" if part.reference else ""
    inner = "\n".join(_block(block) for block in part.blocks)
    return (
        f'<section class="part{kind}" id="{part.anchor}" aria-labelledby="{part.anchor}-title">\n'
        f'<h2 id="{part.anchor}-title"><span class="number">{part.number}</span> {escape(part.title)}</h2>\n'
        f'<div class="body">\n{inner}\n</div>\n</section>'
    )


def _block(block: Block) -> str:
    match block:
        case Sentences():
            return '<ul class="sentences">\n' + "\n".join(f"<li{_bare(item)}>{_sentence(item)}</li>" for item in block.items) + "\n</ul>"
        case Paragraph():
            return f"<p>{_inline(block.line)}</p>"
        case Table():
            return _table(block)
        case Facts():
            return (
                '<dl class="facts">' + "".join(f"<div><dt>{escape(label)}</dt><dd>{_inline(line)}</dd></div>" for label, line in block.rows) + "</dl>"
            )
        case Bars():
            return f"<figure>{bars_svg(block)}<figcaption>{escape(block.title)}</figcaption></figure>"
        case Entries():
            return '<ol class="sources">\n' + "\n".join(_entry(entry) for entry in block.items) + "\n</ol>"


def _bare(item: Sentence) -> str:
    return "" if item.line else ' class="quoted"'


def _sentence(item: Sentence) -> str:
    return _inline(item.line) + "".join(_quote(quote) for quote in item.quotes)


def _quote(quote: Quote) -> str:
    return f"<blockquote><p>“<bdi>{escape(quote.text)}</bdi>”</p><footer><bdi>{escape(quote.credit)}</bdi>{_inline(quote.tail)}</footer></blockquote>"


def _inline(line: Line) -> str:
    """The pieces side by side; a mark stays on the line of the word it follows."""
    html = "".join(_piece(item) for item in line)
    return html.replace(' <span class="mark">', '&nbsp;<span class="mark">').replace(' <a class="see"', '&nbsp;<a class="see"')


def _piece(item: Span | Marks | See) -> str:
    match item:
        case Marks():
            links = "".join(f'<a href="#source-{n}">[{n}]</a>' for n in item.numbers)
            return f'<span class="mark">{links}</span>'
        case See():
            return f'<a class="see" href="#{item.anchor}">{see_text(item)}</a>'
        case Span(style="plain"):
            return escape(item.text)
        case Span(style="strong"):
            return f"<strong>{escape(item.text)}</strong>"
        case Span(style="tag" | "warn"):
            text = item.text.strip()
            lead = " " if item.text.startswith(" ") else ""
            core = text[1:-1] if text.startswith("[") and text.endswith("]") else text
            return f'{lead}<span class="{item.style}">{escape(core)}</span>'
        case Span():
            text = f"<bdi>{escape(item.text)}</bdi>" if item.style == "said" else escape(item.text)
            return f'<span class="{item.style}">{text}</span>'


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col"{_align(column.align)}>{escape(column.title)}</th>' if column.title else "<td></td>" for column in table.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td{_align(column.align)}>{_inline(cell)}</td>" for column, cell in zip(table.columns, row, strict=True)) + "</tr>"
        for row in table.rows
    )
    return f'<div class="scroll"><table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'


def _align(align: str) -> str:
    return ' class="right"' if align == "right" else ""


def _entry(entry: Entry) -> str:
    words = f'<q class="exact">“<bdi>{escape(entry.words)}</bdi>”</q>' if entry.quoted else f"<code>{escape(entry.words)}</code>"
    place = f' <span class="place">{escape(entry.place)}</span>' if entry.place else ""
    return f'<li id="source-{entry.number}"><span class="n">[{entry.number}]</span><div><p>{_inline(entry.head)}</p><p>{words}{place}</p></div></li>'
