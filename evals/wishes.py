"""What is to be run and how, and the part of it that is one suite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.cassettes import Cassette
from evals.models import CASSETTES
from evals.results import Mode
from evals.suite import SUITES_FOLDER, Case, Suite

if TYPE_CHECKING:
    from briefs.settings import Settings

Progress = Callable[[str, int, int | None], None]
"""(stage, done, total)."""


@dataclass(frozen=True)
class Wish:
    """What to run and how. `only` are case ids by suite; `workers` processes for the offline engine, `concurrency` calls at a time for a model."""

    suites: tuple[str, ...]
    mode: Mode = "offline"
    repeats: int = 1
    tags: tuple[str, ...] = ()
    only: Mapping[str, frozenset[str]] | None = None
    workers: int = 2
    max_cost: float | None = None
    judge: str | None = None
    """The model that grades, `provider:name`; None: judged scores are not scored, unless a replay finds one judge's recorded answers."""
    model: str | None = None
    """Whose recorded answers are replayed, `provider:name`; None: the model of the settings, else the only one there is."""
    suites_folder: Path = SUITES_FOLDER
    cassettes: Path = CASSETTES


@dataclass(frozen=True)
class Stage:
    """One suite with the cases to run, and the settings and cassette they run with."""

    suite: Suite
    cases: tuple[Case, ...]
    settings: Settings
    cassette: Cassette | None = None
