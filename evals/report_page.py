"""The report as one HTML file that needs nothing else: it can be mailed, and read without JavaScript. Everything in it is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from evals.report import CaseReport, Report, SuiteReport
from evals.results import Metric
from evals.statistics import wilson

TEMPLATES = Path(__file__).parent / "templates"
WIDTH, ROW, LEFT = 640, 26, 110

SCRIPT = """
const form = document.getElementById('filters');
const rows = [...document.querySelectorAll('#cases-table tbody tr')];
function apply() {
  const words = form.words.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const fits = ['suite', 'standing', 'change'].every(key => !form[key].value || row.dataset[key] === form[key].value)
      && (!words || row.textContent.toLowerCase().includes(words));
    row.hidden = !fits;
    shown += fits;
  }
  document.getElementById('count').textContent = shown + ' of ' + rows.length;
}
form.hidden = false;
form.addEventListener('input', apply);
form.addEventListener('submit', event => event.preventDefault());
apply();
"""


def page(report: Report) -> str:
    """The whole page."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    script_hash = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return environment.get_template("report.html.j2").render(
        report=report,
        plot=plot(report),
        figure=figure,
        before=before,
        standing=standing,
        cases=worst_first(report),
        script=Markup(SCRIPT),
        script_hash=script_hash,
    )


def worst_first(report: Report) -> list[CaseReport]:
    """What a reader came for stands first: lost cases, then those that fail as before or could not be told, then mended ones, then the rest."""

    def place(case: CaseReport) -> int:
        worse = (case.change == "newly_failing", case.passed is False or bool(case.error), case.passed is None)
        better = (case.change == "newly_passing", case.change in ("new", "altered"))
        return next((number for number, holds in enumerate((*worse, *better)) if holds), len(worse) + len(better))

    return sorted(report.cases, key=place)


def standing(case: CaseReport) -> str:
    """A word for how a case stood."""
    if case.unmeasured:
        return "unmeasured"
    return {True: "passed", False: "failed", None: "untold"}[case.passed]


def figure(value: float | None) -> str:
    """A figure to read: three places, none where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3f}"


def before(suite: SuiteReport, name: str) -> float | None:
    """A figure of the other side."""
    shifts = suite.comparison.shifts if suite.comparison else ()
    return next((shift.baseline.value for shift in shifts if shift.name == name and shift.baseline), None)


def judged(report: Report) -> Iterator[str]:
    """What models graded, a line each: never without how far the judge agrees with people, or that nothing was scored."""
    for suite in report.suites:
        yield from (f"{suite.name} {_graded(metric)}" for metric in suite.metrics if metric.name.startswith("judged:"))


def _graded(metric: Metric) -> str:
    if metric.value is None:
        return f"{metric.name}: {metric.note}"
    interval = f" ({figure(metric.low)}–{figure(metric.high)})" if metric.low is not None else ""
    return f"{metric.name}: {figure(metric.value)}{interval}, n = {metric.n}; {metric.note}"


def plot(report: Report) -> Markup:
    """Each suite's share of passed cases as a bar with its interval, and a mark where the other side stood."""
    rows = "".join(_bar(place, suite, report) for place, suite in enumerate(report.suites))
    height = ROW * len(report.suites) + 24
    axis = "".join(
        f'<line x1="{_x(tick)}" y1="0" x2="{_x(tick)}" y2="{height - 20}" stroke="currentColor" opacity=".15"/>'
        f'<text x="{_x(tick)}" y="{height - 4}" text-anchor="middle">{tick:.0%}</text>'
        for tick in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    label = "Share of cases that pass in each suite, with the 95 % interval"
    return Markup(f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH + 60} {height}" width="100%">{axis}{rows}</svg>')


def _bar(place: int, suite: SuiteReport, report: Report) -> str:
    y, counted = place * ROW + 4, suite.total - suite.unmeasured
    name = f'<text x="0" y="{y + 13}">{escape(suite.name)}</text>'
    interval = wilson(suite.passed, counted)
    if interval is None:
        return name
    share = suite.passed / counted
    bar = f'<rect x="{LEFT}" y="{y}" width="{max(1.0, _x(share) - LEFT):.1f}" height="16" fill="currentColor" opacity=".3"/>'
    whisker = f'<path d="M{_x(interval.low):.1f} {y + 8}H{_x(interval.high):.1f}" stroke="currentColor" stroke-width="2"/>'
    old = [case.before for case in report.cases if case.suite == suite.name and case.before is not None]
    mark = ""
    if old:
        at = _x(sum(old) / len(old))
        mark = f'<path d="M{at:.1f} {y - 2}V{y + 18}" stroke="#b3261e" stroke-width="2" stroke-dasharray="3 2"><title>before</title></path>'
    return f'{name}{bar}{whisker}{mark}<text x="{WIDTH + 4}" y="{y + 13}">{suite.passed}/{counted}</text>'


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT)
