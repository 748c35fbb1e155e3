"""Ranks one account's passages by the words they share with a question: BM25 over that account alone, so no other customer's text moves the order.

Words are folded (case, accents), stemmed, and taken apart where names are: `SSO-Login_v2` is found by `sso`, `login` and itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from Stemmer import Stemmer  # pyright: ignore[reportUnknownVariableType]

Scores = npt.NDArray[np.float64]

K1, B = 1.2, 0.75

_STEM: Callable[[str], str] = Stemmer("english", 0).stemWord  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # ships no types
_WORD = re.compile(r"[^\W_]+(?:[_\-.][^\W_]+)*")
_JOINT = re.compile(r"[_\-.]")
_HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\WA-Za-z\d_]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_MAY_COMBINE = re.compile("[\u0483-\u1dff\u20d0-\u20ff\u2cef-\U0010ffff]")
"""Where further marks lie: a text of one of the scripts with an alphabet of its own is looked at letter by letter."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

STOP_WORDS = frozenset(  # English, Spanish, German, French; without accents
    """
    a about an and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it its me my of on
    or our she so than that the their them then there these they this to was we were what when where which who whom why will with would you your
    el la los las un una unos unas de del al y o en es son por para con que su sus se lo le les como pero mas este esta
    der die das den dem des ein eine einen einem einer und oder ist sind war im in zu zum zur von mit auf fur als auch es sie er wir ich nicht dass
    le les un une du des et ou est sont par pour avec que qui dans sur au aux ce cette ces il elle nous vous ils ne pas plus
    """.split()  # noqa: SIM905
)


class Bm25:
    """Okapi BM25 (k1 1.2, b .75; a word asked twice counts twice) over a fixed list of texts, every word's share of the score computed once."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(tokens(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
        self._size = len(texts)
        self._spread = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0)) if len(texts) else lengths
        self._postings: dict[str, tuple[list[int], list[int]]] = {}
        for place, count in enumerate(counts):
            for token, times in count.items():
                posting = self._postings.get(token)
                if posting is None:
                    self._postings[token] = ([place], [times])
                else:
                    posting[0].append(place)
                    posting[1].append(times)
        self._weighted: dict[str, tuple[npt.NDArray[np.int32], Scores]] = {}

    def scores(self, query: str) -> Scores:
        """(n,) one score a text, 0 where no word is shared."""
        scores = np.zeros(self._size)
        for token, times in _asked(query):
            if (weighted := self._weighted.get(token) or self._weigh(token)) is not None:
                places, weights = weighted
                scores[places] += times * weights
        return scores

    def _weigh(self, token: str) -> tuple[npt.NDArray[np.int32], Scores] | None:
        """Where a word stands and its share of those texts' scores: worked out when it is first asked for, since most words never are."""
        posting = self._postings.get(token)  # it stays: somebody else may be weighing the same word
        if posting is None:
            return None
        where, frequency = np.array(posting[0], dtype=np.int32), np.array(posting[1], dtype=np.float64)
        rarity = np.log(1 + (self._size - len(where) + 0.5) / (len(where) + 0.5))
        self._weighted[token] = found = (where, rarity * frequency * (K1 + 1) / (frequency + self._spread[where]))
        return found


@lru_cache(maxsize=1024)
def _asked(query: str) -> tuple[tuple[str, int], ...]:
    """A question's words and how often each is asked: a scan asks the same questions of every account."""
    return tuple(Counter(tokens(query)).items())


def tokens(text: str) -> list[str]:
    """The words of a text as they are compared, stop words and single letters left out; Chinese and Japanese by pairs of characters."""
    return [stem for word in _WORD.findall(unaccented(text)) for stem in _stems(word)]


@lru_cache(maxsize=100_000)
def _stems(word: str) -> tuple[str, ...]:
    """What one written word is found by."""
    return tuple(stem for part in _parts(word) if (stem := _stem(part.casefold())))


def _parts(word: str) -> Iterator[str]:
    if _UNSPACED.search(word):
        yield from (word[place : place + 2] for place in range(max(len(word) - 1, 1)))
        return
    steps = _JOINT.split(word)
    if len(steps) > 1:
        yield word
    for step in steps:
        yield step
        humps = _HUMP.findall(step)
        if len(humps) > 1:
            yield from humps


def unaccented(text: str) -> str:
    """The text with letters in their plain form: accents and other marks that combine with a letter left out (NFKD)."""
    if text.isascii():
        return text
    spread = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return "".join([letter for letter in spread if not unicodedata.combining(letter)]) if _MAY_COMBINE.search(spread) else spread


def _stem(word: str) -> str:
    """The stem, or "" for a word that says nothing."""
    lone = len(word) < 2 and not _UNSPACED.match(word)
    return "" if lone or word in STOP_WORDS else _STEM(word)
