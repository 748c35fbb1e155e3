"""`briefs eval` from the command line: whoever names what is not there is told what is, and what is run by hand leaves what it says it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from api.cli import run as command
from evals.runlog import RUNS, newest_first, read

Said = tuple[int, str, str]
Briefs = Callable[..., Said]


@pytest.fixture
def briefs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Briefs:
    """Runs `briefs eval ...` in a home of its own: exit code, what it printed, what it remarked."""

    def call(*arguments: str) -> Said:
        code = command(["--home", str(tmp_path / "home"), "eval", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def some_cases(count: int = 2, suite: str = "asof") -> list[str]:
    from evals import loading

    return [case.id for case in loading.load(suite).cases][:count]


def named(cases: Sequence[str]) -> list[str]:
    return [word for case in cases for word in ("--case", case)]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("run nosuch", "There is no suite 'nosuch'. There are: signals"),
        ("run asof --case nosuch", "There is no case 'nosuch' in asof."),
        ("run asof --tag nosuch", "There is no tag 'nosuch' in asof."),
        ("run asof --mode fly", "No mode is called 'fly'. There are offline, replay, record, live."),
        ("run asof --mode record", "No model is set. Set BRIEFS_MODEL"),
        ("run asof --mode live --model x:y", "No model opens by the name 'x:y'."),
        ("run asof --resume nope", "There is no run 'nope'. `briefs eval list`"),
        ("run asof --only-failing nope", "There is no run 'nope'."),
        ("run asof --prompts /nowhere", "There is no /nowhere."),
        ("compare a b", "There is no run 'b'."),
        ("bless last", "There is no run"),
        ("show nosuch", "There is no run"),
        ("case-from nosuch", "No brief 'nosuch'."),
        ("review nosuch", "There is no proposed case 'nosuch'."),
        ("review --accept", "No case is named. `briefs eval review` lists those that wait"),
        ("shadow", "No dossier is stored here. A scan stores one"),
        ("backtest", "There are no accounts to look at. Import some first: briefs ingest FOLDER."),
        ("calibrate nosuch --judge-model openai:x", "There is no judge 'nosuch'. There are: claim_supported"),
    ],
)
def test_a_slip_is_one_line_that_says_what_to_do_and_leaves_no_run(briefs: Briefs, tmp_path: Path, asked: str, told: str) -> None:
    code, out, err = briefs(*asked.split())
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert list(newest_first(tmp_path / "home")) == []


def test_a_name_that_is_nearly_right_is_told_the_right_one(briefs: Briefs) -> None:
    (known,) = some_cases(1)
    assert known in briefs("run", "asof", "--case", known[:-1])[2]


def test_what_changes_nothing_offline_is_said_to(briefs: Briefs) -> None:
    _, _, err = briefs("run", "asof", "--workers", "1", "--max-cost", "2", "--model", "openai:x", *named(some_cases(1)))
    assert "offline asks no model to read or write, so --model and --max-cost change nothing" in err


def test_a_run_is_listed_shown_scored_anew_and_compared_and_leaves_its_reports(briefs: Briefs, tmp_path: Path) -> None:
    cases = some_cases(2)
    assert briefs("run", "asof", "--workers", "1", *named(cases))[0] == 0
    (folder,) = newest_first(tmp_path / "home")
    assert {path.name for path in folder.iterdir()} == {"log.jsonl", "report.html", "report.json", "junit.xml", "summary.md"}
    assert folder.name in briefs("list")[1]
    shown = briefs("show", cases[0])[1]
    assert all(head in shown for head in (cases[0], "asked", "expected", f"in run {folder.name}"))
    code, out, _ = briefs("compare", "baseline", "last", "--json")
    assert (code, json.loads(out)["word"]) == (0, "PASS")
    assert briefs("rescore", folder.name)[0] == 0
    assert len(list(newest_first(tmp_path / "home"))) == 2


def test_a_part_of_a_suite_is_no_baseline(briefs: Briefs) -> None:
    briefs("run", "asof", "--workers", "1", *named(some_cases(1)))
    code, _, err = briefs("bless", "last")
    assert code == 2
    assert len(err.splitlines()) == 1


def test_a_run_in_which_all_passed_leaves_nothing_to_run_again(briefs: Briefs) -> None:
    briefs("run", "overflagging", "--workers", "1", *named(some_cases(1, "overflagging")))
    code, _, err = briefs("run", "overflagging", "--only-failing", "last")
    assert (code, err) == (2, "briefs: Every case of these suites passed in that run. There is nothing to run again.\n")


def test_a_run_that_was_killed_is_gone_on_with_where_it_stopped(briefs: Briefs, tmp_path: Path) -> None:
    asked = ["--home", str(tmp_path / "home"), "eval", "run", "asof", "--workers", "1"]
    process = subprocess.Popen([sys.executable, "-m", "api.cli", *asked], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        log = _log_with_results(tmp_path / "home", 3, process)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    before = read(log.parent).results
    assert 3 <= len(before) < 89
    code, out, _ = briefs("run", "--resume", "last", "--json", "--workers", "1")
    told = json.loads(out)
    assert (code, told["word"], told["run_id"]) == (0, "PASS", log.parent.name)
    after = read(log.parent).results
    assert len(after) == len({result.case_id for result in after}) == told["suites"][0]["total"]
    assert {result.case_id: result for result in after}.items() >= {result.case_id: result for result in before}.items()


def _log_with_results(home: Path, count: int, process: subprocess.Popen[bytes]) -> Path:
    """The log of the run under way, once it holds so many results."""
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        for log in (home / RUNS).glob("*/log.jsonl"):
            if log.read_bytes().count(b"\n") > count:
                return log
        time.sleep(0.05)
    raise AssertionError("the run wrote no results")
