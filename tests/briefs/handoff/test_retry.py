"""A delivery is tried for hours, at growing distances that differ from one another."""

from __future__ import annotations

from itertools import pairwise

from briefs.handoff.retry import Retry


def waits(chance: float, retry: Retry | None = None) -> list[float]:
    retry = retry or Retry()
    found: list[float] = []
    while (wait := retry.wait_s(len(found) + 1, lambda: chance)) is not None:
        found.append(wait)
    return found


def test_the_waits_grow_to_four_hours_and_end_after_half_a_day():
    told = waits(0.0)
    assert told[0] == 30
    assert all(after >= before for before, after in pairwise(told))
    assert told[-1] == 4 * 3600
    assert 12 * 3600 < sum(told) < 24 * 3600
    assert len(told) == 12, "thirteen tries have twelve waits between them"


def test_no_two_need_return_in_the_same_second():
    assert all(0.79 * long <= short <= 0.81 * long for short, long in zip(waits(1.0), waits(0.0), strict=True))


def test_a_receiver_is_not_asked_before_it_wants_to_be_but_within_a_day():
    assert Retry().wait_s(1, lambda: 0.0, 500.0) == 500.0
    assert Retry().wait_s(1, lambda: 0.0, 1.0) == 30.0
    assert Retry().wait_s(1, lambda: 0.0, 10**9) == 24 * 3600
