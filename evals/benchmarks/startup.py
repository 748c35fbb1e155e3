"""How long a person waits for `briefs --help` and `briefs list`: whole processes, from start to exit, with bytecode compiled."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from evals.benchmarks.figures import Figure, Measured

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("api", "briefs", "evals", "prompts", "retrieval")
COMMAND = Path(sys.executable).with_name("briefs")
HELP_AT_MOST_S, LIST_AT_MOST_S = 0.35, 0.9


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """Medians of 21 runs each (5 where `quick`), `list` on a home that holds the demo."""
    for package in PACKAGES:
        compileall.compile_dir(str(ROOT / package), quiet=2, workers=0)
    times = 5 if quick else 21
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"BRIEFS_HOME": home}
        say("preparing a home with the demo")
        subprocess.run([COMMAND, "demo"], env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        shown = runs([str(COMMAND), "--help"], environment, times)
        listed = runs([str(COMMAND), "list"], environment, times)
    bare = runs([sys.executable, "-c", "pass"], dict(os.environ), times)
    note = f"median of {times} processes; an empty Python takes {median(bare):.3f} s here"
    return Measured(
        (
            Figure("briefs --help", round(median(shown), 3), "s", at_most=HELP_AT_MOST_S, note=note),
            Figure("briefs list", round(median(listed), 3), "s", at_most=LIST_AT_MOST_S, note=note),
        ),
        {"help_s": shown, "list_s": listed, "empty_python_s": bare},
    )


def runs(command: Sequence[str], environment: dict[str, str], times: int) -> list[float]:
    """Seconds of `times` runs after one that warms the file cache. Raises CalledProcessError."""
    found: list[float] = []
    for _ in range(times + 1):
        started = perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        found.append(round(perf_counter() - started, 4))
    return found[1:]
