"""What speaks against a call and what a price hides: solved anger, threats taken back, refusals, full seats under a higher tier, dear seats."""

from __future__ import annotations

import pytest

from briefs.brief import Evidence, Signal
from briefs.drafting import against, case
from briefs.drafting.assemble import assemble
from briefs.drafting.material import Material
from briefs.drafting.offline import sections
from briefs.drafting.talk import card, talk_track
from briefs.reading.offline import Reading
from briefs.signals.said import Withdrawn, interpret
from briefs.subject import Directory, Subject
from briefs.verify import Court
from retrieval.records import Ticket
from tests.briefs.account_builders import (
    a_contact,
    a_dossier,
    a_message,
    a_note,
    a_shelf,
    a_signal,
    a_ticket,
    ago,
    an_account,
    at,
    words_of_record,
)
from tests.briefs.draft_builders import a_material, a_result, refused, the_risks

ANGER = "This is unacceptable for a depot of our size."


def _angry(**changes: object) -> tuple[Ticket, Signal]:
    ticket = a_ticket("t1", messages=(a_message(ANGER),), priority="P2", **changes)
    evidence = words_of_record("t1", ANGER, "messages[0]", speaker="Dana Ruiz", at=ago(15))
    return ticket, a_signal("negative_sentiment", "t1", days=15, evidence=(evidence,))


def test_anger_about_what_is_solved_is_told_as_solved_and_warns_of_nothing() -> None:
    ticket, signal = _angry(status="solved", solved_at=at(ago(9)))
    m = a_material(a_dossier(tickets=(ticket,)), signal)
    told = the_risks(m)
    angry = next(c for c in told.claims if ANGER in c.text)
    assert angry.text.endswith("(solved 22 Mar 2026)")
    assert against.gravest(told) is None
    assert card(m, told, None).top_risk == "none on file"
    assert talk_track(m, told).risk_evidence == ()
    assert any(c.text.startswith("No standing complaint") for c in told.claims)
    assert not refused(m, *told.claims)


def test_anger_in_an_open_ticket_stands() -> None:
    ticket, signal = _angry(status="open")
    told = the_risks(a_material(a_dossier(tickets=(ticket,)), signal))
    assert not any("solved" in c.text for c in told.claims if ANGER in c.text)
    assert against.gravest(told) is not None


THREAT, PEACE = "We are going to cancel at the end of the year.", "Forget what I wrote, we stay."


def _evidence(record: str, words: str, days: int) -> Evidence:
    return words_of_record(record, words, speaker="Dana Ruiz", at=ago(days))


def test_a_threat_taken_back_is_told_with_both_days_and_is_no_live_risk() -> None:
    notes = (a_note("n1", body=THREAT, author="Dana Ruiz", at=at(ago(60))), a_note("n2", body=PEACE, author="Dana Ruiz", at=at(ago(20))))
    threat = a_signal("churn_intent", "n1", days=60, evidence=(_evidence("n1", THREAT, 60),))
    contested = a_signal("contested_renewal", "n1", days=60, evidence=(_evidence("n1", THREAT, 60),))
    by = _evidence("n2", PEACE, 20)
    m = a_material(a_dossier(notes=notes), withdrawn=(Withdrawn(contested, by), Withdrawn(threat, by)))
    told = the_risks(m)
    assert [c.text for c in told.claims if "taken back" in c.text] == ["Dana Ruiz said on 30 Jan 2026 they would leave; taken back on 11 Mar 2026."]
    assert against.gravest(told) is None
    assert not refused(m, *told.claims)


def test_the_reading_keeps_what_was_taken_back_and_what_was_declined() -> None:
    notes = (a_note("n1", body=THREAT, author="Dana Ruiz", at=at(ago(60))), a_note("n2", body=PEACE, author="Dana Ruiz", at=at(ago(20))))
    dossier = a_dossier(notes=notes)
    m = a_material(dossier)
    first, last = (next(s for s in m.sentences if s.record_id == record) for record in ("n1", "n2"))
    readings = (
        Reading(first, "churn_intent", "stated_fact", "firm", 0.9),
        Reading(last, "taken_back", "stated_fact", "firm", 0.9),
        Reading(last, "seats_requested", "negated", "firm", 0.9),
    )
    heard = interpret(readings, m.sentences, dossier, a_shelf(), Subject(dossier, Directory((dossier.account,))), "offline")
    assert [(w.blocker.type, w.by.quote) for w in heard.withdrawn] == [("churn_intent", PEACE)]
    assert not heard.signals
    assert [e.quote for e in heard.declined] == [PEACE]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("We do not need more seats.", "more seats"),
        ("Wir brauchen keine weiteren Lizenzen.", "more seats"),
        ("We stay with our current 60 licences.", "more seats"),
        ("We are not interested in the audit log.", "Fieldlane Enterprise"),
        ("Kein Interesse an Dashboards, wir haben Excel: report builder brauchen wir nicht.", "Fieldlane Analytics"),
    ],
)
def test_what_they_said_no_to_is_told_with_their_words(words: str, what: str) -> None:
    note = a_note("n1", body=f"Dana: {words}\n", at=at(ago(20)), visibility="customer_safe")
    m = a_material(a_dossier(notes=(note,)))
    told = [c for c in against.do_not_say(m) if c.text.startswith("They declined")]
    assert len(told) == 1
    assert told[0].text.startswith(f"They declined {what} on 11 Mar 2026: ")
    assert not refused(m, *told)


@pytest.mark.parametrize("words", ["We do not need to wait, please send us the audit log.", "We need more seats.", "The seats were not comfortable."])
def test_what_they_did_not_refuse_is_not_declined(words: str) -> None:
    note = a_note("n1", body=f"Dana: {words}\n", at=at(ago(20)))
    assert not any(c.text.startswith("They declined") for c in against.do_not_say(a_material(a_dossier(notes=(note,)))))


def test_what_they_asked_for_afterwards_is_not_declined_any_more() -> None:
    note = a_note("n1", body="Dana: We do not need more seats.\n", at=at(ago(40)))
    ask = "We need five more seats."
    later = a_note("n2", body=f"Dana: {ask}\n", at=at(ago(10)))
    asked = a_signal("seats_requested", "n2", evidence=(words_of_record("n2", ask, speaker="Dana Ruiz", start=6, end=6 + len(ask)),), skus=("seats",))
    assert not any(c.text.startswith("They declined") for c in against.do_not_say(a_material(a_dossier(notes=(note, later)), asked)))


def _tier(words: str = "We need an audit log.") -> tuple[Signal, Signal]:
    evidence = words_of_record("n1", words, speaker="Dana Ruiz", at=ago(10))
    asked = a_signal("higher_tier_feature_requested", "n1", evidence=(evidence,), wants={"feature": "audit log"}, skus=("enterprise",))
    full = a_signal("seat_saturation", "account:a1", detector="rule:seats", skus=("seats", "enterprise"), wants={"active": 96, "licensed": 100})
    return asked, full


def test_a_higher_tier_adds_no_seats_and_the_full_seats_are_left_open() -> None:
    m = a_material(a_dossier(), *_tier())
    told = [c.text for c in case.recommendation(m)]
    assert "Fieldlane Enterprise does not add seats; Additional seats would." in told
    assert "Not closed by it: the full seats." in told
    assert not any("closes all of it" in text for text in told)
    without = [c.text for c in case.recommendation(a_material(a_dossier(), _tier()[0]))]
    assert not any("does not add seats" in text for text in without)


def _dear(**account: object) -> Material:
    ask = a_signal("seats_requested", "n1", evidence=(words_of_record("n1", speaker="Dana Ruiz"),), skus=("seats",), wants={"quantity": 5})
    return a_material(a_dossier(account=an_account(**account)), ask)


def test_seats_that_cost_them_more_than_the_list_price_are_flagged_in_price_and_estimate() -> None:
    m = _dear(arr=66000)
    told = case.recommendation(m)
    assert "List price: 420 EUR a seat and year; they pay about 660 today: check the price before you quote." in [c.text for c in told]
    assert not refused(m, *[c for c in told if "List price" in c.text])
    assert m.finding.recommendation is not None
    computed = m.finding.recommendation.arr
    body = assemble(m, a_result(m).model_copy(update={"arr": computed}), sections(m), (), Court(m.dossier, m.subject))
    assert body.arr is not None
    assert computed is not None
    assert computed.base == body.arr.base, "the rule of the estimate stands"
    assert "they pay about 660 a seat" in body.arr.base_from
    assert "they pay about 660 a seat" in body.card.arr


@pytest.mark.parametrize(
    "account",
    [
        {"arr": 44000},
        {"arr": 66000, "products": ["analytics", "sensor_connect"]},
        {"arr": 52000, "products": ["analytics"]},
        {"arr": 66000, "currency": "USD"},
        {},
    ],
)
def test_no_price_is_doubted_without_grounds(account: dict[str, object]) -> None:
    assert not any("they pay" in c.text for c in case.recommendation(_dear(**account)))


def _voices(other: str) -> Material:
    body = f"Dana: We need an audit log.\nPiet: {other}\n"
    asked = a_signal(
        "higher_tier_feature_requested",
        "n1",
        evidence=(words_of_record("n1", "We need an audit log.", speaker="Dana Ruiz", start=6, end=27),),
        wants={"feature": "audit log"},
        skus=("enterprise",),
    )
    contacts = (a_contact(), a_contact("Piet Claes", role="user"))
    return a_material(a_dossier(notes=(a_note("n1", body=body),), contacts=contacts), asked)


def test_somebody_else_who_speaks_of_the_same_thing_is_a_second_voice() -> None:
    def alone(m: Material) -> bool:
        return any(c.text.startswith("Only Dana Ruiz") for c in against.against(m))

    assert alone(_voices("The winter schedule is fine with me."))
    assert not alone(_voices("Yes, the audit log matters to the yard as well."))


def test_what_a_product_is_for_is_told_by_the_request_whose_words_name_it() -> None:
    aside, plain = "They asked whether reminders could be sent by themselves.", "We want single sign-on for everybody."
    notes = tuple(a_note(f"n{n}", body=words, author="Dana Ruiz", at=at(ago(20 - n))) for n, words in enumerate((aside, plain)))
    features = ("audit log", "single sign-on (SAML)")
    asked = [
        a_signal(
            "higher_tier_feature_requested",
            f"n{n}",
            days=20 - n,
            skus=("enterprise",),
            wants={"feature": feature},
            evidence=(_evidence(f"n{n}", words, 20 - n),),
        )
        for n, (words, feature) in enumerate(zip((aside, plain), features, strict=True))
    ]
    told = case.recommendation(a_material(a_dossier(notes=notes), *asked, a_signal("nps_promoter", "s1"), a_signal("dated_plan", "n1")))
    assert told[0].text == "Fieldlane Enterprise holds single sign-on (SAML), which Fieldlane Professional does not."
