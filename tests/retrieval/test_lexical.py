"""Words are compared as people mean them: stems, accents, parts of names; and the score is BM25 as it is written down."""

from __future__ import annotations

import math
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import K1, B, Bm25, tokens, unaccented


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("seat", "we need more SEATS"),
        ("single sign-on", "single sign on is missing"),
        ("login", "SSO-Login_v2 fails"),
        ("sso-login_v2", "SSO-Login_v2 fails"),
        ("work order", "the WorkOrder export"),
        ("http", "HTTPServer is down"),
        ("reunion", "la réunion de mars"),
        ("Straße", "STRASSE 5"),
        ("verlängern", "wir verlangern"),
        ("請求書", "先月の請求書について"),
        ("P1", "ticket is P1"),
        ("2.5", "version 2.5 only"),
    ],
)
def test_a_question_finds_the_words_it_means(asked: str, text: str):
    assert Bm25(["nothing of the kind here", text]).scores(asked)[1] > 0


def test_words_that_say_nothing_are_left_out():
    assert tokens("The and a, of! der die das el la le 5") == []


def test_a_score_is_okapi_bm25():
    texts = ["seat seat plan", "seat", "invoice late again"]
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = rarity * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 3 / (7 / 3)))
    assert Bm25(texts).scores("seats")[0] == pytest.approx(expected)
    assert Bm25(texts).scores("seats seats")[0] == pytest.approx(2 * expected)


def test_rare_words_count_more_than_common_ones_and_short_texts_more_than_long():
    scores = Bm25(["seat budget", "seat plan", "seat plan " + "filler words go here " * 20]).scores("budget plan")
    assert scores[0] > scores[1] > scores[2] > 0


@given(st.lists(st.text()), st.text())
def test_any_text_and_any_question_give_one_finite_score_each(texts: list[str], question: str):
    scores = Bm25(texts).scores(question)
    assert scores.shape == (len(texts),)
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


@given(st.lists(st.text(), min_size=1), st.text(), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(texts: list[str], question: str, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)
    assert np.allclose(Bm25([texts[place] for place in order]).scores(question), Bm25(texts).scores(question)[order])


@given(st.text())
def test_marks_that_combine_are_left_out_and_nothing_else(text: str):
    spread = unicodedata.normalize("NFKD", text)
    assert unaccented(text) == "".join(letter for letter in spread if not unicodedata.combining(letter))


def test_several_who_ask_for_a_word_at_once_all_find_it():
    texts = [f"word{number} seats budget" for number in range(40)]
    asked = " ".join(f"word{number}" for number in range(40))
    expected = Bm25(texts).scores(asked).tolist()
    assert min(expected) > 0
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(60):
                fresh, start = Bm25(texts), Barrier(4)

                def ask(fresh: Bm25 = fresh, start: Barrier = start) -> list[float]:
                    start.wait()
                    return fresh.scores(asked).tolist()

                assert [found.result() for found in [pool.submit(ask) for _ in range(4)]] == [expected] * 4
    finally:
        sys.setswitchinterval(before)
