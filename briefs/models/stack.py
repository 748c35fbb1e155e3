"""Puts a usable model together: given a second chance, checked once, kept within its budget, reached through its provider's door, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from briefs.brief import Cost
from briefs.models import LanguageModel, ModelSettings, Usage, prices
from briefs.models.budget import BudgetedModel
from briefs.models.cache import CachedModel
from briefs.models.canary import Canary, CheckedModel
from briefs.models.repair import RepairingModel
from briefs.models.traced import TracedModel
from briefs.tracing import Tracer, Untraced


@dataclass(frozen=True)
class OpenedModel:
    """A model ready for use, the budget that counts what it takes, and the price of its tokens (None: unknown)."""

    model: LanguageModel
    settings: ModelSettings
    budget: BudgetedModel
    price: prices.Price | None
    currency: str

    def remembering(self, get: Callable[[str], Mapping[str, Any] | None], put: Callable[[str, Mapping[str, Any]], None]) -> CachedModel:
        """The model with answers kept by `get` and `put`: light, so that each account can have one whose answers are filed under the account."""
        return CachedModel(self.model, self.settings, get, put)

    def cost(self, usage: Usage) -> Cost:
        """What `usage` of this model cost; its amount is None where the price is unknown."""
        return prices.cost(usage, self.price, self.currency)


def open_model(
    settings: ModelSettings,
    *,
    canary: Canary,
    chance: Callable[[], float],
    today: date,
    max_cost: float | None = None,
    max_calls: int | None = None,
    wrap: Callable[[LanguageModel], LanguageModel] = lambda model: model,
    tracer: Tracer | None = None,
) -> OpenedModel:
    """The model of `settings`, not asked anything yet. `canary` is one for the process. Imports LangChain (seconds). Raises BadInput.

    `wrap` may put something between the checked model and its second chance: evals record there what a model says. `tracer` is told of every call.
    """
    listed = prices.load(settings.prices_path)
    price = listed.price(settings.qualified_name, settings.base_url, today)
    from briefs.models.langchain_chat import LangChainModel

    reached = TracedModel(LangChainModel(settings, chance=chance), settings, tracer or Untraced())
    budget = BudgetedModel(reached, settings, price, max_cost=max_cost, max_calls=max_calls)
    checked = CheckedModel(budget, canary, f"{settings.qualified_name} {settings.base_url or ''}")
    return OpenedModel(RepairingModel(wrap(checked)), settings, budget, price, listed.currency)
