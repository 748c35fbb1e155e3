"""How far the gate can be trusted: how often it fails a product that did not change, and how often it notices one that did.

`python -m evals.benchmarks.gate_power` simulates reruns of a suite's own cases, with their accounts, and puts each pair through the real gate;
`--real` also runs the real product against the real product with a fault planted. The tables stand in evals/README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from evals import loading
from evals.benchmarks import planted
from evals.benchmarks.planted import Variant, gated
from evals.comparing import CONFIRMED, Side, settled
from evals.gate import Verdict, Word
from evals.results import Identity
from evals.sides import baseline_side
from evals.standing import Standing
from evals.statistics import wilson
from evals.suite import Case, Suite

FIRM, UNSURE, HOPELESS = (0.80, 0.99), (0.10, 0.60), (0.10, 0.03)
"""What a model's cases are like: the share of them, and how often one passes. Measured on no model: an assumption, and a pessimistic one."""
PINNED = 0.5
"""Share of the firm cases that are pinned."""
SHARES = (0.05, 0.10, 0.20)
BROKEN = 0.02
"""How often a case passes that a fault broke."""


@dataclass(frozen=True)
class World:
    """A suite's cases, how often each passes, and which are pinned."""

    suite: Suite
    cases: tuple[Case, ...]
    chances: tuple[float, ...]
    pinned: tuple[bool, ...]


def world(suite: Suite, cases: int | None, chance: np.random.Generator, *, pins: bool = True) -> World:
    """Some of the suite's cases (all by default), drawn at random with their kind."""
    order = [int(place) for place in chance.permutation(len(suite.cases))[:cases]]
    shares = [kind[0] for kind in (FIRM, UNSURE, HOPELESS)]
    kinds = [int(kind) for kind in chance.choice(3, size=len(order), p=shares)]
    passing = tuple((FIRM, UNSURE, HOPELESS)[kind][1] for kind in kinds)
    pinned = tuple(bool(pins and kind == 0 and chance.random() < PINNED) for kind in kinds)
    return World(suite, tuple(suite.cases[place] for place in order), passing, pinned)


def rerun(there: World, repeats: int, chance: np.random.Generator, broken: frozenset[int] = frozenset(), *, ask_again: bool = False) -> Side:
    """One run of the world; the cases at `broken` hardly ever pass. `ask_again`: as a live run does with pinned cases that failed."""
    often: NDArray[np.float64] = np.array([BROKEN if place in broken else passing for place, passing in enumerate(there.chances)])
    passes: list[int] = chance.binomial(repeats, often).tolist()
    cases: dict[str, Standing] = {}
    for place, case in enumerate(there.cases):
        standing = _standing(there, place, passes[place], repeats)
        if ask_again and standing.pinned and not standing.passed and not settled(standing, "live"):
            further = int(chance.binomial(CONFIRMED - repeats, float(often[place])))
            standing = _standing(there, place, passes[place] + further, CONFIRMED)
        cases[case.id] = standing
    name = there.suite.name
    return Side(label="simulated", identity=Identity(engine="simulated"), suites={name: ""}, repeats=repeats, mode="live", cases={name: cases})


def _standing(there: World, place: int, passes: int, runs: int) -> Standing:
    case, value = there.cases[place], passes / runs
    return Standing(
        case_id=case.id,
        suite=case.suite,
        cluster=case.cluster,
        content=case.id,
        pinned=there.pinned[place],
        passed=2 * passes > runs,
        passes=passes,
        runs=runs,
        scores={gated.score: value for gated in there.suite.about.gated},
    )


@dataclass(frozen=True)
class Plan:
    """How simulated runs are made: repeats, pins that failed asked again, so many cases (None: all), pins or none."""

    repeats: int = 1
    ask_again: bool = False
    cases: int | None = None
    pins: bool = True


def verdicts(plan: Plan, suite: Suite, share: float, times: int) -> list[Verdict]:
    """The gate's verdicts on `times` simulated changes that break this share of the firm cases; 0: nothing was changed."""
    made: list[Verdict] = []
    for number in range(times):
        chance = np.random.default_rng([0, number])
        there = world(suite, plan.cases, chance, pins=plan.pins)
        firm = np.flatnonzero(np.array(there.chances) == FIRM[1])
        broken = frozenset(map(int, chance.choice(firm, size=round(share * len(there.cases)), replace=False)))
        before = rerun(there, plan.repeats, chance, ask_again=plan.ask_again)
        made.append(gated(suite, before, rerun(there, plan.repeats, chance, broken, ask_again=plan.ask_again)))
    return made


def why_failed(verdict: Verdict) -> str:
    """`pins`, `test` or both."""
    texts = [reason.text for reason in verdict.reasons if reason.word == "FAIL"]
    return " and ".join(name for name, words in (("pins", "pinned cases were lost"), ("test", "more than chance")) if any(words in t for t in texts))


def false_alarms(suite: Suite, times: int) -> Table:
    """A/A: the same product twice."""
    words: tuple[Word, ...] = ("PASS", "WARN", "CANNOT TELL", "FAIL")
    table = Table("runs", *words, "failed by", title=f"Nothing changed: {suite.name}, {len(suite.cases)} cases, {times} pairs of runs")
    plans = {
        "1, nothing asked again": Plan(),
        "1, failed pins asked again": Plan(ask_again=True),
        "3": Plan(repeats=3),
        "5": Plan(repeats=5),
    }
    for said, plan in plans.items():
        found = verdicts(plan, suite, 0.0, times)
        counts = Counter(verdict.word for verdict in found)
        causes = Counter(why_failed(verdict) for verdict in found if verdict.word == "FAIL")
        table.add_row(said, *(_share(counts[word], times) for word in words), ", ".join(f"{c} {n}" for c, n in causes.items()))
    return table


def detection(suite: Suite, times: int) -> Table:
    """How often planted harm fails the gate with a model whose answers vary, by the tests alone."""
    table = Table("cases", "repeats", "5 % broken", "10 %", "20 %", title=f"Harm noticed, a varying model, no pins: {suite.name}, {times} pairs each")
    for cases in (60, 120, 200, 334):
        for repeats in (1, 3):
            plan = Plan(repeats=repeats, cases=cases, pins=False)
            cells = [_share(sum(v.word == "FAIL" for v in verdicts(plan, suite, share, times)), times) for share in SHARES]
            table.add_row(str(min(cases, len(suite.cases))), str(repeats), *cells)
    return table


def steady(times: int) -> Table:
    """How often harm planted into the committed baselines fails the gate, with the pins as they are set, and by the tests alone."""
    heads = [f"{100 * share:.0f} % broken{said}" for share in SHARES for said in ("", ", no pins")]
    table = Table("suite", "cases", "pinned", *heads, title=f"Harm noticed, answers that do not vary: {times} times each")
    for name in loading.names():
        suite, before = loading.load(name), baseline_side([name], None)
        if before is None:
            continue
        pinned = {case.id for case in suite.cases if case.pinned}
        cells = [
            _share(sum(gated(suite, before, harmed(before, suite, share, number, pins)).word == "FAIL" for number in range(times)), times)
            for share in SHARES
            for pins in (frozenset(pinned), frozenset[str]())
        ]
        table.add_row(name, str(len(suite.cases)), str(len(pinned)), *cells)
    return table


def harmed(before: Side, suite: Suite, share: float, seed: int, pinned: Collection[str]) -> Side:
    """The baseline in which this share of all cases, drawn among those that pass, fails everything that is gated."""
    cases = before.cases[suite.name]
    good = sorted(case for case, standing in cases.items() if standing.passed)
    drawn = set(map(str, np.random.default_rng(seed).choice(good, size=round(share * len(cases)), replace=False)))
    nothing: dict[str, float | None] = {gated.score: 0.0 for gated in suite.about.gated}

    def told(standing: Standing) -> Standing:
        kept: dict[str, object] = {"pinned": standing.case_id in pinned}
        if standing.case_id in drawn:
            kept |= {"passed": False, "passes": 0, "scores": {**standing.scores, **{k: v for k, v in nothing.items() if k in standing.scores}}}
        return standing.model_copy(update=kept)

    return before.model_copy(update={"cases": {suite.name: {case: told(standing) for case, standing in cases.items()}}})


def real() -> Table:
    """The real product with a fault planted, against itself, over whole suites, offline."""
    from briefs.settings import Settings
    from briefs.wiring import Workspace

    table = Table("planted", "suite", "cases", "verdict", "first reason", title="Faults planted in the real product, offline engine")
    with tempfile.TemporaryDirectory() as home, Workspace(Settings(home=Path(home))) as models:
        faults: dict[str, list[tuple[str, Variant]]] = {
            "verdicts": [
                ("nothing", Variant()),
                ("seats used: 80 % lowered to 60 %", planted.lowered(_folder(home, "seats"), seats_used_percent=60)),
                ("limit used: 90 % lowered to 60 %", planted.lowered(_folder(home, "limits"), limit_used_percent=60)),
                ("NPS promoter: 9 lowered to 7", planted.lowered(_folder(home, "nps"), nps_promoter_from=7)),
            ],
            "briefs": [
                ("nothing", Variant()),
                ("every second sentence cites nothing", planted.uncited()),
                ("an invented number, verifier whole", planted.boasting(checked=True)),
                ("an invented number, verifier blind to figures", planted.boasting(checked=False)),
            ],
            "retrieval": [
                ("nothing", Variant()),
                ("chunker keeps the first passage only", planted.forgetful_chunker()),
                ("retriever gives the worst first", planted.upended_retriever()),
            ],
        }
        for name, variants in faults.items():
            suite = loading.load(name)
            before = planted.measured(suite, suite.cases, Variant(), models)
            for said, variant in variants:
                verdict = gated(suite, before, planted.measured(suite, suite.cases, variant, models))
                table.add_row(said, name, str(len(suite.cases)), verdict.word, verdict.reasons[0].text[:150] if verdict.reasons else "")
    return table


def _folder(home: str, name: str) -> Path:
    folder = Path(home) / name
    folder.mkdir()
    return folder


def _share(found: int, of: int) -> str:
    interval = wilson(found, of)
    assert interval is not None
    return f"{100 * found / of:.1f} % ({100 * interval.low:.1f}-{100 * interval.high:.1f})"


def _without_limits(suite: Suite) -> Suite:
    """Simulated runs have no figures that a limit could hold."""
    return suite.model_copy(update={"about": suite.about.model_copy(update={"limits": ()})})


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.gate_power", description=__doc__)
    parser.add_argument("--suite", default="signals", help="whose cases and accounts the simulated runs have")
    parser.add_argument("--times", type=int, default=100, help="pairs of runs for each cell")
    parser.add_argument("--real", action="store_true", help="also plant faults in the real product (minutes)")
    given = parser.parse_args(arguments)
    suite, console = _without_limits(loading.load(given.suite)), Console(width=170)
    console.print(false_alarms(suite, given.times))
    console.print(detection(suite, given.times))
    console.print(steady(given.times))
    if given.real:
        console.print(real())
    return 0


if __name__ == "__main__":
    sys.exit(main())
