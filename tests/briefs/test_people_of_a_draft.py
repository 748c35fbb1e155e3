"""A brief's people: the one to call stands in the list, a buyer who was only named has not spoken, a form's decider is told."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.brief import Factor, Signal
from briefs.drafting.against import against
from briefs.drafting.coverage import coverage
from briefs.drafting.material import Material
from briefs.drafting.people import stakeholders
from briefs.drafting.talk import card
from briefs.drafting.voices import last_heard, to_call
from retrieval.dossier import Dossier
from tests.briefs.account_builders import (
    a_contact,
    a_dossier,
    a_message,
    a_note,
    a_scorecard,
    a_signal,
    a_ticket,
    ago,
    at,
    words_of_record,
)
from tests.briefs.draft_builders import a_material, refused, the_risks

BUYER = a_contact("Élodie Morel", id="c9", title="Managing Director", role="economic_buyer")
CLERK = a_contact("Zoe Quist", id="c8", title="Planner", role="user")
ASK = "Could you send us a price for the dashboards?"


def _asked(by: str = "Zoe Quist", record: str = "t1", **changes: Any) -> Signal:
    evidence = words_of_record(record, ASK, "messages[0]", speaker=by, at=ago(10))
    base: dict[str, Any] = {"evidence": (evidence,), "skus": ("analytics",), "explicit_request": True}
    return a_signal("module_interest", record, **(base | changes))


def _account(*contacts: object, body: str = ASK, **changes: object) -> Dossier:
    ticket = a_ticket("t1", status="solved", requester="Zoe Quist", messages=(a_message(body, author="Zoe Quist"),))
    return a_dossier(**({"contacts": contacts or (a_contact(), BUYER, CLERK), "tickets": (ticket,)} | changes))


def _authority(m: Material) -> Factor:
    return next(f for f in coverage(m) if f.name == "Authority")


def test_a_buyer_who_is_only_named_has_not_spoken() -> None:
    note = a_note("n1", body="Élodie Morel is said to like the idea.\nWe will see.", at=at(ago(9)))
    m = a_material(_account(notes=(note,)), _asked())
    factor = _authority(m)
    assert (factor.state, factor.text) == ("partial", "Élodie Morel holds the budget; named, not heard.")
    assert any("has not spoken of it" in c.text for c in against(m))


def test_a_buyer_heard_on_something_else_is_not_in_favour_yet() -> None:
    note = a_note("n1", body="Élodie: The parking barrier was broken again this morning.\n", at=at(ago(9)))
    factor = _authority(a_material(_account(notes=(note,)), _asked()))
    assert (factor.state, factor.text) == ("partial", "Élodie Morel holds the budget; last heard 22 Mar 2026, not on this.")


def test_a_buyer_who_speaks_where_the_case_rests_is_heard_and_section_eight_says_so_too() -> None:
    messages = (a_message(ASK, author="Zoe Quist"), a_message("Yes, please send it to me as well.", author="Élodie Morel"))
    m = a_material(_account(tickets=(a_ticket("t1", status="solved", requester="Zoe Quist", messages=messages),)), _asked())
    factor = _authority(m)
    assert factor.state == "met"
    assert any(e.quote for e in factor.evidence)
    assert not any("has not spoken" in c.text for c in against(m))


def test_a_name_called_out_last_is_not_what_the_buyer_is_quoted_with() -> None:
    messages = (a_message(ASK, author="Zoe Quist"), a_message("We must have this before the summer. It is late enough. Zoe!", author="Élodie Morel"))
    m = a_material(_account(tickets=(a_ticket("t1", status="solved", requester="Zoe Quist", messages=messages),)), _asked())
    assert [e.quote for e in _authority(m).evidence if e.quote] == ["It is late enough."]


@pytest.mark.parametrize(
    "body",
    [
        "Minutes\n\nÉlodie : Il nous faut de la place avant mai.\nZoe : D'accord.\n",
        "- Élodie: We need room before May.\n- Zoe: Yes.\n",
        "Minutes\n   Élodie: We need room before May.\n   Zoe: Yes.\n",
    ],
)
def test_speakers_of_minutes_are_heard_however_the_minutes_are_laid_out(body: str) -> None:
    m = a_material(_account(notes=(a_note("n1", body=body, at=at(ago(9))),)), _asked())
    assert last_heard(m, BUYER) == ago(9)


def test_what_a_reply_repeats_is_not_said_again() -> None:
    body = "Thanks.\n\nOn Monday Élodie Morel wrote:\n> We need room before May, so please hurry.\n"
    m = a_material(_account(body=body), _asked())
    assert last_heard(m, BUYER) is None


def test_the_one_to_call_stands_in_the_list_and_who_left_comes_last() -> None:
    gone = a_contact("Aaron Pol", id="c7", role="economic_buyer", left_at=at(ago(30)))
    others = [a_contact(f"{name} Vos", id=f"v{name}", role="technical") for name in ("Ada", "Ben", "Cas", "Dan")]
    m = a_material(_account(gone, a_contact(), BUYER, *others, CLERK), _asked(), most_stated=1)
    names = [c.text.split(",")[0] for c in stakeholders(m)]
    called = to_call(m)
    assert called is not None
    assert called.name in names[:2]
    assert "Élodie Morel" in names[:2]
    assert "Aaron Pol" not in names[:3]
    everybody = a_material(_account(gone, a_contact(), BUYER, CLERK), _asked())
    told = [c.text for c in stakeholders(everybody)]
    assert told[-1] == "Aaron Pol, Head of Operations, the economic buyer, left on 1 Mar 2026."
    assert not refused(everybody, *stakeholders(everybody))


@pytest.mark.parametrize("words", ["Élodie Morel", "Mme Morel decides", "Élodie"])
def test_whom_a_form_names_as_deciding_is_told_and_stands_in_the_next_step(words: str) -> None:
    boss = BUYER.model_copy(update={"role": "unknown"})
    m = a_material(_account(a_contact(), boss, CLERK, scorecards=(a_scorecard(decider=words),)), _asked())
    told = stakeholders(m)
    assert any("Élodie Morel" in c.text and "decides (form of 19 Mar 2026)" in c.text for c in told[:2])
    assert not refused(m, *told)
    factor = _authority(m)
    assert (factor.state, factor.text) == ("partial", "Élodie Morel decides by their form; named, not heard.")
    step = card(m, the_risks(m), None).next_step
    assert step.startswith("Talk to Zoe Quist")
    assert step.endswith("Élodie Morel decides.")


def test_a_decider_who_is_no_contact_is_quoted_from_the_form() -> None:
    m = a_material(_account(a_contact(), CLERK, scorecards=(a_scorecard(decider="the works council"),)), _asked())
    told = stakeholders(m)
    assert 'Decider named in the scorecard of 19 Mar 2026: "the works council".' in [c.text for c in told]
    assert not refused(m, *told)
    assert _authority(m).state == "partial"


@pytest.mark.parametrize("words", ["", "-", "n/a", "nobody"])
def test_a_form_that_names_nobody_decides_nothing(words: str) -> None:
    m = a_material(_account(a_contact(), CLERK, scorecards=(a_scorecard(decider=words),)), _asked())
    assert _authority(m).state == "unknown"
    assert not any("scorecard" in c.text for c in stakeholders(m))


def test_without_a_number_the_number_is_settled_before_the_quote() -> None:
    seats = a_signal("seats_requested", "t1", evidence=(words_of_record("t1", ASK, "messages[0]", speaker="Zoe Quist"),), skus=("seats",))
    m = a_material(_account(), seats)
    section = the_risks(m)
    assert card(m, section, None).next_step == "Settle the number with Zoe Quist, then quote Additional seats."
    known = a_material(_account(), seats.model_copy(update={"wants": {"quantity": 4}}))
    assert card(known, section, known.finding.arr).next_step == "Quote Additional seats to Zoe Quist."
