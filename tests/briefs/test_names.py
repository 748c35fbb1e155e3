"""A name stands in a text as a word of its own, or not at all."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from briefs.names import stands_in

LETTERS = st.text(alphabet="abB_é9 -.'ß", max_size=12)


@given(LETTERS, LETTERS)
def test_a_name_stands_where_a_pattern_for_whole_words_finds_it(name: str, text: str) -> None:
    assert stands_in(name, text) == (bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None)
