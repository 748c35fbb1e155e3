"""How far the gate can be trusted: how often it fails a product that did not change, and how often it notices one that did.

`python -m evals.benchmarks.gate_power` simulates reruns of a suite's own cases, with their accounts, and puts each pair through the real gate;
`--real` also runs the real product against the real product with a fault planted. The tables stand in evals/README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evals import loading
from evals.benchmarks import planted
from evals.benchmarks.planted import Variant, gated, side
from evals.comparing import Side
from evals.gate import Verdict
from evals.results import CaseResult, Score
from evals.statistics import wilson
from evals.suite import Case, Suite

FIRM, UNSURE, HOPELESS = (0.80, 0.99), (0.10, 0.60), (0.10, 0.03)
"""What a model's cases are like: the share of them, and how often one passes. Measured on no model: an assumption, and a pessimistic one."""
PINNED = 0.5
"""Share of the firm cases that are pinned."""
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


def rerun(there: World, repeats: int, chance: np.random.Generator, broken: frozenset[int] = frozenset()) -> Side:
    """One run of the world; the cases at `broken` hardly ever pass."""
    return side(there.suite, list(_results(there, repeats, chance, broken)), repeats, figures=False)


def _results(there: World, repeats: int, chance: np.random.Generator, broken: frozenset[int]) -> Iterator[CaseResult]:
    keys = [gated.score for gated in there.suite.about.gated]
    for place, (case, often, pinned) in enumerate(zip(there.cases, there.chances, there.pinned, strict=True)):
        for repeat in range(repeats):
            value = float(chance.random() < (BROKEN if place in broken else often))
            yield CaseResult(
                case_id=case.id,
                suite=case.suite,
                cluster=case.cluster,
                pinned=pinned,
                repeat=repeat,
                scores=tuple(Score(scorer=key, version="simulated", value=value) for key in keys),
            )


def verdicts(suite: Suite, share: float, repeats: int, times: int, *, cases: int | None = None, pins: bool = True, seed: int = 0) -> list[Verdict]:
    """The gate's verdicts on `times` simulated changes that break this share of the firm cases; 0: nothing was changed."""
    made: list[Verdict] = []
    for number in range(times):
        chance = np.random.default_rng([seed, number])
        there = world(suite, cases, chance, pins=pins)
        firm = np.flatnonzero(np.array(there.chances) == FIRM[1])
        broken = frozenset(map(int, chance.choice(firm, size=round(share * len(there.cases)), replace=False)))
        made.append(gated(suite, rerun(there, repeats, chance), rerun(there, repeats, chance, broken)))
    return made


def why_failed(verdict: Verdict) -> str:
    """`pins`, `test` or both."""
    texts = [reason.text for reason in verdict.reasons if reason.word == "FAIL"]
    return " and ".join(name for name, words in (("pins", "pinned cases were lost"), ("test", "more than chance")) if any(words in t for t in texts))


def false_alarms(suite: Suite, times: int) -> Table:
    """A/A: the same product twice."""
    table = Table(
        "repeats", "PASS", "WARN", "FAIL", "failed by", title=f"Nothing changed: {suite.name}, {len(suite.cases)} cases, {times} pairs of runs"
    )
    for repeats in (1, 3, 5):
        found = verdicts(suite, 0.0, repeats, times)
        words = Counter(verdict.word for verdict in found)
        causes = Counter(why_failed(verdict) for verdict in found if verdict.word == "FAIL")
        table.add_row(
            str(repeats), *(_share(words[word], times) for word in ("PASS", "WARN", "FAIL")), ", ".join(f"{c} {n}" for c, n in causes.items())
        )
    return table


def detection(suite: Suite, times: int) -> Table:
    """How often planted harm fails the gate, without pins: with them it is noticed almost always (see the table of false alarms for their price)."""
    table = Table("cases", "repeats", "5 % broken", "10 %", "20 %", title=f"Harm noticed (FAIL), no pins: {suite.name}, {times} pairs of runs each")
    for cases in (60, 120, 200):
        for repeats in (1, 3):
            cells = [
                _share(sum(v.word == "FAIL" for v in verdicts(suite, share, repeats, times, cases=cases, pins=False)), times)
                for share in (0.05, 0.10, 0.20)
            ]
            table.add_row(str(min(cases, len(suite.cases))), str(repeats), *cells)
    return table


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


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.gate_power", description=__doc__)
    parser.add_argument("--suite", default="signals", help="whose cases and accounts the simulated runs have")
    parser.add_argument("--times", type=int, default=200, help="pairs of runs for each cell")
    parser.add_argument("--real", action="store_true", help="also plant faults in the real product (minutes)")
    given = parser.parse_args(arguments)
    suite, console = loading.load(given.suite), Console(width=170)
    console.print(false_alarms(suite, given.times))
    console.print(detection(suite, given.times))
    if given.real:
        console.print(real())
    return 0


if __name__ == "__main__":
    sys.exit(main())
