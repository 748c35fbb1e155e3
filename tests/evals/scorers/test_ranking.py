"""Scorers of search: recall within ten and the place of the first answer, by method."""

from __future__ import annotations

from typing import Any

import pytest

from evals.results import Found, Output
from evals.scorers import ranking
from tests.evals.scorers.conftest import a_case, a_result
from tests.evals.scorers.test_briefs import named
from tests.evals.scorers.test_signals import by_name


def found(*places: str) -> tuple[Found, ...]:
    """`n1:0-10` is a passage of the body of n1."""
    made: list[Found] = []
    for place in places:
        record, _, span = place.partition(":")
        start, _, end = (span or "0-10").partition("-")
        made.append(Found(record_id=record, part="body", start=int(start), end=int(end)))
    return tuple(made)


def scores(expect: dict[str, Any], **rankings: tuple[Found, ...]) -> dict[str, float | None]:
    return {name: score.value for name, score in named(ranking.score(a_case("retrieval", expect), Output(rankings=rankings), None)).items()}


def test_a_record_stands_where_its_first_passage_does() -> None:
    told = scores({"records": ["n2", "n9"]}, fused=found("n1:0-10", "n1:10-20", "n2:0-10", "n2:30-40"))
    assert (told["recall_at_10"], told["mrr"], told["answered"]) == (0.5, 0.5, 1.0)


def test_a_place_is_found_by_any_passage_that_overlaps_it() -> None:
    expect = {"passages": [{"record_id": "n1", "part": "body", "start": 15, "end": 30}, {"record_id": "n2", "part": "body"}]}
    told = scores(expect, fused=found("n1:0-15", "n1:10-16", "n3:0-9"))
    assert (told["recall_at_10"], told["mrr"]) == (0.5, 0.5)
    assert scores(expect, fused=found("n2:7-9", "n1:0-99"))["recall_at_10"] == 1.0
    assert scores({"passages": [{"record_id": "n1", "part": "title"}]}, fused=found("n1:0-99"))["mrr"] == 0.0


def test_only_the_first_ten_count_for_recall_and_all_for_the_first_answer() -> None:
    told = scores({"records": ["n11"]}, fused=found(*(f"n{i}" for i in range(12))))
    assert (told["recall_at_10"], told["mrr"], told["answered"]) == (0.0, pytest.approx(1 / 12), 0.0)


def test_a_method_that_ranked_nothing_cannot_be_told_and_an_empty_ranking_found_nothing() -> None:
    told = scores({"records": ["n1"]}, fused=(), words=found("n1"))
    assert (told["recall_at_10"], told["recall_at_10:words"], told["mrr:words"], told["mrr:meaning"]) == (0.0, 1.0, 1.0, None)
    assert set(scores({}, fused=found("n1")).values()) == {None}


def test_the_fused_ranking_is_compared_with_each_method_on_the_same_questions() -> None:
    results = []
    for number, words in enumerate(("n1", "n2", "n3")):
        case = a_case("retrieval", {"records": ["n1"]}, id=f"c{number}", cluster=f"k{number}")
        results.append(a_result(case, ranking.score(case, Output(rankings={"fused": found("n1"), "words": found(words)}), None)))
    metrics = by_name(ranking.summarise(results))
    assert metrics["mean_recall_at_10"].value == 1.0
    assert metrics["mean_mrr:words"].value == pytest.approx(1 / 3)
    gain = metrics["mrr:fused-words"]
    assert (gain.value, gain.n, gain.note) == (pytest.approx(2 / 3), 3, "paired by question")
    assert metrics["mrr:fused-meaning"].value is None


def test_other_suites_are_not_asked() -> None:
    assert ranking.score(a_case("verdicts", {"verdict": "quiet"}), Output(), None) == []
