"""What the commands do: run suites, compare, bless, score anew, and the check of everything that a change has to pass."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evals import loading, scorers
from evals.bench import Bench, Made
from evals.engine import Job, evaluate
from evals.errors import NoSuchRun, SuiteFault
from evals.gate import EXIT, Word
from evals.models import CASSETTES, recorded_models
from evals.report import Report, build
from evals.report_files import write
from evals.results import CaseResult, RunHead, Score
from evals.runlog import RUNS, Run, RunLog, find, newest_first, read
from evals.running import run, suites_of
from evals.sides import BASELINES, baseline_side, bless, side_of
from evals.suite import SUITES_FOLDER, SuiteName
from evals.wishes import Progress, Wish

if TYPE_CHECKING:
    from briefs.wiring import Workspace

_RANK: tuple[Word, ...] = ("PASS", "WARN", "CANNOT TELL", "FAIL")


@dataclass(frozen=True)
class Places:
    """Where suites, baselines and recorded answers lie: those that ship, unless a test says otherwise."""

    suites: Path = SUITES_FOLDER
    baselines: Path = BASELINES
    cassettes: Path = CASSETTES


def run_suites(wish: Wish, opened: Workspace, progress: Progress, *, resume: Path | None = None, places: Places | None = None) -> tuple[Report, Path]:
    """Runs and reports; compared with the committed baseline where there is one. Gives the report and the run's folder."""
    at = places or Places()
    folder = run(wish, opened, progress, resume=resume)
    found = read(folder)
    baseline = baseline_side(list(found.head.suites), found.head.identity.model, at.baselines)
    report = build(found, suites_of(found, at.suites), baseline, None)
    write(report, folder)
    return report, folder


def compare_runs(one: str, other: str, opened: Workspace, into: Path | None = None, places: Places | None = None) -> tuple[Report, Path]:
    """Two runs, or `baseline` and a run. Writes the report into the second's folder unless told where. Raises NoSuchRun."""
    at = places or Places()
    candidate_folder = find(opened.home, other)
    candidate = read(candidate_folder)
    suites = suites_of(candidate, at.suites)
    before: Run | None = None
    if one == "baseline":
        baseline = baseline_side(list(candidate.head.suites), candidate.head.identity.model, at.baselines)
        if baseline is None:
            raise NoSuchRun("There is no baseline of these suites.", "`briefs eval bless RUN` makes a run the baseline.")
    else:
        before = read(find(opened.home, one))
        baseline = side_of(before, suites_of(before, at.suites))
    report = build(candidate, suites, baseline, before)
    folder = into or candidate_folder / f"against-{baseline.label}"
    folder.mkdir(parents=True, exist_ok=True)
    return report, write(report, folder)


def failing(home: Path, name: str, places: Places | None = None) -> Mapping[str, frozenset[str]]:
    """The cases of a run that did not pass, or were not measured, by suite."""
    found = read(find(home, name))
    side = side_of(found, suites_of(found, (places or Places()).suites))
    return {suite: frozenset(case for case, standing in cases.items() if standing.passed is not True) for suite, cases in side.cases.items()}


def bless_run(name: str, opened: Workspace, places: Places | None = None) -> list[Path]:
    """Makes a run the baseline of its suites. Raises SuiteFault where it is not fit for one."""
    at = places or Places()
    found = read(find(opened.home, name))
    return bless(found, suites_of(found, at.suites), opened.now(), at.baselines)


def rescore(name: str, opened: Workspace, progress: Progress, places: Places | None = None) -> tuple[Report, Path]:
    """Scores the outputs of a run anew, as a run of its own: the product is asked nothing. Raises SuiteFault where the cases changed."""
    at = places or Places()
    old = read(find(opened.home, name))
    suites = suites_of(old, at.suites)
    for suite, told in old.head.suites.items():
        if suites[suite].hash != told:
            raise SuiteFault(f"The cases of {suite} changed since that run.", "Run it again.")
    started = opened.now()
    head = old.head.model_copy(update={"run_id": f"{started:%Y%m%dT%H%M%S}-{opened.new_id()[:6]}", "started": started})
    folder = opened.home / RUNS / head.run_id
    folder.mkdir(parents=True)
    with RunLog(folder) as log, tempfile.TemporaryDirectory() as work:
        log.write(head)
        bench = Bench(Path(work) / "bench", opened.settings, models=opened)
        try:
            for suite in suites:
                _scored_anew(old, suite, bench, log, progress, at)
        finally:
            bench.close()
    found = read(folder)
    report = build(found, suites, baseline_side(list(suites), head.identity.model, at.baselines))
    write(report, folder)
    return report, folder


def _scored_anew(old: Run, name: SuiteName, bench: Bench, log: RunLog, progress: Progress, at: Places) -> None:
    suite = loading.load(name, at.suites)
    kept = {(result.case_id, result.repeat): result for result in old.of_suite(name)}
    jobs = [Job(suite.by_id[r.case_id], r.repeat, r.content) for r in kept.values() if r.output is not None and r.case_id in suite.by_id]
    for result in kept.values():
        if result.output is None:
            log.write(result)
    done = 0

    def make(job: Job) -> Made:
        result = kept[job.case.id, job.repeat]
        assert result.output is not None
        return Made(result.output, bench.dossier(job.case), result.spent)

    def graded_before(job: Job, made: Made) -> list[Score]:
        return [score for score in kept[job.case.id, job.repeat].scores if score.scorer in suite.about.judges]

    def ended(result: CaseResult) -> None:
        nonlocal done
        log.write(result)
        done += 1
        progress(f"{name} {result.case_id}", done, len(jobs))

    loaded = [scorers.load(scorer) for scorer in suite.about.scorers]
    evaluate(jobs, make, lambda _: loaded, ended, concurrency=1, grade=graded_before)


def check(opened: Workspace, progress: Progress, workers: int = 2, places: Places | None = None) -> list[tuple[Report, Path]]:
    """Every suite with the offline engine, and every model's recorded answers by replay, against the committed baselines."""
    at = places or Places()
    names = tuple(loading.names(at.suites))
    wish = Wish(names, workers=workers, suites_folder=at.suites, cassettes=at.cassettes)
    wishes = [wish, *(replace(wish, mode="replay", model=model) for model in recorded_models(names, at.cassettes))]
    return [run_suites(each, opened, progress, places=at) for each in wishes]


def exit_code(reports: Sequence[Report]) -> int:
    """The worst of the reports'. A run that was compared with nothing and lost no case is done."""
    words = [report.verdict.word for report in reports if report.verdict]
    return EXIT[_RANK[max(map(_RANK.index, words), default=0)]]


def history(home: Path) -> list[RunHead]:
    """The runs of a home, newest first; one that cannot be read is passed over."""
    heads: list[RunHead] = []
    for folder in newest_first(home):
        try:
            heads.append(read(folder).head)
        except NoSuchRun:
            continue
    return heads
