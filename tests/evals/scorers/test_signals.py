"""Scorers of what a text says: types found and missed, false alarms, and figures over a run."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.brief import Signal
from evals.results import CaseResult, Metric, Output, Score
from evals.scorers import false_alarms, signal_types
from evals.statistics import wilson
from tests.evals.scorers.conftest import DAY, Given, a_case, a_result


def a_signal(kind: str) -> Signal:
    return Signal(id=f"s-{kind}", type=kind, test="fit", strength="strong", observed_at=DAY, detector="test", subject_account_id="a01", evidence=())


def seen(ready: Given, *types: str) -> Output:
    """The ready account's output, in whose text these types are found."""
    return ready.output.model_copy(update={"signals": tuple(map(a_signal, types))})


def one(scored: Score | list[Score]) -> Score:
    assert isinstance(scored, Score)
    return scored


def by_name(metrics: list[Metric]) -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics}


@pytest.mark.parametrize(
    ("expected", "found", "value", "reason"),
    [
        (["new_team"], ["new_team"], 1.0, "found new_team"),
        ([], [], 1.0, "rightly found nothing"),
        (["new_team"], [], 0.0, "missed new_team"),
        ([], ["new_team"], 0.0, "not expected: new_team"),
        (["new_team"], ["module_interest"], 0.0, "missed new_team; not expected: module_interest"),
    ],
)
def test_a_text_is_right_where_exactly_the_expected_types_are_found(
    ready: Given, expected: list[str], found: list[str], value: float, reason: str
) -> None:
    score = one(signal_types.score(a_case("signals", {"types": expected}), seen(ready, *found), ready.dossier))
    assert (score.value, score.reason) == (value, reason)


def test_what_may_never_appear_fails_the_case_wherever_in_the_account_it_stands(ready: Given) -> None:
    case = a_case("overflagging", {"types": [], "never": ["upgrade_attempt"]})
    assert one(signal_types.score(case, seen(ready), ready.dossier)).value == 0.0


def test_without_a_result_nothing_can_be_told(ready: Given) -> None:
    for scorer in (signal_types, false_alarms):
        assert one(scorer.score(a_case("overflagging", {"types": []}), Output(), None)).value is None


def test_other_suites_are_not_asked(ready: Given) -> None:
    case = a_case("verdicts", {"verdict": "qualified"})
    assert signal_types.score(case, ready.output, ready.dossier) == []
    assert false_alarms.score(case, ready.output, ready.dossier) == []
    assert false_alarms.score(a_case("signals", {"types": ["new_team"]}), ready.output, ready.dossier) == []


def a_run(ready: Given, scorer: Any, *cases: tuple[list[str], list[str]]) -> list[CaseResult]:
    made: list[CaseResult] = []
    for number, (expected, found) in enumerate(cases):
        case = a_case("signals", {"types": expected}, id=f"c{number}", cluster=f"k{number}")
        made.append(a_result(case, scorer.score(case, seen(ready, *found), ready.dossier)))
    return made


def test_precision_and_recall_are_counted_by_type_with_their_intervals(ready: Given) -> None:
    results = a_run(
        ready, signal_types,
        (["new_team"], ["new_team"]), (["new_team"], ["new_team", "churn_intent"]), (["new_team"], []), ([], ["new_team"]), (["churn_intent"], []),
    )  # fmt: skip
    metrics = by_name(signal_types.summarise(results))
    team = metrics["precision:new_team"]
    expected = wilson(2, 3)
    assert expected is not None
    assert (team.value, team.low, team.high, team.n) == (pytest.approx(2 / 3), expected.low, expected.high, 3)
    assert metrics["recall:new_team"].value == pytest.approx(2 / 3)
    assert metrics["f1:new_team"].value == pytest.approx(2 / 3)
    assert (metrics["precision:churn_intent"].value, metrics["recall:churn_intent"].value) == (0.0, 0.0)
    assert metrics["precision"].value == pytest.approx(2 / 4)
    assert metrics["recall"].value == pytest.approx(2 / 4)
    assert metrics["macro_f1"].value == pytest.approx((2 / 3 + 0) / 2)
    assert metrics["f1"].low is not None
    assert metrics["f1"].high is not None
    assert metrics["f1"].low < 0.5 < metrics["f1"].high


def test_a_type_nobody_expected_counts_against_precision_and_has_no_recall(ready: Given) -> None:
    metrics = by_name(signal_types.summarise(a_run(ready, signal_types, (["new_team"], ["new_team"]), ([], ["advocacy"]))))
    assert metrics["precision"].value == 0.5
    assert metrics["recall:advocacy"].value is None
    assert metrics["macro_f1"].value == 1.0


def test_three_runs_of_a_case_weigh_as_one(ready: Given) -> None:
    once = a_run(ready, signal_types, (["new_team"], ["new_team"]), (["new_team"], []))
    thrice = [result.model_copy(update={"repeat": repeat}) for result in once for repeat in range(3)]
    assert by_name(signal_types.summarise(thrice))["recall"] == by_name(signal_types.summarise(once))["recall"]


def test_a_routine_text_that_raises_anything_is_a_false_alarm_and_one_for_a_sale_apart(ready: Given) -> None:
    metrics = by_name(false_alarms.summarise(a_run(ready, false_alarms, ([], []), ([], ["negative_sentiment"]), ([], ["new_team"]), ([], []))))
    assert (metrics["false_positive_rate"].value, metrics["false_positive_rate"].better) == (0.5, "lower")
    assert metrics["false_positive_rate:for_a_sale"].value == 0.25


def test_figures_over_nothing_have_no_value() -> None:
    assert all(metric.value is None for metric in (*signal_types.summarise([]), *false_alarms.summarise([])))
