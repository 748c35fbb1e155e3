"""`make evals` plays every model's recorded answers again: the same scores without the model, and an answer that is missing names its case."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import prompts
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import checking
from evals.checking import Places, bless_run, check, exit_code
from evals.errors import CassetteMiss
from evals.models import recorded_models
from evals.running import run
from evals.wishes import Wish
from tests.evals.suite_builders import ROUTINE, SEATS, case, suites
from tests.servers.chat_server import Reply, ScriptedServer, obeys, says, schema_name

pytestmark = pytest.mark.slow

SMALL, LARGE = "openai:small", "openai:large"


def reads(request: dict[str, Any]) -> Reply:
    """The large model finds the request, the small one nothing."""
    text = "".join(message["content"] for message in request["messages"])
    if schema_name(request) != "signals" or SEATS not in text or request["model"] != "large":
        return obeys(request)
    name = text[: text.index(SEATS)].rsplit('evidence id="', 1)[1].split('"')[0]
    return says({"signals": [
        {"sentence": name, "type": "seats_requested", "stance": "asked_now", "speaks_for": "this_customer", "firmness": "firm"}
    ]})  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Two cases, recorded with two models and blessed, also for the offline engine."""
    root = tmp_path_factory.mktemp("replay")
    places = Places(suites(root, case("one"), case("two", ROUTINE, "")), root / "baselines", root / "cassettes")
    with ScriptedServer(reads) as server:
        for model in (SMALL, LARGE):
            with Workspace(Settings(home=root / "home", model=model, openai_base_url=server.url, model_retries=0, concurrency=1)) as opened:
                run(Wish(("signals",), "record", 2, suites_folder=places.suites, cassettes=places.cassettes), opened, lambda *_: None)
    with Workspace(Settings(home=root / "home")) as opened:
        for report, folder in check(opened, lambda *_: None, 1, places):
            assert report.verdict is None
            bless_run(folder.name, opened, places)
    return places


def checked(places: Places, home: Path, **settings: Any) -> tuple[list[Any], int]:
    with Workspace(Settings(home=home, **settings)) as opened:
        reports = [report for report, _ in check(opened, lambda *_: None, 1, places)]
    return reports, exit_code(reports)


def test_every_model_is_played_again_as_often_as_it_was_recorded_and_compared_with_its_own_baseline(recorded: Places, tmp_path: Path) -> None:
    assert recorded_models(["signals"], recorded.cassettes) == [LARGE, SMALL]
    reports, code = checked(recorded, tmp_path)
    assert [(r.mode, r.identity.model, r.word, r.suites[0].passed) for r in reports] == [
        ("offline", None, "PASS", 2), ("replay", LARGE, "PASS", 2), ("replay", SMALL, "PASS", 1),
    ]  # fmt: skip
    assert [r.repeats for r in reports] == [1, 2, 2]
    assert code == 0


def test_a_model_in_the_settings_that_was_never_recorded_changes_nothing(recorded: Places, tmp_path: Path) -> None:
    reports, code = checked(recorded, tmp_path, model="openai:other")
    assert (len(reports), code) == (3, 0)


def test_a_changed_prompt_leaves_its_cases_unmeasured_and_says_so_by_name(recorded: Places, tmp_path: Path) -> None:
    folder = tmp_path / "prompts"
    shutil.copytree(prompts.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "extract_signals.md"
    path.write_text(path.read_text("utf-8").replace("# system\n", "# system\nBe brisk. "), "utf-8")
    reports, code = checked(recorded, tmp_path / "home", prompts=folder)
    assert [report.word for report in reports] == ["PASS", "CANNOT TELL", "CANNOT TELL"]
    assert code == 4
    said = reports[1].verdict.reasons[0].text
    assert said.startswith("2 cases were not measured: one, two")
    assert "case one, repeat 1, prompt extract_signals" in said
    assert "the system's words (a prompt was changed)" in said


def test_a_case_that_was_stopped_half_way_is_not_among_those_recorded(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one"), case("two", "We need 40 more seats at once."))

    def stops(request: dict[str, Any]) -> Reply:
        text = "".join(message["content"] for message in request["messages"])
        return Reply({"error": {"message": "no", "type": "error", "code": None}}, 503) if "40 more" in text else obeys(request)

    wish = Wish(("signals",), "record", suites_folder=folder, cassettes=tmp_path / "cassettes")
    with ScriptedServer(stops) as server:
        settings = Settings(home=tmp_path / "home", model=SMALL, openai_base_url=server.url, model_retries=0, concurrency=1)
        with Workspace(settings) as opened:
            run(wish, opened, lambda *_: None)
    with Workspace(Settings(home=tmp_path / "home")) as opened:
        report, _ = checking.run_suites(replace(wish, mode="replay"), opened, lambda *_: None, places=Places(folder, tmp_path))
    assert [(one.id, one.unmeasured) for one in report.cases] == [("one", False)]


def test_several_models_have_to_be_told_apart(recorded: Places, tmp_path: Path) -> None:
    with Workspace(Settings(home=tmp_path)) as opened, pytest.raises(CassetteMiss, match="recorded with 2 models"):
        run(Wish(("signals",), "replay", suites_folder=recorded.suites, cassettes=recorded.cassettes), opened, lambda *_: None)
