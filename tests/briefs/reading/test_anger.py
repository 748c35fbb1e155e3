"""Anger told outright is heard and mockery is no praise; nobody's anger, other people's and the weather are none."""

from __future__ import annotations

import pytest

from briefs.reading.plainly import outright
from tests.briefs.reading.readings import read


@pytest.mark.parametrize(
    "text",
    [
        "I am furious about Friday's outage.",
        "This is really not acceptable.",
        "Ich bin wirklich enttäuscht von dem Service.",
        "Estamos muy decepcionados con el soporte.",
        "C'est inadmissible, trois pannes en un mois.",
        "Great, the export is down again, third time this week.",
        "I'm livid.",
        "Estamos hartos.",
        "Wir sind stinksauer.",
    ],
)
def test_anger_said_outright_is_heard(text: str) -> None:
    assert "negative_sentiment" in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The hydrangeas are marvellous this year, by the way.",
        "Brilliant support as ever from Ben.",
        "What a lovely training day, the team is delighted.",
        "This is marvellous, thank you!",
        "We were furious last year, that is long over.",
        "Our customers are angry when a bus is late.",
    ],
)
def test_praise_old_anger_and_other_peoples_anger_are_none(text: str) -> None:
    assert "negative_sentiment" not in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Support has not replied for two weeks, brilliant.",
        "Your support hasn't replied for two weeks, brilliant.",
        "Two weeks without a reply, thanks a lot.",
        "Nobody from your helpdesk has called back in three days, wonderful service.",
        "Not a single response since Monday, great.",
        "No answer for more than a week, marvellous.",
        "We waited two weeks and got no answer, brilliant.",
        "I need an answer, not two weeks without a reply, wonderful.",
        "Seit zwei Wochen keine Antwort, toll.",
        "Zwei Wochen ohne Rückmeldung, vielen Dank auch.",
        "Der Support meldet sich seit zehn Tagen nicht, großartig.",
        "Dos semanas sin respuesta, genial.",
        "Soporte no contesta desde hace diez días, estupendo.",
        "Deux semaines sans réponse, bravo.",
        "Le support ne répond plus depuis dix jours, génial.",
    ],
)
def test_praise_for_weeks_without_an_answer_is_mockery(text: str) -> None:
    said = {r.label for r in read(text)}
    assert "negative_sentiment" in said
    assert "value_stated" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Support answered within a day, brilliant.",
        "Not one ticket in three months, fantastic.",
        "No need to reply this week, thanks a lot.",
        "We have never waited more than a day for a reply, wonderful.",
        "I have had no reply for two weeks, could you look, thanks in advance.",
        "Nobody has to reply this week, thanks a lot.",
        "You don't need to answer this week, thanks a lot.",
        "Ohne langes Warten eine Antwort in einer Stunde, toll.",
        "Keine Antwort nötig diese Woche, vielen Dank.",
        "Der Support hat in zwei Stunden geantwortet, großartig.",
        "Dos meses sin incidencias, genial.",
        "Soporte contestó en dos horas, estupendo.",
        "Réponse en une heure sans attendre, génial.",
    ],
)
def test_praise_for_a_quick_answer_or_where_none_is_due_is_meant(text: str) -> None:
    assert "negative_sentiment" not in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Two weeks without an outage, brilliant!",
        "No crashes since the update, fantastic.",
        "Not a single error all month, thanks a lot.",
        "Drei Monate ohne Ausfall, großartig.",
        "Kein einziger Absturz mehr, toll.",
        "Dos meses sin una caída, genial.",
        "Deux mois sans panne, bravo.",
        "Aucune erreur depuis mars, génial.",
    ],
)
def test_praise_for_failures_that_did_not_come_is_meant(text: str) -> None:
    assert "negative_sentiment" not in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Another outage this morning, brilliant!",
        "Two crashes before lunch, fantastic.",
        "Without an explanation the export crashed again, great job.",
        "Wieder ein Ausfall, großartig.",
        "Otra caída esta mañana, genial.",
        "Encore une panne ce matin, bravo.",
    ],
)
def test_praise_for_failures_that_came_is_mockery(text: str) -> None:
    assert "negative_sentiment" in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We were promised a fix and I am furious.",
        "I am furious, our customers are leaving.",
        "I am furious because our customers are waiting.",
        "If I may say so, we are very disappointed.",
        "It was down again, I am fed up with this.",
        "Our whole team is frustrated.",
        "Kev is livid.",
        "Users are losing patience with it.",
        "We are sick of chasing your support.",
        "That is ridiculous.",
        "Das geht so gar nicht.",
        "Man hat uns eine Lösung versprochen, ich bin wütend.",
        "Das ist eine Frechheit, unsere Kunden warten.",
        "Estoy harto de esperar.",
        "Nos prometieron una solución y estamos indignados.",
        "Nos clients attendent, je suis furieuse.",
        "C'est inacceptable, on nous avait promis mieux.",
    ],
)
def test_anger_is_not_taken_back_by_what_stands_in_another_clause(text: str) -> None:
    assert outright("negative_sentiment", text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Nobody is disappointed.",
        "None of us is unhappy, and no one is angry.",
        "It is ridiculous how good it is.",
        "That's ridiculously easy.",
        "I am sick of winter.",
        "We are fed up with the weather.",
        "Our customers say they are angry.",
        "Our tenants are furious with the boiler firm.",
        "Please don't think we're unhappy.",
        "I'm fuming, not with you, with the railway.",
        "She writes short lines when she is angry.",
        "Das ist gar nicht teuer.",
        "Das geht gar nicht langsam.",
        "Ich bin nicht verärgert, ich schreibe immer so kurz.",
        "Niemand ist enttäuscht.",
        "Ich bin genervt vom Winter.",
        "No estoy molesta.",
        "Nadie está enfadado.",
        "Los clientes están molestos.",
        "Estoy harto del invierno.",
        "Personne n'est déçu.",
        "S'il est déçu, dites-le.",
        "Je suis furieuse contre notre opérateur.",
    ],
)
def test_nobodys_anger_others_anger_and_the_weather_are_none_of_ours(text: str) -> None:
    assert outright("negative_sentiment", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "We are unhappy with our accountant.",
        "We are annoyed at the new law.",
        "I am disappointed that Dana cannot come on Friday.",
        "I am so disappointed I missed the webinar.",
        "We are frustrated no more.",
        "It is a joke, of course.",
        "Das ist unmöglich bis Freitag.",
        "Je suis déçu de ne pas pouvoir venir vendredi.",
        "We have not heard one bad word about it in three months, brilliant tool.",
        "In two weeks nobody has rung back with a complaint, wonderful.",
        "Sorry I have not answered for a week, thank you for the brilliant webinar.",
        "Great news, still no word from the council after three weeks.",
    ],
)
def test_what_is_somebody_elses_or_their_own_is_no_anger_at_us(text: str) -> None:
    assert "negative_sentiment" not in {r.label for r in read(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We are unhappy with your support.",
        "We are furious that the export fails again.",
        "I am angry about the constant outages.",
        "Another outage, zero downtime promised, brilliant.",
        "Not a single error message, it just crashed, brilliant.",
        'I am really not happy with "we are looking into it" as an answer every four hours.',
        "Wir sind enttäuscht von „wir melden uns“ als Antwort.",
        "We are fed up with “your ticket is important to us”.",
    ],
)
def test_what_is_ours_is_anger_at_us(text: str) -> None:
    assert "negative_sentiment" in {r.label for r in read(text)}


def test_a_quotation_of_somebody_elses_words_is_no_anger_at_us() -> None:
    assert "negative_sentiment" not in {r.label for r in read('We are angry at the landlord, who said "no lift before June".')}
