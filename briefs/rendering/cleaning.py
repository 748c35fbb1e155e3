"""Makes text that others wrote safe to show: nothing invisible, nothing that steers a terminal or turns a line around."""

from __future__ import annotations

import re
import unicodedata

SHOWN_INSTEAD = "\N{REPLACEMENT CHARACTER}"
_TERMINAL = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # operating system commands: titles, links
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor moves
    r"|\x1b[ -/]*[0-~]?"
)
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"
_UNSEEN = "\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad"
"""Characters with no shape of their own, harmless to leave out."""


def _shown(character: str) -> str:
    if character in _JOINERS:
        return character
    if character in _UNSEEN:
        return ""
    kind = unicodedata.category(character)
    if kind in ("Cc", "Cf", "Cs") or _is_noncharacter(character):
        return SHOWN_INSTEAD
    return " " if kind == "Zs" and character != "\u00a0" else character


def _is_noncharacter(character: str) -> bool:
    point = ord(character)
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE


def harmless(text: str) -> str:
    """The text with terminal sequences removed, line breaks as `\\n`, and control and direction characters shown as U+FFFD.

    Safe to show as text; each output still escapes what its own language gives a meaning.
    """
    if text.isascii() and text.isprintable():  # most text, and nothing in it to look for
        return text
    lines = _BREAKS.sub("\n", _TERMINAL.sub("", text)).replace("\t", " ")
    return "".join(character if " " <= character <= "~" or character == "\n" else _shown(character) for character in lines)


def one_line(text: str) -> str:
    """Harmless, with every run of white space as one space: for sentences, names, titles."""
    return " ".join(harmless(text).split(None))


def exact(text: str) -> str:
    """Harmless, spacing kept, line breaks shown as a sign: for the quote a source is checked against."""
    return harmless(text).replace("\n", " \N{DOWNWARDS ARROW WITH CORNER LEFTWARDS} ")
