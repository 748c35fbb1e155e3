"""What a model's tokens cost on a day, from a list that people edit; a price that is not on the list is unknown, never zero."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, NonNegativeFloat, ValidationError

from briefs import yamlfile
from briefs.brief import Cost
from briefs.errors import BadInput
from briefs.models import Usage

LIST = Path(__file__).with_name("prices.yaml")
_MILLION = 1_000_000
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Price(BaseModel):
    """A million tokens in and a million tokens out, from `effective` on. `base_url` None means the provider's own address."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str
    input: NonNegativeFloat
    output: NonNegativeFloat
    effective: date
    base_url: str | None = None


class PriceList(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    currency: str
    prices: tuple[Price, ...]

    def price(self, model: str, base_url: str | None, on: date) -> Price | None:
        """The newest price of `provider:name` at that address in force on that day, or None: unknown."""
        names = {model, _SNAPSHOT.sub("", model)}
        known = [p for p in self.prices if p.model in names and p.base_url == base_url and p.effective <= on]
        return max(known, key=lambda p: (p.model == model, p.effective), default=None)


def load(path: Path | None = None) -> PriceList:
    """The price list at `path`, else the one that comes with the product. Raises BadInput."""
    source = path or LIST
    try:
        return PriceList.model_validate(yamlfile.read(source.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as cause:
        raise BadInput(f"The price list {source.name} cannot be read.", "Its form is shown by briefs/models/prices.yaml.") from cause


def amount(usage: Usage, price: Price | None) -> float | None:
    """What `usage` cost. None where it took tokens and the price is unknown."""
    if usage.tokens_in == usage.tokens_out == 0:
        return 0.0
    return None if price is None else (usage.tokens_in * price.input + usage.tokens_out * price.output) / _MILLION


def cost(usage: Usage, price: Price | None, currency: str = "USD") -> Cost:
    """`usage` as the cost of an account result."""
    return Cost(
        calls=usage.calls,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        retries=usage.retries,
        amount=amount(usage, price),
        currency=currency,
    )
