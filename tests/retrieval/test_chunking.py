"""Passages are exact slices of what was imported, cut where people paused, and the same every time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.chunking import FULL, WHOLE, spans, split
from retrieval.records import Contact, Message, Note, Scorecard, Survey, Ticket, parts_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENTENCE = "We would like to add more seats before the summer starts. "
ANY_TEXT = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(["Dana: ", "[00:12] Dana: ", "\n", "\n\n", " ", "word ", "x" * 400, "e\u0301", "👩\u200d🚀", "Ende. ", "。", "\r\n", "🇩🇪"])
    ).map("".join),
    st.tuples(st.text(min_size=1), st.integers(1, 400)).map(lambda pair: pair[0] * pair[1]),
)


def note(body: str, **changed: object) -> Note:
    return Note.model_validate({"id": "n1", "account_id": "a1", "at": NOON, "body": body} | changed)


def ticket(*messages: Message, **changed: object) -> Ticket:
    return Ticket.model_validate({"id": "t1", "account_id": "a1", "created_at": NOON, "subject": "Login", "messages": messages} | changed)


@given(ANY_TEXT)
def test_spans_lie_inside_in_order_and_hold_every_character_that_is_not_space(text: str):
    cut = spans(text)
    assert all(0 <= start < end <= len(text) and end - start <= WHOLE for start, end in cut)
    assert all(end <= start for (_, end), (start, _) in pairwise(cut))
    outside = (
        [*range(cut[0][0]), *(i for (_, end), (start, _) in pairwise(cut) for i in range(end, start)), *range(cut[-1][1], len(text))]
        if cut
        else range(len(text))
    )
    assert all(text[place].isspace() for place in outside)


@given(ANY_TEXT.filter(bool))
def test_a_passage_is_its_part_from_start_to_end_and_comes_out_the_same_twice(text: str):
    record = note(text, title=text[:30])
    passages = split(record, "Acme")
    parts = parts_of(record)
    assert all(parts[p.part][p.start : p.end] == p.text for p in passages)
    assert len({p.id for p in passages}) == len(passages)
    assert passages == split(record.model_copy(), "Acme")


@given(st.integers(0, 300).map(lambda n: "a" * n), st.sampled_from(["e\u0301\u0323", "👩\u200d🚀", "👍🏽", "\u1112\u1161\u11ab", "🇩🇪-"]))
def test_what_a_reader_sees_as_one_character_stays_whole(before: str, character: str):
    text = before + character * 1000
    whole = {0, 2} if character.endswith("-") else {0}
    assert all(start < len(before) or (start - len(before)) % len(character) in whole for start, _ in spans(text))


def test_a_short_text_is_one_passage():
    (passage,) = split(note("We need more seats."), "Acme")
    assert (passage.part, passage.start, passage.end, passage.at) == ("body", 0, 19, NOON)


def test_a_message_of_a_ticket_is_never_merged_with_its_neighbour_and_stays_whole():
    passages = split(ticket(Message(body="Yes."), Message(body=SENTENCE * 20), Message(body="Thanks.")), "Acme")
    assert [p.part for p in passages] == ["subject", "messages[0]", "messages[1]", "messages[2]"]


@pytest.mark.parametrize("speaker", ["Dana: ", "[00:12] Dana: ", "Dana (CSM): ", "Agent Smith - ", "00:12:07 Jörg Müller: ", "[00:12] "])
def test_turns_of_a_transcript_are_merged_whole_up_to_a_thousand_characters(speaker: str):
    turn = speaker + SENTENCE * 4 + "\n"
    body = turn * 20
    passages = split(note(body), "Acme")
    assert len(passages) > 4
    assert all(p.text.startswith(speaker.strip()) and p.end - p.start <= FULL for p in passages)


def test_a_long_turn_is_split_at_sentence_ends_and_its_speaker_stays_known():
    body = f"Dana: {SENTENCE * 40}\nMira: Noted.\n" + "Dana: ok\n" * 5
    passages = [p for p in split(note(body, author="mira"), "Acme") if p.part == "body"]
    assert len(passages) > 2
    assert all(p.text.rstrip().endswith((".", "ok")) for p in passages)
    assert passages[1].header == "Acme > note > 2026-03-01 > Dana"
    assert "Dana" not in passages[0].header


def test_paragraphs_are_kept_before_sentences():
    body = (SENTENCE * 6).strip() + "\n\n" + (SENTENCE * 14).strip() + "\n\n" + (SENTENCE * 6).strip()
    assert split(note(body), "Acme")[0].text == (SENTENCE * 6).strip()


def test_the_header_says_account_kind_title_day_and_speaker_and_is_not_in_the_text():
    message = Message(at=datetime(2026, 3, 4, 9, tzinfo=UTC), author="Dana", body="It fails.")
    passage = split(ticket(message), "Acme")[1]
    assert passage.header == "Acme > ticket > Login > 2026-03-04 > Dana"
    assert passage.text == "It fails."
    assert passage.ranked_text == f"{passage.header}\nIt fails."


def test_a_message_is_dated_by_itself_but_never_before_its_ticket():
    early, late, undated = split(
        ticket(Message(at=datetime(2020, 1, 1, tzinfo=UTC), body="a"), Message(at=datetime(2026, 4, 1, tzinfo=UTC), body="b"), Message(body="c")), "A"
    )[1:]
    assert [early.at, late.at.date() if late.at else None, undated.at] == [NOON, date(2026, 4, 1), NOON]


def test_surveys_and_scorecards_have_a_passage_for_each_answer_and_contacts_none():
    survey = Survey(id="s", account_id="a1", at=NOON, comment="Good")
    card = Scorecard(id="c", account_id="a1", at=NOON, goals="Grow", limits_met="Ten users", decider="")
    assert [(p.part, p.header) for p in split(survey, "Acme")] == [("comment", "Acme > nps survey > 2026-03-01")]
    assert [p.part for p in split(card, "Acme")] == ["goals", "limits_met"]
    assert split(Contact(id="c", account_id="a1", name="Dana"), "Acme") == []


def test_ids_differ_by_account_record_part_and_place():
    same = [note("yes"), note("yes", account_id="a2"), note("yes", id="n2"), note("no", title="yes"), note(" yes")]
    ids = [p.id for record in same for p in split(record, "Acme") if p.text == "yes"]
    assert len(set(ids)) == 5


@pytest.mark.parametrize(
    "unit", [SENTENCE, "a\n", "x", "...", "\n", "Dana: yes\n", "e\u0301", "[00:", "(" * 50, "A b c d - e f "], ids=lambda unit: repr(unit)[:12]
)
def test_time_grows_with_the_length_and_no_faster(unit: str):
    def seconds(length: int) -> float:
        started = perf_counter()
        split(note((unit * (length // len(unit) + 1))[:length] + "end"), "Acme")
        return perf_counter() - started

    small = min(seconds(200_000) for _ in range(2))
    assert seconds(1_600_000) < 8 * small * 4 + 0.5


def test_the_time_of_a_ticket_of_five_thousand_messages_grows_with_their_number_and_no_faster():
    def seconds(messages: int) -> float:
        started = perf_counter()
        assert len(split(ticket(*[Message(body=SENTENCE * 4)] * messages), "Acme")) == messages + 1
        return perf_counter() - started

    small = min(seconds(500) for _ in range(3))
    assert seconds(5000) < 10 * small * 4 + 0.5
