"""How two texts are told apart on a page: word by word where they are alike, one after the other where they are not."""

from __future__ import annotations

from api.pages.views.changes import differing


def test_texts_that_are_alike_differ_in_words() -> None:
    assert differing("They asked in March.", "They asked twice in March.") == (("same", "They asked"), ("in", " twice"), ("same", " in March."))


def test_texts_that_share_little_stand_one_after_the_other() -> None:
    before, after = 'Declan Moran, 5 Mar 2026: "I had someone who left in January"', "They asked for it twice, in March."
    assert differing(before, after) == (("out", before), ("same", " "), ("in", after))


def test_a_text_put_where_none_was_is_all_new() -> None:
    assert differing("", "They asked.") == (("in", "They asked."),)
    assert differing("They asked.", "") == (("out", "They asked."),)
