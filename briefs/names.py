"""Does a sentence name a person, a company or a thing that its evidence does not know?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

NAME = re.compile(
    r"(?<![\w@.-])(?:[A-ZÀ-ÖØ-Þ][\w'’-]*[a-zà-ÿ][\w'’-]*|[A-Z]{2,}[\w-]*)(?:\s+(?:de|da|van|von|der|la|le|du|del|d')?\s?[A-ZÀ-ÖØ-Þ][\w'’-]+)*"
)
ACTS = re.compile(
    r"\s+(?:says?|said|asks?|asked|wants?|wanted|needs?|needed|told|wrote|writes|gave|gives|thinks|thought|expects|expected|plans?|planned|confirm(?:s|ed)|"
    r"mention(?:s|ed)|report(?:s|ed)|request(?:s|ed)|approv(?:es|ed)|agree[sd]|joined|left|leads|leaves|signed|replied|complain(?:s|ed)|prefers|likes|hopes|"
    r"decid(?:es|ed)|bought|buys)\b"
)
"""What people do: an unknown word before one of these is a person or a company, even where a sentence starts with it."""
ANYBODY = frozenset(
    """
    they he she nobody everybody everyone somebody someone anybody customer customers user users management team teams both all neither none most many
    several some colleagues staff
    """.split()  # noqa: SIM905
)
ALWAYS_KNOWN = frozenset(
    """
    the a an in on at of and or for to with by from since they their them this that these it its he she his her we our you your who what when
    where how nps csat arr bant api sso qbr csm ae p1 p2 p3 p4 q1 q2 q3 q4 eur usd gbp chf
    january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905
)
_WORD = re.compile(r"[\w'’-]+")


def names_somebody_new(words: str, known_text: str, known: Collection[str] = ()) -> bool:
    """Does a proper name of `words` stand neither in `known_text` nor among `known` (folded)? A sentence begins with a capital whatever the word."""
    familiar = {folded(w) for w in _WORD.findall(known_text)} | ALWAYS_KNOWN | set(known)
    for match in NAME.finditer(words):
        before = words[: match.start()].rstrip()
        first = not before or before.endswith((".", "!", "?", ":"))
        parts = _WORD.findall(match.group(0))
        strange = [p for p in parts if folded(p) not in familiar and folded(p.removesuffix("'s").removesuffix("’s")) not in familiar]
        if first and strange == parts[:1] and not _is_somebody(parts[0], words[match.end() :]):
            continue
        if strange:
            return True
    return False


def _is_somebody(word: str, after: str) -> bool:
    """Does an unknown word at the start of a sentence stand for a person or a company?"""
    return folded(word) not in ANYBODY and (word.endswith(("'s", "’s")) or ACTS.match(after) is not None)


def stands_in(name: str, text: str) -> bool:
    """Does a name stand in a text as it is written, and not as a part of a longer word?"""
    place = text.find(name) if name else -1
    while place >= 0:
        end = place + len(name)
        if not (place and _in_a_word(text[place - 1])) and not (end < len(text) and _in_a_word(text[end])):
            return True
        place = text.find(name, place + 1)
    return False


def _in_a_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def folded(text: str) -> str:
    """Letters as they are compared, without quotation marks and stops around them."""
    return unicodedata.normalize("NFKC", text).casefold().strip("'’\"“”.,;:!?")
