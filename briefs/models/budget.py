"""Keeps a scan within the calls and the money it was given: a question that could go over is not asked."""

from __future__ import annotations

import json
import threading
from typing import TypeVar

from pydantic import BaseModel

import prompts
from briefs.errors import BadInput, BudgetSpent
from briefs.models import Answer, LanguageModel, ModelSettings, Usage, spent
from briefs.models.prices import Price, amount
from briefs.models.shapes import schema_of
from briefs.models.tokens import Estimator

T = TypeVar("T", bound=BaseModel)


class BudgetedModel:
    """Counts calls and money over all threads. Before a call the most it can cost is set aside; afterwards the true cost takes its place."""

    def __init__(
        self, model: LanguageModel, settings: ModelSettings, price: Price | None, *, max_cost: float | None = None, max_calls: int | None = None
    ) -> None:
        """`max_cost` in the currency of the price list. Raises BadInput where it is set and the price is unknown."""
        if max_cost is not None and price is None:
            where = f" at {settings.base_url}" if settings.base_url else ""
            raise BadInput(
                f"No price is on file for {settings.qualified_name}{where}, so a highest cost cannot be kept.",
                "Name a price list of yours with BRIEFS_PRICES (its form: briefs/models/prices.yaml), or limit calls with --max-calls.",
            )
        self._model = model
        self._settings = settings
        self._price = price
        self._max_cost = max_cost
        self._max_calls = max_calls
        self._estimator = Estimator()
        self._lock = threading.Lock()
        self._usage = Usage()
        self._asking = 0
        self._set_aside = 0.0
        self.name = model.name

    @property
    def usage(self) -> Usage:
        """What all answers so far took, unusable ones included."""
        with self._lock:
            return self._usage

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """Raises BudgetSpent before the call, and whatever the model raises."""
        asked = "".join(message.text for message in prompt.messages) + json.dumps(schema_of(shape))
        guess = self._estimator.tokens(asked)
        most = amount(Usage(tokens_in=guess, tokens_out=self._settings.output_limit(prompt)), self._price) or 0.0
        self._reserve(most)
        used = Usage()
        try:
            answer = self._model.answer(prompt, shape)
            used = answer.usage
            self._estimator.learn(guess, used.tokens_in)
            return answer
        except Exception as fault:
            used = spent(fault)
            raise
        finally:
            with self._lock:
                self._asking -= 1
                self._set_aside -= most
                self._usage += used

    def _reserve(self, most: float) -> None:
        with self._lock:
            calls = self._usage.calls + self._asking + 1
            if self._max_calls is not None and calls > self._max_calls:
                raise BudgetSpent(f"{self._max_calls} calls of {self.name} are used up.", "Raise --max-calls, or go on with --engine offline.")
            so_far = (amount(self._usage, self._price) or 0.0) + self._set_aside
            if self._max_cost is not None and so_far + most > self._max_cost:
                raise BudgetSpent(
                    f"The next answer of {self.name} could cost {most:.4f}; of {self._max_cost:.4f}, {so_far:.4f} are spent or set aside.",
                    "Raise --max-cost, or go on with --engine offline.",
                )
            self._asking += 1
            self._set_aside += most
