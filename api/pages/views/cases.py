"""One case as two runs answered it: what was asked and expected, and both outputs side by side with the words they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.pages.views.runs import run, standing
from briefs.errors import NotFound
from evals.report import CaseReport
from evals.results import CaseResult
from evals.runlog import of_case
from evals.showing import Line, Shown, shown


@dataclass(frozen=True)
class Given:
    """One thing a run said; `alone`: the other run did not say it so."""

    text: str
    evidence: tuple[str, ...]
    alone: bool


@dataclass(frozen=True)
class Side:
    """One run's answer. `parts` are (heading, what was said under it); no parts: no output is kept."""

    run_id: str
    standing: str
    passed: bool | None
    reasons: tuple[str, ...]
    error: str
    parts: tuple[tuple[str, tuple[Given, ...]], ...]


@dataclass(frozen=True)
class CaseView:
    """`scores` are (name, earlier, later); `before` is None where only one run is looked at."""

    suite: str
    id: str
    cluster: str
    tags: tuple[str, ...]
    pinned: bool
    asked: str
    expected: str
    before: Side | None
    after: Side
    scores: tuple[tuple[str, float | None, float | None], ...]


def case_view(folder: Path, run_id: str, suite: str, case_id: str, before: str = "") -> CaseView:
    """The case in a run, beside an earlier run: the one named, else the one its report was compared with. Raises NotFound."""
    now, report = _told(folder, run_id, suite, case_id), run(folder, run_id)
    earlier = _told(folder, before, suite, case_id) if before else None
    output = _output(folder, run_id, now)
    against = report.against or "before"
    old_output = _output(folder, before, earlier) if earlier else now.then
    older = None
    if earlier is not None:
        older = _side(before, earlier, old_output, output)
    elif now.then is not None:
        older = Side(against, standing_of(now.before), now.before, (), "", _parts(now.then, output))
    names = dict.fromkeys([*(earlier.scores if earlier else ()), *now.scores])
    return CaseView(
        suite=now.suite,
        id=now.id,
        cluster=now.cluster,
        tags=now.tags,
        pinned=now.pinned,
        asked=now.asked,
        expected=now.expected,
        before=older,
        after=_side(run_id, now, output, old_output),
        scores=tuple((name, earlier.scores.get(name) if earlier else None, now.scores.get(name)) for name in names),
    )


def standing_of(passed: bool | None) -> str:
    """In one word."""
    return {True: "passed", False: "failed", None: "cannot tell"}[passed]


def _told(folder: Path, run_id: str, suite: str, case_id: str) -> CaseReport:
    found = next((case for case in run(folder, run_id).cases if (case.suite, case.id) == (suite, case_id)), None)
    if found is None:
        raise NotFound("The run holds no such case.", "The page of the run lists its cases.")
    return found


def _output(folder: Path, run_id: str, case: CaseReport) -> Shown | None:
    """From the run's log; where that is gone, what the report kept."""
    results: list[CaseResult] = of_case(folder / run_id, case.suite, case.id)
    return shown(results) or case.now


def _side(run_id: str, case: CaseReport, output: Shown | None, other: Shown | None) -> Side:
    return Side(run_id, standing(case), case.passed, case.reasons, case.error or "", _parts(output, other))


def _parts(output: Shown | None, other: Shown | None) -> tuple[tuple[str, tuple[Given, ...]], ...]:
    """Every heading of either output, so that what one leaves out shows as a gap."""
    if output is None:
        return ()
    theirs = other.parts if other else {}
    headings = dict.fromkeys([*output.parts, *theirs])
    return tuple((name, _given(output.parts.get(name, ()), theirs.get(name, ()), other is not None)) for name in headings)


def _given(lines: tuple[Line, ...], theirs: tuple[Line, ...], compared: bool) -> tuple[Given, ...]:
    return tuple(Given(line.text, line.evidence, compared and line not in theirs) for line in lines)
