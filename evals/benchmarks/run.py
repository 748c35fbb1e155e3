"""Measures the product on this machine: `python -m evals.benchmarks.run` prints a table and writes bench.json."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console

from evals.benchmarks import figures
from evals.benchmarks.figures import Measured

BENCHMARKS = ("startup", "sample", "scanning", "importing", "search", "service", "pages")
"""Modules beside this one; each has `measure(quick, say) -> Measured`. To add one: write the module, name it here."""


def measure(names: Sequence[str], quick: bool, say: Callable[[str], None]) -> dict[str, Measured]:
    """Runs the benchmarks one after another, each imported only when its turn comes, so that none pays for another's imports."""
    found: dict[str, Measured] = {}
    for name in names:
        say(f"measuring {name}")
        found[name] = import_module(f"evals.benchmarks.{name}").measure(quick, say)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every aim is reached, 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.run", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="benchmark", help=f"which: {', '.join(BENCHMARKS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="smaller stores and fewer runs: for a look, not for the record")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where the JSON goes")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.benchmarks) - set(BENCHMARKS)):
        parser.error(f"no benchmark {unknown[0]!r}; choose from: {', '.join(BENCHMARKS)}")
    progress = Console(stderr=True)
    found = measure(given.benchmarks or BENCHMARKS, given.quick, lambda words: progress.print(words, style="dim"))
    figures.show(found, Console())
    figures.write(found, machine(), given.out)
    progress.print(f"written to {given.out}")
    return 1 if figures.missed(found) else 0


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    return {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}


if __name__ == "__main__":
    sys.exit(main())
