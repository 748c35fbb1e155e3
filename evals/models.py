"""The engine with a language model, for suites: nothing is remembered between cases, every answer can be recorded and played again."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import prompts
from briefs.engine_model import Memory, ModelEngine
from briefs.model_wiring import model_settings
from briefs.models import LanguageModel, prices
from briefs.models.budget import BudgetedModel
from briefs.models.repair import RepairingModel
from briefs.models.stack import OpenedModel, open_model
from evals.bench import EngineOf
from evals.cassettes import Cassette, CassetteModel, Head, Strict

if TYPE_CHECKING:
    from briefs.settings import Settings
    from briefs.wiring import Workspace
    from evals.rooms import Home

CASSETTES = Path(__file__).parent / "cassettes"
JUDGE = "judge-"
"""How the file of a judge's answers begins, beside those of the writer."""


def file_of(suite: str, model: str, folder: Path = CASSETTES) -> Path:
    """Where a suite's answers of a model are kept."""
    return folder / suite / f"{slug(model)}.jsonl"


def cassettes_of(suite: str, folder: Path = CASSETTES) -> list[Path]:
    """The recorded answers of a suite's writers, a model each; judges' lie beside them."""
    return [path for path in sorted((folder / suite).glob("*.jsonl")) if not path.name.startswith(JUDGE)]


def recorded_models(suites: Iterable[str], folder: Path = CASSETTES) -> list[str]:
    """The models whose answers to any of these suites were recorded. Raises SuiteFault where a file is no cassette."""
    return sorted({Cassette.read(path).head.model for suite in suites for path in cassettes_of(suite, folder)})


def slug(model: str) -> str:
    """A model's name as part of a file's."""
    return "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in model).strip(".-")


def as_recorded(settings: Settings, head: Head) -> Settings:
    """The settings a cassette was recorded with, for a replay."""
    told = {name: getattr(head, name) for name in ("model", "temperature", "max_output_tokens", "context_tokens")}
    return settings.model_copy(update=told)


def head_of(suite: str, settings: Settings, recorded: date, repeats: int = 1) -> Head:
    """How a cassette is recorded with these settings, whose model is set. It holds no case before one was answered to its end."""
    return Head(
        suite=suite,
        model=str(settings.model),
        recorded=recorded,
        temperature=settings.temperature,
        max_output_tokens=settings.max_output_tokens,
        context_tokens=settings.context_tokens,
        repeats=repeats,
        cases=(),
    )


def opened_for_replay(settings: Settings, cassette: Cassette) -> OpenedModel:
    """The model of a cassette: it is never asked anything, and LangChain is not even imported."""
    asked = model_settings(settings)
    listed = prices.load(settings.prices)
    price = listed.price(asked.qualified_name, asked.base_url, cassette.head.recorded)
    budget = BudgetedModel(CassetteModel(cassette, asked, None), asked, price)
    return OpenedModel(RepairingModel(budget), asked, budget, price, listed.currency)


def opened_to_ask(models: Workspace, settings: Settings, cassette: Cassette | None, max_cost: float | None) -> OpenedModel:
    """The model of the settings, its answers recorded where there is a cassette. Raises BadInput. Imports LangChain (seconds)."""
    asked = model_settings(settings)

    def wrap(model: LanguageModel) -> LanguageModel:
        strict = Strict(model)
        return CassetteModel(cassette, asked, strict) if cassette is not None else strict

    limit = max_cost if max_cost is not None else settings.max_cost
    return open_model(asked, canary=models.canary, chance=random.random, today=models.now().date(), max_cost=limit, wrap=wrap)


def engine_of(opened: OpenedModel, settings: Settings) -> EngineOf:
    """Makes the model engine of a case's home; prompts are those of the settings."""
    folder = settings.prompts

    def words(name: str) -> prompts.Prompt:
        return prompts.load(name, folder) if folder else prompts.load(name)

    def remember(account_id: str) -> LanguageModel:
        return opened.model

    def make(home: Home) -> ModelEngine:
        return ModelEngine(home.offline_engine, opened, remember, NOTHING_READ, words, prompts.examples(), settings.context_tokens)

    return make


def _nothing(keys: Sequence[str]) -> Mapping[str, Any]:
    return {}


def _forgotten(account_id: str, new: Sequence[tuple[str, str, Any]]) -> None:
    """Nothing is kept: each repeat asks anew."""


NOTHING_READ = Memory(_nothing, _forgotten)
