"""The evaluator's view: which runs there are, one run suite by suite, two runs side by side, and every case that differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from briefs.errors import NotFound
from evals.report import CaseReport, Report
from evals.report_files import REPORT


@dataclass(frozen=True)
class RunRow:
    """One run in the list; `fault` says why its report cannot be read."""

    id: str
    started: str
    word: str
    mode: str
    model: str
    passed: int
    total: int
    fault: str = ""


@dataclass(frozen=True)
class Pair:
    """One case in two runs."""

    suite: str
    id: str
    before: str
    after: str
    better: bool
    reasons: tuple[str, ...]


def runs(folder: Path) -> tuple[RunRow, ...]:
    """Every run with a report, newest first."""
    found = [_row(path) for path in folder.glob(f"*/{REPORT}")] if folder.is_dir() else []
    return tuple(sorted(found, key=lambda row: (row.started, row.id), reverse=True))


def run(folder: Path, run_id: str) -> Report:
    """The report of one run. Raises NotFound where there is none, or none that can be read."""
    path = folder / run_id / REPORT
    if not run_id.replace("-", "").replace("_", "").isalnum() or not path.is_file():
        raise NotFound("There is no such run.", "`briefs eval run SUITE` makes one.")
    try:
        return Report.model_validate_json(path.read_bytes())
    except ValidationError as fault:
        raise NotFound("The report of this run is of another release.", "Run it again.") from fault


def pairs(before: Report, after: Report) -> tuple[Pair, ...]:
    """The cases both runs hold and that stand differently, worse ones first."""
    old = {(case.suite, case.id): case for case in before.cases}
    found = [
        Pair(case.suite, case.id, standing(old[case.suite, case.id]), standing(case), case.passed is True, case.reasons)
        for case in after.cases
        if (case.suite, case.id) in old and old[case.suite, case.id].passed != case.passed
    ]
    return tuple(sorted(found, key=lambda pair: (pair.better, pair.suite, pair.id)))


def standing(case: CaseReport) -> str:
    """In one word how a case stands."""
    if case.error:
        return "crashed"
    return {True: "passed", False: "failed", None: "cannot tell"}[case.passed]


def _row(path: Path) -> RunRow:
    try:
        held: dict[str, Any] = json.loads(path.read_bytes())
        suites = held["suites"]
        verdict: dict[str, Any] = held.get("verdict") or {}
        word = str(verdict.get("word") or "not compared")
        passed, total = sum(suite["passed"] for suite in suites), sum(suite["total"] for suite in suites)
        identity: dict[str, Any] = held["identity"]
        model = str(identity.get("model") or identity.get("engine") or "")
        return RunRow(path.parent.name, held["started"], word, held["mode"], model, passed, total)
    except (ValueError, KeyError, TypeError, OSError):
        return RunRow(path.parent.name, "", "", "", "", 0, 0, "The report cannot be read.")
