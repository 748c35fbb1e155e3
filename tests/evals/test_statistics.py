"""The statistics agree with SciPy, with scikit-learn, with numbers worked out by hand, and with what they are for."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from evals.statistics import (
    Interval,
    bootstrap,
    cases_to_decide,
    clusters_to_decide,
    holm,
    kappa,
    mcnemar,
    power,
    rogan_gladen,
    sign_flip,
    wilson,
)

SMALL = st.integers(min_value=0, max_value=40)
SHARE = st.floats(min_value=0, max_value=1)


@given(SMALL, SMALL, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_of_a_share_is_scipys(passed: int, failed: int, confidence: float) -> None:
    interval = wilson(passed, passed + failed, confidence)
    if passed + failed == 0:
        assert interval is None
        return
    expected = binomtest(passed, passed + failed).proportion_ci(confidence, method="wilson")
    assert interval is not None
    assert (interval.low, interval.high) == (pytest.approx(expected.low, abs=1e-9), pytest.approx(expected.high, abs=1e-9))


@pytest.mark.parametrize(("cases", "upper"), [(120, 0.031), (50, 0.071)])
def test_no_attack_out_of_a_few_still_allows_some(cases: int, upper: float) -> None:
    interval = wilson(0, cases)
    assert interval is not None
    assert interval.low == 0
    assert interval.high == pytest.approx(upper, abs=5e-4)


@given(SMALL, SMALL)
def test_changed_cases_are_tested_as_coins(failing: int, passing: int) -> None:
    expected = binomtest(failing, failing + passing, 0.5, alternative="greater").pvalue if failing + passing else 1.0
    assert mcnemar(failing, passing) == pytest.approx(expected)


def test_five_newly_failing_cases_are_needed_and_four_are_too_few() -> None:
    assert mcnemar(4, 0) == 0.0625
    assert mcnemar(5, 0) == 0.03125


def test_flipping_single_cases_is_the_test_of_changed_cases() -> None:
    differences = {str(i): [-1.0] for i in range(7)} | {f"better {i}": [1.0] for i in range(2)} | {"same": [0.0]}
    assert sign_flip(differences) == pytest.approx(mcnemar(7, 2))


def test_cases_of_one_account_are_flipped_together() -> None:
    apart = {str(i): [-1.0] for i in range(6)}
    assert sign_flip(apart) == pytest.approx(1 / 64)
    assert sign_flip({"one account": [-1.0] * 6}) == 0.5


@given(st.lists(st.integers(min_value=-3, max_value=3), min_size=1, max_size=8))
def test_flipping_counts_every_pattern(totals: list[int]) -> None:
    moved = [t for t in totals if t]
    sums = [sum(sign * t for sign, t in zip(signs, moved, strict=True)) for signs in product((1, -1), repeat=len(moved))]
    expected = sum(s <= sum(moved) for s in sums) / len(sums)
    assert sign_flip({str(i): [float(t)] for i, t in enumerate(totals)}) == pytest.approx(expected)


def test_many_clusters_are_sampled_the_same_way_each_time_and_never_give_zero() -> None:
    differences = {str(i): [-1.0] for i in range(60)}
    assert sign_flip(differences) == sign_flip(differences) == pytest.approx(1 / 20_001)
    mixed = {str(i): [-1.0 if i % 3 else 1.0] for i in range(30)}
    assert sign_flip(mixed, draws=200_000) == pytest.approx(mcnemar(20, 10), abs=0.005)


def test_without_a_difference_there_is_nothing_to_find() -> None:
    assert sign_flip({}) == sign_flip({"a": [0.0, 0.0], "b": [1.0, -1.0]}) == 1.0


def test_several_tests_are_corrected_step_by_step() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": pytest.approx(0.03), "b": pytest.approx(0.06), "c": pytest.approx(0.06)}
    assert holm({}) == {}


@given(st.dictionaries(st.text(max_size=3), SHARE, min_size=1, max_size=9))
def test_a_correction_never_helps_and_keeps_the_order(p_values: dict[str, float]) -> None:
    adjusted = holm(p_values)
    assert list(adjusted) == list(p_values)
    assert all(p_values[name] <= adjusted[name] <= 1 for name in p_values)
    assert min(adjusted.values()) == pytest.approx(min(1.0, min(p_values.values()) * len(p_values)))
    ordered = sorted(p_values, key=lambda name: p_values[name])
    assert [adjusted[name] for name in ordered] == sorted(adjusted.values())


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60).filter(lambda pairs: len({x for p in pairs for x in p}) == 2))
def test_kappa_is_scikit_learns(pairs: list[tuple[bool, bool]]) -> None:
    expected = cohen_kappa_score([one for one, _ in pairs], [other for _, other in pairs])
    assert kappa(pairs) == pytest.approx(expected)


def test_agreement_that_chance_alone_explains_cannot_be_told() -> None:
    assert kappa([]) is None
    assert kappa([("yes", "yes")] * 20) is None


@given(SHARE, st.floats(min_value=0.6, max_value=1), st.floats(min_value=0.6, max_value=1))
def test_a_judges_known_errors_are_taken_out(true_rate: float, tpr: float, tnr: float) -> None:
    observed = true_rate * tpr + (1 - true_rate) * (1 - tnr)
    assert rogan_gladen(observed, tpr, tnr) == pytest.approx(true_rate, abs=1e-6)


def test_a_coin_for_a_judge_tells_nothing_and_a_rate_stays_a_rate() -> None:
    assert rogan_gladen(0.7, 0.5, 0.5) is None
    assert rogan_gladen(0.02, 0.9, 0.9) == 0
    assert rogan_gladen(0.99, 0.9, 0.9) == 1


def test_the_interval_of_a_mean_is_wider_where_cases_lean_on_one_another() -> None:
    values = [0.0, 1.0] * 20
    alone = bootstrap({str(i): [value] for i, value in enumerate(values)})
    leaning = bootstrap({str(i): [0.0 if i % 2 else 1.0] * 5 for i in range(8)})
    assert alone is not None
    assert leaning is not None
    assert leaning.high - leaning.low > 1.5 * (alone.high - alone.low)
    assert alone == bootstrap({str(i): [value] for i, value in enumerate(values)})


def test_a_bootstrap_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        interval = bootstrap({str(i): list(chance.normal(2.0, 1.0) + chance.normal(0, 0.5, size=3)) for i in range(25)}, draws=500)
        assert interval is not None
        covered += interval.low <= 2.0 <= interval.high
    assert 0.88 <= covered / 200 <= 0.99


def test_one_cluster_has_no_interval() -> None:
    assert bootstrap({"one": [1.0, 0.0], "none": []}) is None
    assert bootstrap({"one": [1.0], "two": [1.0]}) == Interval(1.0, 1.0)


@pytest.mark.parametrize(
    ("cases", "broken", "fixed", "simulated"),
    [(30, 0.10, 0, 0.18), (60, 0.10, 0, 0.73), (100, 0.10, 0, 0.97), (100, 0.05, 0, 0.56), (200, 0.05, 0, 0.97), (100, 0.10, 0.03, 0.53)],
)
def test_power_is_what_a_simulation_found(cases: int, broken: float, fixed: float, simulated: float) -> None:
    assert power(cases, broken, fixed) == pytest.approx(simulated, abs=0.03)


@given(st.integers(min_value=0, max_value=25), st.floats(min_value=0.01, max_value=0.6), st.floats(min_value=0, max_value=0.3))
@settings(max_examples=40)
def test_power_is_the_sum_over_all_that_can_happen(cases: int, broken: float, fixed: float) -> None:
    same, total = 1 - broken - fixed, 0.0
    for failing in range(cases + 1):
        for passing in range(cases + 1 - failing):
            if mcnemar(failing, passing) < 0.05:
                ways = comb(cases, failing) * comb(cases - failing, passing)
                total += ways * broken**failing * fixed**passing * max(same, 0.0) ** (cases - failing - passing)
    assert power(cases, broken, fixed) == pytest.approx(total, abs=1e-6)


def test_impossible_shares_are_refused() -> None:
    assert power(100, 0.0) == 0.0
    for broken, fixed in ((1.2, 0.0), (0.7, 0.7), (0.5, -0.1)):
        with pytest.raises(ValueError, match="shares"):
            power(100, broken, fixed)


def test_what_is_missing_to_decide_is_the_smallest_number_that_decides() -> None:
    more = cases_to_decide(4, 1, 60)
    assert more is not None
    assert power(60 + more, 4 / 60, 1 / 60) >= 0.8
    assert power(60 + more - 1, 4 / 60, 1 / 60) < 0.8


def test_nothing_decides_where_nothing_is_worse_or_the_harm_is_too_small() -> None:
    assert cases_to_decide(2, 2, 50) is None
    assert cases_to_decide(0, 0, 0) is None
    assert cases_to_decide(51, 50, 1000) is None
    assert cases_to_decide(30, 0, 100) == 0


def test_more_accounts_decide_a_score_that_fell_a_little() -> None:
    unsure = {str(i): [-0.3 if i % 3 else 0.4] for i in range(12)}
    more = clusters_to_decide(unsure)
    assert more is not None
    assert more > 12
    assert clusters_to_decide({str(i): [-1.0] for i in range(20)}) == 0
    assert clusters_to_decide({str(i): [-1.0] for i in range(3)}) == 2
    assert clusters_to_decide({"a": [0.1], "b": [0.2]}) is None
    assert clusters_to_decide({"a": [-0.1]}) is None
