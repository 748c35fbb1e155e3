"""Whether an estimate at list price can be right: what a customer pays a seat today is held against it."""

from __future__ import annotations

from briefs.brief import Arr
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.wording import number

DEARER = 1.10
"""What they pay a seat over the list price, from which the price is to be checked before anybody quotes."""


def paid_a_seat(m: Material) -> int | None:
    """About what they pay a seat and year, in whole units, where more seats are recommended at a list price well below it; None otherwise.

    What they pay for modules with a yearly list price is taken off first. Where they own anything whose price nobody knows, nothing is said.
    """
    chosen, account = m.finding.recommendation, m.dossier.account
    plan = m.shelf.catalogue.find(account.plan)
    if chosen is None or chosen.motion not in ("seats", "new_team") or plan is None or plan.price_unit != "seat_year":
        return None
    product = chosen.product
    if not account.arr or not account.seats or product.price_unit != "seat_year" or not product.unit_price:
        return None
    if account.currency not in (None, product.currency):
        return None
    besides = 0.0
    for sku in dict.fromkeys(account.products):
        owned = m.shelf.catalogue.find(sku)
        if sku == plan.sku or sku in m.shelf.seat_products or (owned is not None and owned.kind == "tier"):
            continue
        if owned is None or owned.unit_price is None or owned.price_unit != "year" or owned.currency != product.currency:
            return None
        besides += owned.unit_price
    paid = (account.arr - besides) / account.seats
    return round(paid) if paid > product.unit_price * DEARER else None


def flagged_estimate(arr: Arr | None, m: Material) -> Arr | None:
    """The estimate as computed; where they pay a seat well above the list price, its input says so."""
    paid = paid_a_seat(m)
    if arr is None or paid is None:
        return arr
    flag = phrase("recommendation", "arr_list_price", paid=number(paid))
    return arr.model_copy(update={name: getattr(arr, name) + flag for name in ("low_from", "base_from", "high_from")})
