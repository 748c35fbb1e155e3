"""Scans a home again and again until it is killed: `python -m tests.chaos.scan_driver HOME`. Says `go` when the first scan begins."""

from __future__ import annotations

import itertools
import sys
from datetime import date, timedelta
from pathlib import Path

from briefs.settings import Settings
from briefs.wiring import Workspace

AS_OF = date(2026, 3, 31)
SOME = ("a01", "a02", "a03", "a09", "b01", "b02", "c09")
"""Accounts of most verdicts: few enough that thirty kills take minutes, not an hour."""


def main(home: Path) -> None:
    with Workspace(Settings(home=home)) as opened:
        pipeline = opened.pipeline(opened.offline_engine)
        sys.stdout.write("go\n")
        sys.stdout.flush()
        for turn in itertools.count():
            for _ in pipeline.scan(SOME, AS_OF - timedelta(days=turn % 2), force=True):
                pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))
