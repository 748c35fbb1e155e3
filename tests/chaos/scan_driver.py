"""Scans a home again and again until it is killed: `python -m tests.chaos.scan_driver HOME`, which forks a scanner for every line it is told.

A scanner opens everything itself and shares nothing but what was imported: starting Python and importing takes longer than most scanners live.
Its process id is said when its first scan begins, and `gone` when it is dead.
"""

from __future__ import annotations

import importlib
import itertools
import os
import signal
import sys
import traceback
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from briefs.settings import Settings
from briefs.wiring import Workspace

AS_OF = date(2026, 3, 31)
SOME = ("a01", "a02", "a03", "a09", "b01", "b02", "c09")
"""Accounts of most verdicts: few enough that thirty kills take minutes, not an hour."""


def main(home: Path) -> None:
    with TemporaryDirectory() as elsewhere, Workspace(Settings(home=Path(elsewhere))) as opened:
        opened.offline_engine.embed(["imports what a scan imports"])
        importlib.import_module("retrieval.chroma")  # opened by each scanner, with threads of its own
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                scan(home)
            except BaseException:  # noqa: BLE001  # said, and then the process ends here and not in the loop it was forked from
                traceback.print_exc()
            finally:
                os._exit(1)
        try:
            os.waitpid(child, 0)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
        sys.stdout.write("gone\n")
        sys.stdout.flush()


def scan(home: Path) -> None:
    with Workspace(Settings(home=home)) as opened:
        pipeline = opened.pipeline(opened.offline_engine)
        sys.stdout.write(f"{os.getpid()}\n")
        sys.stdout.flush()
        for turn in itertools.count():
            for _ in pipeline.scan(SOME, AS_OF - timedelta(days=turn % 2), force=True):
                pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))
