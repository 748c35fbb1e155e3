"""Where an account stands as of a day: found again where the same was looked at before, by a scan or by a question a moment ago, else looked at.

What a look gives is a function of `Pipeline.inputs_key`: the records, the day, the rubric, the overrides, the reader, every customer's name.
Under one key there is one answer, so an approval of what a scan has just read need not read it again; what has to be read is read beside the
service. The day is part of the key: thresholds have dates, and a result as of another day is another result, however little lies between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Protocol

from briefs.brief import Blocker
from briefs.pipeline import Beside, Pipeline
from retrieval.archive import Archive
from retrieval.archive_file import Stamps

KEPT = 512
"""Answers of fresh looks that are kept; what scans found is in the store."""


@dataclass(frozen=True)
class Standing:
    """What a look at an account says, as far as a brief rests on it."""

    verdict: str
    blockers: tuple[Blocker, ...]


class Elsewhere(Protocol):
    """A process that looks at accounts, as `briefs.aside.Aside`."""

    def scan(self) -> Beside:
        """A way to look there; names and catalogue are read anew for each."""
        ...


class Standings:
    """Holds one pipeline open for as long as the accounts' own rows and the catalogue stay as they are. Safe to ask from several threads."""

    def __init__(
        self, archive: Archive, pipeline: Callable[[], Pipeline], *, elsewhere: Callable[[], Elsewhere | None] = lambda: None, kept: int = KEPT
    ) -> None:
        """`elsewhere` gives the process beside this one as it is now, which comes and goes with the service's work; None where there is none."""
        self._archive, self._make, self._elsewhere, self._kept = archive, pipeline, elsewhere, kept
        self._open: tuple[str, Elsewhere | None, Pipeline] | None = None
        self._known: OrderedDict[str, Standing] = OrderedDict()
        self._lock, self._turn = Lock(), Lock()

    def of(self, account_id: str, as_of: date, stamps: Stamps | None = None) -> Standing:
        """Verdict and blockers of the account as of that day. `stamps`: the account's, where they were just read. Raises UnknownAccount."""
        names, fingerprint = stamps or self._archive.stamps(account_id)
        pipeline = self._knowing(names)
        key = pipeline.inputs_key(account_id, as_of, fingerprint)
        found = self._found(pipeline, account_id, key)
        if found is not None:
            return found
        with self._turn:  # a look is arithmetic: two at once only take turns, and the second is mostly the same question
            found = self._found(pipeline, account_id, key)
            if found is None:
                looked = pipeline.look(account_id, as_of, draft=False).result
                found = Standing(looked.verdict, looked.blockers)
                self._keep(key, found)
        return found

    def warm(self) -> None:
        """Opens what the first question would wait for: everybody's names, what is for sale, the reader."""
        pipeline = self.pipeline()
        assert pipeline.directory is not None
        assert pipeline.book is not None

    def pipeline(self) -> Pipeline:
        """One that knows the names and the catalogue as they are now."""
        return self._knowing(self._archive.names_stamp())

    def _knowing(self, stamp: str) -> Pipeline:
        there = self._elsewhere()
        with self._lock:
            if self._open is None or self._open[0] != stamp or self._open[1] is not there:
                pipeline = self._open[2] if self._open is not None and self._open[0] == stamp else self._make()
                pipeline.beside = None if there is None else there.scan()
                self._open = (stamp, there, pipeline)
            return self._open[2]

    def _found(self, pipeline: Pipeline, account_id: str, key: str) -> Standing | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        kept = pipeline.store.result_of(account_id, key)
        return None if kept is None else Standing(kept.verdict, kept.result.blockers)

    def _keep(self, key: str, found: Standing) -> None:
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
