"""The gate: paired by case, exact where it can be, every case counted, and never a pass where something could not be told."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from evals.comparing import Side, compare
from evals.gate import Verdict, judge
from evals.results import CaseResult, Identity, Metric, Output, Score
from evals.standing import Standing, passes, standings
from evals.suite import About, GatedScore, Limit

ABOUT = About(title="t", why="w", scorers=("verdict",), gated=(GatedScore(score="verdict"),))


def standing(case: str, passed: bool | None = True, **told: object) -> Standing:
    scores = {"verdict": None if passed is None else float(passed)}
    kept: dict[str, object] = {"cluster": case, "content": "c", "passed": passed, "passes": int(passed is True), "runs": 1, "scores": scores, **told}
    return Standing(case_id=case, suite="verdicts", **kept)  # pyright: ignore[reportArgumentType]


def side(cases: Mapping[str, Standing], **told: object) -> Side:
    kept: dict[str, object] = {
        "label": "x",
        "identity": Identity(engine="offline"),
        "suites": {"verdicts": "h"},
        "cases": {"verdicts": cases},
        **told,
    }
    return Side.model_validate(kept)


def gated(before: Mapping[str, Standing], after: Mapping[str, Standing], about: About = ABOUT, **told: object) -> Verdict:
    one, other = side(before), side(after, **told)
    return judge(compare(one, other, {"verdicts": about}), one, other, {"verdicts": about})


def many(number: int, failing: int = 0, **told: object) -> dict[str, Standing]:
    return {f"c{n:03d}": standing(f"c{n:03d}", n >= failing, **told) for n in range(number)}


@pytest.mark.parametrize(("broken", "p", "word"), [(4, 0.0625, "WARN"), (5, 0.03125, "FAIL"), (9, 0.001953125, "FAIL")])
def test_newly_failing_cases_are_tested_exactly(broken: int, p: float, word: str) -> None:
    one, other = side(many(60)), side(many(60, broken))
    (compared,) = compare(one, other, {"verdicts": ABOUT})
    assert compared.tests[0].p == pytest.approx(p)
    verdict = judge([compared], one, other, {"verdicts": ABOUT})
    assert (verdict.word, verdict.exit_code) == (word, 1 if word == "FAIL" else 0)


def test_a_warning_says_how_many_more_cases_would_decide() -> None:
    verdict = gated(many(60), many(60, 4))
    assert "more cases would decide" in verdict.reasons[0].text or "so many decide" in verdict.reasons[0].text


def test_nothing_changed_is_a_pass() -> None:
    verdict = gated(many(60, 7), many(60, 7))
    assert (verdict.word, verdict.exit_code, verdict.reasons) == ("PASS", 0, ())


def test_better_is_a_pass() -> None:
    assert gated(many(60, 20), many(60)).word == "PASS"


def test_one_lost_pin_fails() -> None:
    after = {**many(60), "c000": standing("c000", False, pinned=True)}
    verdict = gated({**many(60), "c000": standing("c000", True, pinned=True)}, after)
    assert verdict.word == "FAIL"
    assert verdict.reasons[0].cases == ("c000",)


@pytest.mark.parametrize(
    ("mode", "runs", "word"),
    [("offline", 1, "FAIL"), ("replay", 1, "FAIL"), ("live", 1, "CANNOT TELL"), ("record", 2, "CANNOT TELL"), ("live", 3, "FAIL")],
)
def test_a_pin_that_a_model_failed_once_is_no_verdict_and_one_it_fails_mostly_is(mode: str, runs: int, word: str) -> None:
    before = {**many(60), "c000": standing("c000", True, pinned=True)}
    verdict = gated(before, {**many(60), "c000": standing("c000", False, pinned=True, runs=runs)}, mode=mode)
    assert verdict.word == word
    if word == "CANNOT TELL":
        assert "`briefs eval run verdicts --mode live --repeat 3 --case c000` tells" in verdict.reasons[0].text


def test_a_hard_rule_newly_broken_fails_and_one_broken_before_warns() -> None:
    about = ABOUT.model_copy(update={"hard": ("verdict",)})
    broken = {**many(60), "c000": standing("c000", broken=("verdict",))}
    assert gated(many(60), broken, about).word == "FAIL"
    assert gated(broken, broken, about).word == "WARN"


def test_a_case_that_crashes_now_fails() -> None:
    after = {**many(60), "c000": standing("c000", False, error="ValueError: x")}
    verdict = gated(many(60), after)
    assert verdict.word == "FAIL"
    assert "crash" in verdict.reasons[0].text


@pytest.mark.parametrize("after", [{**many(60), "c000": standing("c000", None, unmeasured=True, error="CassetteMiss: x")}, many(0)])
def test_what_was_not_measured_cannot_be_told(after: Mapping[str, Standing]) -> None:
    verdict = gated(many(60), after)
    assert (verdict.word, verdict.exit_code) == ("CANNOT TELL", 4)


def test_too_many_unscored_cases_cannot_be_told() -> None:
    few = {**many(60), **{f"c{n:03d}": standing(f"c{n:03d}", None) for n in range(3)}}
    more = {**many(60), **{f"c{n:03d}": standing(f"c{n:03d}", None) for n in range(4)}}
    assert gated(many(60), few).word == "PASS"
    assert gated(many(60), more).word == "CANNOT TELL"


def test_altered_new_and_removed_cases_enter_no_test() -> None:
    before = many(60)
    after = {key: value for key, value in many(60).items() if key != "c059"}
    after |= {f"c{n:03d}": standing(f"c{n:03d}", False, content="other") for n in range(10)}
    after |= {f"new{n}": standing(f"new{n}", False) for n in range(10)}
    (compared,) = compare(side(before), side(after), {"verdicts": ABOUT})
    assert (len(compared.altered), len(compared.new), compared.removed) == (10, 10, ("c059",))
    assert (compared.tests[0].n, compared.tests[0].worse) == (49, 0)
    assert gated(before, after).word == "WARN"


def test_a_suite_without_a_baseline_cannot_be_told() -> None:
    one = Side(label="x", identity=Identity(engine="offline"), suites={}, cases={})
    assert judge([], one, side(many(3)), {"verdicts": ABOUT}).word == "CANNOT TELL"


def test_a_limit_that_is_crossed_fails_whatever_the_baseline_was() -> None:
    about = ABOUT.model_copy(update={"limits": (Limit(metric="calls", ceiling=2),)})
    metrics = {"verdicts": (Metric(name="calls", value=3.0, n=60, better="lower"),)}
    verdict = gated(many(60), many(60), about, metrics=metrics)
    assert verdict.word == "FAIL"
    assert "above its ceiling" in verdict.reasons[0].text


def test_scores_are_flipped_by_cluster_and_holm_counts_every_test() -> None:
    about = About(title="t", why="w", scorers=("s",), gated=(GatedScore(score="verdict"), GatedScore(score="depth", kind="score")))
    before = {f"c{n}": standing(f"c{n}", True, cluster=f"k{n // 2}", scores={"verdict": 1.0, "depth": 0.8}) for n in range(10)}
    after = {f"c{n}": standing(f"c{n}", True, cluster=f"k{n // 2}", scores={"verdict": 1.0, "depth": 0.7}) for n in range(10)}
    (compared,) = compare(side(before), side(after), {"verdicts": about})
    depth = next(t for t in compared.tests if t.score == "depth")
    assert depth.p == pytest.approx(1 / 2**5)
    assert depth.adjusted == pytest.approx(2 / 2**5)


def result(repeat: int, value: float | None, **told: object) -> CaseResult:
    scores = (Score(scorer="verdict", version="1", value=value),)
    return CaseResult(case_id="c", suite="verdicts", cluster="k", repeat=repeat, output=Output(), scores=scores).model_copy(update=told)


@pytest.mark.parametrize(
    ("values", "passed"), [((1, 1, 0), True), ((1, 0, 0), False), ((1, 0), False), ((None, None), None), ((1, None), True), ((1,), True)]
)
def test_the_majority_of_repeats_decides(values: tuple[float | None, ...], passed: bool | None) -> None:
    found = standings([result(n, value) for n, value in enumerate(values)], ABOUT)
    assert found["c"].passed is passed
    assert found["c"].unstable == (set(values) == {0, 1})


def test_a_crash_does_not_pass_and_what_was_not_measured_is_not_told() -> None:
    assert passes(result(0, 0.0, error="ValueError: x"), ABOUT) is False
    assert passes(result(0, 1.0, error="CassetteMiss: x", unmeasured=True), ABOUT) is None
