"""Scorers: each looks at one thing of what the product gave for a case, and says how good it is and why."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from briefs.models import LanguageModel
from evals.errors import SuiteFault
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier


@runtime_checkable
class Scorer(Protocol):
    """A module of this folder. `score` is pure; it returns [] where the case asks nothing of it, and a None value where it cannot tell.

    `dossier` is what the product had before it: None for a search, where there is none.
    A module may also have `summarise(results) -> list[Metric]`: figures over all results of a run that carry its scores.
    """

    NAME: str
    VERSION: str

    def score(self, case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]: ...


class Summariser(Protocol):
    def summarise(self, results: Sequence[CaseResult]) -> list[Metric]: ...


def load(name: str) -> Scorer:
    """The scorer of that name. Raises SuiteFault."""
    try:
        found = import_module(f"evals.scorers.{name}")
    except ModuleNotFoundError as fault:
        if fault.name != f"evals.scorers.{name}":
            raise
        raise SuiteFault(f"There is no scorer {name[:40]!r}.", "evals/scorers/ holds one file a scorer.") from None
    return cast("Scorer", found)


def summariser(name: str) -> Summariser | None:
    """The scorer's figures over a run, where it has any of its own."""
    found = load(name)
    return cast("Summariser", found) if hasattr(found, "summarise") else None


class Judge(Protocol):
    """A model that grades, as evals/judges names them: `evals.judges.load(name) -> Judge`.

    `model` None: no model may be asked, and every score is None with the reason "not scored". How far it agrees with
    people (kappa, true-positive and true-negative rate on its own labelled set) stands beside each score.
    """

    NAME: str
    VERSION: str

    def grade(self, case: Case, output: Output, dossier: Dossier | None, model: LanguageModel | None) -> list[Score]: ...
    def summarise(self, results: Sequence[CaseResult]) -> list[Metric]: ...
