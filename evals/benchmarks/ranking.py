"""Scores rankings against known answers: nDCG@10 and recall@20, with intervals that say how far a difference can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.records import Passage, Record

Figure = dict[str, Any]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question about an account, and the ids (of records, or of passages) that answer it."""

    account_id: str
    question: str
    answers: frozenset[str]
    records: tuple[Record, ...]
    by_record: bool

    def answered(self, passages: Sequence[Passage]) -> list[str]:
        """The ranking in terms of the answers' ids; a record stands where its first passage does."""
        return list(dict.fromkeys(passage.record_id if self.by_record else passage.id for passage in passages))


def ndcg(ranking: Sequence[str], answers: frozenset[str], k: int = 10) -> float:
    """Binary gain, discounted by log2 of the rank plus one, over the best possible."""
    gain = sum(1 / np.log2(place + 2) for place, found in enumerate(ranking[:k]) if found in answers)
    return float(gain / sum(1 / np.log2(place + 2) for place in range(min(k, len(answers)))))


def recall(ranking: Sequence[str], answers: frozenset[str], k: int = 20) -> float:
    """Share of the answers among the first `k`."""
    return len(answers & set(ranking[:k])) / len(answers)


def reciprocal_rank(ranking: Sequence[str], answers: frozenset[str]) -> float:
    """One over the place of the first answer, from 1; 0 where none is found. Its mean over questions is the MRR."""
    return next((1 / place for place, found in enumerate(ranking, 1) if found in answers), 0.0)


def measured(cases: Sequence[Case], rankings: Mapping[str, Sequence[Sequence[str]]], resamples: int) -> dict[str, Figure]:
    """Per system: questions, nDCG@10 and recall@20 as {mean, low, high}; and the differences fused minus each other system, paired."""
    draws = np.random.default_rng(0).integers(0, len(cases), size=(resamples, len(cases)))
    scores = {
        system: {
            "ndcg@10": np.array([ndcg(found, case.answers) for case, found in zip(cases, ranking, strict=True)]),
            "recall@20": np.array([recall(found, case.answers) for case, found in zip(cases, ranking, strict=True)]),
        }
        for system, ranking in rankings.items()
    }
    figures: dict[str, Figure] = {
        system: {"questions": len(cases)} | {metric: _interval(each, draws) for metric, each in by.items()} for system, by in scores.items()
    }
    for system in [name for name in scores if name != "fused"]:
        figures[f"fused - {system}"] = {metric: _interval(scores["fused"][metric] - scores[system][metric], draws) for metric in scores[system]}
    return figures


def _interval(scores: Scores, draws: npt.NDArray[np.int64]) -> dict[str, float]:
    means = scores[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"mean": round(float(scores.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4)}
