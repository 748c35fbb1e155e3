"""Shares, means, precision, recall and F1 over the results of a run, each with its margin of error.

A case that ran several times counts once: each of its results has a part of its weight.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evals.results import CaseResult, Metric, Score
from evals.statistics import Floats, Interval, bootstrap, resampled, wilson

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Scored:
    """A result with the score looked for, and the part of its case's weight that it carries."""

    result: CaseResult
    score: Score
    weight: float


def scored(results: Sequence[CaseResult], key: str) -> Iterator[Scored]:
    """The results that carry that score, told or not."""
    having = [(result, score) for result in results if (score := result.score(key)) is not None]
    times = Counter(result.case_id for result, _ in having)
    for result, score in having:
        yield Scored(result, score, 1 / times[result.case_id])


def told(results: Sequence[CaseResult], key: str) -> Iterator[tuple[Scored, float]]:
    """The results whose score has a value, with it."""
    for each in scored(results, key):
        if each.score.value is not None:
            yield each, each.score.value


def share(name: str, judged: Iterable[tuple[bool, float]], *, better: Better = "higher", note: str = "") -> Metric:
    """How many of the weighted cases passed, with Wilson's interval."""
    judged = list(judged)
    of, passed = sum(weight for _, weight in judged), sum(weight for ok, weight in judged if ok)
    return metric(name, passed / of if of else None, wilson(passed, of), round(of), better=better, note=note)


def mean(name: str, values: Iterable[tuple[str, float]], *, better: Better = "higher", unit: str = "", note: str = "") -> Metric:
    """The mean of values by cluster, its interval drawn over whole clusters."""
    by_cluster: dict[str, list[float]] = defaultdict(list)
    for cluster, value in values:
        by_cluster[cluster].append(value)
    listed = [value for each in by_cluster.values() for value in each]
    middle = sum(listed) / len(listed) if listed else None
    return metric(name, middle, bootstrap(by_cluster), len(listed), better=better, unit=unit, note=note)


def metric(name: str, value: float | None, interval: Interval | None, n: int, *, better: Better = "higher", unit: str = "", note: str = "") -> Metric:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Metric(name=name, value=value, low=low, high=high, n=n, better=better, unit=unit, note=note)


@dataclass(frozen=True)
class Labelled:
    """What was expected and what was found for one case, as sets of labels."""

    cluster: str
    expected: frozenset[str]
    found: frozenset[str]
    weight: float = 1.0


def by_label(cases: Sequence[Labelled], prefix: str = "") -> list[Metric]:
    """Precision, recall and F1 over all labels, macro F1, and the three by label.

    Precision and recall are shares of labels and carry Wilson's interval; F1 is none, and its interval is drawn over clusters.
    Labels never expected count in the precision of all, and stand in no macro mean: they have no recall.
    """
    labels = sorted({label for case in cases for label in case.expected | case.found})
    table = _table(cases, labels)
    total = table.sum(axis=0) if len(table) else np.zeros((len(labels), 3))
    made = _three(prefix, "", total.sum(axis=0), table.sum(axis=1))
    expected = [place for place, label in enumerate(labels) if any(label in case.expected for case in cases)]
    made.append(_macro(f"{prefix}macro_f1", table[:, expected]))
    for place, label in enumerate(labels):
        made += _three(prefix, f":{label}", total[place], table[:, place])
    return made


def _table(cases: Sequence[Labelled], labels: Sequence[str]) -> Floats:
    """Clusters by labels by (hit, missed, surplus)."""
    clusters = {name: place for place, name in enumerate(dict.fromkeys(case.cluster for case in cases))}
    table: Floats = np.zeros((len(clusters), len(labels), 3))
    for case in cases:
        for place, label in enumerate(labels):
            wanted, there = label in case.expected, label in case.found
            table[clusters[case.cluster], place] += np.array((wanted and there, wanted and not there, there and not wanted)) * case.weight
    return table


def _three(prefix: str, suffix: str, counts: Floats, clusters: Floats) -> list[Metric]:
    hit, missed, surplus = map(float, counts)
    whole = 2 * hit + missed + surplus
    return [
        metric(f"{prefix}precision{suffix}", hit / (hit + surplus) if hit + surplus else None, wilson(hit, hit + surplus), round(hit + surplus)),
        metric(f"{prefix}recall{suffix}", hit / (hit + missed) if hit + missed else None, wilson(hit, hit + missed), round(hit + missed)),
        metric(f"{prefix}f1{suffix}", 2 * hit / whole if whole else None, resampled(clusters, _f1), round(hit + missed)),
    ]


def _f1(sums: Floats) -> Floats:
    return 2 * sums[..., 0] / (2 * sums[..., 0] + sums[..., 1] + sums[..., 2])


def _macro(name: str, table: Floats) -> Metric:
    """The mean F1 of the labels that were expected; in a draw, of those it holds."""
    clusters, labels = table.shape[:2]
    if not labels:
        return metric(name, None, None, 0)

    def figure(sums: Floats) -> Floats:
        each = _f1(sums.reshape(-1, labels, 3))
        known = np.isfinite(each)
        return np.where(known, each, 0.0).sum(axis=1) / known.sum(axis=1)

    value = float(figure(table.sum(axis=0).reshape(1, -1))[0])
    return metric(name, value, resampled(table.reshape(clusters, -1), figure), labels, note="mean over the types expected")


def percentile(values: Sequence[float], at: float) -> float | None:
    """The value below which that share lies, 0 to 1; None of nothing."""
    return float(np.percentile(values, 100 * at)) if values else None


def grouped(pairs: Iterable[tuple[str, tuple[bool, float]]]) -> Mapping[str, list[tuple[bool, float]]]:
    """Judged cases by a name, the names in order."""
    groups: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for name, judged in pairs:
        groups[name].append(judged)
    return dict(sorted(groups.items()))
