"""Runs suites: chooses the cases, puts each through the product, scores it, and writes every result down as it comes."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Container, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.errors import BadInput
from evals import grading, identity, loading, scorers
from evals.bench import Bench, Made
from evals.cassettes import Cassette, asking_for
from evals.confirming import again
from evals.engine import Job, evaluate
from evals.errors import CassetteMiss, NoSuchRun, SuiteFault
from evals.materials import case_content
from evals.models import as_recorded, cassettes_of, engine_of, file_of, head_of, opened_for_replay, opened_to_ask
from evals.results import CaseResult, RunHead
from evals.runlog import RUNS, Run, RunLog, read
from evals.suite import SUITES_FOLDER, Case, Suite, SuiteName
from evals.wishes import Progress, Stage, Wish
from evals.workers import Workers

if TYPE_CHECKING:
    from briefs.settings import Settings
    from briefs.wiring import Workspace

WORK = "work"


def run(wish: Wish, opened: Workspace, progress: Progress, *, resume: Path | None = None) -> Path:
    """Runs the cases and gives the folder of the run. `resume` goes on with a run that was stopped.

    Raises SuiteFault, CassetteMiss (replay without a cassette), NoSuchRun (resume: nothing there, or something else would be measured).
    """
    stages = [stage for name in wish.suites if (stage := _stage(name, wish, opened)) is not None]
    if wish.mode == "replay":
        wish = replace(wish, repeats=_as_often(wish, stages))
    if not any(stage.cases for stage in stages):
        raise SuiteFault("No case is chosen.", "Check --tag and --only-failing, or leave them out.")
    grading.check(wish, stages)
    head = _head(wish, stages, opened, resume)
    folder = resume or opened.home / RUNS / head.run_id
    folder.mkdir(parents=True, exist_ok=True)
    done = _done(folder, head) if resume else ()
    shutil.rmtree(folder / WORK, ignore_errors=True)  # what a killed run left behind
    try:
        with RunLog(folder) as log:
            if not resume:
                log.write(head)
            _Running(folder, wish, opened, log, progress).through(stages, done)
    except (BadInput, KeyboardInterrupt):
        if not read(folder).results:
            shutil.rmtree(folder)  # nothing was asked: a run without a result is none
        raise
    shutil.rmtree(folder / WORK, ignore_errors=True)
    return folder


def _as_often(wish: Wish, stages: Sequence[Stage]) -> int:
    """A replay repeats each case as often as it was recorded, unless more is asked for (which is then missing, and said to be)."""
    return max([wish.repeats, *(stage.cassette.head.repeats for stage in stages if stage.cassette)])


def _stage(name: str, wish: Wish, opened: Workspace) -> Stage | None:
    """None: a replay of all suites passes over those without a cassette."""
    suite = loading.load(name, wish.suites_folder)
    cases = [case for case in suite.tagged(wish.tags) if wish.only is None or case.id in wish.only.get(name, frozenset())]
    settings, cassette = opened.settings, None
    if wish.mode == "replay":
        cassette = _cassette_of(suite.name, wish, settings)
        if cassette is None:
            return None
        recorded = set(cassette.head.cases)
        cases = [case for case in cases if case.id in recorded]
        settings = as_recorded(settings, cassette.head)
    elif wish.mode == "record":
        head = head_of(suite.name, settings, opened.now().date(), wish.repeats)
        cassette = Cassette.begin(file_of(name, str(settings.model), wish.cassettes), head)
    return Stage(suite, tuple(sorted(cases, key=_together)), settings, cassette)


def _together(case: Case) -> tuple[str, str, str]:
    """Cases of one account and day stand side by side: they share what was loaded."""
    return case.input.account, str(case.input.as_of), case.id


def _cassette_of(suite: SuiteName, wish: Wish, settings: Settings) -> Cassette | None:
    """None: nothing of the suite was recorded, and it is one of several. Raises CassetteMiss."""
    found = cassettes_of(suite, wish.cassettes)
    if model := wish.model or settings.model:
        found = [path for path in found if path == file_of(suite, model, wish.cassettes)]
    if len(found) > 1:
        raise CassetteMiss(f"{suite} was recorded with {len(found)} models.", "Name one: --model provider:name.")
    if not found and len(wish.suites) == 1:
        of = f" with {model}" if model else ""
        raise CassetteMiss(f"There is no cassette of {suite}{of}.", "Record it: briefs eval run SUITE --mode record --model provider:name.")
    return Cassette.read(found[0]) if found else None


def _head(wish: Wish, stages: Sequence[Stage], opened: Workspace, resume: Path | None) -> RunHead:
    """What is to be run. Raises NoSuchRun where a run is to be gone on with that measured something else."""
    settings = stages[0].settings
    model = settings.model if wish.mode != "offline" else None
    what = identity.of(settings, engine="llm" if model else opened.offline_engine.version, model=model)
    started = opened.now()
    head = RunHead(
        run_id=f"{started:%Y%m%dT%H%M%S}-{opened.new_id()[:6]}",
        started=started,
        mode=wish.mode,
        repeats=wish.repeats,
        suites={stage.suite.name: stage.suite.hash for stage in stages},
        chosen={stage.suite.name: tuple(case.id for case in stage.cases) for stage in stages},
        partial=any(len(stage.cases) < len(stage.suite.cases) for stage in stages),
        identity=what,
    )
    if resume is None:
        return head
    before = read(resume).head
    _same(before, head)
    return before


def _same(before: RunHead, now: RunHead) -> None:
    said = identity.differences(before.identity, now.identity)
    said += [f"the cases of {name}" for name in before.suites if before.suites[name] != now.suites.get(name)]
    said += ["the mode"] * (before.mode != now.mode)
    if said:
        raise NoSuchRun(f"That run cannot be gone on with: {', '.join(said)} changed since.", "Begin a new run.")


def _done(folder: Path, head: RunHead) -> Sequence[CaseResult]:
    return [result for result in read(folder).results if not result.unmeasured]


class _Running:
    """A run under way."""

    def __init__(self, folder: Path, wish: Wish, opened: Workspace, log: RunLog, progress: Progress) -> None:
        self._folder, self._wish, self._opened, self._log, self._progress = folder, wish, opened, log, progress
        self._count = 0

    def through(self, stages: Sequence[Stage], done: Sequence[CaseResult]) -> None:
        before = {(result.suite, result.case_id, result.repeat) for result in done}
        jobs = {stage.suite.name: _jobs(stage, self._wish.repeats, before) for stage in stages}
        total = sum(map(len, jobs.values()))
        with ExitStack() as held:
            shared = None if any(stage.settings.model and self._wish.mode != "offline" for stage in stages) else self._workers(held, total)
            for stage in stages:
                results = [result for result in done if result.suite == stage.suite.name]
                make = shared or self._bench(stage, held)
                self._asked(stage, jobs[stage.suite.name], make, results, total)
                if self._wish.mode == "live":
                    further = [Job(case, repeat, _content(case)) for case, repeat in again(stage.suite, results, self._wish.mode)]
                    total += len(further)
                    self._asked(stage, further, make, results, total)

    def _asked(self, stage: Stage, jobs: Sequence[Job], made: tuple[Callable[[Job], Made], int], results: list[CaseResult], total: int) -> None:
        """Adds a result a job to `results`, and to the log."""
        loaded = [scorers.load(name) for name in stage.suite.about.scorers]
        ended, grade = self._ended(stage, jobs, results, total), grading.grade_of(stage, self._wish, self._opened)
        evaluate(jobs, made[0], lambda _: loaded, ended, concurrency=made[1], grade=grade)

    def _ended(self, stage: Stage, jobs: Sequence[Job], results: list[CaseResult], total: int) -> Callable[[CaseResult], None]:
        left = Counter(job.case.id for job in jobs)

        def done(result: CaseResult) -> None:
            self._log.write(result)
            results.append(result)
            left[result.case_id] -= not result.unmeasured
            if stage.cassette is not None and self._wish.mode == "record" and not left[result.case_id]:
                stage.cassette.finished(result.case_id)
            self._count += 1
            self._progress(f"{stage.suite.name} {result.case_id}", self._count, total)

        return done

    def _workers(self, held: ExitStack, total: int) -> tuple[Callable[[Job], Made], int]:
        """The offline engine: processes, or this one where one is asked for or there is little to do."""
        number = min(self._wish.workers, max(1, total // 4))
        if number == 1:
            bench = Bench(self._folder / WORK, self._opened.settings, models=self._opened)
            held.callback(bench.close)
            return (lambda job: bench.make(job.case, job.repeat)), 1
        workers = Workers(self._folder / WORK, self._opened.settings, number)
        held.callback(workers.close)
        return (lambda job: workers.make(job.case, job.repeat)), number

    def _bench(self, stage: Stage, held: ExitStack) -> tuple[Callable[[Job], Made], int]:
        """The model engine: threads of this process, since a model is waited for."""
        cassette = stage.cassette
        if self._wish.mode == "replay" and cassette is not None:
            model = opened_for_replay(stage.settings, cassette)
        else:
            model = opened_to_ask(self._opened, stage.settings, cassette, self._wish.max_cost)
        bench = Bench(self._folder / WORK / stage.suite.name, stage.settings, engine_of(model, stage.settings), self._opened)
        held.callback(bench.close)

        def make(job: Job) -> Made:
            with asking_for(job.case.id, job.repeat):
                return bench.make(job.case, job.repeat)

        return make, stage.settings.concurrency


def _jobs(stage: Stage, repeats: int, done: Container[tuple[str, str, int]]) -> list[Job]:
    """Every case and repeat that has no result yet."""
    name = stage.suite.name
    return [Job(case, repeat, _content(case)) for case in stage.cases for repeat in range(repeats) if (name, case.id, repeat) not in done]


def _content(case: Case) -> str:
    """A case that refers to nothing there is run nevertheless, and says so."""
    try:
        return case_content(case)
    except SuiteFault:
        return case.hash


def suites_of(run: Run, folder: Path = SUITES_FOLDER) -> dict[SuiteName, Suite]:
    """The suites of a run as they are now."""
    return {name: loading.load(name, folder) for name in run.head.suites}
