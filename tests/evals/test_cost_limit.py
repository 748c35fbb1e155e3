"""A run that reached its cost stops asking: what was not asked is not measured, and a run gone on with asks only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs.errors import BadInput
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.checking import Places, bless_run, exit_code, run_suites
from evals.runlog import newest_first
from evals.wishes import Wish
from tests.evals.suite_builders import ROUTINE, case, suites
from tests.servers.chat_server import Reply, ScriptedServer, obeys, says

PRICES = """currency: USD
prices:
- {{model: "openai:priced", base_url: "{url}", input: 1000000, output: 0, effective: 2024-01-01}}
"""
"""A dollar for each token of a question."""


def costly(request: dict[str, object]) -> Reply:
    """Nothing is found, at a price near what is set aside for a question before it is asked."""
    return says({"signals": []}, tokens_in=9000)


def opened(server: ScriptedServer, folder: Path, model: str = "openai:priced") -> Workspace:
    listed = folder / "prices.yaml"
    listed.write_text(PRICES.format(url=server.url), "utf-8")
    return Workspace(Settings(home=folder / "home", model=model, openai_base_url=server.url, prices=listed, model_retries=0, concurrency=1))


def test_what_the_limit_left_unasked_is_not_measured_and_asked_when_the_run_goes_on(tmp_path: Path) -> None:
    folder = suites(tmp_path, *(case(f"c{n}", ROUTINE, "") for n in range(4)))
    places = Places(folder, tmp_path / "baselines")
    with ScriptedServer(costly) as server, opened(server, tmp_path) as workspace:
        whole, place = run_suites(Wish(("signals",), "live", suites_folder=folder), workspace, lambda *_: None, places=places)
        bless_run(place.name, workspace, places)
        assert whole.amount == 4 * 9000 + 100  # and what the canary took
        report, place = run_suites(Wish(("signals",), "live", max_cost=20_000, suites_folder=folder), workspace, lambda *_: None, places=places)
        assert report.suites[0].unmeasured == 2
        assert report.amount == 2 * 9000
        assert (report.word, exit_code([report])) == ("CANNOT TELL", 4)
        assert all("could cost" in (one.error or "") for one in report.cases if one.unmeasured)
        asked = len(server.requests)
        report, _ = run_suites(Wish(("signals",), "live", suites_folder=folder), workspace, lambda *_: None, resume=place, places=places)
        assert len(server.requests) == asked + 2
    assert (report.word, report.suites[0].unmeasured) == ("PASS", 0)


def test_a_limit_for_a_model_whose_price_nobody_knows_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one"))
    with ScriptedServer(obeys) as server, opened(server, tmp_path, "openai:unpriced") as workspace:
        with pytest.raises(BadInput, match="No price is on file for openai:unpriced"):
            run_suites(Wish(("signals",), "live", max_cost=1.0, suites_folder=folder), workspace, lambda *_: None, places=Places(folder))
        assert not server.requests
    assert list(newest_first(tmp_path / "home")) == []
