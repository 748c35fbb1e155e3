"""The four questions: what is asked, and that nothing a model says is taken on trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from briefs.models import Usage, operations
from briefs.models.questions import (
    MOST_SENTENCES,
    AccountFacts,
    CheckRequest,
    ClaimAsk,
    Drafted,
    DraftRequest,
    ExtractRequest,
    Passage,
    RedraftRequest,
    RejectedSentence,
    SectionAsk,
)
from tests.briefs.models.builders import EXTRACT, SIGNAL, ScriptedModel, reach
from tests.servers.chat_server import ScriptedServer, obeys, says

ASKED = Passage("Please quote 20 more seats.", "ticket", date(2026, 3, 2), "Dana Ito", "customer")
HOPED = Passage("They will surely buy.", "note", date(2026, 3, 3), "Ben", "csm", internal=True)
DRAFT = DraftRequest("Acme", "2026-03-31", "20 seats", (SectionAsk("need", "Need", (0,)), SectionAsk("risks", "Risks", (0, 1))), (ASKED, HOPED))
GOOD = Drafted("need", "Dana Ito asked for 20 more seats.", (0,))


def drafts(*sections: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"sections": [{"section": key, "sentences": sentences} for key, sentences in sections]}


def sentence(text: str = "Dana Ito asked for 20 more seats.", *evidence: str) -> dict[str, Any]:
    return {"text": text, "evidence": list(evidence or ("E1",))}


def test_a_signal_comes_back_by_the_place_of_its_sentence():
    answer = operations.extract(ScriptedModel([{"signals": [SIGNAL]}]), EXTRACT)
    (signal,) = answer.signals
    assert (signal.sentence, signal.type, signal.stance, signal.speaks_for, signal.firmness) == (0, *list(SIGNAL.values())[1:])
    assert answer.refused == ()
    assert answer.usage == Usage(calls=1, tokens_in=100, tokens_out=20)
    assert answer.prompt == "extract_signals"
    assert answer.prompt_version.startswith("sha256:")


@pytest.mark.parametrize("name", ["S3", "S0", "s1", "S01", "note-17", ""])
def test_a_sentence_that_was_not_offered_is_refused_and_said(name: str):
    answer = operations.extract(ScriptedModel([{"signals": [SIGNAL | {"sentence": name}, SIGNAL]}]), EXTRACT)
    assert len(answer.signals) == 1
    assert answer.refused == ("seats_requested: names a sentence that was not offered",)


def test_the_first_of_two_readings_of_a_sentence_counts_and_the_other_is_said():
    answer = operations.extract(ScriptedModel([{"signals": [SIGNAL, SIGNAL | {"stance": "negated"}, SIGNAL | {"type": "new_team"}]}]), EXTRACT)
    assert [(signal.type, signal.stance) for signal in answer.signals] == [("seats_requested", "asked_now"), ("new_team", "asked_now")]
    assert answer.refused == ("seats_requested of S1: named twice",)


def test_nothing_to_ask_is_not_asked():
    model = ScriptedModel([])
    assert operations.extract(model, ExtractRequest(AccountFacts("Acme"), ())).signals == ()
    assert operations.draft(model, replace(DRAFT, sections=(SectionAsk("need", "Need", ()),))).sentences == ()
    assert operations.redraft(model, RedraftRequest(DRAFT, ())).sentences == ()
    assert operations.check(model, CheckRequest("Acme", ())).carried == ()
    assert model.prompts == []


def test_a_question_with_too_many_sentences_is_not_made():
    with pytest.raises(ValueError, match="may hold"):
        ExtractRequest(AccountFacts("Acme"), (ASKED,) * (MOST_SENTENCES + 1))


def test_drafted_sentences_name_evidence_by_place():
    answer = operations.draft(ScriptedModel([drafts(("need", [sentence()]), ("risks", [sentence("Ben hopes.", "E2", "E1")]))]), DRAFT)
    assert answer.sentences == (GOOD, Drafted("risks", "Ben hopes.", (1, 0)))
    assert answer.refused == ()


@pytest.mark.parametrize(
    ("said", "kept", "refused"),
    [
        (
            drafts(("need", [sentence("It is so.", "E2")])),
            0,
            ("need: 1 pieces of evidence", "need: a sentence without evidence"),
        ),
        (drafts(("need", [sentence("It is so.", "E1", "E1", "E2", "E7")])), 1, ("need: 3 pieces of evidence",)),
        (drafts(("need", [{"text": "It is so.", "evidence": []}])), 0, ("need: a sentence without evidence",)),
        (drafts(("need", [sentence("  \n ")])), 0, ("need: a sentence without words",)),
        (drafts(("need", [sentence("x" * 301)])), 0, ("need: a sentence of 301 characters",)),
        (drafts(("need", [sentence(f"Sentence {n}.") for n in range(5)])), 3, ("need: more than 3 sentences",) * 2),
        (drafts(("need", [sentence(), sentence()])), 1, ("need: a sentence written twice",)),
        (drafts(("secrets", [sentence()])), 0, ("a section that was not asked for",)),
    ],
)
def test_what_is_surplus_or_not_offered_is_left_out_of_a_draft_and_said(said: Any, kept: int, refused: tuple[str, ...]):
    answer = operations.draft(ScriptedModel([said]), DRAFT)
    assert len(answer.sentences) == kept
    assert len(answer.refused) == len(refused)
    assert all(line.startswith(start) for line, start in zip(answer.refused, refused, strict=True))


def test_a_section_given_in_two_pieces_is_still_held_to_three_sentences():
    pieces = [("need", [sentence(f"Sentence {n}.") for n in range(start, start + 2)]) for start in (0, 2)]
    assert len(operations.draft(ScriptedModel([drafts(*pieces)]), DRAFT).sentences) == 3


def test_only_sections_with_evidence_and_only_evidence_of_a_section_are_shown():
    request = replace(DRAFT, sections=(SectionAsk("need", "Need", (1,)), SectionAsk("value", "Value", ())))
    model = ScriptedModel([drafts()])
    operations.draft(model, request)
    shown = model.prompts[0].messages[1].text
    assert '<section id="need" evidence="E2">Need</section>' in shown
    assert 'id="E2" kind="note" date="2026-03-03" speaker="Ben" role="csm" internal="yes"' in shown
    assert "Value" not in shown
    assert "Please quote" not in shown


def test_a_rejected_sentence_is_asked_for_anew_with_the_reason_and_its_own_evidence():
    rejected = (RejectedSentence(replace(GOOD, text="Dana Ito asked for 200 seats."), "the number 200 is not in the evidence"),)
    model = ScriptedModel([{"sentences": [{"rejected": "R1", **sentence()}, {"rejected": "R1", **sentence()}, {"rejected": "R2", **sentence()}]}])
    answer = operations.redraft(model, RedraftRequest(DRAFT, rejected))
    assert answer.sentences == ((0, GOOD),)
    assert answer.refused == ("R1: written twice", "a rejected sentence that was not offered")
    shown = model.prompts[0].messages[1].text
    assert 'reason="the number 200 is not in the evidence">Dana Ito asked for 200 seats.</rejected>' in shown
    assert "They will surely buy." not in shown


def test_a_new_sentence_may_not_borrow_another_sections_evidence():
    model = ScriptedModel([{"sentences": [{"rejected": "R1", **sentence("It is so.", "E2")}]}])
    answer = operations.redraft(model, RedraftRequest(DRAFT, (RejectedSentence(GOOD, "why"),)))
    assert answer.sentences == ()


def test_claims_are_judged_in_order_and_one_passed_over_cannot_be_told():
    claims = tuple(ClaimAsk(f"Claim {n}.", (ASKED,)) for n in range(3))
    said = {"claims": [{"claim": "C3", "carried": "no"}, {"claim": "C1", "carried": "yes"}, {"claim": "C4", "carried": "yes"}]}
    answer = operations.check(ScriptedModel([said]), CheckRequest("Acme", claims))
    assert answer.carried == ("yes", "cannot_tell", "no")
    assert answer.refused == ("a claim that was not offered",)


@pytest.mark.parametrize("order", [("yes", "no", "cannot_tell"), ("no", "yes", "yes"), ("cannot_tell", "no", "yes")])
def test_of_contradicting_judgements_the_worst_counts(order: tuple[str, ...]):
    said = {"claims": [{"claim": "C1", "carried": carried} for carried in order]}
    answer = operations.check(ScriptedModel([said]), CheckRequest("Acme", (ClaimAsk("A claim.", (ASKED,)),)))
    assert answer.carried == ("no",)
    assert len(answer.refused) == 2


def test_evidence_that_several_claims_share_is_shown_once():
    model = ScriptedModel([{"claims": []}])
    operations.check(model, CheckRequest("Acme", (ClaimAsk("One.", (ASKED,)), ClaimAsk("Two.", (HOPED, ASKED)))))
    shown = model.prompts[0].messages[1].text
    assert shown.count("Please quote") == 1
    assert '<claim id="C2" evidence="E2 E1">Two.</claim>' in shown


def test_all_four_run_over_http_one_call_each():
    with ScriptedServer(obeys) as server:
        model = reach(server)
        assert operations.extract(model, EXTRACT).signals == ()
        assert operations.draft(model, DRAFT).sentences == ()
        assert operations.redraft(model, RedraftRequest(DRAFT, (RejectedSentence(GOOD, "why"),))).sentences == ()
        assert operations.check(model, CheckRequest("Acme", (ClaimAsk("A claim.", (ASKED,)),))).carried == ("cannot_tell",)
        assert len(server.requests) == 4


def test_a_signal_read_over_http_is_the_signal_sent():
    with ScriptedServer([says({"signals": [SIGNAL]})]) as server:
        assert operations.extract(reach(server), EXTRACT).signals[0].type == "seats_requested"
