"""Patterns that are tried only where letters stand that no match can do without: most sentences hold none of a sign's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Any, Protocol, cast

from ahocorasick import Automaton  # pyright: ignore[reportUnknownVariableType]  # ships no types

_SHORTEST, _MOST = 2, 400
"""A piece of one letter stands everywhere; where a pattern may begin in more ways than this, one of them does, too."""

Pieces = tuple[str, ...]
"""One of these, in folded letters, stands in whatever a pattern matches. Empty: nothing is known."""


class _Automaton(Protocol):
    """What is asked of the library's automaton: words with a value each, then every word that ends in a text (end, value)."""

    def add_word(self, word: str, value: int) -> bool: ...
    def make_automaton(self) -> None: ...
    def iter(self, text: str) -> Iterator[tuple[int, int]]: ...


class _Register:
    """The pieces of every guarded pattern in one automaton (Aho and Corasick, 1975): one pass over a sentence tells which patterns may match."""

    def __init__(self) -> None:
        self._carried: dict[str, int] = {}
        self._known = 0
        self._adding = Lock()
        self._held: tuple[int, _Automaton] | None = None
        self._present = lru_cache(maxsize=64)(self._looked)  # a sentence is asked of by many patterns, one after another

    def add(self, pieces: Pieces) -> int:
        """The bit that stands for a pattern with these pieces in what `present` gives."""
        with self._adding:
            bit = 1 << self._known
            for piece in pieces:
                self._carried[piece] = self._carried.get(piece, 0) | bit
            self._known += 1  # last, so that whoever sees the number sees the pieces: a module may be imported while others read
        return bit

    def present(self, text: str) -> int:
        """The bits of the patterns that may match in a text."""
        return self._present(text, self._known)

    def _looked(self, text: str, known: int) -> int:
        held = self._held
        if held is None or held[0] != known:
            self._held = held = (known, _automaton_of(list(self._carried.items())))
        seen = 0
        for _, bits in held[1].iter(fold(text)):
            seen |= bits
        return seen


def _automaton_of(carried: list[tuple[str, int]]) -> _Automaton:
    made = cast("_Automaton", Automaton())
    for piece, bits in carried:
        made.add_word(piece, bits)
    made.make_automaton()
    return made


_REGISTER = _Register()


class Guarded:
    """A compiled pattern behind a look for its pieces. It finds exactly what the pattern finds, only sooner where that is nothing."""

    __slots__ = ("_bit", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        found = pieces(pattern, flags)
        self._bit = _REGISTER.add(found) if found else 0

    def may_match(self, text: str) -> bool:
        """False where the pattern cannot match anywhere in the text."""
        return not self._bit or self._bit & _REGISTER.present(text) != 0

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_match(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self.may_match(text) else None


def fold(text: str) -> str:
    """`text` with letters alike that `re.IGNORECASE` takes for alike (it takes the Turkish i's for an i; `casefold` does not)."""
    return text.lower() if text.isascii() else text.replace("İ", "i").replace("ı", "i").casefold()


def pieces(pattern: str, flags: int = 0) -> Pieces:
    """Pieces of text, one of which stands in every match of `pattern`: the most telling choice that follows from its structure."""
    best = _of_sequence(import_module("re._parser").parse(pattern, flags))
    return tuple(sorted({fold(piece) for piece in best}))


def _of_sequence(parsed: Iterable[Any]) -> Pieces:
    """The best pieces among the parts that follow one another: each part has to match, so any part's pieces would do."""
    choices: list[Pieces] = []
    run = ""
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            run += chr(argument)
        elif name != "AT":  # a place such as `\b` takes no letters: the run of letters goes on behind it
            choices += [(run,), _OF.get(name, _unknown)(argument)]
            run = ""
    best = max([*choices, (run,)], key=_worth)
    return best if _worth(best) > _NO_WORTH else ()


def _of_branch(argument: Any) -> Pieces:
    found = [_of_sequence(alternative) for alternative in argument[1]]
    return _shortest(piece for one in found for piece in one) if all(_worth(one) > _NO_WORTH for one in found) else ()


def _shortest(found: Iterable[str]) -> Pieces:
    """Without those that hold another: where `january` stands, `jan` does."""
    kept: list[str] = []
    for piece in sorted(set(found), key=len):
        if not any(shorter in piece for shorter in kept):
            kept.append(piece)
    return tuple(sorted(kept))


def _of_group(argument: Any) -> Pieces:
    return _of_sequence(argument[-1])


def _of_repeat(argument: Any) -> Pieces:
    least, _, inner = argument
    return _of_sequence(inner) if least else ()


def _unknown(_: Any) -> Pieces:
    return ()


_OF: dict[str, Callable[[Any], Pieces]] = {
    "BRANCH": _of_branch,
    "SUBPATTERN": _of_group,
    "MAX_REPEAT": _of_repeat,
    "MIN_REPEAT": _of_repeat,
}
_NO_WORTH = (0, 0)


def _worth(choice: Sequence[str]) -> tuple[int, int]:
    """How much a choice of pieces tells: its shortest piece first, then how few they are."""
    shortest = min((len(piece) for piece in choice), default=0)
    return (min(shortest, 4), -len(choice)) if shortest >= _SHORTEST and len(choice) <= _MOST else _NO_WORTH
