"""Judges over a chat server that answers as the test says: what they are shown, how far they are believed, and that silence is never a pass."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from briefs.errors import ModelFault
from briefs.models import LanguageModel, ModelSettings
from briefs.models.langchain_chat import LangChainModel
from evals import judges
from evals.errors import SuiteFault
from evals.judges import Judge
from evals.judges.agreement import Agreement, Answered, said
from evals.results import Output
from evals.statistics import kappa
from tests.evals.scorers.conftest import Given, a_case, a_result, given, ready
from tests.evals.scorers.test_briefs import a_claim, a_quote, brief_of, with_claim
from tests.servers.chat_server import Reply, ScriptedServer, fails, says

__all__ = ["given", "ready"]

CASE = a_case("briefs", {})
Answers = Callable[[str, str], str]
"""(claim, evidence of the whole call) to an answer."""


def telling(answers: Answers) -> Callable[[dict[str, Any]], Reply]:
    """A server that reads the claims of a request and answers each."""

    def reply(request: dict[str, Any]) -> Reply:
        text = request["messages"][-1]["content"]
        claims = re.findall(r'<claim id="(C\d+)"[^>]*>\s*(.*?)\s*</claim>', text, re.DOTALL)
        return says({"claims": [{"claim": name, "carried": answers(words, text)} for name, words in claims]})

    return reply


def model_of(server: ScriptedServer, name: str = "openai:grader") -> LanguageModel:
    return LangChainModel(ModelSettings(model=name, base_url=server.url, max_retries=0, deadline_s=20), chance=lambda: 0.0)


@pytest.fixture(params=judges.names())
def judge(request: pytest.FixtureRequest, tmp_path: Path) -> Judge:
    return judges.load(request.param, kept=tmp_path)


@pytest.fixture
def supported(tmp_path: Path) -> Judge:
    return judges.load("claim_supported", kept=tmp_path)


def test_each_judge_has_sixty_varied_labelled_sentences_half_of_them_failing(judge: Judge) -> None:
    rows = judge.labelled
    assert len(rows) >= 60
    assert 0.4 <= sum(row.label == "no" for row in rows) / len(rows) <= 0.6
    assert len({row.text for row in rows}) == len(rows)
    assert all(row.why for row in rows)
    assert {row.evidence[0].kind for row in rows} >= {"note", "ticket", "survey"}


def test_labels_and_their_reasons_never_reach_the_model(judge: Judge) -> None:
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        judge.agreement(model_of(server))
    sent = " ".join(message["content"] for request in server.requests for message in request["messages"])
    assert len(server.requests) == -(-len(judge.labelled) // judges.BATCH)
    assert not [row.why for row in judge.labelled if len(row.why) > 20 and row.why in sent]
    assert all("</claim>" in message["content"] for request in server.requests for message in request["messages"][1:])


def test_a_judge_that_answers_like_people_agrees_with_them(judge: Judge) -> None:
    labels = {row.text: row.label for row in judge.labelled}
    with ScriptedServer(telling(lambda claim, _: labels[claim])) as server:
        figures = {metric.name: metric for metric in judge.agreement(model_of(server)).metrics()}
    assert (figures["kappa"].value, figures["true_positive_rate"].value, figures["true_negative_rate"].value) == (1.0, 1.0, 1.0)
    assert figures["true_negative_rate"].low is not None
    assert 0.85 < figures["true_negative_rate"].low < 1


def test_a_judge_that_says_yes_to_everything_is_worth_nothing(judge: Judge) -> None:
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        agreed = judge.agreement(model_of(server))
    assert (agreed.kappa, agreed.true_positive_rate, agreed.true_negative_rate) == (0.0, 1.0, 0.0)
    assert "kappa 0.00 (0.00-0.00), right ones 1.00" in said(agreed)


def test_a_judge_that_cannot_tell_agrees_with_nobody(judge: Judge) -> None:
    with ScriptedServer(telling(lambda *_: "cannot_tell")) as server:
        agreed = judge.agreement(model_of(server))
    assert (agreed.true_positive_rate, agreed.true_negative_rate, agreed.cannot_tell) == (0.0, 0.0, len(judge.labelled))


def test_without_a_model_nothing_is_scored_and_nothing_passes(judge: Judge, ready: Given) -> None:
    (score,) = judge.grade(CASE, ready.output, ready.dossier, None)
    assert (score.value, score.reason) == (None, judges.NOT_SCORED)
    (figure,) = judge.summarise([a_result(CASE, [score])])
    assert (figure.value, figure.n, figure.note) == (None, 0, judges.NOT_SCORED)


def test_without_a_brief_nothing_is_asked(judge: Judge, ready: Given) -> None:
    with ScriptedServer([]) as server:
        assert judge.grade(CASE, ready.output.model_copy(update={"brief": None}), ready.dossier, model_of(server)) == []
        assert judge.grade(CASE, Output(), None, model_of(server)) == []
    assert server.requests == []


def test_the_score_is_the_share_of_yes_and_says_how_far_the_judge_is_to_be_believed(supported: Judge, ready: Given) -> None:
    spoiled = with_claim(ready, a_claim("They will buy everything we have.", a_quote(ready)))
    with ScriptedServer(telling(lambda claim, _: "no" if "everything we have" in claim else "yes")) as server:
        model = model_of(server)
        (before,) = supported.grade(CASE, spoiled, ready.dossier, model)
        supported.agreement(model)
        (after,) = supported.grade(CASE, spoiled, ready.dossier, model)
    graded = before.detail["judged"]
    assert before.value == after.value == (graded - 1) / graded
    assert "agreement with people unknown" in before.reason
    assert "agreement with people: kappa 0.00" in after.reason
    assert 'first no: "They will buy everything we have."' in after.reason
    assert after.version == supported.prompt.version


def test_what_the_judge_cannot_tell_is_neither_right_nor_wrong(supported: Judge, ready: Given) -> None:
    with ScriptedServer(telling(lambda claim, _: "cannot_tell" if '"' in claim else "yes")) as server:
        (score,) = supported.grade(CASE, ready.output, ready.dossier, model_of(server))
        assert score.value == 1.0
        assert score.detail["cannot_tell"] > 0
    with ScriptedServer(telling(lambda *_: "cannot_tell")) as server:
        (score,) = supported.grade(CASE, ready.output, ready.dossier, model_of(server))
    assert score.value is None
    assert score.reason.startswith("the judge could not tell")


@pytest.mark.parametrize("reply", [says("sorry, no"), says(None, refusal="no"), fails(401)])
def test_a_judge_that_does_not_answer_is_no_pass(supported: Judge, ready: Given, reply: Reply) -> None:
    with ScriptedServer(lambda _: reply) as server:
        (score,) = supported.grade(CASE, ready.output, ready.dossier, model_of(server))
    assert score.value is None
    assert score.reason.startswith("the judge did not answer")


def test_a_judge_reads_each_sentence_with_its_evidence_and_who_said_it(ready: Given, tmp_path: Path) -> None:
    judge = judges.load("need_in_their_words", kept=tmp_path)
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        (score,) = judge.grade(CASE, ready.output, ready.dossier, model_of(server))
    sent = server.requests[0]["messages"][-1]["content"]
    need = next(section for section in brief_of(ready).sections if section.key == "need")
    quotes = [e.quote for claim in need.claims for e in claim.evidence if e.quote]
    assert score.value == 1.0
    assert all(" ".join(quote.split()) in sent for quote in quotes)
    assert 'speaker="' in sent
    assert brief_of(ready).account_name in sent


def test_the_mean_of_a_run_is_given_with_the_judges_errors_taken_out(supported: Judge, ready: Given) -> None:
    Agreement.of(
        "claim_supported", supported.VERSION, "openai:grader", [*[("yes", "yes")] * 9, ("yes", "no"), *[("no", "no")] * 8, *[("no", "yes")] * 2]
    ).keep(supported.kept)
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        score = supported.grade(CASE, ready.output, ready.dossier, model_of(server))[0].model_copy(update={"value": 0.76})
    seen, behind = supported.summarise([a_result(CASE, [score])])
    assert seen.value == 0.76
    assert "kappa" in seen.note
    assert behind.value == pytest.approx((0.76 + 0.8 - 1) / (0.9 + 0.8 - 1))


def test_a_judge_that_is_never_wrong_is_not_corrected_however_often_it_cannot_tell(supported: Judge, ready: Given) -> None:
    shrugs: list[tuple[str, Answered]] = [("yes", "cannot_tell"), ("yes", "no_answer"), ("yes", "cannot_tell"), *[("no", "cannot_tell")] * 3]
    Agreement.of("claim_supported", supported.VERSION, "openai:grader", [*[("yes", "yes")] * 7, *[("no", "no")] * 7, *shrugs]).keep(supported.kept)
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        score = supported.grade(CASE, ready.output, ready.dossier, model_of(server))[0].model_copy(update={"value": 0.8})
    _, behind = supported.summarise([a_result(CASE, [score])])
    assert behind.value == pytest.approx(0.8)
    (agreed,) = supported.known()
    assert (agreed.true_positive_rate, agreed.true_negative_rate) == (0.7, 0.7)


def test_an_agreement_kept_before_silence_was_counted_corrects_nothing(supported: Judge, ready: Given) -> None:
    pairs: list[tuple[str, Answered]] = [("yes", "yes"), ("yes", "cannot_tell"), ("no", "no"), ("no", "no")]
    older = Agreement.of("claim_supported", supported.VERSION, "openai:grader", pairs).model_copy(update={"right_silent": None, "wrong_silent": None})
    older.keep(supported.kept)
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        (score,) = supported.grade(CASE, ready.output, ready.dossier, model_of(server))
    (seen,) = supported.summarise([a_result(CASE, [score])])
    assert "kappa" in seen.note


def test_agreement_is_forgotten_when_the_judges_text_or_the_model_changes(supported: Judge, tmp_path: Path) -> None:
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        supported.agreement(model_of(server))
        supported.agreement(model_of(server, "openai:other"))
        supported.agreement(model_of(server))
    read = judges.read
    assert read(tmp_path, "claim_supported", supported.VERSION, "openai:grader") is not None
    assert read(tmp_path, "claim_supported", supported.VERSION, "openai:other") is not None
    assert read(tmp_path, "claim_supported", "sha256:older", "openai:grader") is None
    assert read(tmp_path, "claim_supported", supported.VERSION, "openai:third") is None
    (tmp_path / "claim_supported.agreement.json").write_text("{broken", "utf-8")
    assert read(tmp_path, "claim_supported", supported.VERSION, "openai:grader") is None


@pytest.mark.parametrize(
    ("judge", "writer", "refused"),
    [
        ("openai:a", "openai:a", True),
        ("a", "openai:a", True),
        ("openai:a", "openai:b", False),
        ("openai:a", None, False),
        ("other:a", "openai:a", False),
    ],
)
def test_a_model_does_not_grade_its_own_writing_unless_that_is_said(judge: str, writer: str | None, refused: bool) -> None:
    if refused:
        with pytest.raises(SuiteFault, match="The judge is the writer") as fault:
            judges.apart(judge, writer)
        assert "\n" not in str(fault.value)
    else:
        judges.apart(judge, writer)
    judges.apart(judge, writer, same=True)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "judges"
    shutil.copytree(judges.FOLDER / "claim_supported", folder / "claim_supported")
    return folder


def test_a_set_that_is_too_small_too_kind_or_has_a_slip_is_refused(copied: Path) -> None:
    path = copied / "claim_supported" / "calibration.yaml"
    text = path.read_text("utf-8")
    for broken, words in (
        (text[: text.index("- text: Two P1 tickets")], "It takes 60 or more"),
        (text.replace('label: "no"', 'label: "yes"'), "about half"),
        (text.replace('label: "no"', 'label: "maybe"', 1), "the form"),
    ):
        path.write_text(broken, "utf-8")
        with pytest.raises(SuiteFault) as fault:
            _ = judges.load("claim_supported", copied).labelled
        assert words in fault.value.hint


def test_a_judge_that_is_not_there_is_said(copied: Path) -> None:
    with pytest.raises(SuiteFault, match="no judge 'nobody'") as fault:
        judges.load("nobody", copied)
    assert fault.value.hint == "There are: claim_supported."


def test_kappa_of_an_agreement_is_that_of_its_pairs() -> None:
    pairs = [("yes", "yes"), ("yes", "no"), ("no", "no"), ("no", "cannot_tell")]
    assert Agreement.of("j", "v", "m", pairs).kappa == kappa(pairs)  # pyright: ignore[reportArgumentType]


def test_an_answer_that_cannot_be_used_agrees_with_nobody_and_is_counted(judge: Judge) -> None:
    with ScriptedServer(lambda _: says("well, it depends")) as server:
        agreed = judge.agreement(model_of(server))
    assert (agreed.no_answer, agreed.true_positive_rate, agreed.true_negative_rate) == (len(judge.labelled), 0.0, 0.0)
    assert f"{len(judge.labelled)} of {len(judge.labelled)} got no usable answer" in agreed.metrics()[0].note


def test_a_model_out_of_reach_leaves_what_was_known_as_it_was(judge: Judge) -> None:
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        before = judge.agreement(model_of(server), date(2026, 4, 1))
    with ScriptedServer(lambda _: fails(503)) as server, pytest.raises(ModelFault):
        judge.agreement(model_of(server))
    assert judge.known() == [before]


def test_kappa_has_an_interval_that_narrows_with_agreement() -> None:
    coin = Agreement.of("j", "v", "m", [("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no")] * 15)
    sure = Agreement.of("j", "v", "m", [("yes", "yes"), ("no", "no")] * 29 + [("yes", "no"), ("no", "yes")])
    assert coin.kappa_interval is not None
    assert sure.kappa_interval is not None
    assert coin.kappa_interval[0] < 0 < coin.kappa_interval[1] < sure.kappa_interval[0] < sure.kappa_interval[1] <= 1
    assert f"kappa {sure.kappa:.2f} ({sure.kappa_interval[0]:.2f}-{sure.kappa_interval[1]:.2f})" in said(sure)
