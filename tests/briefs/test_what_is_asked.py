"""What is said on a call: words go to the mouth they came from, nobody is asked what they told, and nothing internal is repeated."""

from __future__ import annotations

import re
from typing import Any

import pytest

from briefs.brief import Section, Signal, TalkTrack
from briefs.drafting.background import said_before
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrases
from briefs.drafting.talk import card, talk_track
from briefs.names import ALWAYS_KNOWN
from briefs.signals.evidence import data
from retrieval.dossier import Dossier
from retrieval.records import Note, Scorecard
from tests.briefs.account_builders import (
    a_contact,
    a_dossier,
    a_message,
    a_note,
    a_signal,
    a_ticket,
    a_usage_row,
    ago,
    ahead,
    at,
    words_of_record,
)
from tests.briefs.draft_builders import a_material, the_risks

DANA = a_contact("Dana Ruiz", role="technical", email="d.ruiz@nordwind.example")
OLA = a_contact("Ola Berg", role="champion", title="Director")
PRAISE = "They pick up the phone and the fix is there on the same day."
ASK = "Could you send us a quote for the reporting module?"


def _dossier(*said: str, notes: tuple[Note, ...] = (), **changes: Any) -> Dossier:
    """Dana writes a ticket; notes hold what others said."""
    message = a_message(" ".join(said) or ASK, author="Dana Ruiz", at=at(ago(10)))
    ticket = a_ticket("t1", status="solved", subject="A question", requester="Dana Ruiz", messages=(message,))
    return a_dossier(contacts=(DANA, OLA), tickets=(ticket,), notes=notes, **changes)


def _asked(dossier: Dossier, quote: str, kind: str = "module_interest", **changes: Any) -> Signal:
    body = dossier.tickets[0].messages[0].body
    start = body.index(quote)
    evidence = words_of_record("t1", quote, "messages[0]", start=start, end=start + len(quote), speaker="Dana Ruiz", at=ago(10))
    base: dict[str, Any] = {"evidence": (evidence,), "detector": f"offline:{kind}", "skus": ("analytics",), "explicit_request": True}
    return a_signal(kind, "t1", **base | changes)


def _told(words: str, kind: str, speaker: str | None, record: str = "n1", **changes: Any) -> Signal:
    return a_signal(kind, record, evidence=(words_of_record(record, words, speaker=speaker, at=ago(20)),), detector=f"offline:{kind}", **changes)


def _track(m: Material) -> TalkTrack:
    return talk_track(m, the_risks(m))


def _texts(track: TalkTrack) -> list[str]:
    return [q.text for q in track.questions]


def test_a_colleagues_praise_is_told_as_the_colleagues() -> None:
    note = a_note("n1", at=at(ago(20)), body=PRAISE, visibility="customer_safe")
    dossier = _dossier(notes=(note,))
    m = a_material(dossier, _told(PRAISE, "value_stated", "Ola Berg"), _asked(dossier, ASK))
    opener = _track(m).opener
    assert opener.startswith(("You told us", "You asked us")), "what Dana said herself comes before a colleague's words"
    value = [text for text in _texts(_track(m)) if PRAISE[:20] in text]
    assert value
    assert value[0].startswith("Ola Berg told us")


def test_nobody_is_told_that_they_said_what_a_colleague_said() -> None:
    note = a_note("n1", at=at(ago(20)), body=PRAISE, visibility="customer_safe")
    row = a_usage_row(seats_active=96)
    full = {"percent": 96.0, "active": 96, "licensed": 100}
    wish = a_signal("seat_saturation", row.id, evidence=(data(row, "seats_active", 96),), detector="rule:seats", wants=full, skus=("seats",))
    dossier = a_dossier(usage=(row,), contacts=(DANA.model_copy(update={"role": "economic_buyer"}), OLA), notes=(note,))
    opener = _track(a_material(dossier, _told(PRAISE, "value_stated", "Ola Berg"), wish)).opener
    assert opener.startswith("Ola Berg told us on")
    assert "How do you see it?" in opener


def test_nobody_is_asked_what_should_be_different_by_today() -> None:
    row = a_usage_row(metrics={"api_calls_month": 99000})
    full = {"limit": "api_calls_month", "used": 99000, "allowed": 100000, "percent": 99.0}
    wish = a_signal(
        "limit_reached", row.id, evidence=(data(row, "metrics.api_calls_month", 99000),), detector="rule:limit", wants=full, skus=("api_pack",)
    )
    dossier = a_dossier(usage=(row,), contacts=(DANA, OLA))
    opener = _track(a_material(dossier, wish)).opener
    assert str(dossier.as_of.year) not in opener
    assert opener == phrases()["sections"]["talk"]["opener_open"]


@pytest.mark.parametrize(("speaker", "words"), [("Dana Ruiz", "You named"), ("Ola Berg", "Ola Berg named"), (None, "Our notes name ")])
def test_a_day_is_named_by_whoever_named_it(speaker: str | None, words: str) -> None:
    plan = "We go live in the new depot on 12 May."
    note = a_note("n1", at=at(ago(20)), body=plan, author="mira@vendor.example", visibility="customer_safe")
    dossier = _dossier(notes=(note,))
    named = _told(plan, "dated_plan", speaker, due=ahead(42))
    assert any(text.startswith(words) for text in _texts(_track(a_material(dossier, _asked(dossier, ASK), named))))


def test_a_day_told_in_an_internal_note_is_not_spoken_of() -> None:
    plan = "We go live in the new depot on 12 May."
    note = a_note("n1", at=at(ago(20)), body=plan, visibility="internal")
    dossier = _dossier(notes=(note,))
    m = a_material(dossier, _asked(dossier, ASK), _told(plan, "dated_plan", "Dana Ruiz", due=ahead(42)))
    assert any(s.type == "dated_plan" for s in m.bearing("timing")), "or this test looks at nothing"
    said = " ".join((_track(m).opener, *_texts(_track(m))))
    assert "12 May" not in said


def test_only_the_day_that_is_the_reason_for_now_is_asked_about() -> None:
    first, later = "We go live today.", "The next review is in September."
    notes = tuple(a_note(i, at=at(ago(20)), body=w, visibility="customer_safe") for i, w in (("n1", first), ("n2", later)))
    dossier = _dossier(notes=notes)
    running = _told(first, "dated_plan", "Dana Ruiz", due=dossier.as_of, strength="strong")
    review = _told(later, "dated_plan", "Dana Ruiz", "n2", due=ahead(154), wants={"due_as": "September"}, strength="weak")
    m = a_material(dossier, _asked(dossier, ASK), running, review)
    assert not any("September" in text for text in _texts(_track(m)))


def test_words_for_a_span_are_shown_without_their_stop() -> None:
    plan = "It has to stand by mid May."
    dossier = _dossier(notes=(a_note("n1", at=at(ago(20)), body=plan, visibility="customer_safe"),))
    m = a_material(dossier, _asked(dossier, ASK), _told(plan, "dated_plan", "Dana Ruiz", due=ahead(42), wants={"due_as": "mid May."}))
    assert any('"mid May". What' in text for text in _texts(_track(m)))


def test_whoever_told_whom_seats_are_for_is_not_asked_for_whom() -> None:
    ask, people = "Can you add three more licences for us please?", "The three apprentices start on the vans in May."
    dossier = _dossier(ask, people)
    wants = {"quantity": 3, "additional": True}
    asked = _asked(dossier, ask, "seats_requested", wants=wants, skus=("seats",))
    told = _texts(_track(a_material(dossier, asked)))
    assert not any("Who are they for" in text for text in told)
    assert any(people in text for text in told)
    bare = _dossier(ask)
    assert any(
        "Who are they for" in text for text in _texts(_track(a_material(bare, _asked(bare, ask, "seats_requested", wants=wants, skus=("seats",)))))
    )


def test_whoever_named_features_is_asked_which_comes_first() -> None:
    ask = "We are interested in Fieldlane Analytics, mainly the downtime dashboards and the report builder."
    dossier = _dossier(ask)
    told = _texts(_track(a_material(dossier, _asked(dossier, ask, wants={"feature": "Fieldlane Analytics"}))))
    assert any("downtime dashboards and the report builder. Which comes first?" in text for text in told)
    assert not any("do for you first" in text for text in told)


def test_who_has_to_agree_is_not_asked_where_it_was_told() -> None:
    ask = "We are interested in Fieldlane Analytics."
    for words, named in ((f"{ask} The board decides on it on 28 May.", True), (f"{ask} Our director signs it.", True), (ask, False)):
        dossier = _dossier(words)
        told = _texts(_track(a_material(dossier, _asked(dossier, ask, wants={"feature": "Fieldlane Analytics"}))))
        assert any("who has to agree" in text for text in told) is not named


def test_a_form_that_names_the_decider_answers_who_agrees() -> None:
    form = Scorecard(id="sc1", account_id="a1", at=at(ago(9)), respondent="dana", decider="Me, up to 5,000")
    dossier = _dossier(scorecards=(form,))
    assert not any("who has to agree" in text for text in _texts(_track(a_material(dossier, _asked(dossier, ASK)))))


@pytest.mark.parametrize(("login", "asked"), [("d.ruiz", False), ("ola", True), ("svc-17", True)])
def test_whoever_tried_a_feature_is_not_asked_what_somebody_was_after(login: str, asked: bool) -> None:
    attempt = {"at": at(ago(14)), "feature": "audit log", "user": login}
    row = a_usage_row(upgrade_attempts=(attempt,))
    dossier = _dossier(ASK, usage=(row,))
    evidence, wants = data(row, "upgrade_attempts", {"feature": "audit log", "user": login}), {"feature": "audit log", "user": login}
    tried = a_signal("upgrade_attempt", row.id, evidence=(evidence,), detector="rule:upgrade", wants=wants, skus=("enterprise",))
    about = [text for text in _texts(_track(a_material(dossier, _asked(dossier, ASK), tried))) if "tried the audit log" in text]
    assert bool(about) is asked


def test_a_request_for_a_price_is_not_asked_whom_it_holds_up() -> None:
    ask = "Please send us a price for additional API calls."
    dossier = _dossier(ask)
    told = _texts(_track(a_material(dossier, _asked(dossier, ask, "limit_reached", skus=("api_pack",)))))
    assert told
    assert not any("held up" in text for text in told)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("Dann bleibt es bei unseren jetzigen 75 Lizenzen, die 240 sind nur das AD.", False),
        ("In the plan I see the interval and the last date.", False),
        ("We had the pleasure to meet your team in Lyon.", False),
        ("We lose half a day every week because the lists differ.", True),
        ("Wir verlieren jede Woche einen halben Tag mit den Listen.", True),
        ("Perdemos medio día cada semana con las listas.", True),
        ("Nous perdons une demi-journée par semaine avec les listes.", True),
        ("No, we do not need the reports for the night shift.", False),
    ],
)
def test_only_a_problem_a_need_or_its_consequence_is_passed_off_as_the_reason(before: str, reason: bool) -> None:
    dossier = _dossier(before, ASK)
    found = said_before(_asked(dossier, ASK), a_material(dossier))
    assert (found is not None and found.quote == before) is reason


def test_the_card_shows_no_quotation_that_the_court_would_reject() -> None:
    words = "We will not take the analytics module this year unless the reports for the board can be made from it without Excel by somebody of ours"
    dossier = _dossier(words + ".")
    m = a_material(dossier, _asked(dossier, words))
    shown = card(m, Section(key="risks", title="Risks", claims=()), None).why_now
    assert "unless" in shown or "take the analytics" not in shown


def test_what_follows_a_quotation_begins_with_no_word_that_could_be_a_name() -> None:
    follows = [found[1] for wording in phrases()["sections"]["talk"].values() if (found := re.search(r'\{quote\}" (\w+)', wording))]
    assert len(follows) > 5, "or this test looks at nothing"
    assert not {word for word in follows if word.casefold() not in ALWAYS_KNOWN}
