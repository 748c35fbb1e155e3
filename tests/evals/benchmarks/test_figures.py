"""A figure knows whether it reaches its aim, and can say what the aim is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from evals.benchmarks.figures import Figure, Measured, missed, show, write
from evals.benchmarks.startup import runs


@pytest.mark.parametrize(
    ("figure", "met", "aim"),
    [
        (Figure("start", 0.3, "s", at_most=0.35), True, "≤ 0.35"),
        (Figure("start", 0.36, "s", at_most=0.35), False, "≤ 0.35"),
        (Figure("scan", 10, "accounts/s", at_least=10), True, "≥ 10"),
        (Figure("scan", 9.9, "accounts/s", at_least=10), False, "≥ 10"),
        (Figure("rank", 0.6, ""), None, ""),
        (Figure("start", None, "s", at_most=0.35, note="no command"), None, "≤ 0.35"),
    ],
)
def test_a_figure_is_held_against_its_aim(figure: Figure, met: bool | None, aim: str):
    assert figure.met is met
    assert figure.aim == aim


def test_the_table_and_the_file_hold_every_figure_and_say_which_miss(tmp_path: Path):
    slow, fast = Figure("list", 1.2, "s", at_most=0.9), Figure("help", 0.2, "s", at_most=0.35)
    found = {"startup": Measured((slow, fast), {"list_s": [1.2]})}
    console = Console(record=True, width=150, file=(tmp_path / "out").open("w"))
    show(found, console)
    write(found, {"cores": 2}, tmp_path / "bench.json")
    table, report = console.export_text(), json.loads((tmp_path / "bench.json").read_text("utf-8"))
    console.file.close()
    assert "missed" in table
    assert "≤ 0.9" in table
    assert [(row["name"], row["met"], row["benchmark"]) for row in report["figures"]] == [("list", False, "startup"), ("help", True, "startup")]
    assert report["details"] == {"startup": {"list_s": [1.2]}}
    assert missed(found) == [slow]


def test_a_run_is_timed_whole_and_a_failing_command_is_no_figure():
    assert all(seconds > 0 for seconds in runs([sys.executable, "-c", "pass"], {}, 2))
    with pytest.raises(subprocess.CalledProcessError):
        runs([sys.executable, "-c", "raise SystemExit(3)"], {}, 1)


def test_an_unknown_benchmark_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]):
    from evals.benchmarks.run import main

    with pytest.raises(SystemExit):
        main(["speed-of-light"])
    assert "no benchmark 'speed-of-light'; choose from: startup, sample, scanning, importing, search" in capsys.readouterr().err
