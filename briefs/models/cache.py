"""Remembers answers: the same question to the same model is paid for once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from briefs.models import Answer, LanguageModel, ModelSettings
from briefs.models.shapes import schema_of

T = TypeVar("T", bound=BaseModel)

CODE_VERSION = "1"
"""Raise it when the code that reads answers changes what it makes of them."""


class CachedModel:
    """Answers from a store where it can. Only usable answers are ever put there: no refusal, no cut-off text."""

    def __init__(
        self,
        model: LanguageModel,
        settings: ModelSettings,
        get: Callable[[str], Mapping[str, Any] | None],
        put: Callable[[str, Mapping[str, Any]], None],
    ) -> None:
        """`get` and `put` keep one JSON object a key."""
        self._model = model
        self._settings = settings
        self._get = get
        self._put = put
        self.name = model.name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        key = key_of(self._settings, prompt, shape)
        kept = self._get(key)
        if kept is not None:
            try:
                return Answer(shape.model_validate(kept["value"]), cached=True)
            except (ValidationError, KeyError, TypeError):
                pass  # what an older program put there; it is asked anew and overwritten
        answer = self._model.answer(prompt, shape)
        usage = {"tokens_in": answer.usage.tokens_in, "tokens_out": answer.usage.tokens_out}
        self._put(key, {"value": answer.value.model_dump(mode="json"), "model": self.name, "prompt_version": prompt.version, "usage": usage})
        return answer


def key_of(settings: ModelSettings, prompt: prompts.Rendered, shape: type[BaseModel]) -> str:
    """sha256 over everything an answer depends on: where and what is asked, every message, the schema's content, the parameters, this code."""
    asked = {
        "provider": settings.provider,
        "base_url": settings.base_url,
        "model": settings.qualified_name,
        "messages": [[message.role, message.text] for message in prompt.messages],
        "prompt": prompt.version,
        "repair": prompts.load("repair").version,
        "schema": schema_of(shape),
        "shape": shape.__name__,
        "parameters": {"temperature": settings.temperature, "max_output_tokens": settings.output_limit(prompt)},
        "code": CODE_VERSION,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
