"""Which product to recommend for a set of needs, what motion that is, and what it would add a year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.brief import Arr, Motion, Signal
from briefs.needs import Shelf
from briefs.rubric import Rubric
from briefs.wording import counted, day, number
from retrieval.records import Product

NO_PRICE = math.inf


@dataclass(frozen=True)
class Recommendation:
    """The cheapest product that closes the whole need; `also` names the others that fit, `with_skus` what it requires besides."""

    product: Product
    motion: Motion
    also: tuple[str, ...]
    with_skus: tuple[str, ...]
    arr: Arr | None
    unserved: tuple[str, ...] = ()
    """Ids of fit signals that this product does not close."""


def recommend(fit: Sequence[Signal], shelf: Shelf, rubric: Rubric, plans: Sequence[Signal] = ()) -> Recommendation | None:
    """The product for these needs, None where none is for sale. Needs that no one product closes together are ranked: said by the customer before
    read from tables. `plans` are dated plans: a number of people in one of them is the high figure of what is priced by the seat."""
    wanted = [s for s in fit if shelf.sells(s.skus)]
    candidates = sorted({sku for s in wanted for sku in shelf.sells(s.skus)})
    if not candidates:
        return None

    def order(sku: str) -> tuple[float, float, float, float, str]:
        product = shelf.catalogue.find(sku)
        weight = sum(_weight(s) for s in wanted if closes(sku, s, shelf))
        price, rank = (product.unit_price if product else None), (product.rank if product else None)
        return (-weight, _yearly_cost(sku, wanted, shelf, rubric), NO_PRICE if price is None else price, rank or 0, sku)

    best = min(candidates, key=order)
    product = shelf.catalogue.find(best)
    if product is None:
        return None
    extra = required(product, shelf)
    return Recommendation(
        product=product,
        motion=_motion(product, extra, wanted, shelf),
        also=tuple(sku for sku in candidates if sku != best),
        with_skus=extra,
        arr=estimate(product, extra, wanted, shelf, rubric, plans),
        unserved=tuple(s.id for s in wanted if not closes(best, s, shelf)),
    )


def closes(sku: str, signal: Signal, shelf: Shelf) -> bool:
    """Does this product answer the need? A higher tier holds what a lower one holds, whether or not the catalogue lists it again."""
    if sku in signal.skus:
        return True
    rank = _tier_rank(sku, shelf)
    ranks = (_tier_rank(other, shelf) for other in signal.skus if other not in shelf.seat_products)
    return rank is not None and any(lower is not None and lower < rank for lower in ranks)


def _tier_rank(sku: str, shelf: Shelf) -> int | None:
    product = shelf.catalogue.find(sku)
    return product.rank if product is not None and product.kind == "tier" else None


def _weight(signal: Signal) -> float:
    """An explicit request weighs most, then the customer's other words, then the tables."""
    if signal.explicit_request:
        return 4.0
    return 3.0 if any(e.quote is not None for e in signal.evidence) else 1.0


def required(product: Product, shelf: Shelf) -> tuple[str, ...]:
    """What the product requires and the account lacks. A higher tier satisfies a lower one."""
    rank = max((r for r in (shelf.rank, product.rank if product.kind == "tier" else None) if r is not None), default=None)
    missing: list[str] = []
    for sku in product.requires:
        needed = _tier_rank(sku, shelf)
        higher = needed is not None and rank is not None and rank >= needed
        if sku not in shelf.owned and not higher:
            missing.append(sku)
    return tuple(missing)


def _motion(product: Product, extra: Sequence[str], wanted: Sequence[Signal], shelf: Shelf) -> Motion:
    if extra:
        return "multi_product"
    own_seats = product.sku in shelf.seat_products
    if product.kind == "seats" or own_seats:
        served = [s for s in wanted if product.sku in s.skus]
        return "new_team" if served and all(s.type == "new_team" for s in served) else "seats"
    return product.kind


def _yearly_cost(sku: str, wanted: Sequence[Signal], shelf: Shelf, rubric: Rubric) -> float:
    product = shelf.catalogue.find(sku)
    if product is None:
        return NO_PRICE
    arr = estimate(product, required(product, shelf), wanted, shelf, rubric)
    return arr.base if arr is not None else NO_PRICE


@dataclass(frozen=True)
class _Quantities:
    """Units behind the three figures; None where no input gives one."""

    evidence: float | None
    today: float | None
    plan: float | None
    evidence_from: str = ""
    today_from: str = ""
    plan_from: str = ""


def estimate(
    product: Product, extra: Sequence[str], wanted: Sequence[Signal], shelf: Shelf, rubric: Rubric, plans: Sequence[Signal] = ()
) -> Arr | None:
    """Incremental yearly revenue of one product, with what it requires; None where a price is not known. A renewal is never in it."""
    price, fixed = _unit_price(product, shelf), _price_of(extra, product.currency, shelf)
    if price is None or product.currency is None or fixed is None:
        return None
    served = [s for s in wanted if closes(product.sku, s, shelf)]
    quantities = _quantities(product, served, plans, shelf, rubric)
    options = [
        (price * q + fixed, source)
        for q, source in (
            (quantities.evidence, quantities.evidence_from),
            (quantities.today, quantities.today_from),
            (quantities.plan, quantities.plan_from),
        )
        if q is not None and q > 0
    ]
    if not options:
        return None
    low, base, high = _three(quantities, options, price, fixed)
    unit = {"seat_year": "seats", "unit_year": "units", "year": "year"}.get(product.price_unit or "year", "year")
    worded = f"{unit} x {price:g} {product.currency} a year" if unit != "year" else f"{price:g} {product.currency} a year"
    formula = worded + (f" + {fixed:g} for {', '.join(extra)}, which it requires" if fixed else "")
    return Arr(
        low=round(low[0], 2),
        base=round(base[0], 2),
        high=round(high[0], 2),
        currency=product.currency,
        low_from=low[1],
        base_from=base[1],
        high_from=high[1],
        formula=formula,
    )


def _three(
    q: _Quantities, options: list[tuple[float, str]], price: float, fixed: float
) -> tuple[tuple[float, str], tuple[float, str], tuple[float, str]]:
    """Low, base and high in rising order, each with the input it came from. What they asked for is the least: base is never below it."""
    by_size = sorted(options)
    asked = max(((price * q.evidence + fixed, q.evidence_from),) if q.evidence else (by_size[0],))
    base = max((price * q.today + fixed, q.today_from), asked) if q.today else by_size[0]
    low, high = min(asked, base), max(by_size[-1], base)
    return low, base, high


def _price_of(skus: Sequence[str], currency: str | None, shelf: Shelf) -> float | None:
    """What the required products add a year, None where one has no price, another currency or a price by the seat and no seats are known."""
    total = 0.0
    for product in map(shelf.catalogue.find, skus):
        price = _unit_price(product, shelf) if product is not None and product.currency == currency else None
        units = shelf.account.seats if product is not None and product.price_unit == "seat_year" else 1
        if price is None or not units:
            return None
        total += price * units
    return total


def _unit_price(product: Product, shelf: Shelf) -> float | None:
    """A tier's price is what it costs more than today's; everything else costs its own price."""
    if product.unit_price is None:
        return None
    if not _is_upgrade(product, shelf):
        return product.unit_price
    plan = shelf.catalogue.find(shelf.account.plan)
    if plan is None:
        return product.unit_price if shelf.account.plan is None else None
    if plan.unit_price is None or (plan.price_unit, plan.currency) != (product.price_unit, product.currency):
        return None
    return max(product.unit_price - plan.unit_price, 0.0)


def _quantities(product: Product, served: Sequence[Signal], plans: Sequence[Signal], shelf: Shelf, rubric: Rubric) -> _Quantities:
    if product.price_unit in (None, "year"):
        return _Quantities(None, 1, None, today_from="one yearly price, whatever the use")
    asked = [] if product.kind == "usage" else [s for s in served if _names_quantity(s)]  # what is counted are seats, never units of a limit
    later = [s for s in asked if s.wants.get("planned")]
    if product.price_unit == "seat_year":
        later += [s for s in plans if _names_quantity(s)]
    evidence, evidence_from = _largest([s for s in asked if not s.wants.get("planned")])
    plan, plan_from = _largest(later)
    if plan is not None and _is_upgrade(product, shelf) and shelf.account.seats:
        plan, plan_from = plan + shelf.account.seats, f"{shelf.account.seats} seats licensed today and {plan_from}"
    today, today_from = _today(product, served, shelf, rubric)
    return _Quantities(evidence, today, plan, evidence_from, today_from, plan_from)


def _names_quantity(signal: Signal) -> bool:
    quantity = signal.wants.get("quantity")
    return isinstance(quantity, (int, float)) and quantity > 0


def _is_upgrade(product: Product, shelf: Shelf) -> bool:
    return product.kind == "tier" and product.sku != shelf.account.plan


def _largest(signals: Sequence[Signal]) -> tuple[float | None, str]:
    """The same ask said twice is one ask: the largest quantity counts once."""
    if not signals:
        return None, ""
    top = max(signals, key=lambda s: s.wants["quantity"])
    return float(top.wants["quantity"]), _said_by(top)


def _said_by(signal: Signal) -> str:
    """`3 seats asked for by Declan Moran on 17 Mar 2026`; the record where nobody is known to have said it."""
    quantity, evidence = signal.wants["quantity"], signal.evidence[0]
    counted = f"{number(quantity)} seat{'' if quantity == 1 else 's'}"
    asked = "asked for" if signal.test == "fit" else "spoken of"
    speaker = evidence.speaker if evidence.speaker and "@" not in evidence.speaker else None
    return f"{counted} {asked} {f'by {speaker}' if speaker else f'in {evidence.record_id}'} on {day(signal.observed_at)}"


def _today(product: Product, served: Sequence[Signal], shelf: Shelf, rubric: Rubric) -> tuple[float | None, str]:
    full = next((s for s in served if s.type == "seat_saturation" and "active" in s.wants), None)
    if _is_upgrade(product, shelf):
        return (float(shelf.account.seats), f"{shelf.account.seats} seats licensed today") if shelf.account.seats else (None, "")
    if product.price_unit == "seat_year" and full is not None:
        target = math.ceil(full.wants["active"] * 100 / rubric.seat_target_percent) - full.wants["licensed"]
        words = f"{full.wants['active']} of {full.wants['licensed']} seats in use, brought back to {rubric.seat_target_percent:g} %"
        return (float(target), words) if target > 0 else (None, "")
    limit = next((s for s in served if s.type == "limit_reached" and "used" in s.wants), None)
    if limit is not None:
        unit = product.included_limits.get(str(limit.wants["limit"])) or 0
        short = limit.wants["used"] * 100 / rubric.limit_used_percent - limit.wants["allowed"]
        units = max(1, math.ceil(short / unit)) if unit else 1
        return float(units), f"{number(limit.wants['used'])} of {number(limit.wants['allowed'])} {counted(str(limit.wants['limit']))} in use"
    if product.kind == "usage":
        return 1.0, "one unit, as no quantity is named"
    return None, ""
