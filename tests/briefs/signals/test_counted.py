"""Numbers in a wish are asked for; how many somebody is, or has, is not, whatever is wished for beside it."""

from __future__ import annotations

import pytest

from briefs.reading.quantities import quantities
from briefs.signals.counted import asked_for
from tests.briefs.signals.test_said import heard, said


def counted(text: str) -> list[float]:
    return [q.value for q in quantities(text) if q.unit == "seats" and asked_for(q, text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We want Enterprise for 40 users.", 40),
        ("We'd like Enterprise for all 40 employees.", 40),
        ("We need single sign-on and 30 additional seats.", 30),
        ("Could you add 12 people?", 12),
        ("Quote for 40 seats", 40),
        ("The 12 trainees start in May.", 12),
        ("That would be 40 users.", 40),
        ("~42 people on nights.", 42),
        ("We have 12 new starters in May.", 12),
        ("We have to get logins for 12 people.", 12),
        ("There are 12 people who need logins.", 12),
        ("We need logins for the ward and 12 nurses.", 12),
        ("We have 40 licences and need 60 licences.", 60),
        ("Wir wollen Enterprise für 40 Nutzer.", 40),
        ("Wir brauchen Zugänge für 12 Kollegen.", 12),
        ("Etwa 40 Leute im Lager.", 40),
        ("Queremos Enterprise para 40 usuarios.", 40),
        ("Necesitamos acceso para 12 personas.", 12),
        ("Nous voulons Enterprise pour 40 utilisateurs.", 40),
        ("Il nous faut des accès pour 12 personnes.", 12),
    ],
)
def test_a_number_in_a_wish_is_asked_for(text: str, number: float) -> None:
    assert counted(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "We are 40 people and want Enterprise.",
        "We're about 40 people, we want Enterprise.",
        "We want Enterprise; we are a team of 40 people.",
        "We want Enterprise and have 40 users.",
        "We have 40 seats today.",
        "All 40 seats are taken.",
        "40 people saw the outage and we want single sign-on.",
        "40 people left.",
        "Two people who left in spring still had live logins, which is why we want single sign-on.",
        "Wir sind 40 Leute und wollen Enterprise.",
        "Wir haben derzeit 40 Nutzer und möchten Enterprise.",
        "Somos 40 personas y queremos Enterprise.",
        "Tenemos unos 40 usuarios, queremos Enterprise.",
        "Nous sommes 40 personnes et voulons Enterprise.",
        "Nous avons environ 40 utilisateurs, nous voulons Enterprise.",
    ],
)
def test_how_many_they_are_or_have_is_not(text: str) -> None:
    assert counted(text) == []


@pytest.mark.parametrize(("text", "quantity"), [("We want single sign-on for 40 users.", 40), ("We are 40 people and want single sign-on.", None)])
@pytest.mark.parametrize("label", ["feature_requested", "seats_requested", "new_team"])
def test_it_is_so_for_every_type(text: str, quantity: float | None, label: str) -> None:
    (found,) = heard(said(text), label).signals
    assert found.wants.get("quantity") == quantity
