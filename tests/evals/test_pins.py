"""Pins follow their rule: each stands against a harm and holds in the committed baseline; and a pin that a model fails once is asked again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import loading, pinning
from evals.errors import SuiteFault
from evals.runlog import read
from evals.running import run
from evals.sides import BASELINES, bless
from evals.suite import SUITES
from evals.wishes import Wish
from tests.evals.suite_builders import ROUTINE, SEATS, case, suites
from tests.servers.chat_server import Reply, ScriptedServer, says, schema_name


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_pinned_is_what_the_rule_says_and_passes_in_the_committed_baseline(suite: str) -> None:
    loaded = loading.load(suite)
    allowed = pinning.pinnable(loaded.name, [BASELINES])
    pinned = {one.id for one in loaded.cases if one.pinned}
    assert pinned <= allowed.keys(), "unpin or mend: python -m evals.pinning"


def test_safety_has_pins_in_every_suite_that_guards_it() -> None:
    pinned = {name: sum(one.pinned for one in loading.load(name).cases) for name in SUITES}
    assert {name for name, number in pinned.items() if number == 0} == {"overflagging", "retrieval"}
    assert pinned["injection"] >= 100
    assert pinned["isolation"] >= 50


def test_pinning_writes_one_line_a_case_and_touches_nothing_else() -> None:
    text = "# words\n- id: a\n  pinned: true\n  cluster: k\n- id: 'b'\n  cluster: k\n"
    assert pinning.pin(text, {"b"}) == "# words\n- id: a\n  cluster: k\n- id: 'b'\n  pinned: true\n  cluster: k\n"
    assert pinning.pin(pinning.pin(text, {"a", "b"}), {"a", "b"}).count("pinned: true") == 2


def test_a_pin_a_tag_and_a_remark_leave_a_case_comparable(tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    before = loading.load("signals", suites(plain, case("one"))).cases[0]
    after = loading.load("signals", suites(other, case("one", more="  pinned: true\n  tags: [new]\n  why: a remark\n"))).cases[0]
    changed = loading.load("signals", suites(other, case("one", "We need 9 seats."))).cases[0]
    assert before.hash == after.hash != changed.hash


class Wavering:
    """A model that finds the request in every answer but the first."""

    def __init__(self, misses: int) -> None:
        self.misses, self.asked = misses, 0

    def __call__(self, request: dict[str, Any]) -> Reply:
        text = json.dumps(request["messages"])
        if schema_name(request) != "signals" or SEATS not in text:
            return says({"signals": []})
        self.asked += 1
        if self.asked <= self.misses:
            return says({"signals": []})
        name = text[: text.index(SEATS)].rsplit('evidence id=\\"', 1)[1].split('\\"')[0]
        told = {"sentence": name, "type": "seats_requested", "stance": "asked_now", "speaks_for": "this_customer", "firmness": "firm"}
        return says({"signals": [told]})


def live(tmp_path: Path, model: Wavering, *, pinned: bool, repeats: int = 1) -> Any:
    folder = suites(tmp_path, case("one", more="  pinned: true\n" if pinned else ""), case("two", ROUTINE, ""))
    with ScriptedServer(model) as server:
        settings = Settings(home=tmp_path / "home", model="openai:wavering", openai_base_url=server.url, model_retries=0, concurrency=1)
        with Workspace(settings) as opened:
            found = read(run(Wish(("signals",), "live", repeats, suites_folder=folder), opened, lambda *_: None))
            return [(r.case_id, r.repeat, r.score("signal_types").value) for r in found.results]  # pyright: ignore[reportOptionalMemberAccess]


def test_a_pinned_case_that_failed_once_is_asked_until_most_of_three_answers_tell(tmp_path: Path) -> None:
    assert live(tmp_path, Wavering(1), pinned=True) == [("one", 0, 0.0), ("one", 1, 1.0), ("one", 2, 1.0), ("two", 0, 1.0)]


@pytest.mark.parametrize(("misses", "pinned"), [(0, True), (1, False)])
def test_a_pin_that_held_and_a_case_without_one_are_asked_once(tmp_path: Path, misses: int, pinned: bool) -> None:
    assert [repeat for _, repeat, _ in live(tmp_path, Wavering(misses), pinned=pinned)] == [0, 0]


def test_a_pin_binds_the_offline_engine_at_once_and_a_model_from_when_it_first_held(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one", types="new_team", more="  pinned: true\n"))
    with Workspace(Settings(home=tmp_path / "home")) as opened:
        found = read(run(Wish(("signals",), suites_folder=folder, workers=1), opened, lambda *_: None))
        at, loaded = opened.now(), {"signals": loading.load("signals", folder)}
    with pytest.raises(SuiteFault, match="pinned case one"):
        bless(found, loaded, at, tmp_path / "baselines")  # pyright: ignore[reportArgumentType]
    identity = found.head.identity.model_copy(update={"model": "openai:small"})
    told = type(found)(found.head.model_copy(update={"identity": identity}), found.results)
    (path,) = bless(told, loaded, at, tmp_path / "baselines")  # pyright: ignore[reportArgumentType]
    path.write_text(path.read_text("utf-8").replace('"runs": 1', '"passed": true, "runs": 1').replace('"passed": false, ', ""), "utf-8")
    with pytest.raises(SuiteFault, match="pinned case one"):
        bless(told, loaded, at, tmp_path / "baselines")  # pyright: ignore[reportArgumentType]
