"""`briefs eval`: runs suites and compares them; one table, the reasons, and where the whole report lies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.evaluating_wish import Asked, wish_of, without_effect
from api.cli.session import bar, note, out, put_json
from briefs.errors import BadInput
from briefs.settings import Settings, load

if TYPE_CHECKING:
    from briefs.wiring import Workspace
    from evals.report import Report
    from evals.results import CaseResult
    from evals.showing import Shown

STYLE = {"FAIL": "bold red", "CANNOT TELL": "yellow", "WARN": "yellow", "PASS": "green", "NOT COMPARED": "bold"}


def opened(home: Path | None, *, prompts: Path | None = None, rubric: Path | None = None, model: str | None = None) -> Workspace:
    """The workspace with a candidate's prompts, rubric or model in place of its own. Raises BadInput."""
    from briefs.wiring import Workspace

    for path in (prompts, rubric):
        if path is not None and not path.exists():
            raise BadInput(f"There is no {path}.", "Check the path.")
    chosen: dict[str, Any] = {key: value for key, value in (("prompts", prompts), ("rubric", rubric), ("model", model)) if value is not None}
    settings: Settings = load(home)
    return Workspace(settings.model_copy(update=chosen))


def run(home: Path | None, asked: Asked, json: bool) -> None:
    from evals.checking import exit_code, run_suites
    from evals.runlog import find

    with opened(home, prompts=asked.prompts, rubric=asked.rubric, model=asked.model) as workspace:
        wish = wish_of(workspace, asked)
        for line in without_effect(asked):
            note(f"briefs: {line}")
        resume = find(workspace.home, asked.resume) if asked.resume else None
        with bar("Evaluating", shown=not json) as progress:
            report, folder = run_suites(wish, workspace, progress, resume=resume)
    _end([(report, folder / "report.html")], json, exit_code([report]))


def check(home: Path | None, workers: int, json: bool) -> None:
    from evals import checking
    from evals.sides import stale

    with opened(home) as workspace:
        with bar("Evaluating", shown=not json) as progress:
            made = checking.check(workspace, progress, workers)
        for line in stale():
            note(f"briefs: stale: {line}")
    _end([(report, folder / "report.html") for report, folder in made], json, checking.exit_code([report for report, _ in made]))


def compare(home: Path | None, one: str, other: str, json: bool) -> None:
    from evals.checking import compare_runs, exit_code

    with opened(home) as workspace:
        report, page = compare_runs(one, other, workspace)
    _end([(report, page)], json, exit_code([report]))


def bless(home: Path | None, run: str, json: bool) -> None:
    from evals.checking import bless_run

    with opened(home) as workspace:
        written = bless_run(run, workspace)
    if json:
        put_json({"baselines": [str(path) for path in written]})
        return
    for path in written:
        out().print(f"{path.name} is the baseline now. Commit it: {path}")


def rescore(home: Path | None, run: str, json: bool) -> None:
    from evals import checking

    with opened(home) as workspace, bar("Scoring", shown=not json) as progress:
        report, folder = checking.rescore(run, workspace, progress)
    _end([(report, folder / "report.html")], json, checking.exit_code([report]))


def _end(made: Sequence[tuple[Report, Path]], json: bool, code: int) -> None:
    """Prints what was found and ends with the gate's exit code."""
    if json:
        told = [report.model_dump(mode="json", exclude={"cases"}) | {"word": report.word, "report": str(path)} for report, path in made]
        put_json(told[0] if len(told) == 1 else told)
    else:
        for report, path in made:
            _print(report, path)
    if code:
        sys.exit(code)


def _print(report: Report, path: Path) -> None:
    from rich.table import Table
    from rich.text import Text

    from evals.report_page import figure, judged

    console = out()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Suite", "Verdict", "Passed", "of", "95 % interval", "Failing now", "Passing now", "Not told", "Not measured"):
        table.add_column(head, justify="left" if head in ("Suite", "Verdict") else "right")
    for suite in report.suites:
        passed = next((metric for metric in suite.metrics if metric.name == "passed"), None)
        interval = f"{figure(passed.low)}–{figure(passed.high)}" if passed and passed.low is not None else ""
        changes = (len(suite.comparison.newly_failing), len(suite.comparison.newly_passing)) if suite.comparison else ("", "")
        word = Text(suite.word or "not compared", style=STYLE.get(suite.word or "", ""))
        counts = (suite.passed, suite.total, interval, *changes, suite.untold, suite.unmeasured)
        table.add_row(suite.name, word, *map(str, counts))
    model = f" with {report.identity.model}" if report.identity.model else ""
    console.print(Text(f"{report.word} ", style=STYLE[report.word]) + Text(f"{report.mode}{model}, run {report.run_id}"))
    console.print(table)
    for line in judged(report):
        console.print(Text(line))
    for reason in report.verdict.reasons if report.verdict else ():
        console.print(Text(f"{reason.word} ", style=STYLE[reason.word]) + Text(f"{reason.suite or ''}: {reason.text}"))
    console.print(Text(f"The whole report: {path}"), style="dim")


def show(home: Path | None, case: str, runs: Sequence[str], json: bool) -> None:
    from evals.errors import NoSuchRun
    from evals.runlog import find, read
    from evals.showing import shown

    with opened(home) as workspace:
        found = [read(find(workspace.home, name)) for name in runs[:2]]
    results = [[result for result in one.results if result.case_id == case] for one in found]
    if not any(results):
        raise NoSuchRun(f"The case {case[:80]!r} is not in {'these runs' if len(found) > 1 else 'that run'}.", "`briefs eval list` names the runs.")
    if json:
        told = {one.head.run_id: [r.model_dump(mode="json") for r in each] for one, each in zip(found, results, strict=True)}
        put_json({"case": case, "runs": told})
        return
    _show_case(case, results)
    for one, each in zip(found, results, strict=True):
        _show_side(one.head.run_id, each, shown(each))


def _show_case(case: str, results: Sequence[Sequence[CaseResult]]) -> None:
    import yaml
    from rich.text import Text

    from evals import loading

    name = next(each[0].suite for each in results if each)
    told = loading.load(name).by_id.get(case)
    console = out()
    console.print(Text(f"{name}: {case}", style="bold"))
    if told is not None:
        for head, part in (("asked", told.input), ("expected", told.expect)):
            plain = yaml.safe_dump(part.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False, width=110)
            console.print(Text(f"\n{head}", style="bold") + Text(f"\n{plain.rstrip()}"))


def _show_side(run: str, results: Sequence[CaseResult], output: Shown | None) -> None:
    from rich.text import Text

    from api.cli.importing import clean

    console = out()
    console.print(Text(f"\nin run {run}", style="bold"))
    for result in results:
        if result.error:
            console.print(Text(f"  {clean(result.error)}", style="red"))
        for score in result.scores:
            value = "could not tell" if score.value is None else f"{score.value:.3f}"
            console.print(Text(f"  {score.key}: {value}  {clean(score.reason)}"))
    parts = output.parts if output else {}
    for name, lines in parts.items():
        console.print(Text(f"  {name}", style="italic"))
        for line in lines:
            console.print(Text(f"    {clean(line.text)}"))
            for quote in line.evidence:
                console.print(Text(f"      {clean(quote)}", style="dim"))


def list_runs(home: Path | None, json: bool) -> None:
    from evals import loading
    from evals.checking import history

    suites = [loading.load(name) for name in loading.names()]
    with opened(home) as workspace:
        heads = history(workspace.home)
    if json:
        cases = {suite.name: len(suite.cases) for suite in suites}
        put_json({"suites": cases, "runs": [head.model_dump(mode="json", exclude={"chosen"}) for head in heads]})
        return
    console = out()
    for suite in suites:
        console.print(f"{suite.name:14} {len(suite.cases):4} cases  {suite.about.title}")
    for head in heads:
        what = head.identity.model or head.identity.engine
        console.print(f"{head.run_id}  {head.mode:8} {', '.join(head.suites)}{' (part)' if head.partial else ''}  {what}")


def stale(json: bool) -> None:
    from evals.sides import stale as found

    lines = found()
    if json:
        put_json({"stale": lines})
    for line in () if json else lines:
        out().print(f"stale: {line}")
    if lines:
        note("briefs: run the suites (make evals), then `briefs eval bless RUN`.")
        sys.exit(1)
