"""Compares two runs case by case: what got better, what got worse, whether that can be chance, and how many more cases would tell.

Only cases that are the same on both sides, text and records included, enter a test. New, removed and altered ones are listed apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from evals import statistics
from evals.results import Identity, Measured, Metric, Mode
from evals.standing import Standing
from evals.suite import About, GatedScore, SuiteName

CONFIRMED = 3
"""Runs of a pinned case in which a model that is asked anew each time has to fail it mostly, before it counts as lost."""
PLACES = 6
"""Of scores that are compared: a baseline keeps so many."""


class Side(Measured):
    """One side of a comparison, made from a run or a baseline: each case's standing, and the figures, by suite."""

    label: str
    identity: Identity
    suites: dict[SuiteName, str]
    """Suite to the hash of its cases."""
    repeats: int = 1
    mode: Mode = "offline"
    partial: bool = False
    cases: dict[SuiteName, dict[str, Standing]]
    metrics: dict[SuiteName, tuple[Metric, ...]] = Field(default_factory=dict)


class Test(Measured):
    """One gated score, tested. `p` is one-sided, `adjusted` after Holm over all tests of the comparison. `worse` and `better` count cases."""

    __test__ = False
    suite: SuiteName
    score: str
    kind: Literal["pass", "score"]
    n: int
    clusters: int
    baseline: float | None
    candidate: float | None
    worse: int
    better: int
    p: float
    adjusted: float = 1.0
    needed: str = ""

    @property
    def direction(self) -> Literal["worse", "better", "same"]:
        if self.baseline is None or self.candidate is None or abs(self.candidate - self.baseline) < 1e-12:
            return "same"
        return "worse" if self.candidate < self.baseline else "better"


class Shift(Measured):
    """A metric on both sides."""

    name: str
    baseline: Metric | None
    candidate: Metric | None


class SuiteComparison(Measured):
    """One suite on both sides. Case ids by what became of them."""

    suite: SuiteName
    common: int
    tests: tuple[Test, ...]
    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]
    still_failing: tuple[str, ...]
    new: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    lost_pins: tuple[str, ...]
    unconfirmed_pins: tuple[str, ...] = ()
    """Pinned cases that failed, of a model that may answer otherwise next time, in too few runs to call them lost."""
    newly_crashed: tuple[str, ...]
    newly_broken: tuple[str, ...]
    still_broken: tuple[str, ...]
    unmeasured: tuple[str, ...]
    untold: tuple[str, ...]
    unstable: tuple[str, ...]
    shifts: tuple[Shift, ...]


def compare(baseline: Side, candidate: Side, about: Mapping[SuiteName, About]) -> list[SuiteComparison]:
    """Each suite that both sides hold, in the candidate's order; the p of all tests together are adjusted after Holm."""
    compared = [_suite(name, baseline, candidate, about[name]) for name in candidate.cases if name in baseline.cases and name in about]
    raw = {(one.suite, test.score, test.kind): test.p for one in compared for test in one.tests}
    adjusted = statistics.holm(raw)

    def told(one: SuiteComparison) -> SuiteComparison:
        tests = tuple(t.model_copy(update={"adjusted": adjusted[one.suite, t.score, t.kind]}) for t in one.tests)
        return one.model_copy(update={"tests": tests})

    return [told(one) for one in compared]


Pairs = Sequence[tuple[Standing, Standing]]
_Holds = Callable[[Standing, Standing], bool]


def _suite(name: SuiteName, baseline: Side, candidate: Side, about: About) -> SuiteComparison:
    before, after = baseline.cases[name], candidate.cases[name]
    shared = sorted(before.keys() & after.keys())
    altered = [case for case in shared if before[case].content != after[case].content]
    pairs = [(before[case], after[case]) for case in shared if case not in set(altered)]
    measured = [(one, other) for one, other in pairs if not (one.unmeasured or other.unmeasured)]
    new = sorted(after.keys() - before.keys())
    return SuiteComparison(
        suite=name,
        common=len(pairs),
        tests=tuple(test for gated in about.gated if (test := _tested(name, gated, measured)) is not None),
        newly_failing=_ids(measured, lambda one, other: one.passed is True and other.passed is False),
        newly_passing=_ids(measured, lambda one, other: one.passed is False and other.passed is True),
        still_failing=_ids(measured, lambda one, other: one.passed is False and other.passed is False),
        new=tuple(new),
        removed=() if candidate.partial else tuple(sorted(before.keys() - after.keys())),
        altered=tuple(altered),
        lost_pins=_ids(measured, lambda one, other: _lost(one, other) and settled(other, candidate.mode)),
        unconfirmed_pins=_ids(measured, lambda one, other: _lost(one, other) and not settled(other, candidate.mode)),
        newly_crashed=(*_ids(measured, lambda one, other: other.error is not None and one.error is None), *(c for c in new if _crashed(after[c]))),
        newly_broken=(*_ids(measured, lambda one, other: bool(set(other.broken) - set(one.broken))), *(c for c in new if after[c].broken)),
        still_broken=_ids(measured, lambda one, other: bool(set(other.broken) & set(one.broken))),
        unmeasured=tuple(case for case, standing in after.items() if standing.unmeasured),
        untold=tuple(case for case, standing in after.items() if standing.passed is None and not standing.unmeasured),
        unstable=tuple(case for case, standing in after.items() if standing.unstable),
        shifts=_shifts(baseline.metrics.get(name, ()), candidate.metrics.get(name, ())),
    )


def settled(pinned: Standing, mode: Mode) -> bool:
    """Whether how a pinned case stands can be called its own: another run of the offline engine, or of recorded answers, gives the same."""
    return mode in ("offline", "replay") or pinned.runs >= CONFIRMED


def _lost(one: Standing, other: Standing) -> bool:
    return other.pinned and one.passed is True and other.passed is not True


def _ids(pairs: Pairs, holds: _Holds) -> tuple[str, ...]:
    return tuple(other.case_id for one, other in pairs if holds(one, other))


def _crashed(standing: Standing) -> bool:
    return standing.error is not None and not standing.unmeasured


def _tested(suite: SuiteName, gated: GatedScore, pairs: Pairs) -> Test | None:
    """None where no case carries the score on both sides."""
    told = [(one, other, x, y) for one, other in pairs if (x := _value(one, gated)) is not None and (y := _value(other, gated)) is not None]
    if not told:
        return None
    by_cluster: dict[str, list[float]] = defaultdict(list)
    for one, _, x, y in told:
        by_cluster[one.cluster].append(y - x)
    worse, better = sum(y < x for *_, x, y in told), sum(y > x for *_, x, y in told)
    p = statistics.mcnemar(worse, better) if gated.kind == "pass" else statistics.sign_flip(by_cluster)
    return Test(
        suite=suite,
        score=gated.score,
        kind=gated.kind,
        n=len(told),
        clusters=len(by_cluster),
        baseline=sum(x for *_, x, _ in told) / len(told),
        candidate=sum(y for *_, y in told) / len(told),
        worse=worse,
        better=better,
        p=p,
        needed=_needed(gated, worse, better, len(told), by_cluster),
    )


def _value(standing: Standing, gated: GatedScore) -> float | None:
    """What enters a test: 1 or 0 for a pass score (the mean over repeats against the mark: most of them), the mean for any other."""
    value = standing.scores.get(gated.score)
    if value is None:
        return 0.0 if standing.error is not None and not standing.unmeasured else None
    if gated.kind == "score":
        return round(value, PLACES)
    return float(value >= gated.pass_at) if standing.runs <= 1 else float(value > gated.pass_at / 2)


def _needed(gated: GatedScore, worse: int, better: int, n: int, by_cluster: Mapping[str, Sequence[float]]) -> str:
    """How many more cases would decide, in words; empty where nothing got worse."""
    if gated.kind == "pass":
        if worse <= better:
            return ""
        more = statistics.cases_to_decide(worse, better, n)
        return _more(more, "cases", f"{worse} of {n} got worse and {better} better")
    more = statistics.clusters_to_decide(by_cluster)
    total = sum(map(sum, by_cluster.values()))
    return _more(more, "accounts or items", f"the mean fell by {-total / n:.3f} over {len(by_cluster)} of them") if total < 0 else ""


def _more(more: int | None, what: str, said: str) -> str:
    if more is None:
        return f"{said}: no number of {what} anyone would write can decide that"
    if more == 0:
        return f"{said}: so many decide four times in five"
    return f"{said}: at this rate about {more} more {what} would decide"


def _shifts(before: Sequence[Metric], after: Sequence[Metric]) -> tuple[Shift, ...]:
    one, other = {m.name: m for m in before}, {m.name: m for m in after}
    names = [*one, *(name for name in other if name not in one)]
    return tuple(Shift(name=name, baseline=one.get(name), candidate=other.get(name)) for name in names)
