"""The figures of search: how fast an account's questions are answered, against the usual way, and how well passages are ranked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evals.benchmarks import retrieval
from evals.benchmarks.figures import Figure, Measured

FUSED_P95_AT_MOST_MS, TIMES_FASTER_AT_LEAST = 60, 10


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """The full store holds 100,000 passages; a quick one is too small for the aims, which then are left out."""
    found = retrieval.run("small" if quick else "full", say=say)
    return Measured((*_speed(found["speed"], quick), *_quality(found["quality"])), found)


def _speed(speed: dict[str, Any], quick: bool) -> list[Figure]:
    note = f"{speed['questions']} questions of one account, {speed['passages']:,} passages in the store"
    aims = (None, None) if quick else (FUSED_P95_AT_MOST_MS, TIMES_FASTER_AT_LEAST)
    return [
        Figure("search, fused, p95", speed["fused_ms"]["p95"], "ms", at_most=aims[0], note=note),
        Figure("the same through LangChain's Chroma with a filter, p95", speed["langchain_filter_ms"]["p95"], "ms", note=note),
        Figure("times faster, p95", speed["times_faster"]["p95"], "×", at_least=aims[1], note="side by side in this run"),
    ]


def _quality(quality: dict[str, Any]) -> list[Figure]:
    return [
        Figure(f"{metric}, {system}, {cases}, {model}", each["mean"], "", note=f"95 %: {each['low']:.3f} to {each['high']:.3f}")
        for cases, models in quality.items()
        for model, systems in models.items()
        for system, metrics in systems.items()
        for metric, each in metrics.items()
        if metric != "questions"
    ]
