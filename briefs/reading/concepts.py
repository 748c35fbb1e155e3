"""Words of four languages that mean the same thing, so that what is learned from English sentences holds for German ones."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from retrieval.lexical import unaccented

TABLE = Path(__file__).with_name("concepts.txt")
CACHED_WORDS = 50_000
REMEMBERED = 4096
"""Sentences whose words are kept: the same one is asked about many times in a look at an account, and not again afterwards."""

_CONTRACTIONS = (("can't", "can not"), ("cannot", "can not"), ("won't", "will not"), ("n't", " not"), ("’", "'"))
_MISSING_APOSTROPHES = {"dont": "not", "doesnt": "not", "didnt": "not", "isnt": "not", "wont": "not", "cant": "not", "arent": "not", "havent": "not"}
_WORD = re.compile(r"[^\W_]+|[%$€£?!…,;:.\"]")
_ENTRY_WORD = re.compile(r"[^\W_*]*\*?[^\W_*]*\*?|\S")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th|er|e)\Z")
_DIGITS = re.compile(r"\d")
_NUMBER_WORDS = frozenset(
    """
    two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty eighty hundred thousand dozen couple
    dos tres cuatro cinco seis siete ocho nueve diez doce quince veinte treinta cuarenta cincuenta cien ciento docena par zwei drei vier
    funf sechs sieben acht neun zehn elf zwolf funfzehn zwanzig dreissig vierzig funfzig hundert dutzend paar deux trois quatre cinq sept
    huit neuf dix onze douze quinze vingt trente quarante cinquante cent douzaine quinzaine
    """.split()  # noqa: SIM905
)


LANGUAGES = ("en", "es", "de", "fr")
_FUNCTION_WORDS = {
    "en": "the a an of to and in is are was were be been have has had we our you your they them it this that with for on at by from as but or will can "
    "would could not do does did i my me us their there which who when how what so if any just only until since its he she his her into after before all",
    "es": "el la los las un una unos unas de del al y en es son fue ser estar esta estan ha han hemos he nos nuestro nuestra que con para por como pero o "
    "se su sus lo le les mas muy ya si cuando porque tenemos tiene hay no este esto ese todo todos a desde hasta sin sobre mi me te os vuestro",
    "de": "der die das den dem des ein eine einen einem einer und in ist sind war waren sein hat haben wir uns unser unsere sie ihr ihre es mit fur auf "
    "an bei von zu zum zur im am aber oder wird werden kann konnen nicht kein keine ich mein man dass wenn wie was noch nur schon bis seit nach auch als so er",
    "fr": "le la les un une des de du au aux et en est sont etait etre a ont avons nous notre nos vous votre vos ils elles il elle on que qui avec pour par "
    "sur dans mais ou se sa son ses ce cette ces ne pas plus je mon ma mes c d l j n s qu y si tout depuis chez sans leur leurs deja tres",
}
_MARKED: dict[str, tuple[int, ...]] = {
    word: tuple(n for n, lang in enumerate(LANGUAGES) if word in _FUNCTION_WORDS[lang].split()) for word in " ".join(_FUNCTION_WORDS.values()).split()
}


class Found(NamedTuple):
    """A concept, and the place of its first word among the words of the text."""

    concept: int
    place: int


def fold(text: str) -> str:
    """Lower case without accents, contractions spelled out: `Can’t` is `can not`, `größer` is `grosser`."""
    text = text.casefold().replace("’", "'")
    for short, long in _CONTRACTIONS:
        if short in text:
            text = text.replace(short, long)
    return unaccented(text)


def words(folded: str) -> list[str]:
    """The words and telling signs of a folded text, in order."""
    found: list[str] = _WORD.findall(folded)
    return [_MISSING_APOSTROPHES.get(word, word) for word in found]


def kind_of_word(word: str) -> str | None:
    """`NUM` for numbers in digits or letters, `DAY` for ordinals."""
    if _DIGITS.search(word):
        return "DAY" if _ORDINAL.match(word) else "NUM"
    return "NUM" if word in _NUMBER_WORDS else None


def language(tokens: Sequence[str]) -> str | None:
    """`en`, `es`, `de` or `fr` by its small words; None where they do not tell."""
    counts = [0] * len(LANGUAGES)
    for token in tokens:
        for number in _MARKED.get(token, ()):
            counts[number] += 1
    best = max(counts)
    return LANGUAGES[counts.index(best)] if best and counts.count(best) == 1 else None


class _Words:
    """Word patterns (`seat`, `licen*`, `*platz`) and what they stand for, looked up by word."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = {}
        self._start: dict[str, set[int]] = {}
        self._end: dict[str, set[int]] = {}
        self._inside: dict[str, set[int]] = {}

    def add(self, pattern: str, what: int) -> None:
        bare = pattern.strip("*")
        left, right = pattern.startswith("*"), pattern.endswith("*") and len(pattern) > 1
        table = self._inside if left and right else self._end if left else self._start if right else self._exact
        table.setdefault(bare, set()).add(what)

    def find(self, word: str) -> set[int]:
        found = set(self._exact.get(word, ()))
        for size in range(2, len(word) + 1):
            found |= self._start.get(word[:size], set())
            if size < len(word):
                found |= self._end.get(word[-size:], set())
        for bare, what in self._inside.items():
            if bare in word:
                found |= what
        return found


class Lexicon:
    """The concepts by number and name, and how to find them in words."""

    def __init__(self, text: str) -> None:
        self.names: list[str] = ["NUM", "DAY"]
        self._tables = {lang: _Language() for lang in LANGUAGES}
        self._known: dict[str | None, dict[str, _Entry]] = {lang: {} for lang in (*LANGUAGES, None)}
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, columns = line.partition(":")
                self.names.append(name)
                for lang, column in zip(LANGUAGES, columns.split("|"), strict=False):
                    for entry in fold(column).split(","):
                        self._tables[lang].add(entry, len(self.names) - 1)

    def find(self, tokens: Sequence[str], lang: str | None = None) -> list[Found]:
        """Every concept named, by place; one word may carry several. A text of another language may hold English words; None means any language."""
        known = self._known[lang]
        looked = [known.get(token) or self._look_up(token, lang) for token in tokens]
        found: list[Found] = []
        for place, (concepts, _, phrases) in enumerate(looked):
            if phrases and place + 1 < len(looked):
                seconds = looked[place + 1][1]
                here = {c for second in phrases.keys() & seconds for rest, c in phrases[second] if not rest or _follows(looked, place + 2, rest)}
                if here:
                    found += [Found(concept, place) for concept in sorted(here.union(concepts))]
                    continue
            found += [Found(concept, place) for concept in concepts]
        return found

    def _look_up(self, word: str, lang: str | None) -> _Entry:
        spoken = LANGUAGES if lang is None else ("en",) if lang == "en" else (lang, "en")
        concepts: set[int] = set()
        parts: set[Part] = set()
        phrases: dict[Part, list[tuple[Phrase, int]]] = {}
        for name in spoken:
            concepts |= self._tables[name].concepts(word)
            own = self._tables[name].parts(word)
            parts |= {(name, part) for part in own}
            for phrase, concept in (found for part in own for found in self._tables[name].phrases(part)):
                phrases.setdefault((name, phrase[1]), []).append((tuple((name, p) for p in phrase[2:]), concept))
        kind = kind_of_word(word)
        if kind:
            concepts.add(self.names.index(kind))
        entry = (tuple(sorted(concepts)), frozenset(parts), phrases)
        if len(self._known[lang]) < CACHED_WORDS:
            self._known[lang][word] = entry
        return entry


Part = tuple[str, int]
Phrase = tuple[Part, ...]
_Entry = tuple[tuple[int, ...], frozenset[Part], dict[Part, list[tuple[Phrase, int]]]]
"""What is known of a word: its concepts, the phrase parts it matches, and the phrases it opens by their second part."""


def _follows(looked: Sequence[_Entry], place: int, phrase: Phrase) -> bool:
    return place + len(phrase) <= len(looked) and all(part in looked[place + ahead][1] for ahead, part in enumerate(phrase))


class _Language:
    """One column of the lexicon."""

    def __init__(self) -> None:
        self._words = _Words()
        self._parts = _Words()
        self._part_ids: dict[str, int] = {}
        self._phrases: dict[int, list[tuple[tuple[int, ...], int]]] = {}

    def add(self, entry: str, concept: int) -> None:
        parts = [part for part in _ENTRY_WORD.findall(entry.replace("-", " ").replace("'", " ")) if part.strip("* ")]
        if len(parts) == 1:
            self._words.add(parts[0], concept)
        elif parts:
            phrase = tuple(self._part(part) for part in parts)
            self._phrases.setdefault(phrase[0], []).append((phrase, concept))

    def concepts(self, word: str) -> set[int]:
        return self._words.find(word)

    def parts(self, word: str) -> set[int]:
        return self._parts.find(word)

    def phrases(self, first: int) -> list[tuple[tuple[int, ...], int]]:
        """The phrases that open with a part, each with its concept."""
        return self._phrases.get(first, [])

    def _part(self, pattern: str) -> int:
        if pattern not in self._part_ids:
            self._part_ids[pattern] = len(self._part_ids)
            self._parts.add(pattern, self._part_ids[pattern])
        return self._part_ids[pattern]


class Analysed(NamedTuple):
    """A text as folded words and the concepts found in them."""

    tokens: tuple[str, ...]
    found: tuple[Found, ...]


@lru_cache(maxsize=REMEMBERED)
def analysed(text: str) -> Analysed:
    """The words of a text and its concepts, in the language it is written in: asked by the classifier, the grounds and the cues alike."""
    tokens = words(fold(text))
    return Analysed(tuple(tokens), tuple(lexicon().find(tokens, language(tokens))))


@cache
def lexicon() -> Lexicon:
    """The lexicon of concepts.txt."""
    return Lexicon(TABLE.read_text(encoding="utf-8"))
