"""A pinned case that a model failed once is asked again: one answer of many is no verdict, and asking two more times costs next to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evals.comparing import CONFIRMED, settled
from evals.results import CaseResult, Mode
from evals.standing import standings
from evals.suite import Case, Suite


def again(suite: Suite, results: Iterable[CaseResult], mode: Mode) -> Iterator[tuple[Case, int]]:
    """The pinned cases that do not pass and are not settled, each with the repeats that are missing. None where another run gives the same."""
    for name, standing in standings(results, suite.about).items():
        case = suite.by_id[name]
        if case.pinned and standing.passed is False and not standing.unmeasured and not settled(standing, mode):
            yield from ((case, repeat) for repeat in range(standing.runs, CONFIRMED))
