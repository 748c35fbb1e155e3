"""Whoever says `I` speaks of themselves, unless the sentence names another one who comes."""

from __future__ import annotations

import pytest

from tests.briefs.account_builders import a_contact, ago, at
from tests.briefs.signals.test_said import heard, said

GONE = a_contact("Carla Vogt", id="c2", role="champion", left_at=at(ago(5)))


def welcomes(text: str) -> bool:
    found = heard(said(text, speaker="Carla Vogt", day=ago(40)), "new_sponsor", contacts=(a_contact(), GONE))
    return "new_sponsor" in {s.type for s in found.signals}


@pytest.mark.parametrize(
    "text",
    [
        "I'm the new head of maintenance.",
        "I have taken over the plant this week.",
        "Ab Montag übernehme ich die Leitung der Instandhaltung.",
        "I was appointed head of maintenance last week.",
        "I am now head of operations.",
        "Ich bin ab sofort die neue Leiterin der Technik.",
        "Seit dem 1. Mai leite ich den Einkauf.",
        "Since March I lead the department.",
        "Soy la nueva directora de operaciones.",
        "Asumo la dirección de compras desde el lunes.",
        "Me han nombrado jefa de mantenimiento.",
        "Je suis la nouvelle responsable des achats.",
        "J'ai pris la direction de la maintenance en mars.",
        "I take over from Amara Nwosu on Monday.",
        "Amara Nwosu has left and I take over as head of operations.",
        "Amara Nwosu appointed me head of maintenance.",
        "Ich folge auf Frau Nwosu als neue Leiterin.",
        "Je remplace Madame Nwosu à la tête des achats.",
        "My name is Carla Vogt and I am your new contact as head of operations.",
        "I'm Carla Vogt, the new director.",
        "From Monday I will be in charge of the plant.",
        "Frau Nwosu hat mich zur Leiterin gemacht, ich beginne am Montag.",
        "The board has made me head of operations, I start on Monday.",
        "Monday starts my new job, I am head of operations then.",
        "Der Vorstand übernimmt die Kosten, ich bin jetzt Leiterin.",
        "I am the successor of Amara Nwosu.",
        "As replacement for Amara Nwosu I have started as head of operations.",
        "I am new here as director and would like to meet Norwind soon.",
        "Ich bin der Nachfolger von Frau Nwosu.",
        "Soy el relevo de Amara Nwosu.",
    ],
)
def test_who_came_and_has_left_since_is_not_welcomed_by_their_own_words(text: str) -> None:
    assert not welcomes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Amara Nwosu takes over from me on Monday, I've shown her the basics.",
        "Frau Amara Nwosu übernimmt ab Montag, ich habe ihr alles gezeigt.",
        "I leave on Friday and Amara Nwosu starts on Monday as head of operations.",
        "I'd like to introduce my successor, Amara Nwosu.",
        "I am handing over to Amara Nwosu, our new head of maintenance.",
        "Amara starts on Monday as our new head, I have shown her the basics.",
        "Ich gehe im Mai, meine Nachfolgerin ist Amara Nwosu.",
        "Ich übergebe an Frau Nwosu, unsere neue Leiterin.",
        "Die Leitung übernimmt ab Montag Frau Nwosu, ich habe ihr alles gezeigt.",
        "Me voy en mayo y Amara Nwosu asume la dirección; yo le he enseñado todo.",
        "Yo me jubilo y mi sucesora será Amara Nwosu.",
        "Je pars vendredi et Amara Nwosu reprend la direction.",
        "Je vous présente ma remplaçante, Amara Nwosu, nouvelle directrice.",
        "She takes over from me in May, I will be around until then.",
        "My successor starts on Monday, I have shown her all of it.",
        "I am pleased that Amara Nwosu has been promoted to head of operations.",
        "Amara Nwosu, our new head of operations, takes over on Monday, I help her until then.",
        "I wanted to tell you that Mrs Nwosu will be our new director.",
        "Ich freue mich, dass Amara Nwosu die neue Leiterin ist.",
        "Amara me sustituye desde el lunes, yo le he enseñado todo.",
        "Please meet Amara Nwosu, I hand the plant over to her.",
    ],
)
def test_another_one_named_by_whoever_goes_is_welcomed(text: str) -> None:
    assert welcomes(text)
