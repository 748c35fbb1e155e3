"""Which product, which motion, and what it adds a year: each figure with the input it comes from."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.brief import Arr, Signal
from briefs.recommend import Recommendation, closes, estimate, recommend, required
from retrieval.records import Account, Catalogue, Product
from tests.briefs.account_builders import RUBRIC, a_catalogue, a_product, a_shelf, a_signal, ahead, an_account


def chosen(*fit: Signal, account: Account | None = None, catalogue: Catalogue | None = None, plans: tuple[Signal, ...] = ()) -> Recommendation:
    found = recommend(fit, a_shelf(account, catalogue), RUBRIC, plans)
    assert found is not None
    return found


def figures(arr: Arr | None) -> tuple[float, float, float]:
    assert arr is not None
    return arr.low, arr.base, arr.high


def asked(quantity: float | None = None, record_id: str = "t1", **changes: Any) -> Signal:
    wants = {"quantity": quantity} if quantity else {}
    return a_signal("seats_requested", record_id, **({"skus": ("seats",), "wants": wants} | changes))


def full(active: int = 96, licensed: int = 100) -> Signal:
    return a_signal("seat_saturation", "u1", skus=("seats", "enterprise"), wants={"active": active, "licensed": licensed})


SSO = a_signal("higher_tier_feature_requested", "n1", skus=("enterprise",))
API = a_signal("higher_tier_feature_requested", "n2", skus=("professional", "enterprise"))
ESSENTIAL = an_account(plan="essential")


def test_nothing_for_sale_is_no_recommendation() -> None:
    assert recommend([], a_shelf(), RUBRIC) is None
    assert recommend([a_signal("module_interest", skus=())], a_shelf(), RUBRIC) is None
    assert recommend([a_signal("module_interest", skus=("essential", "gone"))], a_shelf(), RUBRIC) is None


def test_the_cheaper_of_two_tiers_that_close_the_need_is_chosen() -> None:
    found = chosen(API, account=ESSENTIAL)

    assert (found.product.sku, found.also, found.motion, found.unserved) == ("professional", ("enterprise",), "tier", ())


def test_the_product_that_closes_the_whole_need_is_chosen_over_a_cheaper_one_that_does_not() -> None:
    assert chosen(API, SSO, account=ESSENTIAL).product.sku == "enterprise"
    assert chosen(full(), SSO).product.sku == "enterprise"


def test_a_higher_tier_closes_what_a_lower_one_closes_though_the_catalogue_does_not_list_it_again() -> None:
    api_only = API.model_copy(update={"skus": ("professional",)})
    found = chosen(api_only, SSO, account=ESSENTIAL, catalogue=a_catalogue(cumulative=False))

    assert (found.product.sku, found.unserved) == ("enterprise", ())
    assert not closes("essential", api_only, a_shelf(ESSENTIAL))
    assert not closes("analytics", api_only, a_shelf(ESSENTIAL))


def test_without_a_count_of_seats_the_lower_price_decides() -> None:
    assert chosen(API, account=an_account(plan="essential", seats=None)).product.sku == "professional"


def test_needs_no_one_product_closes_are_ranked_and_the_rest_is_named() -> None:
    parts = a_signal("module_interest", "t1", skus=("spare_parts",), explicit_request=True)
    found = chosen(SSO, parts)

    assert (found.product.sku, found.also, found.unserved) == ("spare_parts", ("enterprise",), (SSO.id,))


def test_one_quantity_gives_three_equal_figures() -> None:
    arr = chosen(asked(5)).arr

    assert figures(arr) == (2100, 2100, 2100)
    assert arr is not None
    assert {arr.low_from, arr.base_from, arr.high_from} == {"5 seats asked for in t1 on 21 Mar 2026"}
    assert (arr.currency, arr.formula, arr.excludes_renewal) == ("EUR", "seats x 420 EUR a year", True)


def test_low_is_what_was_asked_base_what_use_says_and_high_what_is_planned() -> None:
    planned = a_signal("dated_plan", "n5", due=ahead(60), wants={"quantity": 40})
    arr = chosen(asked(5), full(96, 100), plans=(planned,)).arr

    assert figures(arr) == (5 * 420, 20 * 420, 40 * 420)
    assert arr is not None
    assert arr.low_from.startswith("5 seats asked for in t1")
    assert arr.base_from == "96 of 100 seats in use, brought back to 80 %"
    assert arr.high_from.startswith("40 seats spoken of in n5")


def test_what_they_asked_for_is_the_least_whatever_todays_use_says() -> None:
    low, base, high = figures(chosen(asked(50), full(96, 100)).arr)

    assert (low, base, high) == (50 * 420, 50 * 420, 50 * 420)


def test_a_planned_number_of_the_ask_itself_is_the_high_figure() -> None:
    planned = asked(30, "n7", wants={"quantity": 30, "planned": True})

    assert figures(chosen(asked(5), planned).arr) == (2100, 2100, 12600)


def test_the_same_ask_said_twice_is_counted_once() -> None:
    assert figures(chosen(asked(5), asked(5, "n8"), asked(4, "n9")).arr) == (2100, 2100, 2100)


def test_two_signals_of_the_same_seats_are_counted_once() -> None:
    assert figures(chosen(full(96, 100), full(96, 100)).arr) == (8400, 8400, 8400)


def test_an_ask_without_a_number_and_without_use_has_no_figure() -> None:
    assert chosen(asked()).arr is None


def test_a_tier_costs_the_difference_for_every_seat() -> None:
    arr = chosen(SSO).arr

    assert figures(arr) == (24000, 24000, 24000)
    assert arr is not None
    assert arr.base_from == "100 seats licensed today"


def test_a_plan_for_more_people_raises_the_high_figure_of_a_tier() -> None:
    planned = a_signal("dated_plan", "n5", due=ahead(60), wants={"quantity": 40})

    assert figures(chosen(SSO, plans=(planned,)).arr) == (24000, 24000, 140 * 240)


def test_a_plan_for_more_people_does_not_raise_what_costs_the_same_for_any_number() -> None:
    planned = a_signal("dated_plan", "n5", due=ahead(60), wants={"quantity": 40})

    assert figures(chosen(a_signal("module_interest", skus=("analytics",)), plans=(planned,)).arr) == (9600, 9600, 9600)


@pytest.mark.parametrize(
    "account",
    [an_account(plan="unlisted"), an_account(seats=None), an_account(plan="essential", seats=None)],
    ids=["a plan the catalogue does not know", "no seats", "no seats on the lowest tier"],
)
def test_a_tier_without_a_difference_or_a_count_has_no_figure(account: Account) -> None:
    shelf = a_shelf(account)

    assert estimate(_find("enterprise"), (), [SSO], shelf, RUBRIC) is None


def test_prices_in_two_currencies_are_not_mixed() -> None:
    products = tuple(p.model_copy(update={"currency": "USD"}) if p.sku == "professional" else p for p in a_catalogue().products)
    catalogue = Catalogue(products=products)

    assert estimate(_find("enterprise"), (), [SSO], a_shelf(catalogue=catalogue), RUBRIC) is None
    assert chosen(a_signal("module_interest", skus=("analytics",)), account=ESSENTIAL, catalogue=catalogue).arr is None


def test_a_product_without_a_price_has_no_figure() -> None:
    found = chosen(a_signal("module_interest", skus=("sensor_connect",)), account=an_account(plan="enterprise"))

    assert (found.arr, found.motion) == (None, "module")


def test_what_a_module_requires_is_added_with_its_price() -> None:
    found = chosen(a_signal("module_interest", skus=("analytics",)), account=ESSENTIAL)

    assert (found.with_skus, found.motion) == (("professional",), "multi_product")
    assert figures(found.arr) == (9600 + 100 * 180,) * 3
    assert found.arr is not None
    assert found.arr.formula == "9600 EUR a year + 18000 for professional, which it requires"


@pytest.mark.parametrize("plan", ["professional", "enterprise"])
def test_the_required_tier_or_a_higher_one_is_enough(plan: str) -> None:
    found = chosen(a_signal("module_interest", skus=("analytics",)), account=an_account(plan=plan))

    assert (found.with_skus, found.motion, figures(found.arr)) == ((), "module", (9600,) * 3)


def test_a_tier_that_requires_a_lower_one_brings_it() -> None:
    top = a_product("ultimate", kind="tier", rank=4, requires=("enterprise",))

    assert required(top, a_shelf()) == ()
    assert required(_find("sensor_connect"), a_shelf()) == ("enterprise",)


def test_a_required_product_without_a_price_leaves_no_figure() -> None:
    needy = a_product("forecasting", requires=("sensor_connect",), unit_price=100, price_unit="year")
    catalogue = Catalogue(products=(*a_catalogue().products, needy))

    assert chosen(a_signal("module_interest", skus=("forecasting",)), catalogue=catalogue).arr is None


@pytest.mark.parametrize(("used", "packs"), [(90000, 1), (97400, 1), (180000, 1), (180001, 2), (270001, 3)])
def test_a_limit_takes_as_many_packs_as_bring_it_below_the_threshold(used: float, packs: int) -> None:
    limit = a_signal("limit_reached", "u1", skus=("api_pack", "enterprise"), wants={"limit": "api_calls_month", "used": used, "allowed": 100000})
    found = chosen(limit)

    assert (found.product.sku, found.motion) == ("api_pack", "usage")
    assert figures(found.arr) == (packs * 1200,) * 3
    assert found.arr is not None
    assert found.arr.base_from == f"{used:,} of 100,000 API calls a month in use"


def test_a_pack_of_which_no_quantity_is_known_is_one() -> None:
    told = a_signal("limit_reached", "t1", skus=("api_pack",), wants={"limit": "api_calls_month"})

    assert figures(chosen(told).arr) == (1200,) * 3


def test_seats_for_a_new_team_only_are_a_motion_of_their_own() -> None:
    team = a_signal("new_team", "n1", skus=("seats",), wants={"quantity": 12})

    assert chosen(team).motion == "new_team"
    assert chosen(team, asked(5)).motion == "seats"


def test_more_of_a_plan_priced_by_the_seat_is_sold_at_the_plans_price() -> None:
    catalogue = a_catalogue(without=("seats",))
    found = chosen(asked(5, skus=("professional",)), catalogue=catalogue)

    assert (found.product.sku, found.motion, figures(found.arr)) == ("professional", "seats", (2100,) * 3)


def _find(sku: str) -> Product:
    product = a_catalogue().find(sku)
    assert product is not None
    return product


def test_people_named_beside_a_limit_are_no_number_of_packs() -> None:
    told = a_signal("limit_reached", "t1", skus=("api_pack",), wants={"limit": "api_calls_month", "quantity": 2})

    assert figures(chosen(told).arr) == (1200,) * 3
