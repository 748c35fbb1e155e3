"""A case becomes an answer of the real product, a crash counts, and a run that is stopped goes on from where it was."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evals import loading, scorers
from evals.bench import Made
from evals.engine import Job, evaluate
from evals.errors import NoSuchRun
from evals.results import CaseResult, Output, Score, Spent
from evals.runlog import LOG, find, read
from evals.running import run
from evals.wishes import Wish
from evals.workers import WorkerDied, Workers
from tests.evals.suite_builders import ROUTINE, SEATS, case, ran, suites, workspace

ROOT = Path(__file__).parents[2]


def untimed(result: CaseResult) -> CaseResult:
    return result.model_copy(update={"spent": result.spent.model_copy(update={"latency_s": 0.0})})


def test_a_text_of_a_cases_own_is_read_by_the_product_and_judged(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one"), case("two", ROUTINE, ""))
    found = ran(folder, tmp_path / "home")
    assert [(r.case_id, [s.type for s in r.output.signals] if r.output else None) for r in found.results] == [
        ("one", ["seats_requested"]),
        ("two", []),
    ]
    assert [score.value for r in found.results for score in r.scores if score.key == "signal_types"] == [1.0, 1.0]
    first = found.results[0]
    assert first.output is not None
    assert first.output.signals[0].evidence[0].quote == SEATS


def test_what_a_case_adds_is_gone_for_the_next_one(tmp_path: Path) -> None:
    plain = case("plain").replace('item: {kind: ticket, text: "' + SEATS + '", at: 2026-03-20}', 'passage: {record_id: a01-t2, part: "messages[0]"}')
    folder = suites(tmp_path, case("adds"), plain)
    by_id = {r.case_id: r for r in ran(folder, tmp_path / "home").results}
    output = by_id["plain"].output
    assert output is not None
    assert output.result is not None
    assert "case-item" not in {e.record_id for s in output.result.signals for e in s.evidence}


def test_a_case_that_names_nothing_there_is_not_measured_and_says_why(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("lost").replace("sample/a01", "sample/none"), case("one"))
    lost = ran(folder, tmp_path / "home").results[0]
    assert lost.unmeasured
    assert lost.error is not None
    assert lost.error.startswith("SuiteFault: There is no account 'sample/none'")


def test_repeats_are_results_of_their_own(tmp_path: Path) -> None:
    found = ran(suites(tmp_path, case("one")), tmp_path / "home", repeats=3)
    assert [r.repeat for r in found.results] == [0, 1, 2]


def test_only_the_chosen_cases_run(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one", more="  tags: [quick]\n"), case("two"))
    found = ran(folder, tmp_path / "home", tags=("quick",))
    assert [r.case_id for r in found.results] == ["one"]
    assert found.head.partial


def test_cases_run_where_an_event_loop_is_running_already(tmp_path: Path) -> None:
    async def inside() -> list[str]:
        return [r.case_id for r in ran(suites(tmp_path, case("one")), tmp_path / "home").results]

    assert asyncio.run(inside()) == ["one"]


class _Deadly:
    """A case whose arrival ends the process that unpacks it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (9,)


@pytest.mark.slow
def test_a_process_that_dies_costs_its_case_and_no_other(tmp_path: Path) -> None:
    (sound,) = loading.load("signals", suites(tmp_path, case("one"))).cases
    with workspace(tmp_path / "home") as opened:
        workers = Workers(tmp_path / "work", opened.settings, 1)
        try:
            with pytest.raises(WorkerDied):
                workers.make(_Deadly(), 0)  # pyright: ignore[reportArgumentType] - what it is matters not
            assert [s.type for s in workers.make(sound, 0).output.signals] == ["seats_requested"]
        finally:
            workers.close()


def test_a_crash_of_the_product_is_a_failure_of_its_case(tmp_path: Path) -> None:
    """Every job has a result: the engine's own averages would leave the crashed one out."""
    cases = loading.load("signals", suites(tmp_path, case("one"), case("two"))).cases
    results: list[CaseResult] = []

    def make(job: Job) -> Made:
        if job.case.id == "two":
            raise ZeroDivisionError("by the product")
        return Made(Output(), None, Spent())

    evaluate([Job(c, 0, "") for c in cases], make, lambda _: [scorers.load("signal_types")], results.append, concurrency=2)
    crashed = next(r for r in results if r.case_id == "two")
    assert len(results) == 2
    assert crashed.error == "ZeroDivisionError: by the product"
    assert not crashed.unmeasured
    assert [score.value for score in crashed.scores] == [0.0]


def test_a_scorer_that_fails_could_not_tell_and_the_others_go_on(tmp_path: Path) -> None:
    (one,) = loading.load("signals", suites(tmp_path, case("one"))).cases
    results: list[CaseResult] = []
    evaluate(
        [Job(one, 0, "")], lambda _: Made(Output(), None, Spent()), lambda _: [_Broken(), scorers.load("verdict")], results.append, concurrency=1
    )
    assert [(score.key, score.value) for score in results[0].scores if score.key == "broken"] == [("broken", None)]
    assert results[0].error is None


class _Broken:
    NAME, VERSION = "broken", "1"

    def score(self, case: object, output: object, dossier: object) -> Score:
        raise KeyError("nothing here")


@pytest.mark.chaos
def test_a_run_killed_half_way_goes_on_to_the_same_result(tmp_path: Path) -> None:
    cases = [case(f"c{number}", SEATS if number % 2 else ROUTINE, "seats_requested" if number % 2 else "") for number in range(8)]
    folder = suites(tmp_path, *cases)
    whole = ran(folder, tmp_path / "whole")
    home = tmp_path / "home"
    log = _killed_after(3, folder, home)
    torn = log.read_bytes()
    log.write_bytes(torn[:-20])
    with workspace(home) as opened:
        stopped = find(home, "last")
        before = len(read(stopped).results)
        assert 0 < before < 8
        run(Wish(suites=("signals",), suites_folder=folder, workers=1), opened, lambda *_: None, resume=stopped)
        found = read(find(home, "last"))
    assert list(map(untimed, found.results)) == list(map(untimed, whole.results))
    assert len(log.read_text("utf-8").splitlines()) == 9


def _killed_after(results: int, folder: Path, home: Path) -> Path:
    """The log of a run whose process was killed once so many results were written."""
    started = subprocess.Popen([sys.executable, "-m", "tests.evals.run_driver", str(folder), str(home)], cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            logs = list((home / "evals" / "runs").glob(f"*/{LOG}"))
            if logs and logs[0].read_bytes().count(b"\n") > results:
                break
            time.sleep(0.05)
    finally:
        started.send_signal(signal.SIGKILL)
        started.wait()
    return logs[0]


def test_a_run_of_something_else_is_not_gone_on_with(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one"), case("two"))
    home = tmp_path / "home"
    ran(folder, home)
    suites(tmp_path, case("one"), case("two", ROUTINE, ""))
    with workspace(home) as opened, pytest.raises(NoSuchRun, match="cases of signals"):
        run(Wish(suites=("signals",), suites_folder=folder, workers=1), opened, lambda *_: None, resume=find(home, "last"))
