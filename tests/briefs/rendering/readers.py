"""Reads a rendered brief back: what a browser, a Markdown reader and a PDF reader would see."""

from __future__ import annotations

import io
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pypdf import PdfReader


class Page(HTMLParser):
    """Tags, attributes and visible text of one HTML document; fails on a tag that closes what is not open."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} closes what it did not open"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        elif self._open and self._open[-1] != "title":
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, held, value in self.attributes if held == name]


def markdown_tokens(text: str) -> list[Token]:
    """Every token of a Markdown document, inline ones included."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def markdown_text(text: str) -> str:
    return "".join(
        "\n" if token.type in ("softbreak", "inline") else token.content
        for token in markdown_tokens(text)
        if token.type in ("text", "softbreak", "inline") and not token.children
    )


def pdf_pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
