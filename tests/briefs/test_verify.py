"""One planted fault each must be noticed; honest sentences of each kind must pass."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from briefs.brief import Claim, ClaimKind, Evidence
from briefs.drafting.facts import Records, claim, sentences_of
from briefs.signals import from_data
from briefs.signals.evidence import data
from briefs.subject import Directory, Subject
from briefs.verify import Court, key_of, own_words, verify
from retrieval.dossier import Dossier
from retrieval.embedding import load
from retrieval.records import Account, Record, parts_of
from tests.briefs.account_builders import (
    AS_OF,
    CORE,
    RUBRIC,
    a_contact,
    a_dossier,
    a_note,
    a_survey,
    a_ticket,
    a_usage_row,
    a_usage_table,
    ago,
    ahead,
    an_account,
    an_opportunity,
    at,
)
from tests.public_sets import public

BODY = (
    "Dana: We cut unplanned downtime at Ghent by 31% since the roll-out. Dana: We do not need more seats this year. "
    "Dana: We might move forty technicians to Lyon. Piet: We will open the Lyon depot on 1 June. "
    "Piet: We plan to hire twelve planners in Q3. Piet: The board granted EUR90k in February 2026. "
    "Dana: The auditors want to know who changed what on a work order. Dana: We are unable to sign in with Okta. "
    "Inés: If the budget passes, we will buy the Analytics module."
)
NOTE = a_note("n1", at=at(ago(19)), body=BODY, title="QBR", kind="qbr")
ROW = a_usage_row(seats_active=96, metrics={"api_calls_month": 97400}, upgrade_attempts=[{"at": at(ago(5)), "feature": "sso", "user": "dana"}])
DOSSIER = a_dossier(
    notes=(NOTE,),
    usage=(*a_usage_table((90, 90, 90, 90))[:-1], ROW),
    contacts=(a_contact(joined_at=at(ago(40))), a_contact("Piet Claes", role="user", title="Planner")),
    surveys=(a_survey(score=9, comment="Planning is finally in one place."),),
    account=an_account(health=80, health_previous=70, renewal_date=ahead(91)),
)
HELIOS = Account(id="a2", name="Helios Freight Inc.", aliases=("Helios",))


def court(dossier: Dossier = DOSSIER, **changes: Any) -> Court:
    return Court(dossier, Subject(dossier, Directory((dossier.account, HELIOS))), **changes)


def quoted(words: str, speaker: str | None = "Dana Ruiz") -> Evidence:
    start = BODY.index(words)
    return Evidence(record_id="n1", kind="note", part="body", start=start, end=start + len(words), quote=words, at=NOTE.at.date(), speaker=speaker)


DOWNTIME = quoted("We cut unplanned downtime at Ghent by 31% since the roll-out.")
NO_SEATS = quoted("We do not need more seats this year.")
MIGHT = quoted("We might move forty technicians to Lyon.")
LYON = quoted("We will open the Lyon depot on 1 June.", "Piet Claes")
HIRE = quoted("We plan to hire twelve planners in Q3.", "Piet Claes")
MONEY = quoted("The board granted EUR90k in February 2026.", "Piet Claes")
AUDIT = quoted("The auditors want to know who changed what on a work order.")
UNABLE = quoted("We are unable to sign in with Okta.")
IF = quoted("If the budget passes, we will buy the Analytics module.", "Inés")
ACTIVE = data(ROW, "seats_active", 96)
LICENSED = data(ROW, "seats_licensed", 100)


def reason(text: str, *evidence: Evidence, kind: ClaimKind = "fact", **changes: Any) -> str:
    return verify(claim(text, kind, evidence, **changes), court()).reason


@pytest.mark.parametrize(
    ("text", "evidence", "fault"),
    [
        ("They cut unplanned downtime at Ghent by 13% since the roll-out.", DOWNTIME, "number"),
        ("They cut unplanned downtime at Ghent by half since the roll-out.", DOWNTIME, "number"),
        ("They cut unplanned downtime at Ghent by thirty-two percent since the roll-out.", DOWNTIME, "number"),
        ("The board granted EUR95k in February 2026.", MONEY, "number"),
        ("They plan to hire twenty planners in Q3.", HIRE, "number"),
        ("96 of 120 seats are active.", ACTIVE, "number"),
        ("They will open the Lyon depot on 2 June.", LYON, "date"),
        ("They will open the Lyon depot on 1 July.", LYON, "date"),
        ("They will open the Lyon depot on 1 June 2028.", LYON, "date"),
        ("They will open the Lyon depot in July.", LYON, "date"),
        ("They plan to hire twelve planners in Q4.", HIRE, "date"),
        ("The board granted EUR90k in April 2026.", MONEY, "date"),
        ("The board granted EUR90k in February 2025.", MONEY, "date"),
        ("Marcus wants to know who changed what on a work order.", AUDIT, "name"),
        ("The auditors and Marcus Bell want to know who changed what on a work order.", AUDIT, "name"),
        ("They cut unplanned downtime at Bruges by 31% since the roll-out.", DOWNTIME, "name"),
        ("Acme's auditors want to know who changed what on a work order.", AUDIT, "name"),
        ("They need more seats this year.", NO_SEATS, "negation"),
        ("They need seats.", NO_SEATS, "negation"),
        ("They did not cut unplanned downtime at Ghent by 31%.", DOWNTIME, "negation"),
        ("They sign in with Okta.", UNABLE, "negation"),
        ('Dana Ruiz said they "need more seats this year".', NO_SEATS, "negation"),
        ("They move forty technicians to Lyon.", MIGHT, "modality"),
        ("They will move forty technicians to Lyon.", MIGHT, "modality"),
        ("They have opened the Lyon depot.", LYON, "modality"),
        ("They opened the Lyon depot on 1 June.", LYON, "modality"),
        ("They hired twelve planners in Q3.", HIRE, "modality"),
        ('Inés said: "we will buy the Analytics module."', IF, "modality"),
        ("They will buy the Analytics module.", IF, "modality"),
        ("Helios cut unplanned downtime at Ghent by 31% since the roll-out.", DOWNTIME, "other_customer"),
        ("They cut unplanned downtime by 31%, see https://example.com for more.", DOWNTIME, "markup"),
        ("They cut [downtime](x) at Ghent by 31%.", DOWNTIME, "markup"),
        ("They cut <b>downtime</b> at Ghent by 31%.", DOWNTIME, "markup"),
        ("They are delighted with our support and recommend us warmly.", DOWNTIME, "not_carried"),
        ("   ", DOWNTIME, "empty"),
        ("They cut unplanned downtime. " * 30, DOWNTIME, "too_long"),
    ],
)
def test_a_planted_fault_is_noticed(text: str, evidence: Evidence, fault: str) -> None:
    assert reason(text, evidence) == fault


def test_a_sentence_beside_a_quotation_is_judged_like_any_other() -> None:
    assert reason(f'Dana Ruiz said: "{DOWNTIME.quote}" They love our roadmap and our prices.', DOWNTIME) == "not_carried"
    assert reason(f'They agreed to buy everything: "{MIGHT.quote}"', MIGHT) == "modality"


@pytest.mark.parametrize("kind", ["fact", "customer_said"])
def test_a_fact_that_cites_nothing_is_none(kind: ClaimKind) -> None:
    assert reason("They cut unplanned downtime.", kind=kind) == "no_evidence"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"record_id": "n99"}, "evidence_missing"),
        ({"start": DOWNTIME.start + 1}, "quote_mismatch"),
        ({"end": DOWNTIME.end - 1}, "quote_mismatch"),
        ({"part": "title"}, "quote_mismatch"),
        ({"part": "messages[0]"}, "quote_mismatch"),
        ({"quote": "We cut unplanned downtime at Ghent by 32% since the roll-out."}, "quote_mismatch"),
        ({"quote": None}, "quote_mismatch"),
    ],
)
def test_words_are_read_again_at_their_place(changes: dict[str, Any], fault: str) -> None:
    assert reason("They cut unplanned downtime at Ghent by 31%.", DOWNTIME.model_copy(update=changes)) == fault


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        (ROW, "seats_active", 97),
        (ROW, "metrics.api_calls_month", 97401),
        (ROW, "metrics.unknown", 1),
        (ROW, "features_adopted", [*CORE[:2], "rest api"]),
        (ROW, "upgrade_attempts", {"at": at(ago(5)).isoformat(), "feature": "audit_log", "user": "dana"}),
        (DOSSIER.account, "health", 81),
        (DOSSIER.account, "renewal_date", "2026-07-01"),
        (DOSSIER.account, "no_such_field", 1),
        (DOSSIER.contacts[0], "joined_at", "2026-02-20"),
        (DOSSIER.surveys[0], "score", 10),
    ],
)
def test_values_are_read_again_in_their_field(record: Record, field: str, value: Any) -> None:
    assert reason("It is so.", data(record, field, value), kind="computed") == "value_mismatch"


def test_evidence_nobody_offered_may_not_be_cited() -> None:
    made = claim("They cut unplanned downtime at Ghent by 31%.", "fact", (DOWNTIME,))

    assert verify(made, court(), {key_of(AUDIT)}).reason == "not_offered"
    assert verify(made, court(), {key_of(AUDIT), key_of(DOWNTIME)}).ok


def test_a_sentence_of_a_prompts_example_may_not_come_back() -> None:
    example = "They cut unplanned downtime at Ghent"
    made = claim("They cut unplanned downtime at Ghent by 31%.", "fact", (DOWNTIME,))

    assert verify(made, court(examples=(example,))).reason == "copied_example"
    assert verify(made, court(examples=("They cut",))).ok, "two common words are no example"


@pytest.mark.parametrize(
    ("text", "evidence", "changes"),
    [
        (DOWNTIME.quote, (DOWNTIME,), {"kind": "customer_said"}),
        (f'At the review of 12 Mar 2026 Dana Ruiz said: "{DOWNTIME.quote}"', (DOWNTIME,), {"kind": "customer_said"}),
        (f'Dana Ruiz (Head of Operations) wrote on 12 Mar 2026: "{NO_SEATS.quote}"', (NO_SEATS,), {"kind": "customer_said"}),
        (f'Inés said: "{IF.quote}"', (IF,), {"kind": "customer_said"}),
        ("Unplanned downtime at Ghent was cut by 31% since the roll-out.", (DOWNTIME,), {}),
        ("Nordwind cut downtime at Ghent by 31 percent.", (DOWNTIME,), {}),
        ("They do not need more seats this year.", (NO_SEATS,), {}),
        ("They don't need more seats.", (NO_SEATS,), {}),
        ("They may move 40 technicians to Lyon.", (MIGHT,), {}),
        ("They will open the Lyon depot on 1 June 2026.", (LYON,), {}),
        ("Piet Claes will open the depot in June.", (LYON,), {}),
        ("They plan to hire 12 planners in Q3.", (HIRE,), {}),
        ("The board granted 90,000 EUR in February.", (MONEY,), {}),
        ("The auditors ask who changed what on a work order.", (AUDIT,), {}),
        ("They cannot sign in with Okta.", (UNABLE,), {}),
        ("If the budget passes they will buy Analytics.", (IF,), {}),
        ("96 of 100 seats are active.", (ACTIVE, LICENSED), {}),
        ("96 of 100 seats are active (96 %).", (ACTIVE, LICENSED), {"kind": "computed", "derived": {"percent": 96}}),
        ("No ticket on file is critical.", (), {"kind": "absence"}),
        ("Ask who signs.", (), {"kind": "advice"}),
    ],
)
def test_an_honest_sentence_passes(text: str, evidence: tuple[Evidence, ...], changes: dict[str, Any]) -> None:
    made = claim(text, changes.get("kind", "fact"), evidence, derived=changes.get("derived"))

    assert verify(made, court()) == verify(made, court(embed=load("wordllama").embed))
    assert (verify(made, court()).reason, verify(made, court()).detail) == ("", "")


def test_what_stands_in_quotation_marks_and_equals_the_evidence_is_the_evidence() -> None:
    assert own_words(claim(f'Dana said "{DOWNTIME.quote}" today', "fact", (DOWNTIME,))).split() == ["Dana", "said", "today"]
    assert "invented" in own_words(claim('Dana said "an invented thing"', "fact", (DOWNTIME,)))


def test_a_link_the_customer_wrote_stays_in_the_quotation() -> None:
    words = "See https://nordwind.example/plan for our dates."
    note = a_note("n1", body=words)
    item = Evidence(record_id="n1", kind="note", part="body", start=0, end=len(words), quote=words, at=note.at.date())
    made = claim(f'They wrote: "{words}"', "customer_said", (item,))

    assert verify(made, court(a_dossier(notes=(note,)))).ok


def test_every_sentence_the_writer_makes_of_the_tables_passes() -> None:
    """Whatever rule fires on this account, what the offline writer says of it is carried by the table."""
    limits = a_usage_row(
        seats_active=96,
        metrics={"api_calls_month": 97400},
        features_adopted=CORE,
        upgrade_attempts=[{"at": at(ago(d)), "feature": "sso", "user": "dana"} for d in (9, 5)],
    )
    dossier = a_dossier(
        account=an_account(health=80, health_previous=70, renewal_date=ahead(91), billing_status="overdue", do_not_contact=True, start_date=ago(20)),
        usage=(*a_usage_table((60, 70, 80, 96))[:-1], limits),
        contacts=(a_contact(joined_at=at(ago(40))), a_contact("Piet Claes", role="economic_buyer", left_at=at(ago(30)))),
        surveys=(a_survey(score=9, comment="Planning is finally in one place."),),
        tickets=(a_ticket(priority="P1"),),
        opportunities=(an_opportunity(),),
    )
    signals = from_data(dossier, RUBRIC)
    verdicts = {s.type: [verify(c, court(dossier)) for c in sentences_of(s, Records(dossier), AS_OF)] for s in signals}

    assert len(verdicts) >= 12
    assert {kind: [v for v in found if not v.ok] for kind, found in verdicts.items() if not all(v.ok for v in found)} == {}


def test_edited_summaries_are_rejected_more_often_than_true_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """Measured, not promised: single sentences of true and of edited summaries of conversations, judged against the whole conversation."""
    embed = load("wordllama").embed
    counted: Counter[tuple[str, bool]] = Counter()
    reasons: Counter[str] = Counter()
    for item in json.loads(public("summedits/summedits_samsum.json").read_text("utf-8")):
        text: str = item["doc"]
        note = a_note("n1", body=text)
        dossier = a_dossier(notes=(note,))
        whole = Evidence(record_id="n1", kind="note", part="body", start=0, end=len(text), quote=text, at=note.at.date())
        assert parts_of(note)["body"] == text
        judge = Court(dossier, Subject(dossier, Directory((dossier.account,))), embed)
        for summary, consistent in item["summaries"]:
            verdict = verify(Claim(id="c", text=summary, evidence=(whole,)), judge)
            counted["consistent" if consistent else "edited", verdict.ok] += 1
            reasons[verdict.reason] += not consistent
    rates = {label: counted[label, False] / (counted[label, True] + counted[label, False]) for label in ("edited", "consistent")}
    with capsys.disabled():
        shares = f"rejected {rates['edited']:.0%} of edited and {rates['consistent']:.0%} of true summaries"
        print(f"\nsummedits (samsum): {shares}; {dict(reasons)}")  # noqa: T201  # a measurement is for people to read

    assert rates["edited"] >= rates["consistent"]
