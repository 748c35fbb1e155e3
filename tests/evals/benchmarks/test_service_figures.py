"""A figure of the service that its load was too short for is told as not measured, and misses nothing."""

from __future__ import annotations

import pytest

from evals.benchmarks.service import MEMORY_MINUTES, grown

SETTLED = [100.0] * 30
GROWING = [100.0 + n for n in range(60)]


@pytest.mark.parametrize("memory", [SETTLED, GROWING])
def test_memory_under_a_short_load_is_not_measured(memory: list[float]) -> None:
    figure = grown(memory, MEMORY_MINUTES - 1)
    assert (figure.value, figure.met) == (None, None)
    assert "not measured" in figure.note


def test_memory_that_grows_misses_and_memory_that_settles_does_not() -> None:
    assert grown([50.0] * 15 + SETTLED, MEMORY_MINUTES).met is True
    assert grown(GROWING, MEMORY_MINUTES).met is False
