"""A customer may write anything: it stays text in every format, and nothing crashes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text

from briefs.rendering import markdown, page, pdf, text
from briefs.rendering.cleaning import exact, harmless, one_line
from tests.briefs.builders import a_brief_saying
from tests.briefs.rendering.readers import Page, markdown_text, markdown_tokens, pdf_pages

FRAGMENTS = (
    "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "<!--", "-->", "]]>", "&lt;b&gt;", "&#60;",
    "\" onclick=\"x", "' style='x", "</title>", "<svg/onload=1>",
    "[a](http://evil.example)", "![a](b.png)", "<http://evil.example>", "[1]: http://evil.example", "[1]", "(x)",
    "| a | b |", "|---|---|", "# head", "---", "===", "```", "~~x~~",
    "**b**", "_i_", "`c`", "1. one", "+ two", "> three", "\\", "\\\\|", "    code", "a@b.example", "www.evil.example",
    "https://evil.example/x?y=1&z=2", "$x$", "[^1]", "- [ ] x",
    "[red]", "[/red]", "[bold", "[/]", "[link=http://evil.example]", ":skull:", ":warning:", "\\[red]", "\\[Red]",
    "\\\\[x", "[a:b:c]", "[@click=x]", "]", "[",
    "\x1b[31m", "\x1b]8;;http://evil.example\x07", "\x1b", "\x9b31m", "\x00", "\x07", "\x08", "\r", "\n", "\t", "\x85",
    "\u2028", "\u2029", "\x0b",
    "\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\u00ad", "\U000e0041", "\ufffe", "\U0001f600", "👩‍👩‍👧",
    "مرحبا بالعالم", "שלום", "日本語のテキスト", "नमस्ते", "Zürich", "naïve",
    "“quoted”", "\"quoted\"", "«x»", "three little words", "and so on", " ", "  ", "-", "=", "a" * 120,
)  # fmt: skip

nasty = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=8).map("".join)

PAGE_TAGS = frozenset((
    "html", "head", "meta", "title", "style", "body", "main", "header", "p", "h1", "h2", "bdi", "section", "div", "dl", "dt",
    "dd", "span", "ul", "li", "blockquote", "footer", "a", "table", "caption", "thead", "tbody", "tr", "th", "td", "ol", "q",
    "code", "strong", "figure", "svg", "rect", "text", "figcaption",
))  # fmt: skip
PAGE_ATTRIBUTES = frozenset((
    "lang", "charset", "http-equiv", "content", "name", "class", "role", "id", "aria-label", "aria-labelledby", "href", "scope",
    "viewbox", "x", "y", "width", "height", "rx",
))  # fmt: skip
TAME = markdown.render(a_brief_saying("three little words"), "csm")
MARKDOWN_REFUSED = frozenset(["link_open", "image", "html_inline", "html_block", "fence", "code_block", "code_inline", "hr", "s_open", "hardbreak"])


@given(nasty)
@settings(max_examples=20)
def test_a_web_page_shows_it_as_text(said: str) -> None:
    html = page.render(a_brief_saying(said), "csm")
    held = Page(html)
    assert set(held.tags) <= PAGE_TAGS
    assert {name for _, name, _ in held.attributes} <= PAGE_ATTRIBUTES
    assert all(href.startswith("#") for href in held.values("href"))
    assert one_line(said) in held.text
    assert exact(said) in held.text


@given(nasty)
@settings(max_examples=20)
def test_markdown_shows_it_as_text(said: str) -> None:
    held = markdown.render(a_brief_saying(said), "csm")
    tokens = markdown_tokens(held)
    assert not MARKDOWN_REFUSED & {token.type for token in tokens}
    assert one_line(said) in markdown_text(held)
    assert _counted(held) == _counted(TAME)


def _counted(document: str) -> list[int]:
    """How many headings, tables, cells and numbered lists a document has."""
    types = [token.type for token in markdown_tokens(document)]
    return [types.count(name) for name in ("heading_open", "table_open", "td_open", "th_open", "ordered_list_open")]


@given(nasty)
@settings(max_examples=20)
def test_a_terminal_shows_it_as_text(said: str) -> None:
    body = a_brief_saying(said)
    plain = text.render(body, "csm")
    assert not [
        c
        for c in plain
        if (c != "\n" and unicodedata.category(c) in ("Cc", "Cs")) or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"
    ]
    assert "".join(one_line(said).split()) in "".join(plain.replace("│", "").split())


@given(nasty)
@settings(max_examples=20)
def test_rich_markup_says_the_same_as_plain_text(said: str) -> None:
    body = a_brief_saying(said)
    plain, marked = text.render(body, "csm"), text.render(body, "csm", rich=True)
    for emoji in (True, False):
        assert Text.from_markup(marked, emoji=emoji).plain == plain


@given(nasty)
@settings(max_examples=6)
def test_a_pdf_never_crashes(said: str) -> None:
    data = pdf.render(a_brief_saying(said), "csm")
    assert data.startswith(b"%PDF-")
    assert pdf_pages(data)


def test_a_pdf_shows_that_a_character_is_missing() -> None:
    pages = "".join(pdf_pages(pdf.render(a_brief_saying("Wir sagen 日本 und שלום"), "csm")))
    assert "Wir sagen ▯▯ und ▯▯▯▯" in pages
    assert "stands for a character" in pages


@given(nasty)
@settings(max_examples=20)
def test_harmless_text_is_harmless_still(said: str) -> None:
    assert harmless(harmless(said)) == harmless(said)
    assert "\x1b" not in harmless(said)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("x\x1b]8;;http://evil.example\x07link\x1b]8;;\x07", "xlink"),
        ("pay \u202e0001 EUR", "pay \N{REPLACEMENT CHARACTER}0001 EUR"),
        ("a\u200bb\ufeffc", "abc"),
        ("nul\x00", "nul\N{REPLACEMENT CHARACTER}"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("family 👩‍👩‍👧", "family 👩‍👩‍👧"),
    ],
)
def test_what_cannot_be_seen_is_removed_or_shown(written: str, shown: str) -> None:
    assert one_line(written) == shown


def test_a_quotation_in_markdown_is_followed_by_its_mark() -> None:
    assert "- > “three little words” — three little words, 31 Mar 2026 [1]" in TAME


def test_a_very_long_customer_text_is_cut_beside_a_sentence_and_whole_in_the_sources() -> None:
    said = "We need it because " + "of many reasons " * 60
    held = Page(page.render(a_brief_saying(said), "csm")).text
    assert exact(said) in held
