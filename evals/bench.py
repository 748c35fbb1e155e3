"""Puts a case through the real product: the account is looked at as of the case's day, and what the product says is kept.

Cases that ask about the same account on the same day, and change nothing, share one look.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.brief import Signal
from briefs.pipeline import Examined, Pipeline, may_draft
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.materials import ITEM_ID, source_of
from evals.results import Found, Output, Spent
from evals.rooms import PRODUCT, Home, Parts, Rooms, changes
from evals.suite import Case, Look, Question, Text
from retrieval.dossier import Dossier, collect

if TYPE_CHECKING:
    from briefs.engine import Engine
    from retrieval.embedding import Embedder, Vectors
    from retrieval.search import Searcher

K = 10
"""Passages a search is asked for."""
LOOKS_KEPT = 64
DRAFTING = frozenset({"briefs", "injection", "isolation", "asof"})
"""Suites that judge a brief where one is due; the others stop at the verdict."""
METHODS: tuple[tuple[str, float | None], ...] = (("fused", None), ("words", 0.0), ("meaning", 1.0))
"""Rankings a search is measured by, and what meaning weighs in each (None: what the product gives it)."""


@dataclass(frozen=True)
class Made:
    """What the product gave, from what. `dossier` is None for a search."""

    output: Output
    dossier: Dossier | None
    spent: Spent


EngineOf = Callable[[Home], "Engine"]


def offline(home: Home) -> Engine:
    """The engine without a model."""
    return home.offline_engine


class Bench:
    """What is shared by the cases of a process: the models, the imported portfolios, the latest looks."""

    def __init__(self, folder: Path, settings: Settings, engine: EngineOf = offline, models: Workspace | None = None, parts: Parts = PRODUCT) -> None:
        """`folder` holds working copies and is emptied by `close`. `models`, where given, were loaded before."""
        self.rooms = Rooms(folder, settings, models, parts)
        self._engine = engine
        self._lock = threading.Lock()
        self._pipelines: dict[str, Pipeline] = {}
        self._searchers: dict[tuple[str, str], Searcher] = {}
        self._looks: OrderedDict[tuple[str, date, int], Examined] = OrderedDict()

    def close(self) -> None:
        self._pipelines.clear()
        self._searchers.clear()
        self._looks.clear()
        self.rooms.close()

    def make(self, case: Case, repeat: int = 0) -> Made:
        """The product's answer to a case. Raises SuiteFault for a case that cannot be set up, and whatever the product raises."""
        given = case.input
        if isinstance(given, Question):
            started = time.perf_counter()
            return Made(self._searched(given), None, Spent(latency_s=time.perf_counter() - started))
        with self._pipeline(given) as pipeline:
            started = time.perf_counter()
            examined = self._look(pipeline, given, repeat)
            output = _told(pipeline, examined, draft=case.suite in DRAFTING)
            output = output.model_copy(update={"signals": _about(output, given)})
            return Made(output, examined.dossier, _spent(output, time.perf_counter() - started))

    def dossier(self, case: Case) -> Dossier | None:
        """What the product has before it for a case, without asking it anything. Raises SuiteFault."""
        given = case.input
        if isinstance(given, Question):
            return None
        with self.rooms.opened(given) as home:
            return collect(home.archive, source_of(given.account).account_id, given.as_of)

    @contextmanager
    def _pipeline(self, given: Look) -> Generator[Pipeline]:
        with self.rooms.opened(given) as home:
            if changes(given):
                yield home.pipeline(self._engine(home))
                return
            with self._lock:
                name = source_of(given.account).name
                if name not in self._pipelines:
                    self._pipelines[name] = home.pipeline(self._engine(home))
                shared = self._pipelines[name]
            yield shared

    def _look(self, pipeline: Pipeline, given: Look, repeat: int) -> Examined:
        account = source_of(given.account).account_id
        if changes(given):
            return pipeline.examine(account, given.as_of)
        key = (given.account, given.as_of, repeat)
        with self._lock:
            if key in self._looks:
                self._looks.move_to_end(key)
                return self._looks[key]
        examined = pipeline.examine(account, given.as_of)
        with self._lock:
            self._looks[key] = examined
            while len(self._looks) > LOOKS_KEPT:
                self._looks.popitem(last=False)
        return examined

    def _searched(self, asked: Question) -> Output:
        source = source_of(asked.account)
        home = self.rooms.base(source)
        rankings: dict[str, tuple[Found, ...]] = {}
        for method, weight in METHODS:
            hits = self._searcher(home, source.name, method, weight).search(source.account_id, [asked.question], K, asked.as_of)[0]
            places = [(hit.passage, hit.score) for hit in hits]
            rankings[method] = tuple(Found(record_id=p.record_id, part=p.part, start=p.start, end=p.end, score=score) for p, score in places)
        return Output(rankings=rankings)

    def _searcher(self, home: Home, name: str, method: str, weight: float | None) -> Searcher:
        """One for each portfolio and method: it keeps the word statistics of the accounts asked last."""
        with self._lock:
            if (name, method) not in self._searchers:
                embedder = home.embedder if weight is None else _Weighted(home.embedder, weight)
                self._searchers[name, method] = self.rooms.parts.searcher(home.archive, embedder, home.index)
            return self._searchers[name, method]


class _Weighted:
    """An embedder whose say against BM25 is fixed: all of it, or none."""

    def __init__(self, embedder: Embedder, dense_weight: float) -> None:
        self._embedder, self.dense_weight = embedder, dense_weight
        self.name, self.dim = embedder.name, embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed(texts)


def _told(pipeline: Pipeline, examined: Examined, *, draft: bool) -> Output:
    """The account result, and the brief where one is due and asked for, as a scan would store them."""
    result = pipeline.result_of(examined)
    if not (draft and may_draft(result)):
        return Output(result=result)
    body, result = pipeline.draft(examined, result)
    return Output(result=result.model_copy(update={"rejected": body.rejected}), brief=body.model_copy(update={"rejected": ()}))


def _about(output: Output, given: Look) -> tuple[Signal, ...]:
    """The signals that rest on the text a case asks about; all of them where it asks about none."""
    assert output.result is not None
    signals = output.result.signals
    if isinstance(given, Text) and given.item is not None:
        return tuple(s for s in signals if any(e.record_id == ITEM_ID for e in s.evidence))
    if isinstance(given, Text) and (at := given.passage) is not None:
        return tuple(s for s in signals if any((e.record_id, e.part) == (at.record_id, at.part) for e in s.evidence))
    return signals


def _spent(output: Output, seconds: float) -> Spent:
    assert output.result is not None
    cost = output.result.cost
    return Spent(
        calls=cost.calls, tokens_in=cost.tokens_in, tokens_out=cost.tokens_out, amount=cost.amount, currency=cost.currency, latency_s=seconds
    )
