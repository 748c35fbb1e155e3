"""The offline reader: plain asks are read, and what only looks like an ask is not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from briefs.reading import cues
from briefs.reading.classifier import load
from briefs.reading.looked import Shop
from briefs.reading.offline import Context
from briefs.reading.record_reader import RecordReader
from briefs.reading.sentences import Sentence
from briefs.reading.speakers import Side
from tests.briefs.reading.readings import read

READER = RecordReader()
SHOP = Shop(limit=lambda text: "API calls" if "API quota" in text else None)


def said(text: str, side: Side = "customer", *, quoted: bool = False) -> Sentence:
    return Sentence("t1", "ticket", "messages[0]", 0, len(text), text, date(2026, 3, 31), "Dana Ortiz", side, quoted)


def labels(text: str, side: Side = "customer", context: Context | None = None, *, quoted: bool = False) -> set[str]:
    return {reading.label for reading in READER.read([said(text, side, quoted=quoted)], context or Context(), SHOP)}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We'd like to order fifteen more seats for the Leeds office.", "seats_requested"),
        ("Could you quote us for 20 extra user licences?", "seats_requested"),
        ("Wir bräuchten noch acht Lizenzen.", "seats_requested"),
        ("Necesitamos cinco licencias más para el equipo.", "seats_requested"),
        ("All our licences are assigned and new people can't get in.", "seat_saturation"),
        ("Our API quota is used up again.", "limit_reached"),
        ("We need single sign-on for all our employees.", "feature_requested"),
        ("Our finance department would like to use it too.", "new_team"),
        ("I tried to enable the audit log but our plan doesn't include it.", "upgrade_attempt"),
        ("The tool saves our dispatchers two hours every day.", "value_stated"),
        ("We will not renew the contract.", "churn_intent"),
        ("All spending is frozen until January.", "budget_freeze"),
        ("We are comparing you with another vendor.", "competitor_evaluation"),
        ("The board approved the budget for the extension.", "budget_event"),
    ],
)
def test_a_plain_statement_is_read(text: str, label: str) -> None:
    assert label in labels(text)


@pytest.mark.parametrize(
    "text", ["Thanks, that fixed it.", "Can you reset my password?", "Bye.", "Können wir den Termin verschieben?", "The report shows the wrong date."]
)
def test_routine_says_nothing(text: str) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "We do not need more seats.",
        "If we ever grow we might need ten more seats.",
        "Two years ago we needed ten more seats.",
        "How much would ten more seats cost? Just curious, no plans to buy.",
        "Please remove ten users from our licence.",
        "Another company asked us for ten more seats.",
        "We need ten more Zoom licences.",
        "WMS licence count maxed out (50 users) and that vendor wants silly money for more seats.",
    ],
)
def test_what_only_looks_like_a_request_for_seats_is_none(text: str) -> None:
    assert "seats_requested" not in labels(text)


ASK = "We would like to add 20 more seats to our subscription."


def test_only_the_customer_or_who_tells_of_the_customer_can_ask() -> None:
    assert "seats_requested" in labels(ASK) & labels("Dana wants 12 more seats by May.", "reported")
    assert "seats_requested" not in labels(ASK, "agent") | labels(ASK, "internal")


def test_the_csm_s_own_idea_is_no_ask() -> None:
    assert labels("I think they might need 20 more seats, could pitch it.", "reported") == set()


def test_a_quoted_mail_says_nothing_now() -> None:
    assert labels(ASK, quoted=True) == set()
    assert READER.candidates([said(ASK, quoted=True)]) == []


def test_another_customer_named_takes_the_sentence_away_unless_it_is_our_own_name() -> None:
    text = "Norwind would like to add 20 more seats to the subscription."
    assert "seats_requested" in labels(text, context=Context(account_names=("Norwind AS",)))
    assert labels(text, context=Context(other_customers=("Norwind",))) <= {"referral"}
    assert "seats_requested" in labels(text, context=Context(account_names=("Norwind AS",), other_customers=("Norwind",)))


def test_stage_one_keeps_asks_and_drops_greetings() -> None:
    kept = READER.candidates([said("Hi team,"), said(ASK), said("See you on Monday.")])
    assert [s.text for s in kept] == [ASK]


def test_readings_say_how_it_is_meant_and_how_firmly() -> None:
    (asked,) = [r for r in READER.read([said(ASK)], Context(), SHOP) if r.label == "seats_requested"]
    assert (asked.stance, asked.firmness) == ("asked_now", "firm")
    assert 0 < asked.score <= 1


def test_reading_is_the_same_alone_and_in_a_crowd() -> None:
    crowd = [ASK, "", "?!", "Thanks.", "x " * 3000]
    together = load().scores(crowd)
    assert np.allclose(together, np.concatenate([load().scores([text]) for text in crowd]), atol=1e-5)


def test_no_sentence_at_all_is_no_reading() -> None:
    assert READER.read([], Context(), SHOP) == []
    assert READER.candidates([]) == []


def test_the_version_names_model_and_rules() -> None:
    assert READER.version == RecordReader().version
    assert READER.version.startswith(load().version)


@pytest.mark.parametrize(
    ("cue", "text", "words"),
    [
        ("negation", "We have no need, but we like it.", "need"),
        ("no_need", "wir brauchen derzeit keine Lizenzen", "brauchen derzeit keine"),
        ("no_need", "eso a nosotros no nos hace falta", "no nos hace falta"),
        ("no_offers", "kindly do not send me the brochure", "do not send me"),
        ("sarcasm", "put us down for fifty more while you're at it", "while you're at it"),
        ("hypothetical", "peut-être un jour", "peut-être"),
        ("past", "hace dos años lo pedimos", "hace dos años"),
        ("curiosity", "rein aus Neugier, was kostet das", "aus Neugier"),
        ("reduction", "please remove five users", "remove five users"),
        ("same_scope", "we renew at the same price", "renew at the same"),
        ("own_idea", "my guess is they grow", "my guess"),
    ],
)
def test_a_cue_points_at_its_words(cue: str, text: str, words: str) -> None:
    start, end = cues.CUES[cue](text)[0]
    assert text[start:end] == words


MODULES = Context(products=("Payroll", "Payroll Export", "Clientes", "payments hub"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Can you price the Payroll Export for us?", "Can you price the ______________ for us?"),
        ("PAYROLL EXPORT and Payroll, please.", "______________ and _______, please."),
        ("We want the payments hub.", "We want the ____________."),
        ("Was kostet Payroll für uns?", "Was kostet _______ für uns?"),
        ("¿Cuánto cuesta Clientes?", "¿Cuánto cuesta ________?"),
        ("Combien coûte Payroll ?", "Combien coûte _______ ?"),
    ],
)
def test_a_modules_name_is_blotted_out_as_the_catalogue_writes_it(text: str, left: str) -> None:
    assert MODULES.without_products(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Our payroll provider needs ten more seats.",
        "Our Payroll provider needs ten more seats.",
        "The payroll run takes a day.",
        "Unser Payroll-Anbieter fragt.",
        "Mit unserem Payroll Anbieter ist das nicht zu machen.",
        "Nuestros Clientes preguntan por ello.",
        "Los clientes preguntan por ello.",
        "Notre Payroll tourne ailleurs.",
        "The Payrolls of both plants.",
    ],
)
def test_the_customers_own_thing_of_the_same_name_stays(text: str) -> None:
    assert MODULES.without_products(text) == text


def test_the_customers_payroll_provider_is_somebody_else_though_a_module_is_called_so() -> None:
    for text in ("Our payroll provider needs 20 more seats.", "Our Payroll provider needs 20 more seats."):
        assert "seats_requested" not in labels(text, context=MODULES)
    assert "seats_requested" in labels("The Payroll team needs 20 more seats.", context=MODULES)


@pytest.mark.parametrize("text", ["Dean - ops dir, owns it.", "Dean starts at seven.", "Dean owns it."])
def test_a_first_name_that_is_also_an_office_brings_no_new_sponsor(text: str) -> None:
    dean = Context(contacts=("Dean Brannock",), sponsors=("Dean Brannock",))
    assert "new_sponsor" not in {r.label for r in read(text, context=dean)}


def test_a_contact_called_after_an_office_hides_no_office() -> None:
    desk = Context(account_names=("Manager Magazin",), contacts=("Office Manager", "Dana Ortiz"), sponsors=("Dana Ortiz",))
    assert "new_sponsor" in {r.label for r in read("Our new office manager starts on Monday and takes over the account.", context=desk)}


def test_an_office_beside_such_a_name_is_one() -> None:
    dean = Context(contacts=("Dean Brannock",), sponsors=("Dean Brannock",))
    assert "new_sponsor" in {r.label for r in read("Dean Brannock joined us in May as our new operations director.", context=dean)}


@pytest.mark.parametrize(
    ("text", "planned"),
    [
        ("We open the Lyon office on 1 June.", True),
        ("Can the new crew be set up by 1 June?", True),
        ("Can the messenger icon be scheduled to change June 1 & back July 1", False),
        ("Could the banner be switched on 1 June?", False),
    ],
)
def test_how_a_thing_is_done_on_a_day_is_no_plan(text: str, planned: bool) -> None:
    assert ("dated_plan" in {r.label for r in read("We need ten more seats.", text)}) is planned
