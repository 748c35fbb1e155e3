"""Mail that was passed on is read in its writer's voice; mail that was answered stays history."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from briefs.reading.forwarded import read_all
from briefs.reading.sentences import Sentence
from briefs.reading.speakers import People
from retrieval.records import Message, Note, Ticket

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
PEOPLE = People(
    {"dana ortiz": "Dana Ortiz", "dana": "Dana Ortiz", "dana@acme.example": "Dana Ortiz"},
    frozenset({"mira", "mira lang", "mira@vendor.example"}),
    "acme.example",
)
ASK = "We need twelve more seats for the Lyon crew by the first of June."


def note(body: str, title: str = "FW: Lyon", id: str = "n1") -> Note:
    return Note(id=id, account_id="acme", at=AT, author="mira@vendor.example", kind="email", title=title, body=body)


def mail(sender: str, words: str = ASK, *, to: str = "Mira Lang", sent: str = "4 March 2026 18:44") -> str:
    return f"-----Original Message-----\nFrom: {sender}\nSent: {sent}\nTo: {to}\nSubject: Lyon\n\n{words}"


def asked(*records: Note | Ticket) -> list[Sentence]:
    return [sentence for sentence in read_all(records, PEOPLE) if ASK in sentence.text]


def test_a_mail_our_person_puts_on_file_is_its_writers_and_of_its_day():
    [ask] = asked(note(f"For the file.\n\n{mail('Dana Ortiz <dana@acme.example>')}"))
    assert (ask.quoted, ask.side, ask.speaker, ask.at) == (False, "customer", "Dana Ortiz", date(2026, 3, 4))


@pytest.mark.parametrize(
    ("sender", "to", "side"),
    [
        ("new.person@acme.example", "Mira Lang", "customer"),
        ("Judith Amos (Internal Audit)", "Dana Ortiz; Graham Tull", "customer"),
        ("Mira Lang <mira@vendor.example>", "Dana Ortiz", "agent"),
    ],
    ids=["the customer's domain", "a colleague without an address", "our own"],
)
def test_whose_words_they_are(sender: str, to: str, side: str):
    [ask] = asked(note(mail(sender, to=to)))
    assert (ask.quoted, ask.side, "(" in (ask.speaker or "")) == (False, side, False)


@pytest.mark.parametrize("sender", ["sales@rival.example", "Rival Sales <sales@rival.example>", "Somebody Else"])
def test_a_strangers_mail_stays_quoted(sender: str):
    [ask] = asked(note(mail(sender)))
    assert ask.quoted


def test_an_answered_mail_stays_history():
    [ask] = asked(note(f"Thanks, will do.\n\n{mail('Dana Ortiz <dana@acme.example>')}", title="RE: Lyon"))
    assert ask.quoted


def test_words_that_stand_on_file_elsewhere_are_not_said_twice():
    first = Ticket(
        id="t1", account_id="acme", created_at=AT, status="open", priority="P3", subject="Lyon", requester="Dana Ortiz",
        messages=(Message(at=AT, author="Dana Ortiz", author_role="customer", body=ASK),),
    )  # fmt: skip
    said = asked(first, note(mail("Dana Ortiz <dana@acme.example>")))
    assert [sentence.quoted for sentence in said] == [False, True]
    twice = asked(note(mail("Dana Ortiz <dana@acme.example>")), note(mail("Dana Ortiz <dana@acme.example>"), id="n2"))
    assert [sentence.quoted for sentence in twice] == [False, True]


def test_a_customers_own_forward_in_a_ticket_is_read_behind_its_marks():
    quoted = "\n".join("> " + line for line in mail("Judith Amos", to="Dana Ortiz").splitlines())
    body = f"Forwarded the below so you see where I come from.\n\n{quoted}\n\nWhat would it take?"
    ticket = Ticket(
        id="t1", account_id="acme", created_at=AT, status="open", priority="P3", subject="Lyon", requester="Dana Ortiz",
        messages=(Message(at=AT, author="Dana Ortiz", author_role="customer", body=body),),
    )  # fmt: skip
    [ask] = asked(ticket)
    assert (ask.quoted, ask.side, ask.speaker) == (False, "customer", "Judith Amos")


@pytest.mark.parametrize("marks", ["> ", "> > "])
def test_what_the_passed_on_mail_answers_is_not_its_writers(marks: str):
    """Our own advertisement, quoted below a customer's no, is no wish of theirs."""
    head = "From: Dana Ortiz <dana@acme.example>\nTo: Mira Lang\nSubject: RE: webinar\n\nNo, thanks."
    [ask] = asked(note(f"{head}\n\n{marks}{ASK}", title="Fwd: RE: webinar"))
    assert ask.quoted


def test_a_reply_that_came_back_is_its_writers():
    head = "From: Dana Ortiz <dana@acme.example>\nSubject: Automatic reply: Lyon"
    [ask] = asked(note(f"Sent her the numbers and got this back within the minute.\n\n{head}\n\n{ASK}", title="Lyon numbers"))
    assert (ask.quoted, ask.side, ask.speaker) == (False, "customer", "Dana Ortiz")


def test_a_day_after_the_record_is_not_believed():
    [ask] = asked(note(mail("Dana Ortiz <dana@acme.example>", sent="4 May 2026")))
    assert ask.at == AT.date()
