"""Who leaves the house for good is told from who leaves for lunch, in four languages."""

from __future__ import annotations

import pytest

from briefs.reading.departures import i_leave, leaves, passing
from briefs.reading.offline import Context
from tests.briefs.reading.readings import read

HOUSE = Context(account_names=("Nordwind",), contacts=("Dana Ortiz", "Rob Hale"), sponsors=("Dana Ortiz",))


@pytest.mark.parametrize(
    "text",
    [
        "Dana left the company on Friday at noon.",
        "Dana left Nordwind in May.",
        "Dana has left us for a competitor, nobody has taken over.",
        "Dana's left.",
        "Dana left and nobody looks after this now.",
        "Since Dana left there is no one here looking after it.",
        "Dana resigned last week.",
        "Dana quit her job in March.",
        "Dana quit overnight.",
        "Dana is finishing with us at the end of the month.",
        "Dana is gone since February.",
        "Dana left to join another firm.",
        "Dana left on Friday and will not be back.",
        "Dana left in March and she is not coming back.",
        "Dana resigned last week; Rob comes back from leave to cover.",
        "Dana left the company. I'll get back to you about who is next.",
        "Dana hat das Unternehmen verlassen, ich bin Montag wieder da.",
        "Dana a quitté l'entreprise, je reviens vers vous lundi.",
        "Dana hat uns zum 15. Mai verlassen.",
        "Dana Ortiz hat das Unternehmen verlassen.",
        "Dana hat zum Jahresende gekündigt.",
        "Dana verlässt uns Ende Mai.",
        "Dana se fue en marzo.",
        "Dana ha dejado la empresa.",
        "Dana est partie fin mars.",
        "Dana a quitté l'entreprise.",
        "Dana has handed in her notice.",
        "Dana was made redundant in April.",
        "Dana ne travaille plus chez nous.",
    ],
)
def test_a_company_a_job_a_date_or_nothing_beside_it_makes_a_departure(text: str) -> None:
    assert leaves(text, HOUSE.sponsors, HOUSE.account_names)
    assert not passing(text)
    assert "sponsor_left" in {r.label for r in read(text, context=HOUSE)}


@pytest.mark.parametrize(
    "text",
    [
        "Dana is gone for the day.",
        "Dana quit smoking.",
        "Dana quite likes the new screen.",
        "Dana never left.",
        "Dana left on Monday for a week in Spain.",
        "Dana left on Friday, she is back on Monday.",
        "Dana left the office at five.",
        "Dana left at noon today.",
        "Dana has left for the airport.",
        "Dana left us in the dark about the dates.",
        "Dana left us a note.",
        "Dana is leaving the meeting in ten minutes.",
        "Dana is finishing on the report.",
        "Dana is gone until Thursday.",
        "Dana retired the old server.",
        "Dana left the company card at the desk.",
        "Dana left the company phone on the train.",
        "Dana left the role unchanged.",
        "Dana left the post unedited.",
        "Dana left the job running overnight.",
        "Dana leaves the department field empty.",
        "Dana leaves the team the details in a note.",
        "Dana left our company name out of the form.",
        "Dana left the school at three.",
        "Dana left the hospital after her surgery.",
        "Dana is finishing this week, then the import is complete.",
        "Dana resigned herself to the old screen.",
        "Dana hat das Ticket verlassen.",
        "Dana hat mit dem Rauchen aufgehört.",
        "Dana hat den Zugang von Tom gekündigt.",
        "Dana verlässt uns heute um drei.",
        "Dana se fue de vacaciones.",
        "Dana se ha ido a comer.",
        "Dana est partie prenante du projet.",
        "Dana est partie en vacances.",
        "Dana est partie à quatre heures.",
        "Dana has put in her notice of absence for Friday.",
        "Dana has given notice of the training day.",
        "Dana ne travaille plus ici le vendredi.",
    ],
)
def test_lunch_holidays_and_things_left_behind_are_no_departure(text: str) -> None:
    assert not leaves(text, HOUSE.sponsors, HOUSE.account_names)
    assert "sponsor_left" not in {r.label for r in read(text, context=HOUSE)}


def test_another_person_of_the_same_first_name_is_no_sponsor() -> None:
    two = Context(contacts=("Dana Ortiz", "Dana Smith"), sponsors=("Dana Ortiz",))
    for text in ("Dana Smith left on Friday.", "Dana Smith from the warehouse has resigned."):
        assert "sponsor_left" not in {r.label for r in read(text, context=two)}
    for text in ("Dana Ortiz left on Friday.", "Dana left on Friday.", "Dana has resigned."):
        assert "sponsor_left" in {r.label for r in read(text, context=two)}


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("I'm finishing here on Friday after ten years.", True),
        ("I am leaving the company, the farewell is on Friday at three.", True),
        ("Friday is my last day here.", True),
        ("As of Friday, 22 May, I am no longer with Nordwind.", True),
        ("I am no longer at my desk today.", False),
        ("I'm leaving in June.", True),
        ("My last day here is Friday, Rob will get back to you.", True),
        ("I'm leaving the company on Friday, please come back to Rob with questions.", True),
        ("I am leaving in ten minutes.", False),
        ("I'm finishing on the report.", False),
        ("I'm finishing at three today.", False),
        ("I'm leaving on Friday for two weeks of holiday.", False),
        ("I am leaving you, for three weeks of fishing in Norway.", False),
        ("I'm leaving at the end of the day.", False),
        ("My last day before the holidays is Friday.", False),
    ],
)
def test_a_sponsor_who_says_i_leave_means_the_house_and_not_the_evening(text: str, goes: bool) -> None:
    assert i_leave(text) is goes
    assert ("sponsor_left" in {r.label for r in read(text, context=HOUSE)}) is goes


@pytest.mark.parametrize(
    ("text", "goes"), [("Anna left it on Friday.", False), ("Anna left IT on Friday.", True), ("Anna left northwind on Friday.", True)]
)
def test_a_house_of_two_letters_is_left_only_in_its_own_case(text: str, goes: bool) -> None:
    assert leaves(text, ["Anna Berg"], ["Northwind", "IT"]) is goes


def test_a_person_without_a_name_leaves_nothing() -> None:
    assert not leaves("Rob left on Friday.", ["\u00a0"])


@pytest.mark.parametrize(
    "text", ["Dana left on Friday.", "Dana has left us at the end of February, her post is vacant.", "Dana Ortiz is leaving in June."]
)
def test_a_sponsor_who_goes_is_noticed_in_plain_words(text: str) -> None:
    assert "sponsor_left" in {r.label for r in read(text)}


@pytest.mark.parametrize("text", ["Dana left a message for you.", "Dana left early on Friday.", "Dana left the call at ten.", "Rob left on Friday."])
def test_who_leaves_a_message_or_is_no_sponsor_stays(text: str) -> None:
    assert "sponsor_left" not in {r.label for r in read(text)}
