"""A model whose every call leaves a span: which model, how many tokens, how it ended; never the question or the answer."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

import prompts
from briefs.models import Answer, LanguageModel, ModelSettings, Usage, spent
from briefs.tracing import Tracer, Value

T = TypeVar("T", bound=BaseModel)


class TracedModel:
    """See LanguageModel. Attributes are those of OpenTelemetry's conventions for generative AI, and the name of the prompt."""

    def __init__(self, model: LanguageModel, settings: ModelSettings, tracer: Tracer) -> None:
        self._model, self._settings, self._tracer = model, settings, tracer
        self.name = model.name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """Raises what the model raises; the span then carries the fault's class."""
        provider, _, model = self._settings.qualified_name.partition(":")
        known: dict[str, Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": self._settings.output_limit(prompt),
            "gen_ai.output.type": "json",
            "briefs.prompt": prompt.name,
        }
        if self._settings.temperature is not None:
            known["gen_ai.request.temperature"] = self._settings.temperature
        with self._tracer.span(f"chat {model}", "client", known) as span:
            try:
                answer = self._model.answer(prompt, shape)
            except Exception as fault:
                span.note(_taken(spent(fault)))
                raise
            span.note(_taken(answer.usage))
            return answer


def _taken(usage: Usage) -> dict[str, Value]:
    return {
        "gen_ai.usage.input_tokens": usage.tokens_in,
        "gen_ai.usage.output_tokens": usage.tokens_out,
        "http.request.resend_count": usage.retries,
    }
