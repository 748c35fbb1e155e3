"""Puts words that other people wrote between fences, so that a model can tell them from what it is told to do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TAGS = ("evidence", "claim", "section", "rejected")
NOTHING = "(none)"
"""What an empty value looks like in a prompt."""


@dataclass(frozen=True)
class Fenced:
    """One piece of text inside `<tag id=... key=...>`; `about` holds further attributes in the order they are shown."""

    tag: str
    id: str
    text: str
    about: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.tag not in TAGS:
            raise ValueError(f"No fence named {self.tag!r}; there are {', '.join(TAGS)}.")


def evidence(id: str, text: str, **about: str) -> Fenced:
    """A piece of a customer's records: `<evidence id="S1" kind="note" ...>text</evidence>`."""
    return Fenced("evidence", id, text, tuple(about.items()))


def one_line(text: str) -> str:
    """`text` on one line, without invisible characters and with every `<` written `&lt;`, so that it can neither close a fence nor open one.

    Line breaks become spaces: a forged block of instructions or of chat turns needs lines of its own.
    """
    spaced = re.sub(r"\s+", " ", text)
    seen = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"})
    return seen.strip().replace("<", "&lt;")


def fenced(piece: Fenced) -> str:
    """The piece as it stands in a prompt."""
    attributes = "".join(f' {key}="{_attribute(value)}"' for key, value in (("id", piece.id), *piece.about) if value)
    return f"<{piece.tag}{attributes}>{one_line(piece.text)}</{piece.tag}>"


def _attribute(value: str) -> str:
    return one_line(value).replace('"', "&quot;").replace(">", "&gt;")
