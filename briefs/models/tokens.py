"""Guesses how many tokens a text has without any vocabulary, on the high side, and learns from what the provider counted."""

from __future__ import annotations

import math
import threading

CHARACTERS_A_TOKEN = 3.5
MARGIN = 1.15
_WIDE_FROM = "\u2e80"
"""Scripts from here on (Chinese, Japanese, Korean, emoji) have about one token a character."""


def estimate(text: str) -> int:
    """Tokens of `text`, rounded up: a token every 3.5 characters, plus 15 percent; a wide character is one token."""
    wide = sum(char >= _WIDE_FROM for char in text)
    return math.ceil(((len(text) - wide) / CHARACTERS_A_TOKEN + wide) * MARGIN)


class Estimator:
    """`estimate`, corrected by the ratio of counted to guessed tokens so far. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._guessed = 0
        self._counted = 0

    def learn(self, guessed: int, counted: int) -> None:
        """Take in one answered question. A provider that counts nothing teaches nothing."""
        if guessed > 0 and counted > 0:
            with self._lock:
                self._guessed += guessed
                self._counted += counted

    def tokens(self, text: str) -> int:
        """The corrected estimate. A correction below one is not trusted further down than to a half."""
        with self._lock:
            factor = self._counted / self._guessed if self._guessed else 1.0
        return math.ceil(estimate(text) * max(0.5, factor * (MARGIN if self._guessed else 1.0)))
