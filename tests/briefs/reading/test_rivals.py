"""Two names that are compared are rivals only where the words or our own product's name show that products are meant."""

from __future__ import annotations

import pytest

from briefs.reading.grounds import own_words
from briefs.reading.plainly import outright
from briefs.reading.record_reader import Shop
from briefs.reading.rivals import Known, rival_shows
from tests.briefs.reading.readings import CONTEXT, READER, read, record

OUR_SHOP = Known(vendor=frozenset({"fieldlane"}))


@pytest.mark.parametrize(
    "text",
    [
        "We are comparing Fieldlane with Lexivo.",
        "Ours is the office that compares Lexivo and Fieldlane.",
        "Wir wollen Fieldlane mit Lexivo vergleichen.",
        "Estamos comparando Fieldlane Pro con Lexivo.",
        "Nous comparons Fieldlane avec Lexivo.",
    ],
)
def test_our_product_held_against_another_names_a_rival(text: str) -> None:
    assert outright("competitor_evaluation", text, OUR_SHOP) is not None
    assert "competitor_evaluation" in {r.label for r in READER.read(record(text), CONTEXT, Shop(vendor=OUR_SHOP.vendor))}


@pytest.mark.parametrize(
    "text",
    [
        "You should know that we are comparing Docketly with Lexivo.",
        "We are comparing the tools Docketly and Lexivo.",
        "We are comparing Docketly with Lexivo before the renewal in May.",
        "We are comparing you with Lexivo.",
        "Wir vergleichen die Anbieter Docketly und Lexivo.",
        "Wir vergleichen Docketly mit Lexivo, bevor wir den Vertrag verlängern.",
        "Wir vergleichen Sie gerade mit Lexivo.",
        "Os estamos comparando con Lexivo.",
        "Comparamos Docketly con Lexivo antes de renovar el contrato.",
        "Nous comparons les logiciels Docketly et Lexivo.",
        "Nous vous comparons à Lexivo.",
        "We had Lexivo in on Thursday for a demo.",
        "We have Lexivo in to pitch next week.",
    ],
)
def test_two_names_are_rivals_where_the_words_tell_of_products(text: str) -> None:
    assert "competitor_evaluation" in {reading.label for reading in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We are comparing May with June.",
        "We are comparing Leeds with Bradford.",
        "We are comparing Leeds with Bradford in your dashboard.",
        "You should know that we are comparing Monday with Friday.",
        "We are comparing Dana with Marco before the contract ends.",
        "We are comparing both with the figures of last year.",
        "We are comparing Fieldlane in May with Fieldlane in June.",
        "We had Dana in on the demo.",
        "We had Dana in for a demo on Tuesday.",
        "We have Leeds in for a demo of your planner.",
        "We had Priya in for a trial day.",
        "Wir vergleichen Januar mit Februar.",
        "Wir vergleichen Januar mit Februar, bevor wir den Vertrag verlängern.",
        "Wir vergleichen Köln mit Bonn.",
        "Comparamos Enero con Febrero.",
        "Estamos comparando Sevilla con Málaga.",
        "Nous comparons Janvier avec Février.",
        "Nous comparons Lyon et Nantes.",
    ],
)
def test_months_houses_and_people_that_are_compared_or_come_in_are_no_rivals(text: str) -> None:
    known = Known(OUR_SHOP.vendor, own_words(CONTEXT))
    assert outright("competitor_evaluation", text, known) is None
    assert "competitor_evaluation" not in {reading.label for reading in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Can you compare Plus and Regulated for us before we renew?",
        "We are comparing Core with Plus before the contract ends.",
        "We want to compare Leipzig with Berlin before we sign for both sites.",
    ],
)
def test_two_tiers_named_by_their_last_word_or_two_sites_are_no_rivals(text: str) -> None:
    shop = Shop(vendor=frozenset({"assayline"}), products=frozenset({"assayline", "core", "plus", "regulated"}))
    assert "competitor_evaluation" not in {r.label for r in READER.read(record(text), CONTEXT, shop)}


@pytest.mark.parametrize(
    "text",
    [
        "Estamos comparando con Zendesk.",
        "Nous comparons avec Zendesk.",
        "We are getting a demo on Monday from Zendesk.",
        "Les pasamos nuestros datos y lo están corriendo al lado de lo de ustedes.",
        "Wir testen ein anderes Programm parallel zu Ihrem System.",
    ],
)
def test_a_rival_beside_us_is_one(text: str) -> None:
    assert "competitor_evaluation" in {r.label for r in read(text)}


def test_two_plans_of_ours_are_no_rivals() -> None:
    assert outright("competitor_evaluation", "We are comparing Fieldlane Basic with Fieldlane Plus before the renewal.", OUR_SHOP) is None


@pytest.mark.parametrize(
    "text",
    [
        "We're comparing the three side by side before we decide.",
        "We are comparing the three on price.",
        "We are comparing Fieldlane with April Software.",
        "We are comparing Fieldlane with Park Systems before the renewal.",
    ],
)
def test_a_rival_is_one_though_a_word_of_its_name_is_a_month_or_nothing_is_named(text: str) -> None:
    assert rival_shows(text, Known(frozenset({"fieldlane"}), frozenset({"anna", "park"}))) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Wir vergleichen Ihr Programm mit Excel und die Summen stimmen nicht.",
        "We are comparing your product to the manual and the button is missing.",
        "We are comparing the systems Alpha and Beta of our own production.",
        "We got Microsoft in for a presentation on Teams.",
    ],
)
def test_a_spreadsheet_a_manual_and_a_talk_are_no_rivals(text: str) -> None:
    assert rival_shows(text, Known(frozenset({"fieldlane"}))) is None
