"""What of the catalogue a text names: owned or not, in the customer's words, in four languages, and nothing where nothing is named."""

from __future__ import annotations

import pytest

from briefs.needs import PhraseBook, Shelf
from retrieval.embedding import load
from retrieval.records import Account, Catalogue, Product
from tests.briefs.account_builders import a_catalogue, a_shelf, an_account


@pytest.fixture(scope="module")
def books() -> dict[bool, PhraseBook]:
    """Phrase books with real vectors, by whether tiers repeat what the lower ones hold."""
    embed = load("wordllama").embed
    return {cumulative: PhraseBook(a_catalogue(cumulative=cumulative), embed) for cumulative in (True, False)}


def wanted(book: PhraseBook, text: str, plan: str | None = "professional", products: tuple[str, ...] = ()) -> list[str]:
    return list(dict.fromkeys(m.sku for m in Shelf(book, an_account(plan=plan, products=products)).wanted(text)))


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("Can we sign in with Okta?", "enterprise"),
        ("Can our people sign in with Microsoft Entra?", "enterprise"),
        ("Entra ID is what the group uses for sign-in.", "enterprise"),
        ("We need single sign-on before the audit.", "enterprise"),
        ("Wir brauchen die Einmalanmeldung über Azure AD.", "enterprise"),
        ("Necesitamos el inicio de sesión único para los técnicos.", "enterprise"),
        ("Il nous faut l'authentification unique.", "enterprise"),
        ("The auditors want an audit trail of every change.", "enterprise"),
        ("Gibt es ein Änderungsprotokoll?", "enterprise"),
        ("¿Existe un historial de cambios?", "enterprise"),
        ("They ask who changed what on a work order.", "enterprise"),
        ("Y a-t-il un journal d'audit ?", "enterprise"),
        ("We would like to scan barcodes in the store room.", "spare_parts"),
        ("Ein Modul für Ersatzteile wäre gut.", "spare_parts"),
        ("Queremos llevar el inventario de repuestos.", "spare_parts"),
        ("La gestion des stocks de pièces détachées nous manque.", "spare_parts"),
        ("Is there a report builder?", "analytics"),
        ("We want dashboards of downtime.", "analytics"),
    ],
)
def test_a_need_is_found_in_the_customers_words(books: dict[bool, PhraseBook], text: str, sku: str) -> None:
    for book in books.values():
        assert wanted(book, text)[:1] == [sku]


@pytest.mark.parametrize(
    "text",
    [
        "Our REST API calls fail since Tuesday.",
        "How do I add custom forms?",
        "Wie richte ich Webhooks ein?",
        "The work orders are slow in the mobile app.",
        "We want preventive maintenance plans for the forklifts.",
        "Gracias, ya entra.",
        "El jefe entra a las siete.",
    ],
)
def test_what_the_plan_holds_already_is_not_wanted(books: dict[bool, PhraseBook], text: str) -> None:
    for book in books.values():
        assert wanted(book, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "Thank you, that solved it.",
        "Please change the invoice address to Hafenstraße 4.",
        "Can the planner wear a blue jacket?",
        "When is your office closed over Christmas?",
        "Necesitamos holografías en 3D.",
        "Dana is on holiday until Monday.",
        "I want to report a bug.",
        "Please change my password.",
        "Did you get my message about the local office?",
    ],
)
def test_what_the_catalogue_does_not_hold_names_nothing(books: dict[bool, PhraseBook], text: str) -> None:
    for book in books.values():
        assert wanted(book, text) == []


def test_a_feature_two_tiers_list_is_wanted_of_both_by_who_has_neither(books: dict[bool, PhraseBook]) -> None:
    assert wanted(books[True], "We need webhooks.", "essential") == ["enterprise", "professional"]
    assert wanted(books[False], "We need webhooks.", "essential") == ["professional"]


def test_the_top_tier_wants_nothing_of_the_tiers_below(books: dict[bool, PhraseBook]) -> None:
    for book in books.values():
        for text in ("We need webhooks.", "We need single sign-on.", "We need work orders."):
            assert wanted(book, text, "enterprise") == []


def test_an_owned_module_is_not_wanted(books: dict[bool, PhraseBook]) -> None:
    assert wanted(books[True], "Is there a report builder?", products=("analytics",)) == []


def test_mentions_come_with_their_place_and_best_first() -> None:
    found = a_shelf().named("We need single sign-on and a report builder.")

    assert {m.sku for m in found} >= {"enterprise", "analytics"}
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert all(0 <= m.start < m.end for m in found)


def test_an_account_owns_its_plan_its_products_and_every_lower_tier() -> None:
    shelf = a_shelf(an_account(plan="professional", products=["analytics"]))

    assert shelf.owned == {"essential", "professional", "analytics"}
    assert {p.sku for p in shelf.for_sale} == {"enterprise", "spare_parts", "sensor_connect", "seats", "api_pack"}
    assert shelf.sells(("essential", "seats", "gone", "enterprise")) == ("seats", "enterprise")


@pytest.mark.parametrize(("plan", "above"), [("essential", ["professional", "enterprise"]), ("enterprise", []), (None, []), ("unlisted", [])])
def test_tiers_above_are_told_lowest_first_and_none_without_a_known_plan(plan: str | None, above: list[str]) -> None:
    assert [p.sku for p in a_shelf(an_account(plan=plan)).tiers_above] == above


def test_seats_are_a_product_or_more_of_the_plan() -> None:
    account: Account = an_account()

    assert a_shelf(account).seat_products == ("seats",)
    assert a_shelf(account, a_catalogue(without=("seats",))).seat_products == ("professional",)
    assert a_shelf(an_account(plan=None), a_catalogue(without=("seats",))).seat_products == ()


@pytest.mark.parametrize(
    ("limit", "allowed", "skus"),
    [
        ("api_calls_month", 100000, ("api_pack", "enterprise")),
        ("api_calls_month", 5_000_000, ("api_pack",)),
        ("assets", 5000, ("enterprise",)),
        ("assets", 50000, ()),
        ("unknown", 1, ()),
    ],
)
def test_a_limit_is_raised_by_packs_and_by_tiers_that_hold_more(limit: str, allowed: float, skus: tuple[str, ...]) -> None:
    assert a_shelf().serving_limit(limit, allowed) == skus


def test_a_limit_is_recognised_in_words_and_not_guessed() -> None:
    assert a_shelf().limit_named("We hit the API calls limit twice") == "api_calls_month"
    assert a_shelf().limit_named("We have too many assets") == "assets"
    assert a_shelf().limit_named("We hit the limit") is None
    assert a_shelf().limit_named("API calls per asset") in (None, "api_calls_month")


def test_an_empty_catalogue_names_and_sells_nothing() -> None:
    book = PhraseBook(Catalogue(), load("wordllama").embed)
    shelf = Shelf(book, an_account())

    assert (shelf.named("We need single sign-on."), shelf.for_sale, shelf.serving_saturation()) == ((), (), ())


def test_a_products_own_name_is_itself_and_not_what_resembles_it() -> None:
    """A module's name, word for word, is not set aside for a function of the plan that goes by a like name."""
    owned = Product(sku="pro", name="Vendor Professional", kind="tier", rank=1, features=("audit trail",))
    module = Product(sku="log", name="Audit Log", kind="module", features=("who changed what",))
    shelf = Shelf(PhraseBook(Catalogue(products=(owned, module))), an_account(plan="pro"))
    assert [m.sku for m in shelf.wanted("We would like the Audit Log as well.", by_meaning=False)][:1] == ["log"]
