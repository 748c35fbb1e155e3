"""Blockers told in so many words are read in four languages, and words that only look like them are not."""

from __future__ import annotations

import pytest

from briefs.reading.offline import Context
from briefs.reading.plainly import HOW_MUCH, ONLY_ASKING, asks_how_much, outright
from tests.briefs.reading.readings import read

LEAVES = (
    "We are giving notice for the end of the year.",
    "We are moving to another vendor, the contract is signed.",
    "We stop with Fieldlane at the end of the contract.",
    "Wir kündigen zum Jahresende.",
    "Der Vertrag wird nicht verlängert, wir steigen aus.",
    "Nous résilions le contrat au 31 décembre.",
    "Ya hemos firmado con otra empresa.",
    "We are leaving you.",
    "I'm going to be honest, we are thinking about leaving.",
    "Frankly I don't see us staying past the renewal.",
    "Can you tell me the notice period? We want to get out of the contract.",
    "Wir wollen aus dem Vertrag raus.",
)
FREEZES = (
    "Bei uns gilt seit gestern eine Ausgabensperre.",
    "Gel des dépenses jusqu'à nouvel ordre.",
    "There is a spending freeze until the summer.",
    "Nos han congelado todas las compras.",
    "The budget is frozen.",
    "Das Budget ist eingefroren.",
    "Le budget est gelé.",
    "All spending is still frozen.",
)
SHOWS = (
    "Another vendor is coming in to present on Monday.",
    "Quiero que sepa que estamos comparando Docketly con Lexivo.",
    "Fiona has got Shiftara in for a three week pilot at Immingham.",
    "Ein anderer Anbieter stellt sich nächste Woche vor.",
    "Un autre fournisseur vient présenter son outil.",
    "El martes viene otro proveedor a enseñarnos su sistema.",
    "We're trialling Toodle alongside you this month.",
    "I have a quote from your rival on my desk.",
    "We started a proof of concept with someone else.",
    "Our board wants us to look at alternatives before we renew.",
    "Wir haben ein Angebot von Ihrem Wettbewerber vorliegen.",
    "Wir schauen uns gerade auch andere Anbieter an.",
    "Estamos comparando con otros proveedores.",
    "Nous regardons aussi d'autres solutions.",
    "Nous avons demandé un devis à un concurrent.",
)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        *(("churn_intent", text) for text in LEAVES),
        *(("budget_freeze", text) for text in FREEZES),
        *(("competitor_evaluation", text) for text in SHOWS),
    ],
)
def test_a_blocker_told_outright_is_read(label: str, text: str) -> None:
    assert label in {reading.label for reading in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We gave notice to our landlord and move in May.",
        "Please cancel the account of our trainee.",
        "What is the notice period, only for our list of contracts?",
        "Wie lang ist die Kündigungsfrist?",
        "Frau Ott hat gekündigt, bitte ihr Passwort zurücksetzen.",
        "Nous avons signé le renouvellement avec vous hier.",
        "We ended the contract with our previous supplier to come to you.",
        "We withdraw our notice.",
        "In January I wrote in anger that we would leave you.",
        "If there is nothing else, I leave you now.",
        "We are leaving the settings as they are.",
        "I'm thinking about leaving it switched off for now.",
        "We're off to Leeds tomorrow.",
        "I can't see us staying late for the training.",
        "Wir überlegen, ob wir am Montag weitermachen.",
        "Das aus dem Vertrag raus zu lesen ist mühsam.",
    ],
)
def test_other_notices_are_nobodys_leaving(text: str) -> None:
    assert outright("churn_intent", text) is None
    assert "churn_intent" not in {reading.label for reading in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The spending freeze is lifted.",
        "There is no budget freeze here.",
        "The budget of another purse is frozen.",
        "The screen freezes when I open the spend report.",
    ],
)
def test_a_freeze_that_is_over_or_a_screen_that_freezes_stops_no_spending(text: str) -> None:
    assert outright("budget_freeze", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "We are comparing the figures with last year.",
        "We aren't testing anybody against you.",
        "Nein, wir schauen uns keine anderen Anbieter an.",
        "We use your app alongside our own system.",
        "We test the import alongside your mapping.",
        "The trial with somebody else's data went fine.",
        "We got a quote from a competitor of our landlord.",
        "Estamos mirando otras opciones del menú.",
        "Nous regardons d'autres options dans l'écran.",
        "Wir schauen uns andere Berichte an.",
    ],
)
def test_what_is_compared_or_tried_is_no_rival_by_itself(text: str) -> None:
    assert outright("competitor_evaluation", text) is None
    assert outright("competitor_evaluation", "We have the trainee in for a trial day.") is None


def test_a_vendor_of_chairs_is_no_rival() -> None:
    assert outright("competitor_evaluation", "Another vendor presents office furniture on Monday.") is None


def test_somebody_elses_notice_is_not_theirs_but_signing_with_somebody_else_is() -> None:
    assert "churn_intent" not in {r.label for r in read("Another company gave notice, not us.")}
    assert "churn_intent" in {r.label for r in read("We have given notice and signed with another supplier.")}


@pytest.mark.parametrize(
    "beside", ["No plans, just wondering.", "Wir haben keine Pläne dafür.", "Solo por saberlo, sin planes.", "Juste pour savoir, rien de prévu."]
)
def test_a_question_called_curiosity_in_the_next_sentence_is_no_wish(beside: str) -> None:
    asked = "Do you offer single sign-on in the bigger plan?"
    assert ONLY_ASKING.search(beside)
    assert "feature_requested" in {r.label for r in read(asked, "We have 40 people.", wanted="single sign-on")}
    assert "feature_requested" not in {r.label for r in read(asked, beside, wanted="single sign-on")}


def test_a_wish_stays_a_wish_beside_a_plan_that_is_denied() -> None:
    assert "seats_requested" in {r.label for r in read("We need ten more seats for the Leeds office.", "There are no plans to change the contract.")}


@pytest.mark.parametrize(
    "asked",
    [
        "How much storage do we have in our plan?",
        "Wie viele SMS sind bei uns im Monat eigentlich drin?",
        "¿Cuántas licencias tenemos incluidas?",
        "Combien de comptes sont compris dans notre formule ?",
    ],
)
def test_what_the_plan_holds_is_a_plain_question(asked: str) -> None:
    assert read(asked, wanted="storage") == []
    assert HOW_MUCH.search(asked)
    assert asks_how_much(asked)


@pytest.mark.parametrize(
    "asked", ["How much would more storage cost?", "How many more seats do we have to buy?", "Wie viel kosten zusätzliche Zugänge?"]
)
def test_what_more_would_cost_is_not(asked: str) -> None:
    assert HOW_MUCH.search(asked) is None


@pytest.mark.parametrize(
    "asked",
    [
        "How many seats do we have to buy for the night shift?",
        "How many licences do we have to order at least?",
        "How many logins have we got to purchase for Leeds?",
        "We need 20 seats; how many do we have?",
        "How many users are included if we upgrade to Enterprise?",
        "Wie viele Lizenzen haben wir noch zu bestellen?",
        "Wir brauchen 20 Lizenzen, wie viele haben wir?",
        "¿Cuántas licencias tenemos que comprar?",
        "Necesitamos veinte licencias, ¿cuántas tenemos?",
        "Combien de licences avons-nous à commander ?",
        "Combien de postes avons-nous besoin ?",
        "Il nous faut vingt licences, combien en avons-nous ?",
    ],
)
def test_a_question_of_how_much_beside_a_wish_asks_for_more_than_a_figure(asked: str) -> None:
    assert not asks_how_much(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "How many seats do we have, please?",
        "I want to know how many users do we have in the plan.",
        "There is no need to hurry, but how many logins have we got?",
        "How many purchase orders are included in our plan?",
        "Ich möchte wissen, wie viele Lizenzen haben wir?",
        "Wie viele Bestellungen sind im Monat enthalten?",
        "Quiero saber cuántas licencias tenemos.",
        "Je voudrais savoir combien de comptes sont inclus.",
    ],
)
def test_who_wants_to_know_a_figure_wants_no_more_than_that(asked: str) -> None:
    assert asks_how_much(asked)
    assert not read(asked)


def test_seats_wished_for_are_read_beside_a_question_of_how_many() -> None:
    for asked in ("We need 20 more seats; how many do we have to order?", "Wir brauchen noch 20 Lizenzen, wie viele haben wir?"):
        assert "seats_requested" in {r.label for r in read(asked)}
    assert "seats_requested" not in {r.label for r in read("How many seats do we have in our plan?")}


def test_a_question_beside_a_name_asks_for_it_only_where_it_asks_for_something() -> None:
    named = "Everything else is on single sign-on already."
    assert "Can you hear me?" not in {r.sentence.text for r in read(named, "Can you hear me?", wanted="single sign-on")}
    assert "Can we get that?" in {r.sentence.text for r in read(named, "Can we get that?", wanted="single sign-on")}
    assert read("About 1.4 TB of storage, all dummy.", "Please don't panic when you see it.", wanted="storage") == []


def test_the_vendors_own_product_is_not_the_customers_other_tool() -> None:
    asked = "Can you price the Payroll Export for us?"
    assert "feature_requested" in {r.label for r in read(asked, context=Context(products=("Payroll Export",)))}
    assert "feature_requested" not in {r.label for r in read("Can you price the payroll system of our bank for us?", context=Context(products=()))}


def test_what_used_to_be_is_value_only_where_it_is_measured() -> None:
    assert "value_stated" not in {r.label for r in read("Hugh used to do this.")}
    assert "value_stated" in {r.label for r in read("It used to take us two days a week, now it is an hour.")}
