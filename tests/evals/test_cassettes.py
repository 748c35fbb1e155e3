"""A cassette answers what was asked before and nothing else; a miss names the case and what differed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import prompts
from briefs.errors import BudgetSpent, ModelUnavailable
from briefs.models import ModelSettings, Unreachable, UnusableAnswer, Usage, shapes
from briefs.models.operations import extract
from briefs.models.repair import RepairingModel
from evals.cassettes import Cassette, CassetteModel, Head, Strict, asking_for
from evals.errors import CassetteMiss, NotAnswered
from tests.briefs.models.builders import EXTRACT, SIGNAL, ScriptedModel

SETTINGS = ModelSettings(model="openai:small")
HEAD = Head(suite="signals", model="openai:small", recorded=date(2026, 4, 1), context_tokens=12000, cases=("one",))
SHAPE = shapes.signals(2)


def asked(text: str = "what?", system: str = "You read.", limit: int = 500) -> prompts.Rendered:
    messages = (prompts.Message("system", system), prompts.Message("user", text))
    return prompts.Rendered("extract_signals", "sha256:1", messages, "signals", limit)


def recorded(path: Path, *replies: Any, repeats: int = 1) -> Cassette:
    """A cassette into which each reply was recorded, a repeat each."""
    cassette = Cassette.begin(path / "c.jsonl", HEAD.model_copy(update={"repeats": repeats}))
    model = CassetteModel(cassette, SETTINGS, ScriptedModel(list(replies)))
    for repeat in range(len(replies)):
        with asking_for("one", repeat):
            try:
                model.answer(asked(), SHAPE)
            except UnusableAnswer:
                continue
    return Cassette.read(path / "c.jsonl")


def replayed(cassette: Cassette, prompt: prompts.Rendered, repeat: int = 0, settings: ModelSettings = SETTINGS, shape: Any = SHAPE) -> Any:
    with asking_for("one", repeat):
        return CassetteModel(cassette, settings, None).answer(prompt, shape)


def test_what_was_asked_before_gets_the_same_answer_and_counts_the_same(tmp_path: Path) -> None:
    answer = replayed(recorded(tmp_path, {"signals": [SIGNAL]}), asked())
    assert answer.value.signals[0].type == "seats_requested"
    assert (answer.usage.calls, answer.usage.tokens_in) == (1, 100)


def test_each_repeat_has_its_own_answer(tmp_path: Path) -> None:
    cassette = recorded(tmp_path, {"signals": [SIGNAL]}, {"signals": []}, repeats=2)
    assert [len(replayed(cassette, asked(), repeat).value.signals) for repeat in (0, 1)] == [1, 0]
    with pytest.raises(CassetteMiss, match="recorded for 2 repeats only"):
        replayed(cassette, asked(), 2)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"prompt": asked("what now?")}, "the messages"),
        ({"prompt": asked(system="You read closely.")}, "the system's words"),
        ({"prompt": asked(limit=900)}, "the parameters"),
        ({"prompt": asked(), "settings": replace(SETTINGS, temperature=0.2)}, "the parameters"),
        ({"prompt": asked(), "settings": ModelSettings(model="openai:large")}, "the model"),
        ({"prompt": asked(), "shape": shapes.signals(3)}, "the schema"),
    ],
)
def test_a_miss_names_the_case_and_what_differed(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    with pytest.raises(CassetteMiss, match="case one, repeat 1, prompt extract_signals") as miss:
        replayed(recorded(tmp_path, {"signals": []}), **changes)
    told = str(miss.value).split("differ from the nearest answer: ")[1]
    assert told.startswith(named)
    assert ";" not in told


def test_the_address_of_a_model_is_no_part_of_its_answer(tmp_path: Path) -> None:
    elsewhere = replace(SETTINGS, base_url="http://127.0.0.1:9/v1")
    assert replayed(recorded(tmp_path, {"signals": []}), asked(), settings=elsewhere).value.signals == ()


def test_an_unusable_answer_is_played_again_and_repaired_again(tmp_path: Path) -> None:
    bad = UnusableAnswer("shape", "it was not JSON", said="well,")
    cassette = Cassette.begin(tmp_path / "c.jsonl", HEAD)
    recording = RepairingModel(CassetteModel(cassette, SETTINGS, ScriptedModel([bad, {"signals": [SIGNAL]}])))
    with asking_for("one", 0):
        first = recording.answer(asked(), SHAPE)
        again = RepairingModel(CassetteModel(Cassette.read(tmp_path / "c.jsonl"), SETTINGS, None)).answer(asked(), SHAPE)
    assert again.value == first.value
    assert again.usage.calls == first.usage.calls


def test_an_answer_that_was_cut_off_is_kept_as_it_was_said_and_taken_in_part_again(tmp_path: Path) -> None:
    said = f'{{"signals": [{json.dumps(SIGNAL)}, {{"sentence": "S2", "ty'
    cut = UnusableAnswer("cut_off", "it was longer than the output limit allows", said=said, usage=Usage(1, 100, 160))
    cassette = Cassette.begin(tmp_path / "c.jsonl", HEAD)
    asked_once = ScriptedModel([cut])
    with asking_for("one", 0):
        first = extract(RepairingModel(CassetteModel(cassette, SETTINGS, asked_once)), EXTRACT)
        again = extract(RepairingModel(CassetteModel(Cassette.read(tmp_path / "c.jsonl"), SETTINGS, None)), EXTRACT)
    assert again == first
    assert (len(again.signals), again.cut_off, again.usage.tokens_out) == (1, True, 160)


@pytest.mark.parametrize("fault", [Unreachable("no answer"), ModelUnavailable("no"), BudgetSpent("spent")])
def test_a_model_out_of_reach_ends_the_case_and_is_recorded_nowhere(tmp_path: Path, fault: Exception) -> None:
    cassette = Cassette.begin(tmp_path / "c.jsonl", HEAD)
    model = CassetteModel(cassette, SETTINGS, Strict(ScriptedModel([fault])))
    with pytest.raises(NotAnswered), asking_for("one", 0):
        model.answer(asked(), SHAPE)
    assert len((tmp_path / "c.jsonl").read_text("utf-8").splitlines()) == 1


def test_recording_again_asks_only_what_is_missing(tmp_path: Path) -> None:
    recorded(tmp_path, {"signals": []})
    cassette = Cassette.begin(tmp_path / "c.jsonl", HEAD.model_copy(update={"cases": ("two",)}))
    asked_now = ScriptedModel([])
    with asking_for("one", 0):
        CassetteModel(cassette, SETTINGS, asked_now).answer(asked(), SHAPE)
    assert asked_now.prompts == []
    assert cassette.head.cases == ("one", "two")
