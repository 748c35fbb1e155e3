"""A calibration is recorded and can be counted again without the model, is shown where the judge's scores are, and no model grades itself."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.cli import run as command
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import judges
from evals.errors import CassetteMiss, SuiteFault
from evals.judges.agreement import read
from evals.judges.calibrating import Calibration, calibrate
from evals.models import file_of
from evals.report_files import markdown
from evals.report_page import page
from evals.running import run
from evals.wishes import Wish
from tests.evals.judges.test_judges import telling
from tests.evals.suite_builders import reported
from tests.servers.chat_server import Reply, ScriptedServer, says, schema_name

GRADER, WRITER = "openai:grader", "openai:writer"
BRIEFS = """title: What a brief says
why: a test
scorers: [abstention]
judges: [claim_supported]
gated:
- {score: abstention, kind: pass}
"""
CASE = """- id: one
  cluster: a01
  source: hand
  input: {account: sample/a01, as_of: 2026-03-31}
  expect: {}
"""


@contextmanager
def opened(server: ScriptedServer, home: Path) -> Generator[Workspace]:
    with Workspace(Settings(home=home, openai_base_url=server.url, model_retries=0, concurrency=1)) as workspace:
        yield workspace


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    place = tmp_path / "suites" / "briefs"
    place.mkdir(parents=True)
    (place / "suite.yaml").write_text(BRIEFS, "utf-8")
    (place / "cases.yaml").write_text(CASE, "utf-8")
    return place.parent


def test_a_recorded_calibration_is_counted_again_without_the_model(tmp_path: Path) -> None:
    wish = Calibration(["claim_supported"], GRADER, "record", tmp_path / "cassettes", tmp_path / "kept")
    with ScriptedServer(telling(lambda claim, _: "yes" if len(claim) % 3 else "no")) as server, opened(server, tmp_path / "home") as workspace:
        (first,) = calibrate(wish, workspace, lambda *_: None)
        asked = len(server.requests)
        (again,) = calibrate(wish, workspace, lambda *_: None)
        assert len(server.requests) == asked, "what was recorded is not asked again"
    replay = Calibration(["claim_supported"], GRADER, "replay", tmp_path / "cassettes", tmp_path / "other")
    with Workspace(Settings(home=tmp_path / "home")) as workspace:
        (counted,) = calibrate(replay, workspace, lambda *_: None)
    assert counted == again == first
    assert (tmp_path / "other" / "claim_supported.agreement.json").read_bytes() == (tmp_path / "kept" / "claim_supported.agreement.json").read_bytes()


def test_a_calibration_nobody_recorded_cannot_be_replayed(tmp_path: Path) -> None:
    with Workspace(Settings(home=tmp_path)) as workspace, pytest.raises(CassetteMiss):
        calibrate(Calibration(["claim_supported"], GRADER, "replay", tmp_path, tmp_path), workspace, lambda *_: None)


@pytest.mark.parametrize("name", judges.names())
def test_the_agreement_that_is_committed_is_what_the_recorded_answers_say(name: str, tmp_path: Path) -> None:
    judge = judges.load(name)
    recorded = [each for each in judge.known() if file_of(f"judges/{name}", each.model).is_file()]
    assert recorded, f"what was recorded of {name} is gone: python -m tests.local_model.calibrate"
    with Workspace(Settings(home=tmp_path)) as workspace:
        for known in recorded:
            assert calibrate(Calibration([name], known.model, "replay", kept=tmp_path), workspace, lambda *_: None) == [known]


def test_the_command_prints_kappa_and_both_rates_and_where_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ScriptedServer(telling(lambda *_: "yes")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        asked = ["eval", "calibrate", "claim_supported", "--judge-model", GRADER, "--into", str(tmp_path / "kept")]
        assert command(["--home", str(tmp_path / "home"), *asked]) == 0
    said = capsys.readouterr().out
    assert "kappa                0.00 (0.00–0.00)" in said
    assert "true negative rate   0.00 (0.00–" in said
    assert "Not to be trusted alone" in said
    assert str(tmp_path / "kept") in said.replace("\n", "")
    judge = judges.load("claim_supported")
    assert read(tmp_path / "kept", judge.NAME, judge.VERSION, GRADER) is not None


def writes_and_grades(request: dict[str, Any]) -> Reply:
    if schema_name(request) == "checks" and request["model"] == "grader":
        return telling(lambda *_: "yes")(request)
    return says({"signals": []})


def test_a_judged_score_is_never_shown_without_its_agreement_and_nothing_is_scored_without_a_model(suites: Path, tmp_path: Path) -> None:
    with ScriptedServer(writes_and_grades) as server, opened(server, tmp_path / "home") as workspace:
        folder = run(Wish(("briefs",), suites_folder=suites, workers=1, judge=GRADER), workspace, lambda *_: None)
        graded = reported(folder, suites)
        silent = reported(run(Wish(("briefs",), suites_folder=suites, workers=1), workspace, lambda *_: None), suites)
    for text in (page(graded), markdown(graded)):
        assert "agreement with people unknown: this judge was not calibrated with this model" in text.replace("&#39;", "'")
    assert any(reason.startswith("claim_supported:") and "agreement with people" in reason for reason in graded.cases[0].reasons)
    assert "not scored: no judge" in page(silent)
    (metric,) = [metric for metric in silent.suites[0].metrics if metric.name == "judged:claim_supported"]
    assert metric.value is None


@pytest.mark.parametrize("mode", ["live", "record"])
def test_no_model_is_asked_to_grade_its_own_briefs_and_nothing_is_run_first(suites: Path, tmp_path: Path, mode: Any) -> None:
    with ScriptedServer(writes_and_grades) as server, opened(server, tmp_path / "home") as workspace:
        workspace.settings = workspace.settings.model_copy(update={"model": WRITER})
        with pytest.raises(SuiteFault, match="The judge is the writer"):
            run(Wish(("briefs",), mode, suites_folder=suites, judge=WRITER, cassettes=tmp_path / "c"), workspace, lambda *_: None)
        assert server.requests == []


def test_a_replay_finds_the_recorded_judge_by_itself(suites: Path, tmp_path: Path) -> None:
    cassettes = tmp_path / "cassettes"
    with ScriptedServer(writes_and_grades) as server, opened(server, tmp_path / "home") as workspace:
        workspace.settings = workspace.settings.model_copy(update={"model": WRITER})
        recorded = run(Wish(("briefs",), "record", suites_folder=suites, judge=GRADER, cassettes=cassettes), workspace, lambda *_: None)
    with Workspace(Settings(home=tmp_path / "home")) as workspace:
        replayed = run(Wish(("briefs",), "replay", suites_folder=suites, cassettes=cassettes), workspace, lambda *_: None)
    one, other = (reported(folder, suites).cases[0] for folder in (recorded, replayed))
    assert (one.scores, one.reasons, one.error) == (other.scores, other.reasons, other.error)
    head = json.loads((cassettes / "briefs" / "judge-openai-grader.jsonl").read_text("utf-8").splitlines()[0])
    assert head["model"] == GRADER
