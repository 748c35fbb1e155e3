"""What a run, or a comparison of two, has to tell: the verdict, the figures, every case. One JSON, from which the other forms are made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from evals import identity
from evals.comparing import Side, SuiteComparison, compare
from evals.gate import Verdict, judge
from evals.results import CaseResult, Identity, Measured, Metric, Mode
from evals.runlog import Run
from evals.showing import Shown, shown
from evals.sides import side_of
from evals.standing import Standing
from evals.suite import About, Suite, SuiteName

VERSION = 1
Change = Literal["newly_failing", "newly_passing", "new", "altered", "same", "not_compared"]
_CHANGES: tuple[Change, ...] = ("newly_failing", "newly_passing", "new", "altered")
MOST_SHOWN = 250
"""Cases whose output is shown in full: those that changed first, then those that fail."""


class CaseReport(Measured):
    """One case. `before` is how it stood in what it is compared with. `now` and `then` hold outputs, where they are shown."""

    suite: SuiteName
    id: str
    cluster: str
    tags: tuple[str, ...] = ()
    pinned: bool = False
    passed: bool | None
    before: bool | None = None
    change: Change = "not_compared"
    passes: int = 0
    runs: int = 0
    scores: dict[str, float | None] = Field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    error: str | None = None
    unmeasured: bool = False
    latency_s: float = 0.0
    tokens: int = 0
    asked: str = ""
    expected: str = ""
    now: Shown | None = None
    then: Shown | None = None


class SuiteReport(Measured):
    """One suite. `word` is the gate's, None where nothing was compared."""

    name: SuiteName
    title: str
    why: str
    word: str | None
    total: int
    passed: int
    failed: int
    untold: int
    unmeasured: int
    metrics: tuple[Metric, ...]
    comparison: SuiteComparison | None = None


class Report(Measured):
    """report.json: `verdict` is None where there was nothing to compare with."""

    version: int = VERSION
    run_id: str
    started: datetime
    mode: Mode
    repeats: int
    partial: bool
    identity: Identity
    against: str | None = None
    differences: tuple[str, ...] = ()
    verdict: Verdict | None = None
    suites: tuple[SuiteReport, ...]
    cases: tuple[CaseReport, ...]
    amount: float | None = 0.0
    currency: str = "USD"
    seconds: float = 0.0

    @property
    def word(self) -> str:
        return self.verdict.word if self.verdict else "NOT COMPARED"


def build(run: Run, suites: Mapping[SuiteName, Suite], baseline: Side | None = None, before: Run | None = None) -> Report:
    """The report of a run, compared with `baseline` where there is one; `before` is the run behind it, for outputs side by side."""
    candidate = side_of(run, suites)
    about: dict[SuiteName, About] = {name: suite.about for name, suite in suites.items()}
    compared = compare(baseline, candidate, about) if baseline else []
    verdict = judge(compared, baseline, candidate, about) if baseline else None
    by_suite = {one.suite: one for one in compared}
    known = _results(run)
    cases = [
        _case(standing, by_suite.get(name), baseline, known.get((name, case), []), suites[name])
        for name, listed in candidate.cases.items()
        for case, standing in listed.items()
    ]
    amounts = [result.spent.amount for result in run.results if not result.unmeasured]
    return Report(
        run_id=run.head.run_id,
        started=run.head.started,
        mode=run.head.mode,
        repeats=run.head.repeats,
        partial=run.head.partial,
        identity=run.head.identity,
        against=baseline.label if baseline else None,
        differences=tuple(identity.differences(baseline.identity, candidate.identity)) if baseline else (),
        verdict=verdict,
        suites=tuple(_suite(suites[name], candidate, verdict, by_suite.get(name)) for name in candidate.cases),
        cases=tuple(_with_outputs(cases, known, _results(before) if before else {})),
        amount=sum(a for a in amounts if a is not None) if None not in amounts else None,
        seconds=sum(result.spent.latency_s for result in run.results),
    )


Results = Mapping[tuple[SuiteName, str], list[CaseResult]]


def _results(run: Run) -> dict[tuple[SuiteName, str], list[CaseResult]]:
    found: dict[tuple[SuiteName, str], list[CaseResult]] = {}
    for result in run.results:
        found.setdefault((result.suite, result.case_id), []).append(result)
    return found


def _suite(suite: Suite, side: Side, verdict: Verdict | None, compared: SuiteComparison | None) -> SuiteReport:
    cases = side.cases[suite.name].values()
    return SuiteReport(
        name=suite.name,
        title=suite.about.title,
        why=suite.about.why,
        word=verdict.by_suite.get(suite.name) if verdict else None,
        total=len(cases),
        passed=sum(case.passed is True for case in cases),
        failed=sum(case.passed is False for case in cases),
        untold=sum(case.passed is None and not case.unmeasured for case in cases),
        unmeasured=sum(case.unmeasured for case in cases),
        metrics=side.metrics.get(suite.name, ()),
        comparison=compared,
    )


def _case(standing: Standing, compared: SuiteComparison | None, baseline: Side | None, results: list[CaseResult], suite: Suite) -> CaseReport:
    old = baseline.cases.get(standing.suite, {}).get(standing.case_id) if baseline else None
    case = suite.by_id.get(standing.case_id)
    judges = suite.about.judges
    worth = (s for r in results for s in r.scores if s.reason and (s.value is None or s.value < 1 or s.scorer in judges))
    reasons = dict.fromkeys(f"{s.key}: {s.reason}" for s in worth)
    return CaseReport(
        suite=standing.suite,
        id=standing.case_id,
        cluster=standing.cluster,
        tags=standing.tags,
        pinned=standing.pinned,
        passed=standing.passed,
        before=old.passed if old else None,
        change=_change(standing.case_id, compared),
        passes=standing.passes,
        runs=standing.runs,
        scores=standing.scores,
        reasons=tuple(reasons),
        error=standing.error,
        unmeasured=standing.unmeasured,
        latency_s=round(sum(r.spent.latency_s for r in results), 3),
        tokens=sum(r.spent.tokens_in + r.spent.tokens_out for r in results),
        asked=_asked(case.input.model_dump(mode="json", exclude_defaults=True)) if case else "",
        expected=_asked(case.expect.model_dump(mode="json", exclude_defaults=True)) if case else "",
    )


def _change(case: str, compared: SuiteComparison | None) -> Change:
    if compared is None:
        return "not_compared"
    for kind in _CHANGES:
        if case in getattr(compared, kind):
            return kind
    return "same"


def _asked(told: object) -> str:
    import yaml

    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)[:6000]


def _with_outputs(cases: list[CaseReport], now: Results, then: Results) -> list[CaseReport]:
    """Outputs of the cases a reader will open: changed ones first, then failing ones, up to MOST_SHOWN."""
    order = sorted(range(len(cases)), key=lambda n: (cases[n].change in ("same", "not_compared"), cases[n].passed is not False))
    for place in order[:MOST_SHOWN]:
        case = cases[place]
        if case.passed is True and case.change in ("same", "not_compared"):
            continue
        key = (case.suite, case.id)
        cases[place] = case.model_copy(update={"now": shown(now.get(key, [])), "then": shown(then.get(key, []))})
    return cases
