"""Other names for the same thing, in four languages: `SAML` and `company login` are both a single sign-on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from briefs import yamlfile
from retrieval.lexical import tokens


@cache
def _aliases() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Every alias as written, its concept and its word stems."""
    listed = yamlfile.read(resources.files("briefs").joinpath("concepts.yaml").read_text("utf-8"))
    return tuple((str(alias), concept, key) for concept, aliases in listed.items() for alias in aliases if (key := tuple(words_of(str(alias)))))


@cache
def concepts() -> dict[tuple[str, ...], str]:
    """Every alias as a tuple of word stems, to its concept."""
    return {key: concept for alias, concept, key in _aliases() if not _is_saying(alias, key)}


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """For each stem an alias begins with, how many stems such aliases have."""
    found: dict[str, set[int]] = {}
    for key in concepts():
        found.setdefault(key[0], set()).add(len(key))
    return {stem: tuple(sizes) for stem, sizes in found.items()}


@cache
def sayings() -> dict[str, tuple[tuple[str, str], ...]]:
    """Aliases made of little words (`who changed what`) are compared as written: by the one stem they have, with their concept."""
    found: dict[str, list[tuple[str, str]]] = {}
    for alias, concept, key in _aliases():
        if _is_saying(alias, key):
            found.setdefault(key[0], []).append((_plain(alias), concept))
    return {stem: tuple(told) for stem, told in found.items()}


def _is_saying(alias: str, key: tuple[str, ...]) -> bool:
    return len(key) == 1 and " " in _plain(alias)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


_JOINTS = str.maketrans("-/()", "    ")


def words_of(text: str) -> list[str]:
    """A text as stems in their order, stop words left out."""
    return tokens(text.translate(_JOINTS))


def concept_spots(text: str, said: Sequence[str]) -> list[tuple[tuple[int, int], str]]:
    """Where in the words of a text which concept stands. The longest name wins: `api rate limits` is not also `api`."""
    found: list[tuple[tuple[int, int], str]] = []
    taken: set[int] = set()
    known, sizes = concepts(), _sizes()
    openings = [(i, sizes[stem]) for i, stem in enumerate(said) if stem in sizes]
    for size in (4, 3, 2, 1) if openings else ():
        for i in (i for i, fitting in openings if size in fitting):
            concept = None if taken.intersection(range(i, i + size)) else known.get(tuple(said[i : i + size]))
            if concept:
                found.append(((i, i + size), concept))
                taken.update(range(i, i + size))
    told = sayings()
    stems = [stem for stem in dict.fromkeys(said) if stem in told]
    plain = f" {_plain(text)} " if stems else ""
    for stem in stems:
        at = said.index(stem)
        found.extend(((at, at + 1), concept) for saying, concept in told[stem] if f" {saying} " in plain)
    return found
