"""Two runs of a small suite, the second worse, for the evaluator's pages."""

from __future__ import annotations

from pathlib import Path

from briefs.wiring import Workspace
from evals.report import build
from evals.report_files import write
from evals.runlog import RUNS, read
from evals.running import Wish, run, suites_of
from tests.evals.suite_builders import ROUTINE, SEATS, case, suites


def evaluate(workspace: Workspace, folder: Path) -> None:
    """Makes them in the workspace's home; `folder` takes the suites."""
    for name, text in (("before", SEATS), ("after", ROUTINE)):
        place = suites(folder / name, case("seats", text), case("late", ROUTINE, ""))
        done = run(Wish(suites=("signals",), suites_folder=place, workers=1), workspace, unheard)
        found = read(done)
        write(build(found, suites_of(found, place)), done)


def runs_in(home: Path) -> dict[str, str]:
    """Their ids: `before` and `after`."""
    folders = [path for path in (home / RUNS).iterdir() if path.is_dir()]
    before, after = sorted(folders, key=lambda path: path.stat().st_mtime)[:2]
    return {"before": before.name, "after": after.name}


def unheard(*_: object) -> None:
    """Progress for nobody."""
