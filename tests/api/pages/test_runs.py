"""The evaluator opens a case of two runs and sees what each said, side by side, with the words it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.pages.views.cases import case_view
from briefs.errors import NotFound
from evals.report import build
from evals.report_files import write
from evals.runlog import LOG, RUNS, read
from evals.running import Wish, run, suites_of
from tests.api.pages.visitor import visitor
from tests.api.world import World
from tests.evals.suite_builders import ROUTINE, SEATS, case, suites

NASTY = "The weekly report <script>alert(1)</script> arrived late, can you look?"


def told(world: World, folder: Path, *cases: str) -> str:
    """The id of a run of these cases, with its report."""
    place = suites(folder, *cases)
    made = run(Wish(suites=("signals",), suites_folder=place, workers=1), world.workspace, lambda *_: None)
    found = read(made)
    write(build(found, suites_of(found, place)), made)
    return made.name


def test_two_runs_of_a_case_stand_side_by_side_with_their_evidence(world: World, tmp_path: Path) -> None:
    good = told(world, tmp_path / "good", case("one"), case("two", NASTY, ""))
    bad = told(world, tmp_path / "bad", case("one", ROUTINE), case("two", ROUTINE, ""))
    folder = world.workspace.home / RUNS
    view = case_view(folder, bad, "signals", "one", good)
    assert view.before is not None
    assert (view.before.standing, view.after.standing) == ("passed", "failed")
    said = dict(view.before.parts)["signals"]
    assert any(SEATS in words and given.alone for given in said for words in given.evidence)
    assert dict(view.after.parts)["signals"] == ()
    assert ("signal_types", 1.0, 0.0) in view.scores
    assert any(line.startswith("signal_types: ") for line in view.after.reasons)

    eve = visitor(world, "eve")
    compared = eve.get(f"/runs?a={good}&b={bad}").text
    link = f"/runs/{bad}/cases/signals/one?before={good}"
    assert f'href="{link}"' in compared
    page = eve.get(link).text
    assert "Only here: " in page
    assert SEATS in page
    assert "<script>alert" not in eve.get(f"/runs/{good}/cases/signals/two").text
    assert "What was given" in eve.get(f"/runs/{bad}").text
    assert visitor(world, "mira").get(link).status_code in (403, 404)

    (folder / good / LOG).unlink()
    without = case_view(folder, good, "signals", "one")
    assert (without.before, without.after.standing, without.after.parts) == (None, "passed", ())
    with pytest.raises(NotFound):
        case_view(folder, bad, "signals", "three")
    assert eve.get(f"/runs/{bad}/cases/signals/three").status_code == 404
