"""A scan one of whose workers dies at once: `python -m tests.briefs.spread_driver HOME` says how many of its answers are as they would be without."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, date, datetime
from multiprocessing import active_children
from pathlib import Path

from briefs.pipeline import Pipeline, Prepared
from briefs.settings import Settings
from briefs.spread import Processes
from briefs.wiring import Workspace

AS_OF = date(2026, 3, 31)
MANY = ("a01", "a02", "a03", "b01", "b02", "c09") * 8


class Killing(Pipeline):
    """A pipeline that kills a worker, which has hardly started, when it looks at its third account itself."""

    looked = 0

    def prepare(self, account_id: str, as_of: date, *, draft: bool = True, force: bool = False) -> Prepared:
        self.looked += 1
        if self.looked == 3:
            os.kill(active_children()[0].pid or 0, signal.SIGKILL)
        return super().prepare(account_id, as_of, draft=draft, force=force)


def main(home: Path) -> None:
    with Workspace(Settings(home=home), now=lambda: datetime(2026, 3, 31, 12, tzinfo=UTC)) as opened:
        here = opened.pipeline(opened.offline_engine)
        expected = [here.prepare(account, AS_OF) for account in MANY]
        here.__class__ = Killing
        found = list(Processes(opened.settings, 3, here)(MANY, AS_OF, True, False))
        same = sum(one == other for one, other in zip(found, expected, strict=True))
        sys.stdout.write(f"{same} of {len(MANY)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
