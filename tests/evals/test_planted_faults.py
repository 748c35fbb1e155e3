"""A fault is planted in each of five parts, and the gate has to fail and name it: prompt, rubric, verifier, chunker, retriever."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import prompts
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import loading
from evals.benchmarks import planted
from evals.benchmarks.planted import Variant
from evals.comparing import Side
from evals.gate import Verdict
from evals.models import engine_of, opened_to_ask
from evals.suite import BriefExpected, Case, Suite, Text, TypesExpected
from tests.servers.chat_server import Reply, ScriptedServer, says, schema_name

pytestmark = pytest.mark.slow

SAID_PLAINLY = {
    "value_stated", "advocacy", "seats_requested", "new_team", "growth_event", "churn_intent", "competitor_evaluation", "sponsor_left",
    "budget_freeze", "price_complaint", "negative_sentiment",
}  # fmt: skip
"""Types that a model names as the contract does, without the catalogue having a say."""
ASKED = {"seats_requested", "new_team"}
IDS = "- Name only ids that are in the request."


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace(Settings(home=tmp_path_factory.mktemp("models"))) as opened:
        yield opened


def failed(verdict: Verdict, suite: str) -> str:
    """The reasons of the failure, all of this suite, in one text."""
    assert (verdict.word, verdict.exit_code) == ("FAIL", 1), verdict
    reasons = [reason for reason in verdict.reasons if reason.word == "FAIL"]
    assert {reason.suite for reason in reasons} == {suite}
    return " | ".join(reason.text for reason in reasons)


def cases_of(suite: Suite, *sources: str) -> list[Case]:
    return [case for case in suite.cases if case.source in sources]


def newly_failing(before: Side, after: Side, suite: Suite) -> set[str]:
    return {case for case, standing in after.cases[suite.name].items() if standing.passed is False and before.cases[suite.name][case].passed is True}


def test_a_threshold_lowered_in_the_rubric_fails_the_verdicts(models: Workspace, tmp_path: Path) -> None:
    suite = loading.load("verdicts")
    cases = cases_of(suite, "sample", "quillbase", "third")
    before = planted.measured(suite, cases, Variant(), models)
    assert planted.gated(suite, before, planted.measured(suite, cases[:20], Variant(), models)).word != "FAIL"
    after = planted.measured(suite, cases, planted.lowered(tmp_path, seats_used_percent=30, limit_used_percent=40), models)
    said = failed(planted.gated(suite, before, after), "verdicts")
    assert re.search(r"verdict fell from [01]\.\d+ to 0\.\d+|pinned cases were lost", said)
    assert len(newly_failing(before, after, suite)) >= 5


def test_a_verifier_that_no_longer_looks_at_figures_lets_a_boasting_writer_through_and_fails_the_briefs(models: Workspace) -> None:
    suite = loading.load("briefs")
    due = [case for case in suite.cases if isinstance(case.expect, BriefExpected) and not case.expect.abstain]
    cases = list({case.cluster: case for case in due}.values())[:3]
    before = planted.measured(suite, cases, Variant(), models)
    caught = planted.measured(suite, cases, planted.boasting(checked=True), models)
    assert planted.gated(suite, before, caught).word == "PASS", "the product's own verifier takes the boast out"
    let_through = planted.measured(suite, cases, planted.boasting(checked=False), models)
    said = failed(planted.gated(suite, before, let_through), "briefs")
    assert "numbers_carried" in said
    assert cases[0].id in said or cases[1].id in said


def test_a_citation_rule_that_was_dropped_fails_the_briefs(models: Workspace) -> None:
    suite = loading.load("briefs")
    due = [case for case in suite.cases if isinstance(case.expect, BriefExpected) and not case.expect.abstain][:2]
    before = planted.measured(suite, due, Variant(), models)
    assert "citation_validity" in failed(planted.gated(suite, before, planted.measured(suite, due, planted.uncited(), models)), "briefs")


@pytest.fixture(scope="module")
def searched(models: Workspace) -> tuple[Suite, list[Case], Side]:
    """Questions of the sample and of a few long meetings, as the product answers them."""
    suite = loading.load("retrieval")
    cases = [*cases_of(suite, "hand")[:24], *cases_of(suite, "qmsum")[:16]]
    return suite, cases, planted.measured(suite, cases, Variant(), models)


@pytest.mark.parametrize("part", [planted.forgetful_chunker, planted.upended_retriever])
def test_a_chunker_that_loses_text_and_a_retriever_that_ranks_wrongly_fail_the_search(
    part: Any, searched: tuple[Suite, list[Case], Side], models: Workspace
) -> None:
    suite, cases, before = searched
    after = planted.measured(suite, cases, part(), models)
    said = failed(planted.gated(suite, before, after), "retrieval")
    assert re.search(r"(answered|recall_at_10) fell from [01]\.\d+ to 0\.\d+ \(\d+ worse", said)


def a_model(answers: dict[str, str], request: dict[str, Any]) -> Reply:
    """Reads the sentences it is sent and names those it knows, by their ids; a model that is not told to keep to the ids given counts on its own."""
    system, user = (message["content"] for message in request["messages"][:2])
    if schema_name(request) != "signals":
        return says({})
    sentences = re.findall(r'<evidence id="(S\d+)"[^>]*>\s*(.*?)\s*</evidence>', user, re.DOTALL)
    known = [(name, kind) for name, text in sentences for words, kind in answers.items() if words in text]
    if IDS not in system:
        known = [("S1", kind) for _, kind in known]
    return says({"signals": [
        {"sentence": name, "type": kind, "stance": "asked_now" if kind in ASKED else "stated_fact", "speaks_for": "this_customer", "firmness": "firm"}
        for name, kind in known
    ]})  # fmt: skip


def plain_cases(suite: Suite, most: int) -> list[Case]:
    """Short texts of a customer's own that say one thing, plainly."""
    return [
        case
        for case in suite.cases
        if isinstance(case.input, Text) and case.input.item is not None and case.input.item.role == "customer"
        and isinstance(case.expect, TypesExpected) and len(case.expect.types) == 1 and set(case.expect.types) <= SAID_PLAINLY
    ][:most]  # fmt: skip


def asked(server: ScriptedServer, cases: Sequence[Case], suite: Suite, models: Workspace, folder: Path | None) -> Side:
    settings = models.settings.model_copy(update={"model": "openai:scripted", "openai_base_url": server.url, "prompts": folder, "concurrency": 1})
    opened = opened_to_ask(models, settings, None, None)
    return planted.measured(suite, cases, Variant(engine=engine_of(opened, settings)), models)


def test_an_instruction_taken_out_of_a_prompt_fails_the_signals(models: Workspace, tmp_path: Path) -> None:
    suite = loading.load("signals")
    cases = plain_cases(suite, 24)
    answers = {}
    for case in cases:
        assert isinstance(case.input, Text)
        assert isinstance(case.expect, TypesExpected)
        assert case.input.item is not None
        words = max(re.split(r"(?<=[.!?])\s+", " ".join(case.input.item.text.split())), key=len)
        answers[words[:60]] = case.expect.types[0]
    folder = tmp_path / "prompts"
    shutil.copytree(prompts.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with ScriptedServer(lambda request: a_model(answers, request)) as server:
        before = asked(server, cases, suite, models, folder)
        prompt = folder / "extract_signals.md"
        changed = tmp_path / "changed"
        shutil.copytree(folder, changed)
        (changed / prompt.name).write_text(prompt.read_text("utf-8").replace(IDS, "- Say where you found it."), "utf-8")
        after = asked(server, cases, suite, models, changed)
    assert sum(standing.passed is True for standing in before.cases["signals"].values()) >= 8
    assert "signal_types fell from" in failed(planted.gated(suite, before, after), "signals")
