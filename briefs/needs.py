"""What in the catalogue serves a need: which products a sentence names, which an account owns, which would raise a limit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from briefs.reading.concepts import REMEMBERED
from briefs.synonyms import concept_spots, words_of
from retrieval.records import Account, Catalogue, Product

if TYPE_CHECKING:
    import numpy as np

    Embed = Callable[[Sequence[str]], np.ndarray]

COVERED = 0.72
"""Share of a phrase's distinctive words that must stand near each other in the sentence for it to be named."""
NEAR = 10
"""Words between which a phrase's own words may be scattered and still be one mention."""
ALIKE = 0.80
"""Cosine of a window of the sentence with a phrase from which they mean the same."""


@dataclass(frozen=True)
class Mention:
    """A catalogue phrase found in a text, at `start:end` (words of the text), and the product that carries it."""

    sku: str
    phrase: str
    score: float
    start: int
    end: int
    owned: bool


@dataclass(frozen=True)
class Phrase:
    """One thing a product is said to do, as words, stems, concepts and (with an embedder) a vector."""

    product: Product
    text: str
    stems: tuple[str, ...]
    meant: frozenset[str]


SAME_THING = 0.99  # score of another name for the same thing: less than the phrase's own words, word for word


class PhraseBook:
    """The catalogue's own words, prepared once for all accounts."""

    def __init__(self, catalogue: Catalogue, embed: Embed | None = None) -> None:
        self.catalogue = catalogue
        self.phrases = tuple(_phrases(catalogue))
        seen = Counter(stem for stems in {phrase.stems for phrase in self.phrases} for stem in set(stems))
        total = max(len(self.phrases), 1)
        self._weights = {stem: math.log(1 + total / count) for stem, count in seen.items()}
        """Words that stand in many phrases say little about any of them."""
        self._embed = embed if self.phrases else None
        self._vectors = embed([phrase.text for phrase in self.phrases]) if embed and self.phrases else None
        self._carrying = _places(phrase.stems for phrase in self.phrases)
        self._meaning = _places(phrase.meant for phrase in self.phrases)
        self._alike = lru_cache(maxsize=REMEMBERED)(self._compared)

    def named(self, text: str, *, by_meaning: bool = True) -> tuple[tuple[Phrase, float, int, int], ...]:
        """Every phrase the text names, with its score and its place in the text's words; without `by_meaning` by words and their synonyms alone."""
        said = words_of(text)
        if not said:
            return ()
        alike, spots = self._alike(text) if by_meaning else {}, concept_spots(text, said)
        found: list[tuple[Phrase, float, int, int]] = []
        distinct = set(said)
        likely = {i for stem in distinct for i in self._carrying.get(stem, ())} | {i for _, concept in spots for i in self._meaning.get(concept, ())}
        for i in sorted(likely.union(alike)):
            phrase = self.phrases[i]
            score, place = (0.0, None) if distinct.isdisjoint(phrase.stems) else self._coverage(phrase.stems, said)
            meant = next((spot for spot, concept in spots if concept in phrase.meant), None) if score < 1 else None
            if meant is not None:
                score, place = SAME_THING, meant
            if score < COVERED and i in alike:
                score, place = alike[i]
            if place is not None and score >= COVERED:
                found.append((phrase, score, *place))
        return tuple(found)

    def _coverage(self, stems: tuple[str, ...], said: list[str]) -> tuple[float, tuple[int, int] | None]:
        """Weighted share of the phrase's words found within NEAR words of each other."""
        wanted = set(stems)
        spots = [i for i, word in enumerate(said) if word in wanted]
        best, where = 0.0, None
        total = sum(self._weights.get(stem, 1.0) for stem in wanted)
        for i in spots:
            inside = [j for j in spots if i <= j < i + NEAR]
            share = sum(self._weights.get(stem, 1.0) for stem in {said[j] for j in inside}) / total
            if share > best:
                best, where = share, (i, inside[-1] + 1)
        return best, where

    def _compared(self, text: str) -> dict[int, tuple[float, tuple[int, int]]]:
        """Phrases whose meaning a short run of the text's words comes close to."""
        if self._embed is None or self._vectors is None:
            return {}
        words = words_of(text)[:60]
        spans = [(i, i + size) for size in (2, 3, 4) for i in range(len(words) - size + 1)]
        if not spans:
            return {}
        similar = self._embed([" ".join(words[a:b]) for a, b in spans]) @ self._vectors.T
        close = (similar.max(axis=0) >= ALIKE).nonzero()[0].tolist()
        return {i: (float(similar[w, i]), spans[w]) for i in close if (w := int(similar[:, i].argmax())) >= 0}


class Shelf:
    """The catalogue as one account sees it: what it owns, what is left to sell, what each product is for."""

    def __init__(self, book: PhraseBook, account: Account) -> None:
        catalogue = book.catalogue
        self.book = book
        self.catalogue = catalogue
        self.account = account
        plan = catalogue.find(account.plan)
        self.rank = plan.rank if plan is not None and plan.rank is not None else None
        held = {account.plan, *account.products}
        below = {p.sku for p in catalogue.products if p.kind == "tier" and p.rank is not None and self.rank is not None and p.rank <= self.rank}
        self.owned: frozenset[str] = frozenset({sku for sku in held if sku} | below)

    @cached_property
    def for_sale(self) -> tuple[Product, ...]:
        """What the account does not own and may buy. Seats and usage packs can always be bought again."""
        return tuple(p for p in self.catalogue.products if p.kind in ("seats", "usage") or p.sku not in self.owned)

    def sells(self, skus: Iterable[str]) -> tuple[str, ...]:
        """Those of `skus` that this account can buy: in the catalogue and not owned, or more of what it has."""
        offered = {p.sku for p in self.for_sale} | set(self.seat_products)
        return tuple(sku for sku in skus if sku in offered)

    @cached_property
    def tiers_above(self) -> tuple[Product, ...]:
        """Higher tiers, lowest first. The top tier has none above it; without a known plan there is no telling."""
        above = [p for p in self.catalogue.products if p.kind == "tier" and p.rank is not None and self.rank is not None and p.rank > self.rank]
        return tuple(sorted(above, key=lambda p: p.rank or 0))

    @cached_property
    def seat_products(self) -> tuple[str, ...]:
        """What gives more seats: a seat product, or more of the plan where that is priced by the seat."""
        listed = tuple(p.sku for p in self.catalogue.products if p.kind == "seats")
        plan = self.catalogue.find(self.account.plan)
        return listed or ((plan.sku,) if plan is not None and plan.price_unit == "seat_year" else ())

    def serving_saturation(self) -> tuple[str, ...]:
        """Full seats: more seats, or a tier above."""
        return tuple(dict.fromkeys((*self.seat_products, *(p.sku for p in self.tiers_above))))

    def serving_limit(self, limit: str, allowed: float | None) -> tuple[str, ...]:
        """Products that raise a limit: packs that include some of it, tiers that include more of it."""
        packs = [p.sku for p in self.catalogue.products if p.kind in ("usage", "module") and p.included_limits.get(limit) and p in self.for_sale]
        tiers = [p.sku for p in self.tiers_above if p.included_limits.get(limit, 0) > (allowed or 0)]
        return (*packs, *tiers)

    def limit_named(self, text: str) -> str | None:
        """The limit of the catalogue that a text speaks of, by its words or by another name for the same thing; None where several fit equally."""
        said = words_of(text)
        names = {name for product in self.catalogue.products for name in product.included_limits}
        scores = {name: _spoken_of(tuple(words_of(name.replace("_", " "))), said) for name in names}
        best = max(scores.values(), default=0)
        winners = [name for name, score in scores.items() if score == best]
        return winners[0] if best and len(winners) == 1 else None

    def speaks_of_more(self, text: str) -> bool:
        """Does the text name something for sale? Asked of every sentence, so by words alone."""
        return bool(self.wanted(text, by_meaning=False))

    @cached_property
    def _by_words(self) -> dict[str, tuple[Mention, ...]]:
        """What the texts of this account name, word for word: reading and drafting ask of the same sentences again and again."""
        return {}

    def wanted(self, text: str, *, by_meaning: bool = True) -> tuple[Mention, ...]:
        """Unowned products whose features or uses the text names, best first; empty where all it names is owned already."""
        found = self.named(text, by_meaning=by_meaning)
        kept: list[Mention] = []
        for mention in found:
            if mention.owned:
                continue
            rivals = [m for m in found if m.owned and m.start < mention.end and mention.start < m.end]
            if not any(rival.score >= mention.score for rival in rivals):
                kept.append(mention)
        return tuple(kept)

    def named(self, text: str, *, by_meaning: bool = True) -> tuple[Mention, ...]:
        """Every product whose words the text names, best first."""
        if by_meaning:
            return self._named(text, by_meaning=True)
        if text not in self._by_words:
            self._by_words[text] = self._named(text, by_meaning=False)
        return self._by_words[text]

    def _named(self, text: str, *, by_meaning: bool) -> tuple[Mention, ...]:
        mentions = [
            Mention(phrase.product.sku, phrase.text, round(score, 3), start, end, phrase.product.sku in self.owned and phrase.product.kind != "usage")
            for phrase, score, start, end in self.book.named(text, by_meaning=by_meaning)
        ]
        return tuple(sorted(mentions, key=lambda m: (-m.score, m.sku, m.phrase)))


def _places(keys: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """For every key the places in the list that carry it."""
    found: dict[str, list[int]] = {}
    for place, own in enumerate(keys):
        for key in set(own):
            found.setdefault(key, []).append(place)
    return {key: tuple(places) for key, places in found.items()}


def _phrases(catalogue: Catalogue) -> Iterator[Phrase]:
    for product in catalogue.products:
        if product.kind == "seats":
            continue
        name = product.name if product.kind != "tier" else _tier_name(product)
        for text in (name, *product.features, *product.solves):
            stems = tuple(words_of(text))
            if stems:
                yield Phrase(product, text, stems, frozenset(concept for _, concept in concept_spots(text, stems)))


def _tier_name(product: Product) -> str:
    """`Fieldlane Enterprise` is named by its last word: the vendor's own name stands in every sentence."""
    return product.name.split()[-1] if product.name.split() else product.sku


def _spoken_of(limit: tuple[str, ...], said: Sequence[str]) -> int:
    """How many of a limit's words a text holds; a name for the same thing counts as two."""
    meant = {concept for _, concept in concept_spots("", limit)}
    same = any(concept in meant for _, concept in concept_spots("", said))
    return len(set(limit) & set(said)) + (2 if same else 0)
