"""A small suite of its own for the tests that run one, and the workspace to run it in."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.report import Report, build
from evals.runlog import Run, read
from evals.running import run, suites_of
from evals.wishes import Wish

ABOUT = """title: What a passage says
why: a test
scorers: [signal_types, verdict]
gated:
- {score: signal_types, kind: pass}
- {score: verdict, kind: pass}
"""
SEATS = "We need 12 more seats for our technicians."
ROUTINE = "The weekly report arrived an hour late again, can you look?"


def case(name: str, text: str = SEATS, types: str = "seats_requested", more: str = "") -> str:
    """One case of `signals` with a text of its own; `more` are further fields, indented by two."""
    return f"""- id: {name}
  cluster: {name}
  source: hand
{more}  input:
    account: sample/a01
    as_of: 2026-03-31
    item: {{kind: ticket, text: "{text}", at: 2026-03-20}}
  expect: {{types: [{types}]}}
"""


def suites(folder: Path, *cases: str) -> Path:
    """A folder of suites that holds `signals` with these cases."""
    place = folder / "suites" / "signals"
    place.mkdir(parents=True, exist_ok=True)
    (place / "suite.yaml").write_text(ABOUT, "utf-8")
    (place / "cases.yaml").write_text("".join(cases), "utf-8")
    return place.parent


def workspace(home: Path, **settings: object) -> Workspace:
    """A workspace whose clock stands still and whose ids count."""
    numbers = count(1)
    told = Settings(home=home).model_copy(update=settings)
    return Workspace(told, now=lambda: datetime(2026, 4, 1, 9, tzinfo=UTC), new_id=lambda: f"run{next(numbers):03d}")


def ran(folder: Path, home: Path, **wish: object) -> Run:
    """A run of the suite in this process."""
    with workspace(home) as opened:
        told = Wish(suites=("signals",), suites_folder=folder, workers=1, **wish)  # pyright: ignore[reportArgumentType]
        return read(run(told, opened, lambda *_: None))


def reported(folder: Path, suites: Path) -> Report:
    """The report of a run, compared with nothing."""
    found = read(folder)
    return build(found, suites_of(found, suites))
