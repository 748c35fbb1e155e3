"""A home's background work to kill: `python -m tests.chaos.background_driver HOME`. Says `ready` when it runs; ends at a line on its input.

Its patience with receivers is short: a second in place of hours."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from briefs.handoff.retry import Retry
from briefs.settings import Settings
from briefs.wiring import Workspace


def main(home: Path) -> None:
    with Workspace(Settings(home=home, allow_private_targets=True)) as opened:
        background, desk = opened.background(), opened.desk
        opened.__dict__["desk"] = replace(desk, courier=replace(desk.courier, retry=Retry(first_s=0.3, longest_s=2.0)))
        background.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        background.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
