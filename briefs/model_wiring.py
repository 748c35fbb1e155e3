"""Puts the engine with a language model together, for the composition root: the model with its limits, its memory and its prompts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import prompts
from briefs.engine_model import Memory, ModelEngine
from briefs.models import ModelSettings
from briefs.models.stack import OpenedModel, open_model
from briefs.store.cache import Reading

if TYPE_CHECKING:
    from briefs.settings import Settings
    from briefs.wiring import Workspace


def model_engine(workspace: Workspace, max_cost: float | None, max_calls: int | None) -> ModelEngine:
    """The engine of the model that is set, within these limits or those of the settings."""
    settings, store, now = workspace.settings, workspace.store, workspace.now
    opened = _open(
        workspace,
        max_cost if max_cost is not None else settings.max_cost,
        max_calls if max_calls is not None else settings.max_calls,
    )

    def words(name: str) -> prompts.Prompt:
        return prompts.load(name, settings.prompts) if settings.prompts else prompts.load(name)

    def remember(account_id: str) -> Any:
        return opened.remembering(store.answer_get, lambda key, value: store.answer_put(key, account_id, value, now()))

    def keep(account_id: str, new: Sequence[tuple[str, str, Any]]) -> None:
        store.readings_put([Reading(key, account_id, record_id, value) for key, record_id, value in new], now())

    memory = Memory(store.readings_get, keep)
    return ModelEngine(workspace.offline_engine, opened, remember, memory, words, prompts.examples(), settings.context_tokens)


def _open(workspace: Workspace, max_cost: float | None, max_calls: int | None) -> OpenedModel:
    settings = model_settings(workspace.settings)
    return open_model(
        settings,
        canary=workspace.canary,
        chance=random.random,
        today=workspace.now().date(),
        max_cost=max_cost,
        max_calls=max_calls,
        tracer=workspace.tracer,
    )


def model_settings(s: Settings) -> ModelSettings:
    """Which model the settings name, where, and how patiently. `s.model` is set."""
    assert s.model is not None
    return ModelSettings(
        model=s.model,
        base_url=s.openai_base_url,
        api_key=s.openai_api_key.get_secret_value() if s.openai_api_key else None,
        timeout_s=s.model_timeout,
        max_retries=s.model_retries,
        deadline_s=s.model_deadline,
        temperature=s.temperature,
        max_output_tokens=s.max_output_tokens,
        concurrency=s.concurrency,
        prices_path=s.prices,
    )
