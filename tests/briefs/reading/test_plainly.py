"""Blockers told in so many words are read in four languages, and words that only look like them are not."""

from __future__ import annotations

from datetime import date

import pytest

from briefs.reading.offline import Context, Reading
from briefs.reading.plainly import ONLY_ASKING, outright
from briefs.reading.record_reader import RecordReader, Shop
from briefs.reading.sentences import Sentence

READER = RecordReader()


def record(*texts: str, speaker: str = "Dana Ortiz") -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for text in texts:
        found.append(Sentence("t1", "ticket", "messages[0]", start, start + len(text), text, date(2026, 3, 31), speaker, "customer"))
        start += len(text) + 1
    return found


def read(*texts: str, wanted: str = "") -> list[Reading]:
    shop = Shop(wanted=lambda text: bool(wanted) and wanted in text)
    return READER.read(record(*texts), Context(contacts=("Dana Ortiz",)), shop)


LEAVES = (
    "We are giving notice for the end of the year.",
    "We are moving to another vendor, the contract is signed.",
    "We stop with Fieldlane at the end of the contract.",
    "Wir kündigen zum Jahresende.",
    "Der Vertrag wird nicht verlängert, wir steigen aus.",
    "Nous résilions le contrat au 31 décembre.",
    "Ya hemos firmado con otra empresa.",
)
FREEZES = (
    "Bei uns gilt seit gestern eine Ausgabensperre.",
    "Gel des dépenses jusqu'à nouvel ordre.",
    "There is a spending freeze until the summer.",
    "Nos han congelado todas las compras.",
)
SHOWS = (
    "Another vendor is coming in to present on Monday.",
    "Ein anderer Anbieter stellt sich nächste Woche vor.",
    "Un autre fournisseur vient présenter son outil.",
    "El martes viene otro proveedor a enseñarnos su sistema.",
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
        "If there is nothing else, I leave you now.",
    ],
)
def test_other_notices_are_nobodys_leaving(text: str) -> None:
    assert outright("churn_intent", text) is None
    assert "churn_intent" not in {reading.label for reading in read(text)}


@pytest.mark.parametrize(
    "text", ["The spending freeze is lifted.", "There is no budget freeze here.", "The screen freezes when I open the spend report."]
)
def test_a_freeze_that_is_over_or_a_screen_that_freezes_stops_no_spending(text: str) -> None:
    assert outright("budget_freeze", text) is None


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
