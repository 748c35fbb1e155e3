"""Text as names are compared in: without case, accents and other ways of writing the same letter, each letter with the place it came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

_ALSO_WRITTEN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})
"""Letters that decompose into nothing simpler and are often typed otherwise."""
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"})


def folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its letters the place in `text` it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    pairs = [(each, place) for place, letter in enumerate(text) for each in _letters(letter)]
    return "".join(each for each, _ in pairs), [place for _, place in pairs]


def folded(text: str) -> str:
    return folded_with_places(text)[0]


def words_of(name: str) -> list[str]:
    """The words of a name, folded."""
    return folded(name).split()


def spellings(name: str) -> Iterator[str]:
    """The folded ways a name is written: as it stands, and with its umlauts spelled out (Weiß, Mueller). None of a name without letters or digits."""
    composed = unicodedata.normalize("NFC", name)
    for written in dict.fromkeys((composed, composed.translate(_SPELLED_OUT))):
        key = " ".join(words_of(written))
        if any(letter.isalnum() for letter in key):
            yield key


@lru_cache(maxsize=4096)
def _letters(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return bare.translate(_ALSO_WRITTEN)
