"""The search figures can be taken by anybody: a small run gives every number the full one gives."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from evals.benchmarks.ranking import Case, measured, ndcg, recall
from evals.benchmarks.retrieval import SCALES, portfolio_cases, qmsum_cases, ranked, speed
from retrieval.embedding import load


@pytest.mark.skipif(find_spec("langchain_chroma") is None, reason="the store to compare with is not installed: dependency group bench")
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # langchain_chroma never closes its client
def test_speed_is_taken_side_by_side():
    figures = speed(SCALES["small"])
    assert figures["passages"] == 240
    assert figures["fused_ms"]["p50"] < figures["langchain_filter_ms"]["p50"]
    assert figures["dense_agreement_with_exact_at_50"] > 0.99


def test_on_the_sample_fused_ranking_is_no_worse_than_words_alone():
    figures = ranked(list(portfolio_cases()), load("wordllama"), resamples=200)
    assert figures["fused"]["questions"] > 50
    assert figures["fused - bm25"]["ndcg@10"]["low"] > -0.02
    assert figures["fused"]["ndcg@10"]["low"] <= figures["fused"]["ndcg@10"]["mean"] <= figures["fused"]["ndcg@10"]["high"]


def test_a_missing_data_folder_gives_no_cases(tmp_path: Path):
    assert list(qmsum_cases(tmp_path, None)) == []


def test_the_scores_are_what_their_names_say():
    answers = frozenset({"a", "b"})
    assert ndcg(["a", "b", "c"], answers) == 1
    assert ndcg(["c", "a"], answers) == pytest.approx(0.63093 / 1.63093, abs=1e-4)
    assert recall(["c", "a"], answers) == 0.5
    case = Case("a1", "?", answers, (), by_record=True)
    assert measured([case], {"fused": [["a", "b"]], "dense": [["c"]]}, 10)["fused - dense"]["ndcg@10"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
