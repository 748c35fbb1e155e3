"""Where an account stands as of a day: found again where the same was looked at before, by a scan or by a question a moment ago, else looked at.

What a look gives is a function of `Pipeline.inputs_key`: the records, the day, the rubric, the overrides, the reader, every customer's name.
Under one key there is one answer, so an approval of what a scan has just read need not read it again. The day is part of the key: thresholds have
dates, and a result as of another day is another result, however little lies between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock

from briefs.brief import Blocker
from briefs.pipeline import Pipeline
from retrieval.archive import Archive

KEPT = 512
"""Answers of fresh looks that are kept; what scans found is in the store."""


@dataclass(frozen=True)
class Standing:
    """What a look at an account says, as far as a brief rests on it."""

    verdict: str
    blockers: tuple[Blocker, ...]


class Standings:
    """Holds one pipeline open for as long as the accounts' own rows and the catalogue stay as they are. Safe to ask from several threads."""

    def __init__(self, archive: Archive, pipeline: Callable[[], Pipeline], *, kept: int = KEPT) -> None:
        self._archive, self._make, self._kept = archive, pipeline, kept
        self._open: tuple[str, Pipeline] | None = None
        self._known: OrderedDict[str, Standing] = OrderedDict()
        self._lock, self._turn = Lock(), Lock()

    def of(self, account_id: str, as_of: date) -> Standing:
        """Verdict and blockers of the account as of that day. Raises UnknownAccount."""
        pipeline = self.pipeline()
        key = pipeline.inputs_key(account_id, as_of)
        found = self._found(pipeline, account_id, key)
        if found is not None:
            return found
        with self._turn:  # a look is arithmetic: two at once only take turns, and the second is mostly the same question
            found = self._found(pipeline, account_id, key)
            if found is None:
                finding = pipeline.examine(account_id, as_of).finding
                found = Standing(finding.verdict, finding.blockers)
                self._keep(key, found)
        return found

    def warm(self) -> None:
        """Opens what the first question would wait for: everybody's names, what is for sale, the reader."""
        pipeline = self.pipeline()
        assert pipeline.directory is not None
        assert pipeline.book is not None

    def pipeline(self) -> Pipeline:
        """One that knows the names and the catalogue as they are now."""
        stamp = self._archive.names_stamp()
        with self._lock:
            if self._open is None or self._open[0] != stamp:
                self._open = (stamp, self._make())
            return self._open[1]

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
