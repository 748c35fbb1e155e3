"""Another threshold tried on a person's accounts: what each account's records say is read once and kept, only the rules run again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock

from briefs import what_if
from briefs.pipeline import Examined
from briefs.rubric import Rubric
from briefs.what_if import Moved
from briefs.wiring import Workspace

KEPT = 400


class Trials:
    """Looks already taken, by account, day and what was on file; the oldest make room."""

    def __init__(self) -> None:
        self._looks: OrderedDict[tuple[str, date, str], Examined] = OrderedDict()
        self._lock = Lock()

    def moved(self, space: Workspace, other: Rubric, accounts: Iterable[str], as_of: date) -> tuple[list[Moved], int]:
        """The accounts whose answer would differ under the other rubric, and how many were judged."""
        found: list[Moved] = []
        judged = 0
        for account in accounts:
            look = self._look(space, account, as_of)
            judged += 1
            now, then = look.finding, what_if.judged(look, other)
            known = look.dossier.account
            made = Moved(known.id, known.name, now.verdict, then.verdict, now.tests.fit.sku, then.tests.fit.sku, tuple(then.would_change))
            found += [made] if made.differs else []
        return found, judged

    def _look(self, space: Workspace, account: str, as_of: date) -> Examined:
        overruled = ",".join(sorted(each.id for each in space.store.overrides(account, space.now())))
        key = (account, as_of, f"{space.archive.fingerprint(account)} {space.rubric.version} {overruled}")
        with self._lock:
            if key in self._looks:
                self._looks.move_to_end(key)
                return self._looks[key]
        made = space.pipeline(space.offline_engine).examine(account, as_of)
        with self._lock:
            self._looks[key] = made
            while len(self._looks) > KEPT:
                self._looks.popitem(last=False)
        return made
