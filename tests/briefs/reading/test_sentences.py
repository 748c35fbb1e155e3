"""Sentences keep their exact place and their speaker."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.reading.sentences import Sentence, read_record
from briefs.reading.speakers import People
from briefs.reading.splitting import split
from retrieval.records import Message, Note, Scorecard, Survey, Ticket, parts_of

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
PEOPLE = People(
    contacts={"dana": "Dana Ortiz", "dana ortiz": "Dana Ortiz", "ortiz": "Dana Ortiz", "dana@acme.example": "Dana Ortiz", "k1": "Dana Ortiz"},
    vendor=frozenset({"mira", "mira@vendor.example"}),
    domain="acme.example",
)


def note(body: str, **changes: object) -> Note:
    return Note.model_validate({"id": "n1", "account_id": "a1", "at": AT, "author": "mira@vendor.example", "kind": "call", "body": body, **changes})


def ticket(*messages: Message, subject: str = "Question") -> Ticket:
    return Ticket(id="t1", account_id="a1", created_at=AT, subject=subject, requester="k1", messages=messages)


def texts(sentences: list[Sentence]) -> list[str]:
    return [s.text for s in sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We need approx. 5 seats. Thanks!", ["We need approx. 5 seats.", "Thanks!"]),
        ("See Q2. We grow by 2.5 per cent, e.g. in Lyon. Ok?", ["See Q2.", "We grow by 2.5 per cent, e.g. in Lyon.", "Ok?"]),
        ("Am 1. Juni 2026 gehen wir live, z.B. in Wien. Danke.", ["Am 1. Juni 2026 gehen wir live, z.B. in Wien.", "Danke."]),
        ("Habló el Sr. García. Quiere más.", ["Habló el Sr. García.", "Quiere más."]),
        ("Look at https://vendor.example/a.b?c=1. It fails", ["Look at https://vendor.example/a.b?c=1.", "It fails"]),
        ("need 5 seats. thanks a lot", ["need 5 seats.", "thanks a lot"]),
        ("Hm... maybe. J. Smith said so.", ["Hm... maybe.", "J. Smith said so."]),
        ("¿Hay límite? Sí.", ["¿Hay límite?", "Sí."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in split(text)] == expected


@given(st.text(alphabet=st.sampled_from("ab .!?\n\t>|-:0é…\u200b\U0001f600")))
def test_every_sentence_equals_the_stored_text_at_its_place(body: str) -> None:
    record = note(body or "x")
    for sentence in read_record(record, PEOPLE):
        assert parts_of(record)[sentence.part][sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip() != ""


def test_run_on_text_is_cut_and_megabytes_are_read_in_seconds() -> None:
    body = "we use it and then we use it again " * 40_000
    started = time.process_time()
    found = read_record(note(body), PEOPLE)
    assert time.process_time() - started < 20
    assert max(len(s.text) for s in found) <= 700


def test_a_transcript_tells_who_speaks() -> None:
    found = read_record(note("[00:12] Dana Ortiz: We want 12 more seats.\nMira: I could offer Enterprise.\nAGENT - Anything else?"), PEOPLE)
    assert [(s.side, s.speaker) for s in found] == [("customer", "Dana Ortiz"), ("agent", "Mira"), ("agent", "AGENT")]
    assert found[0].text == "We want 12 more seats."


def test_a_stranger_who_speaks_twice_in_a_note_is_of_the_customer() -> None:
    found = read_record(note("Tom: we like it\nMira: good\nTom: and we want more"), PEOPLE)
    assert [s.side for s in found] == ["customer", "agent", "customer"]


def test_a_heading_is_nobody_s_turn() -> None:
    found = read_record(note("Dana: fine.\nNext steps: send the offer.\nRisk: none"), PEOPLE)
    assert [s.side for s in found] == ["customer", "reported", "reported"]


@pytest.mark.parametrize(
    "head",
    [
        "On 3 Feb 2026, Mira wrote:",
        "-----Original Message-----",
        "Am 3. Februar schrieb Mira:",
        "El 3 de febrero Mira escribió:",
        "Le 3 février Mira a écrit :",
    ],
)
def test_what_follows_a_reply_head_is_quoted(head: str) -> None:
    found = read_record(ticket(Message(at=AT, author_role="customer", body=f"Thanks.\n\n{head}\nWe could add ten seats.")), PEOPLE)
    assert [(s.text, s.quoted) for s in found if s.part == "messages[0]"] == [("Thanks.", False), ("We could add ten seats.", True)]


def test_text_below_marked_quotes_is_fresh_again() -> None:
    body = "On 3 Feb 2026, Mira wrote:\n> How many seats?\n\nTwelve more, please."
    found = read_record(ticket(Message(at=AT, author_role="customer", body=body)), PEOPLE)
    assert [(s.text, s.quoted) for s in found[1:]] == [("How many seats?", True), ("Twelve more, please.", False)]


def test_signatures_and_footers_are_no_sentences() -> None:
    body = "We need SSO.\n\nBest regards,\nDana Ortiz\nHead of IT | Acme\n\nThis e-mail may contain confidential information."
    assert texts(read_record(ticket(Message(at=AT, author_role="customer", body=body)), PEOPLE))[1:] == ["We need SSO."]


def test_thanks_in_front_of_a_request_is_no_farewell() -> None:
    body = "Thanks!\nWe also need ten more seats.\nThanks\nDana"
    assert "We also need ten more seats." in texts(read_record(ticket(Message(at=AT, author_role="customer", body=body)), PEOPLE))


def test_bullets_and_tables_are_read_row_by_row() -> None:
    found = read_record(note("- more seats\n- single sign-on\n| site | users |\n|---|---|\n| Lyon | 41 |"), PEOPLE)
    assert texts(found) == ["more seats", "single sign-on", "| site | users |", "| Lyon | 41 |"]


def test_a_wrapped_line_is_one_sentence() -> None:
    body = "We would like to add ten more licences for the colleagues in the\nnew warehouse in Lyon. Thanks."
    assert texts(read_record(note(body), PEOPLE))[0].endswith("Lyon.")


@pytest.mark.parametrize(
    ("message", "side"),
    [
        (Message(author_role="customer", body="x y"), "customer"),
        (Message(author_role="agent", body="x y"), "agent"),
        (Message(author_role="agent", body="x y", public=False), "internal"),
        (Message(author="dana@acme.example", body="x y"), "customer"),
    ],
)
def test_the_side_of_a_ticket_message(message: Message, side: str) -> None:
    assert read_record(ticket(message), PEOPLE)[-1].side == side


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({"kind": "call"}, "reported"),
        ({"kind": "internal"}, "internal"),
        ({"kind": "handoff"}, "internal"),
        ({"kind": "email", "author": "dana@acme.example"}, "customer"),
        ({"kind": "email", "body": "From: Dana Ortiz <dana@acme.example>\nSubject: seats\n\nWe need ten more."}, "customer"),
        ({"kind": "email", "body": "We need ten more.\n\nDana Ortiz"}, "customer"),
        ({"kind": "email", "body": "Hi Dana,\nwe could offer ten more."}, "agent"),
        ({"kind": "email", "body": "Dana wants ten more."}, "reported"),
    ],
)
def test_the_side_of_a_note(changes: dict[str, object], side: str) -> None:
    assert {s.side for s in read_record(note("We need ten more.", **changes) if "body" not in changes else note(**changes), PEOPLE)} == {side}  # type: ignore[arg-type]


def test_surveys_and_scorecards_are_the_customer_s_words() -> None:
    survey = Survey(id="s", account_id="a1", at=AT, score=9, comment="Great. Recommended.", respondent="k1")
    card = Scorecard(id="c", account_id="a1", at=AT, goals="Two more sites")
    assert [(s.side, s.speaker, s.at) for s in read_record(survey, PEOPLE)] == [("customer", "Dana Ortiz", date(2026, 3, 10))] * 2
    assert [s.side for s in read_record(card, PEOPLE)] == ["customer"]
