"""Scorers of an account's result: verdict, tests, blockers, product, lead type, as of a day."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.brief import AccountResult
from evals.results import Output
from evals.scorers import as_of, blockers, lead_type, sku, tests_met, verdict
from tests.evals.scorers.conftest import Given, a_case, a_result
from tests.evals.scorers.test_signals import by_name, one


def changed(ready: Given, **changes: Any) -> Output:
    assert ready.output.result is not None
    return ready.output.model_copy(update={"result": ready.output.result.model_copy(update=changes)})


def result_of(ready: Given) -> AccountResult:
    assert ready.output.result is not None
    return ready.output.result


def test_the_verdict_is_right_or_both_are_named(ready: Given) -> None:
    case = a_case("verdicts", {"verdict": "qualified"})
    assert one(verdict.score(case, ready.output, ready.dossier)).value == 1.0
    wrong = one(verdict.score(case, changed(ready, verdict="watch"), ready.dossier))
    assert wrong.value == 0.0
    assert wrong.reason.startswith("watch, expected qualified; tests met: success, fit, timing")


def test_a_verdict_nobody_expects_is_not_judged(ready: Given) -> None:
    assert verdict.score(a_case("verdicts", {"sku": "enterprise"}), ready.output, ready.dossier) == []


def test_the_costly_errors_are_counted_apart(ready: Given) -> None:
    results = []
    for number, (wanted, found) in enumerate([("blocked", "qualified"), ("blocked", "blocked"), ("qualified", "watch"), ("quiet", "quiet")]):
        case = a_case("verdicts", {"verdict": wanted}, id=f"c{number}")
        results.append(a_result(case, verdict.score(case, changed(ready, verdict=found), ready.dossier)))
    metrics = by_name(verdict.summarise(results))
    assert metrics["verdict_accuracy"].value == 0.5
    assert (metrics["blocked_but_qualified"].value, metrics["blocked_but_qualified"].n) == (0.5, 2)
    assert (metrics["ready_but_held_back"].value, metrics["ready_but_held_back"].n) == (1.0, 1)


def test_each_expected_test_counts_and_no_other(ready: Given) -> None:
    case = a_case("verdicts", {"tests": {"success": True, "timing": False}})
    score = one(tests_met.score(case, ready.output, ready.dossier))
    assert (score.value, score.reason) == (0.5, "timing is met")
    metrics = by_name(tests_met.summarise([a_result(case, score)]))
    assert {name: metric.value for name, metric in metrics.items()} == {"test_accuracy:success": 1.0, "test_accuracy:timing": 0.0}


def test_blockers_have_to_be_exactly_those_that_stand(ready: Given) -> None:
    standing = result_of(ready).blockers
    assert standing == ()
    assert one(blockers.score(a_case("verdicts", {"blockers": []}), ready.output, ready.dossier)).value == 1.0
    missed = one(blockers.score(a_case("verdicts", {"blockers": ["detractor"]}), ready.output, ready.dossier))
    assert (missed.value, missed.reason) == (0.0, "missed detractor")
    assert blockers.score(a_case("verdicts", {"verdict": "qualified"}), ready.output, ready.dossier) == []
    case = a_case("verdicts", {"blockers": ["detractor"]})
    assert by_name(blockers.summarise([a_result(case, missed)]))["blocker_recall:detractor"].value == 0.0


def test_the_product_is_the_one_expected_in_result_and_brief(ready: Given) -> None:
    case = a_case("verdicts", {"sku": "enterprise"})
    assert one(sku.score(case, ready.output, ready.dossier)).value == 1.0
    assert one(sku.score(a_case("verdicts", {"sku": "spare_parts"}), ready.output, ready.dossier)).value == 0.0
    assert ready.output.brief is not None
    other = ready.output.model_copy(update={"brief": ready.output.brief.model_copy(update={"sku": "spare_parts"})})
    assert one(sku.score(case, other, ready.dossier)).reason == "the result names enterprise, the brief spare_parts"


def test_the_lead_type_is_the_one_expected(ready: Given) -> None:
    assert one(lead_type.score(a_case("verdicts", {"lead_type": "service"}), ready.output, ready.dossier)).value == 1.0
    assert one(lead_type.score(a_case("verdicts", {"lead_type": "customer_success"}), ready.output, ready.dossier)).value == 0.0


@pytest.mark.parametrize(
    ("expect", "reason"),
    [
        (
            {"absent": ["a01-n999"], "present": ["a01-t2"], "signals_present": ["upgrade_attempt"], "signals_absent": ["churn_intent"]},
            "seen as it stood",
        ),
        ({"absent": ["a01-t2"]}, "a01-t2 is seen, and came later"),
        ({"present": ["a01-n999"]}, "a01-n999 was known, and is not seen"),
        ({"signals_absent": ["upgrade_attempt"]}, "upgrade_attempt is found, and came later"),
        ({"signals_present": ["churn_intent"]}, "churn_intent is not found"),
    ],
)
def test_nothing_later_is_seen_and_nothing_known_is_missing(ready: Given, expect: dict[str, Any], reason: str) -> None:
    score = one(as_of.score(a_case("asof", expect), ready.output, ready.dossier))
    assert score.reason == reason
    assert score.value == float(reason == "seen as it stood")


def test_without_a_result_nothing_can_be_told() -> None:
    asked = {"verdict": "qualified", "tests": {"fit": True}, "blockers": [], "sku": "enterprise", "lead_type": "service"}
    for scorer in (verdict, tests_met, blockers, sku, lead_type):
        assert one(scorer.score(a_case("verdicts", asked), Output(), None)).value is None
    assert one(as_of.score(a_case("asof", {}), Output(), None)).value is None
