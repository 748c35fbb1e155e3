"""A service to kill: `python -m tests.briefs.aside_driver HOME ACCOUNT` looks at an account aside, says the id of the process that did, and waits."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from briefs.aside import Aside
from briefs.settings import Settings


def main(home: Path, account: str) -> None:
    aside = Aside(Settings(home=home), lambda: datetime(2026, 3, 31, 12, tzinfo=UTC))
    look = aside.scan()
    look(account, date(2026, 3, 31), True, False)
    sys.stdout.write(f"{aside.pid}\n")
    sys.stdout.flush()
    while True:
        look(account, date(2026, 3, 31), True, False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
