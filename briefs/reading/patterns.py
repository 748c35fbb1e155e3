"""Patterns that are tried only where letters stand that no match can do without: most sentences hold none of a sign's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

_SHORTEST, _MOST = 2, 60
"""A piece of one letter stands everywhere; more pieces than this cost more than the pattern they save."""

Pieces = tuple[str, ...]
"""One of these, in folded letters, stands in whatever a pattern matches. Empty: nothing is known."""


class Guarded:
    """A compiled pattern behind a look for its pieces. It finds exactly what the pattern finds, only sooner where that is nothing."""

    __slots__ = ("_pieces", "pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = re.compile(pattern, flags)
        self._pieces = pieces(pattern, flags)

    def may_match(self, folded: str) -> bool:
        """False where the pattern cannot match anywhere in a text that `fold` gave."""
        for piece in self._pieces:  # a plain loop: `any` over a generator costs more than the look itself
            if piece in folded:
                return True
        return not self._pieces

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_match(fold(text)) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self.may_match(fold(text)) else None


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
    return tuple(dict.fromkeys(piece for one in found for piece in one)) if all(_worth(one) > _NO_WORTH for one in found) else ()


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
