"""A guarded pattern finds what the bare pattern finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.reading import anger, cues, dates, grounds, injection, plainly, requests, rivals
from briefs.reading.patterns import Guarded, _Register, pieces  # pyright: ignore[reportPrivateUsage]

OURS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in (anger, cues, grounds, plainly, requests, rivals)
    for name, value in vars(module).items()
    if isinstance(value, Guarded)
} | {f"injection.{place}": guarded for place, (_, _, guarded) in enumerate(injection._COMPILED)}  # pyright: ignore[reportPrivateUsage]
OURS |= {f"dates.{place}": guarded for place, (guarded, _, _) in enumerate(dates.READERS)}
IN_FIGURES = [guarded.pattern for guarded, _, in_figures in dates.READERS if in_figures]


@pytest.mark.parametrize("name", OURS)
def test_no_match_of_any_of_our_patterns_is_lost(name: str):
    guarded = OURS[name]

    @settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])  # lookaheads are tried, not drawn
    @given(st.data())
    def never_lost(data: st.DataObject) -> None:
        text = data.draw(st.from_regex(guarded.pattern))
        bare = guarded.pattern.search(text)
        assert bare is not None, "the strategy draws texts that match"
        found = guarded.search(text)
        assert found is not None
        assert found.span() == bare.span()
        assert [f.span() for f in guarded.finditer(text)] == [f.span() for f in guarded.pattern.finditer(text)]

    never_lost()


@pytest.mark.parametrize("pattern", IN_FIGURES)
def test_a_date_that_is_looked_for_only_beside_figures_holds_one(pattern: re.Pattern[str]):
    @settings(max_examples=50)
    @given(st.from_regex(pattern))
    def holds_one(text: str) -> None:
        found = pattern.search(text)
        assert found is not None
        assert any(letter.isdigit() for letter in found[0])

    holds_one()


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\bbudget\b", ("budget",)),
        (r"(?:red|blue) car", (" car",)),
        (r"(?:plum|blue)", ("blue", "plum")),
        (r"(?:january|jan|plum)", ("jan", "plum")),
        (r"colou?r", ("colo",)),
        (r"(?:very )?new", ("new",)),
        (r"(?:new ){2,}", ("new ",)),
        (r"(?:long|a)b?", ()),
        (r"\d+", ()),
        (r"(?:STRASSE|straße)", ("strasse",)),
    ],
)
def test_the_pieces_follow_from_the_structure(pattern: str, needed: tuple[str, ...]):
    assert pieces(pattern) == needed


@pytest.mark.parametrize("text", ["SIX", "six", "ſix", "sıx", "sİx"])
def test_letters_the_engine_takes_for_alike_are_alike_for_the_guard(text: str):
    guarded = Guarded("six", re.IGNORECASE)
    assert guarded.pattern.search(text) is not None
    assert guarded.search(text) is not None


def test_a_text_without_a_piece_is_never_handed_to_the_pattern():
    assert not Guarded(r"(?:plum|blue)s?").may_match("a green pear")


def test_a_pattern_made_later_is_tried_in_a_text_seen_before():
    text = "a pear and a medlar"
    assert Guarded("pear").search(text) is not None
    assert Guarded("medlar").search(text) is not None


class _Slow(tuple[str, ...]):
    """Pieces that take their time, so that whoever else adds comes in between."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        sleep(0.02)
        return super().__iter__()


def test_patterns_made_in_several_threads_at_once_each_have_a_bit_of_their_own():
    register = _Register()
    fruit = [_Slow([piece]) for piece in ("pear", "plum", "medlar", "quince")]
    with ThreadPoolExecutor(4) as pool:
        bits = list(pool.map(register.add, fruit))
    assert len(set(bits)) == 4
    assert register.present("a plum") in bits
