"""What the desk did and how good it is: the funnel, and the runs of the evaluation suites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.pages.frame import router, show
from api.pages.views import runs
from api.pages.views.cases import case_view
from api.pages.views.funnel import funnel_view
from api.parts import DeskDep, Space, caller
from briefs import funnel
from briefs.people import Person
from briefs.wiring import Workspace
from evals.report import CaseReport

pages = router()
Reader = Annotated[Person, Depends(caller("csm", "admin"))]
Evaluator = Annotated[Person, Depends(caller("evaluator", "admin"))]
SHOWN = 200


@pages.get("/funnel")
def see_funnel(request: Request, desk: DeskDep, person: Reader) -> Response:
    return show(request, "funnel.html", v=funnel_view(funnel.of(desk, person)))


@pages.get("/runs")
def see_runs(
    request: Request, space: Space, person: Evaluator, a: Annotated[str, Query(max_length=80)] = "", b: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """Every run; with `a` and `b`, the cases in which the second stands otherwise than the first."""
    listed = runs.runs(_folder(space))
    pairs = runs.pairs(runs.run(_folder(space), a), runs.run(_folder(space), b)) if a and b else None
    return show(request, "runs.html", runs=listed, a=a, b=b, pairs=pairs)


@pages.get("/runs/{run_id}")
def see_run(
    request: Request, space: Space, person: Evaluator, run_id: str, suite: Annotated[str, Query(max_length=60)] = "", every: bool = False
) -> Response:
    """One run suite by suite; the cases that failed, or all of them."""
    report = runs.run(_folder(space), run_id)
    cases = [case for case in report.cases if suite in ("", case.suite) and (every or _of_interest(case))]
    return show(request, "run.html", r=report, suite=suite, every=every, cases=cases[:SHOWN], total=len(cases), standing=runs.standing)


@pages.get("/runs/{run_id}/cases/{suite}/{case_id:path}")
def see_case(
    request: Request, space: Space, person: Evaluator, run_id: str, suite: str, case_id: str, before: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    """One case: what was asked and expected, and what was given, beside an earlier run where there is one."""
    view = case_view(_folder(space), run_id, suite, case_id, before)
    return show(request, "case.html", c=view, compared=before)


def _of_interest(case: CaseReport) -> bool:
    return case.passed is not True or case.change in ("newly_failing", "newly_passing")


def _folder(space: Workspace) -> Path:
    return space.home / "evals" / "runs"
