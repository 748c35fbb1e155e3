"""An answer that was cut off is worth what stands complete in it, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from briefs.errors import InvalidAnswer
from briefs.models import LanguageModel, UnusableAnswer, operations, shapes
from briefs.models.partial import complete
from briefs.models.questions import CheckRequest, ClaimAsk, Drafted, DraftRequest, Passage, RedraftRequest, RejectedSentence, SectionAsk
from briefs.models.repair import RepairingModel
from tests.briefs.models.builders import EXTRACT, SIGNAL, reach
from tests.servers.chat_server import ScriptedServer, says

THANKS = SIGNAL | {"sentence": "S2", "type": "advocacy", "stance": "stated_fact"}
TWO = f'{{"signals": [{json.dumps(SIGNAL)}, {json.dumps(THANKS)}'
PIECE = Passage("Please quote 20 more seats.", "ticket")
DRAFT = DraftRequest("Acme", "2026-03-31", "20 seats", (SectionAsk("need", "Need", (0,)), SectionAsk("risks", "Risks", (0,))), (PIECE,))
TEXT = "They ask for seats."
NEED = json.dumps({"section": "need", "sentences": [{"text": TEXT, "evidence": ["E1"]}]})


def broken(said: str) -> UnusableAnswer:
    return UnusableAnswer("cut_off", "it was longer than the output limit allows", said=said)


def told(said: str, shape: type[BaseModel] | None = None) -> Any:
    return complete(broken(said), shape or shapes.signals(2))


BREAKS = {
    "behind an entry": "",
    "behind a comma": ",",
    "inside a key": ', {"sent',
    "behind a colon": ', {"sentence": "S1", "type":',
    "inside a string": ', {"sentence": "S1", "type": "new_te',
    "inside an escape": ', {"sentence": "S1\\',
    "inside the number of an escape": ', {"sentence": "S1\\u00',
    "in blanks": " \n\t, \n",
    "behind the list": "]",
    "at the end": "]}",
}


@pytest.mark.parametrize("rest", BREAKS.values(), ids=BREAKS)
def test_the_entries_before_the_break_are_taken_wherever_it_is(rest: str) -> None:
    assert [(signal.sentence, signal.type) for signal in told(TWO + rest).signals] == [("S1", "seats_requested"), ("S2", "advocacy")]


def test_an_entry_counts_only_once_its_own_brace_is_closed() -> None:
    assert [signal.sentence for signal in told(TWO[:-1]).signals] == ["S1"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        '{"signals": [',
        '{"signals": []',
        '{"signals": [{"sentence": "S1"',
        "I think that",
        '[{"sentence": "S1"}',
        '{"signals": ' + "[" * 100_000,
    ],
    ids=["nothing", "a brace", "no entry", "an empty list", "half an entry", "words", "another shape", "a well"],
)
def test_where_nothing_stands_complete_there_is_nothing(said: str) -> None:
    assert told(said) is None


@pytest.mark.parametrize("spoiled", [SIGNAL | {"sentence": "S3"}, SIGNAL | {"type": "great_lead"}, SIGNAL | {"note": "!"}, {"sentence": "S1"}, 7])
def test_an_entry_outside_the_shape_makes_all_of_it_unusable_as_in_a_whole_answer(spoiled: Any) -> None:
    assert told(f'{{"signals": [{json.dumps(SIGNAL)}, {json.dumps(spoiled)}, {{"sent') is None


def test_only_a_cut_off_answer_is_taken_in_part() -> None:
    assert complete(UnusableAnswer("shape", "it was not JSON", said=TWO), shapes.signals(2)) is None


def test_an_entry_said_twice_is_one() -> None:
    assert len(told(f'{{"signals": [{", ".join([json.dumps(SIGNAL)] * 9)}, {{').signals) == 1


def over_the_wire(said: str) -> ScriptedServer:
    return ScriptedServer(lambda _: says(said, finish="length", tokens_out=160))


def asking(server: ScriptedServer) -> LanguageModel:
    return RepairingModel(reach(server))


def test_a_list_that_was_cut_off_is_read_as_far_as_it_goes_in_one_call() -> None:
    with over_the_wire(TWO + ', {"sentence": "S1", "ty') as server:
        answer = operations.extract(asking(server), EXTRACT)
        assert len(server.requests) == 1
    assert [(signal.sentence, signal.type) for signal in answer.signals] == [(0, "seats_requested"), (1, "advocacy")]
    assert answer.cut_off
    assert (answer.usage.calls, answer.usage.tokens_out) == (1, 160)


def test_a_cut_off_answer_without_an_entry_is_asked_for_once_more_and_then_unusable() -> None:
    with over_the_wire('{"signals": [{"sentence": "S1"') as server, pytest.raises(InvalidAnswer, match=r"output limit allows \(asked twice\)"):
        operations.extract(asking(server), EXTRACT)
    assert len(server.requests) == 2


def test_a_second_answer_that_was_cut_off_is_taken_as_far_as_it_goes_and_both_are_counted() -> None:
    with ScriptedServer([says("{not json"), says(TWO, finish="length")]) as server:
        answer = operations.extract(asking(server), EXTRACT)
    assert (len(answer.signals), answer.cut_off, answer.usage.calls) == (2, True, 2)


def test_a_whole_answer_is_not_said_to_be_cut_off() -> None:
    with ScriptedServer([says({"signals": [SIGNAL]})]) as server:
        assert not operations.extract(asking(server), EXTRACT).cut_off


def test_claims_before_the_break_are_judged_and_the_rest_cannot_be_told() -> None:
    said = '{"claims": [{"claim": "C2", "carried": "yes"}, {"claim": "C1", "carried": "y'
    with over_the_wire(said) as server:
        answer = operations.check(asking(server), CheckRequest("Acme", tuple(ClaimAsk(f"Claim {n}.", (PIECE,)) for n in range(3))))
    assert answer.carried == ("cannot_tell", "yes", "cannot_tell")
    assert answer.cut_off


HOPES = '{"text": "Ben hopes.", "evidence": ["E1"]}'


@pytest.mark.parametrize(
    "rest",
    ["", ",", ', {"te', ', {"text": "A }', ', {"text": "}]}', ', {"text": "Ben", "evidence": ["E1"', ', {"text": "Ben", "evidence": []', "]"],
)
def test_a_section_that_broke_off_counts_with_the_sentences_that_stand_whole_in_it(rest: str) -> None:
    with over_the_wire(f'{{"sections": [{NEED}, {{"section": "risks", "sentences": [{HOPES}{rest}') as server:
        answer = operations.draft(asking(server), DRAFT)
    assert answer.sentences == (Drafted("need", TEXT, (0,)), Drafted("risks", "Ben hopes.", (0,)))
    assert answer.cut_off


@pytest.mark.parametrize(
    "begun",
    [
        '{"section": "ri',
        '{"section": "risks", "sentences": [{"text": "Ben',
        f'{{"sentences": [{HOPES}',
        f'{{"section": "moon", "sentences": [{HOPES}',
    ],
)
def test_a_section_that_broke_off_before_a_sentence_was_whole_takes_nothing_from_the_others(begun: str) -> None:
    with over_the_wire(f'{{"sections": [{NEED}, {begun}') as server:
        assert operations.draft(asking(server), DRAFT).sentences == (Drafted("need", TEXT, (0,)),)


def test_sentences_written_anew_before_the_break_are_taken() -> None:
    rejected = tuple(RejectedSentence(Drafted("need", f"They ask for {n} seats.", (0,)), "why") for n in (1, 2))
    with over_the_wire(f'{{"sentences": [{{"rejected": "R1", "text": "{TEXT}", "evidence": ["E1"]}}, {{"rejected": "R2", "text": "Th') as server:
        answer = operations.redraft(asking(server), RedraftRequest(DRAFT, rejected))
    assert answer.sentences == ((0, Drafted("need", TEXT, (0,))),)
