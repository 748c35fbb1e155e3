"""Finds out, before the first real question, whether a server makes a model keep to the schema it is given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

import prompts
from briefs.errors import SchemaIgnored
from briefs.models import Answer, LanguageModel, Unreachable, UnusableAnswer, Usage, shapes

T = TypeVar("T", bound=BaseModel)


class Canary:
    """Asks each model once for a word made up on the spot, which only the schema names, and remembers the outcome. One for a process.

    The model asked must not be a repairing one: the reason shown to it would name the word.
    """

    def __init__(self, new_nonce: Callable[[], str]) -> None:
        self._new_nonce = new_nonce
        self._lock = threading.Lock()
        self._enforced: dict[str, bool] = {}

    def check(self, model: LanguageModel, key: str) -> Usage:
        """What the check took: nothing where `key` (model and address) was checked before. Raises SchemaIgnored, and what the model raises."""
        with self._lock:
            if key in self._enforced:
                usage = Usage()
            else:
                self._enforced[key], usage = self._ask(model)
            if not self._enforced[key]:
                raise SchemaIgnored(
                    f"The server of {model.name} ignores the schema it is given.",
                    "Use a model and a server that support strict JSON schemas (response_format json_schema), or --engine offline.",
                )
        return usage

    def _ask(self, model: LanguageModel) -> tuple[bool, Usage]:
        nonce = self._new_nonce()
        try:
            answer = model.answer(prompts.load("canary").render(), shapes.canary(nonce))
        except UnusableAnswer as fault:
            if fault.reason in {"shape", "empty"}:
                return False, fault.usage
            raise
        return answer.value.word == nonce, answer.usage


class CheckedModel:
    """A model that is asked nothing before its server passed the canary. What that took is counted with the first answer."""

    def __init__(self, model: LanguageModel, canary: Canary, key: str) -> None:
        self._model = model
        self._canary = canary
        self._key = key
        self.name = model.name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        checking = self._canary.check(self._model, self._key)
        try:
            answer = self._model.answer(prompt, shape)
        except (UnusableAnswer, Unreachable) as fault:
            fault.usage += checking
            raise
        return Answer(answer.value, answer.usage + checking, answer.cached)
