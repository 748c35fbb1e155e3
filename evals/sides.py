"""Turns a run into one side of a comparison, and a side into a committed baseline and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from evals import identity, judges, scorers
from evals.comparing import Side
from evals.errors import NoSuchRun, StaleBaseline, SuiteFault
from evals.models import slug
from evals.rates import share
from evals.results import CaseResult, Identity, Metric, Mode
from evals.runlog import Run
from evals.standing import Standing, standings
from evals.suite import Suite, SuiteName

BASELINES = Path(__file__).parent / "baselines"


def side_of(run: Run, suites: Mapping[SuiteName, Suite], label: str = "") -> Side:
    """A run as a side: every case that was to run has a standing, those without a result as not measured."""
    cases: dict[SuiteName, dict[str, Standing]] = {}
    metrics: dict[SuiteName, tuple[Metric, ...]] = {}
    for name, chosen in run.head.chosen.items():
        results = run.of_suite(name)
        found = standings(results, suites[name].about)
        found = {case: standing.model_copy(update={"pinned": _pinned(suites[name], standing)}) for case, standing in found.items()}
        missing = {case: _missing(suites[name], case) for case in chosen if case not in found}
        cases[name] = dict(sorted({**found, **missing}.items()))
        metrics[name] = tuple(metrics_of(results, list(cases[name].values()), suites[name]))
    head = run.head
    return Side(
        label=label or head.run_id,
        identity=head.identity,
        suites=head.suites,
        repeats=head.repeats,
        mode=head.mode,
        partial=head.partial,
        cases=cases,
        metrics=metrics,
    )


def _pinned(suite: Suite, standing: Standing) -> bool:
    """As the suite says now: a pin is a rule of the gate, not a part of what was run."""
    case = suite.by_id.get(standing.case_id)
    return case.pinned if case else standing.pinned


def _missing(suite: Suite, case: str) -> Standing:
    told = suite.by_id.get(case)
    cluster, pinned = (told.cluster, told.pinned) if told else (case, False)
    return Standing(case_id=case, suite=suite.name, cluster=cluster, pinned=pinned, unmeasured=True, error="the run was stopped before this case")


def metrics_of(results: Sequence[CaseResult], cases: Sequence[Standing], suite: Suite) -> list[Metric]:
    """The share of cases that pass, every case counted, and the figures of each scorer. A name used twice carries its scorer's before it."""
    judged = [(case.passed is True, 1.0) for case in cases if not case.unmeasured]
    made = [share("passed", judged, note="every case counts; one that could not be told has not passed")]
    taken = {"passed"}
    summarisers = [(name, scorers.summariser(name)) for name in suite.about.scorers]
    summarisers += [(name, judges.load(name)) for name in suite.about.judges]
    for name, summariser in summarisers:
        for metric in summariser.summarise(results) if summariser else ():
            told = metric if metric.name not in taken else metric.model_copy(update={"name": f"{name}.{metric.name}"})
            taken.add(told.name)
            made.append(told)
    return made


class Baseline(BaseModel):
    """A suite as it stood when somebody blessed it. Only `briefs eval bless` writes one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    suite: SuiteName
    blessed_at: datetime
    run_id: str
    mode: Mode
    identity: Identity
    cases_hash: str
    repeats: int
    metrics: tuple[Metric, ...]
    cases: tuple[Standing, ...]


def baseline_file(suite: str, model: str | None, folder: Path = BASELINES) -> Path:
    """`signals.json` for the offline engine, `signals@MODEL.json` for a model."""
    return folder / (f"{suite}@{slug(model)}.json" if model else f"{suite}.json")


def bless(run: Run, suites: Mapping[SuiteName, Suite], at: datetime, folder: Path = BASELINES) -> list[Path]:
    """Makes a run the baseline of its suites. Raises SuiteFault: not all cases ran, some were not measured, or a pinned case does not pass."""
    side = side_of(run, suites)
    written: list[Path] = []
    for name, cases in side.cases.items():
        path = baseline_file(name, side.identity.model, folder)
        _worthy(run, suites[name], cases, _passed_before(path))
        told = Baseline(
            suite=name,
            blessed_at=at,
            run_id=run.head.run_id,
            mode=run.head.mode,
            identity=side.identity,
            cases_hash=side.suites[name],
            repeats=side.repeats,
            metrics=side.metrics[name],
            cases=tuple(case.model_copy(update={"why": "", "tags": ()}) for case in cases.values()),
        )
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(_a_case_a_line(told), "utf-8")
        written.append(path)
    return written


def _passed_before(path: Path) -> frozenset[str]:
    """The cases that passed in the baseline that is to be replaced."""
    return frozenset(case.case_id for case in read_baseline(path).cases if case.passed) if path.is_file() else frozenset()


def _worthy(run: Run, suite: Suite, cases: Mapping[str, Standing], before: frozenset[str]) -> None:
    """Pins bind the offline engine from the first, and a model once it has passed them: it may never have reached them all."""
    if run.head.suites[suite.name] != suite.hash:
        raise SuiteFault(f"The cases of {suite.name} changed since that run.", "Run it again.")
    if run.head.identity.model is None and len(cases) < len(suite.cases):
        raise SuiteFault(f"Only {len(cases)} of {len(suite.cases)} cases of {suite.name} ran.", "A baseline holds all: run without --tag.")
    bad = [case for case, standing in cases.items() if standing.unmeasured]
    if bad:
        raise SuiteFault(f"{len(bad)} cases of {suite.name} were not measured, {bad[0]} among them.", "Go on with it: briefs eval run --resume RUN.")
    bound = cases if run.head.identity.model is None else before
    lost = [case for case, standing in cases.items() if standing.pinned and standing.passed is not True and case in bound]
    if lost:
        raise SuiteFault(f"The pinned case {lost[0]} of {suite.name} does not pass.", "Mend it, or take its pin off in the suite.")


def _a_case_a_line(told: Baseline) -> str:
    """JSON in which a changed case is a changed line."""
    plain = told.model_dump(mode="json", exclude_defaults=True)
    rows: dict[str, list[str]] = {key: [_line(row) for row in plain.pop(key, [])] for key in ("metrics", "cases")}
    head = json.dumps(plain, ensure_ascii=False, indent=1)[:-2]
    return head + "".join(f',\n "{key}": [\n  ' + ",\n  ".join(lines) + "\n ]" for key, lines in rows.items()) + "\n}\n"


def _line(row: object) -> str:
    return json.dumps(_rounded(row), ensure_ascii=False, sort_keys=True)


def _rounded(value: Any) -> Any:
    """Figures to six places: a baseline is read by people."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in cast("dict[str, Any]", value).items()}
    return [_rounded(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value


def read_baseline(path: Path) -> Baseline:
    """Raises NoSuchRun."""
    if not path.is_file():
        raise NoSuchRun(f"There is no baseline {path.name}.", "`briefs eval bless RUN` makes a run the baseline.")
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as fault:
        raise NoSuchRun(f"{path.name} is not a baseline this program wrote.", "Bless a run anew.") from fault


def baseline_side(suites: Sequence[SuiteName], model: str | None, folder: Path = BASELINES) -> Side | None:
    """The baselines of these suites as one side; None where there is none at all."""
    found = [read_baseline(path) for name in suites if (path := baseline_file(name, model, folder)).is_file()]
    if not found:
        return None
    return Side(
        label="baseline",
        identity=found[0].identity,
        suites={one.suite: one.cases_hash for one in found},
        repeats=found[0].repeats,
        mode=found[0].mode,
        cases={one.suite: {case.case_id: case for case in one.cases} for one in found},
        metrics={one.suite: one.metrics for one in found},
    )


def stale(folder: Path = BASELINES) -> list[str]:
    """Baselines blessed with other prompts or another rubric than those here, in words."""
    from briefs import rubric

    now, rules = identity.prompt_versions(), rubric.load(None).version
    said: list[str] = []
    for path in sorted(folder.glob("*.json")):
        blessed = read_baseline(path)
        changed = [name for name in now if blessed.identity.prompts.get(name) != now[name]]
        who, then = f"{path.name} ({blessed.identity.engine})", blessed.identity.prompts
        said += [f"{who}: prompt {name} is {now[name][:19]}, blessed with {then.get(name, 'none')[:19]}" for name in changed]
        if blessed.identity.rubric != rules:
            said.append(f"{who}: the rubric is {rules[:19]}, blessed with {blessed.identity.rubric[:19]}")
    return said


def must_be_fresh(folder: Path = BASELINES) -> None:
    """Raises StaleBaseline, naming each prompt whose text changed without a new run."""
    found = stale(folder)
    if found:
        raise StaleBaseline("Stale baselines: " + "; ".join(found), "Run the suites (make evals), then briefs eval bless RUN.")
