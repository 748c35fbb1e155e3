"""Requests for what the catalogue holds: what is asked for, what is to be left alone, and whose offer never came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefs.reading import cues
from briefs.reading.record_reader import Shop
from tests.briefs.reading.readings import CONTEXT, READER, read, record

WANTED = "SSO"


@pytest.mark.parametrize(
    "text",
    [
        "Please don't forget to send us the quote for SSO.",
        "Please do not hesitate to send the offer for SSO.",
        "Please, don't wait too long with the offer for SSO.",
        "Please never leave out SSO when you quote for us.",
        "Please don’t let us down with the quote for SSO.",
        "Bitte nicht vergessen, wir brauchen das Angebot für SSO.",
        "Bitte nicht das Angebot für SSO vergessen.",
        "Bitte nicht zu lange mit dem Angebot für SSO warten.",
        "Por favor, no se olviden del presupuesto para SSO.",
        "Por favor, no tarden con la oferta de SSO.",
        "Por favor no dejen de enviarnos la oferta de SSO.",
        "Merci de ne pas oublier le devis pour SSO.",
        "Merci de ne pas trop tarder, il nous faut le devis pour SSO.",
        "N'oubliez pas, s'il vous plaît, le devis pour SSO.",
    ],
)
def test_a_plea_not_to_forget_or_to_wait_asks_for_it(text: str) -> None:
    assert "feature_requested" in {r.label for r in read(text, wanted=WANTED)}


@pytest.mark.parametrize(
    "text",
    [
        "Please don't switch SSO on.",
        "Please do not touch SSO for now.",
        "Please do not touch SSO, we wait for our own people.",
        "Please never turn on SSO for the plant.",
        "Bitte nicht SSO anschalten.",
        "Bitte nicht an SSO rühren, das warten wir ab.",
        "Bitte keine Änderung an SSO.",
        "Por favor, no toquen SSO.",
        "Por favor no activen SSO.",
        "Merci de ne pas toucher à SSO.",
        "N'activez pas, s'il vous plaît, SSO.",
    ],
)
def test_a_plea_to_leave_it_alone_asks_for_nothing(text: str) -> None:
    assert "feature_requested" not in {r.label for r in read(text, wanted=WANTED)}


@pytest.mark.parametrize(
    "text",
    [
        "Please do not send us any more offers.",
        "Don't send me another quote for seats.",
        "Thanks, but please never call us about upgrades.",
        "Never sell us anything we did not ask for.",
        "Don’t quote us for more.",
        "Bitte kein Angebot, wir haben alles.",
        "Bitte schicken Sie uns keine Angebote mehr.",
        "Schickt uns bitte kein weiteres Angebot.",
        "Por favor, no nos envíen más ofertas.",
        "No me llamen con más propuestas.",
        "No nos manden presupuestos.",
        "Ne nous envoyez pas d'offre.",
        "N'envoyez plus de devis.",
        "S'il vous plaît, n'envoyez pas de devis.",
        "Merci de ne plus nous envoyer d'offres.",
    ],
)
def test_an_order_to_send_no_offer_is_no_need(text: str) -> None:
    assert cues.declined(text)


@pytest.mark.parametrize(
    "text",
    [
        "You never send us the offer, we want ten more seats.",
        "Why don't you send us a quote for ten seats?",
        "If they don't call me about the offer today, I order elsewhere.",
        "Don't call me, mail me the quote for the ten seats.",
        "Don't quote me on that, but ten more seats it is.",
        "Please don't send us the offer before Monday, the ten seats start in May.",
        "Never send me the quote by post, mail it.",
        "Don't send us the invoice to Leeds, and add ten seats.",
        "Sie schicken uns kein Angebot, obwohl zehn Plätze fehlen.",
        "Warum schicken Sie uns kein Angebot für zehn Plätze?",
        "Bitte keine Anrufe, das Angebot für zehn Plätze per Mail.",
        "Siempre igual: ustedes no nos envían la oferta de diez licencias.",
        "No nos enviaron el presupuesto de las diez licencias.",
        "¿Por qué no me llaman para la oferta?",
        "Vous ne nous envoyez pas le devis pour dix postes.",
        "Pourquoi n'envoyez-vous pas le devis ?",
        "Vous n'envoyez jamais l'offre.",
    ],
)
def test_who_complains_of_an_offer_that_never_comes_wants_it(text: str) -> None:
    assert not cues.declined(text)


def test_ten_seats_are_asked_for_though_the_offer_never_came() -> None:
    for text in (
        "You never send us the offer, we need ten more seats.",
        "Ustedes no nos envían la oferta: necesitamos diez licencias más para el equipo.",
    ):
        assert "seats_requested" in {r.label for r in read(text)}
    assert "seats_requested" not in {r.label for r in read("Please do not send us an offer for ten more seats.")}


@pytest.mark.parametrize(
    "text",
    [
        "Merchant agreement SSO field missing.",
        "The SSO configuration is missing since the update.",
        "There are missing entries in the SSO list.",
    ],
)
def test_something_that_should_stand_there_is_a_fault_and_no_wish(text: str) -> None:
    assert "feature_requested" not in {r.label for r in read(text, wanted=WANTED)}


@pytest.mark.parametrize("text", ["What we are missing is SSO.", "SSO is missing in our plan, what does it cost?"])
def test_what_they_lack_is_asked_for(text: str) -> None:
    assert "feature_requested" in {r.label for r in read(text, wanted=WANTED)}


@pytest.mark.parametrize(
    "text",
    [
        "We need SSO for all our employees, please do not call before noon.",
        "Please don't close this ticket, we need SSO for all our employees.",
        "Please don't get me wrong, we need SSO for everybody.",
        "Bitte nicht an mich antworten, wir brauchen SSO für alle Mitarbeiter.",
    ],
)
def test_a_plea_about_something_else_takes_no_wish_away(text: str) -> None:
    assert "feature_requested" in {r.label for r in read(text, wanted=WANTED)}


def test_who_asks_in_the_text_is_quoted_and_not_the_heading() -> None:
    heading, body = record("SSO / fee notes", "Is there any way of using that for the new office?")
    asked = READER.read([replace(heading, part="subject"), body], CONTEXT, Shop(wanted=lambda text: WANTED in text))
    assert [(r.sentence.text, r.about) for r in asked if r.label == "feature_requested"] == [(body.text, heading.text)]


def test_a_heading_that_asks_by_itself_is_quoted() -> None:
    heading, body = record("We need SSO, please quote", "Thanks in advance.")
    asked = READER.read([replace(heading, part="subject"), body], CONTEXT, Shop(wanted=lambda text: WANTED in text))
    assert [r.sentence.text for r in asked if r.label == "feature_requested"] == [heading.text]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Please do not send us a renewal quote, we are leaving at the end of June.", "churn_intent"),
        ("Schicken Sie uns bitte kein Angebot, wir kündigen den Vertrag zum Jahresende.", "churn_intent"),
        ("Ne nous envoyez pas de devis, nous résilions le contrat fin juin.", "churn_intent"),
        ("No nos envíe ofertas, vamos a cancelar el contrato.", "churn_intent"),
        ("Do not call us about an upgrade: we are evaluating other vendors.", "competitor_evaluation"),
        ("Please don't send us offers for other tools, we want SSO.", "feature_requested"),
        ("Please don't make us wait for SSO.", "feature_requested"),
        ("Please never disable SSO again.", "feature_requested"),
    ],
)
def test_an_order_to_send_no_offer_takes_nothing_else_back(text: str, label: str) -> None:
    assert label in {r.label for r in read(text, wanted="SSO")}
