"""The composition root: the only place that chooses implementations, and imports each only when it is chosen."""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.errors import BadInput
from briefs.opening import cached_property, make_home
from briefs.sealing import Seal
from briefs.settings import Settings
from briefs.store import Store
from briefs.store.schema import ensure
from briefs.store.seals import sealed_with
from retrieval.engine import open_engine
from retrieval.errors import IndexBroken, StoreLocked

if TYPE_CHECKING:
    from briefs import rubric as rubrics
    from briefs.aside import Aside
    from briefs.background import Background
    from briefs.brief import BriefBody, Claim, Evidence
    from briefs.durable import Queue
    from briefs.engine import Engine, OfflineEngine
    from briefs.freshness import Difference
    from briefs.importing import Warehouse
    from briefs.models.canary import Canary
    from briefs.pipeline import Pipeline
    from briefs.review import Desk, Owners
    from briefs.standing import Standings
    from briefs.targets import Office
    from briefs.tracing import Tracer
    from retrieval.archive import Archive
    from retrieval.embedding import Embedder
    from retrieval.index import VectorIndex
    from retrieval.search import Searcher


def now() -> datetime:
    """The present, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A short id nobody can guess or clash with."""
    return uuid.uuid4().hex[:12]


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Workspace:
    """One home folder and everything opened in it, each part when it is first needed. Close it when done."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = now, new_id: Callable[[], str] = new_id, exact: bool = False) -> None:
        """`exact` never opens Chroma: searches rank from SQL."""
        self.settings, self.now, self.new_id, self.exact = settings, now, new_id, exact
        self.home: Path = settings.home
        self.serves = False
        self.aside: Aside | None = None
        self._owned: list[Any] = []

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for part in reversed(self._owned):
            part.close()
        self._owned.clear()

    @cached_property
    def tracer(self) -> Tracer:
        """Where spans of requests and model calls go."""
        from briefs.tracing import open_tracer

        self._owned.append(made := open_tracer(self.settings.traces_endpoint))
        return made

    @cached_property
    def database(self) -> Any:
        """The SQLAlchemy engine, its schema at the newest version."""
        if self.settings.database_url is None:
            make_home(self.home)
        key = self.settings.secret_key
        engine = sealed_with(open_engine(self.database_url), Seal(key.get_secret_value() if key else None))
        ensure(engine)
        return engine

    @property
    def database_url(self) -> str:
        return self.settings.database_url or f"sqlite:///{(self.home / 'briefs.db').resolve()}"

    @cached_property
    def jobs(self) -> Queue:
        """Where jobs are queued; any process may."""
        from briefs.delivery_wiring import open_queue

        queue = open_queue(self)
        self._owned.append(queue)
        return queue

    @cached_property
    def targets(self) -> Office:
        """What keeping the targets of hand-offs needs."""
        from briefs.delivery_wiring import open_office

        return open_office(self)

    def background(self) -> Background:
        """This home's background work, to be started and stopped; the deliveries of this process are then its to make."""
        from briefs.background import Background

        self.serves = True
        return Background(self)

    def fault(self) -> str | None:
        """Why the database cannot be worked with, in words; None where it can."""
        from briefs.store.schema import reachable

        return None if reachable(self.database) else "The database does not answer, or is of another release."

    @cached_property
    def archive(self) -> Archive:
        from retrieval.archive import Archive

        return Archive(self.database)

    @cached_property
    def store(self) -> Store:
        return Store(self.database)

    @cached_property
    def rubric(self) -> rubrics.Rubric:
        from briefs import rubric as rubrics

        return rubrics.load(self.settings.rubric)

    @cached_property
    def embedder(self) -> Embedder:
        from retrieval.embedding import load

        match self.settings.embedder:
            case "minilm":
                return load("minilm", models=self.home / "models")
            case "openai":
                key = self.settings.openai_api_key
                return load(
                    "openai",
                    model=self.settings.embedding_model,
                    api_key=key.get_secret_value() if key else None,
                    base_url=self.settings.openai_base_url,
                )
            case name:
                return load(name)

    @cached_property
    def index(self) -> VectorIndex:
        """Chroma for large accounts, SQL for small ones, owned by this process. Raises StoreLocked where another process owns it."""
        from retrieval.chroma import open_chroma, open_chroma_server
        from retrieval.tiered import TieredIndex

        parts = (self.archive, self.embedder.name, self.settings.collection_from)
        url = self.settings.chroma_url
        index = TieredIndex(open_chroma_server(url, *parts) if url else open_chroma(self.home / "chroma", *parts), *parts)
        self._owned.append(index)
        return index

    @cached_property
    def reading_index(self) -> VectorIndex:
        """An index to search in: Chroma, or the exact one from SQL where Chroma is somebody else's or cannot be read."""
        if not self.exact:
            try:
                return self.index
            except (StoreLocked, IndexBroken):
                pass
        from retrieval.exact import ExactIndex

        return ExactIndex(self.archive, self.embedder.name)

    @cached_property
    def searcher(self) -> Searcher:
        from retrieval.search import CACHED_PASSAGES, Searcher

        return Searcher(self.archive, self.embedder, self.reading_index, cached=0 if self.exact else CACHED_PASSAGES)  # a helper looks once

    @cached_property
    def offline_engine(self) -> OfflineEngine:
        """Meanings are compared with the static embeddings, whatever embedder ranks passages."""
        from briefs.engine import OfflineEngine
        from briefs.reading.record_reader import RecordReader
        from retrieval.embedding import load

        static = self.embedder if self.settings.embedder == "wordllama" else load("wordllama")
        return OfflineEngine(RecordReader(), static.embed)

    def engine(self, choice: str = "auto", *, max_cost: float | None = None, max_calls: int | None = None) -> Engine:
        """The engine asked for. `auto`: a model only where BRIEFS_MODEL is set, never from a key alone. Raises BadInput."""
        if choice == "offline" or (choice == "auto" and not self.settings.model):
            return self.offline_engine
        if not self.settings.model:
            raise BadInput("No model is set.", "Set BRIEFS_MODEL, for example BRIEFS_MODEL=openai:gpt-4.1-mini, or use --engine offline.")
        from briefs.model_wiring import model_engine

        return model_engine(self, max_cost, max_calls)

    @cached_property
    def canary(self) -> Canary:
        from briefs.models.canary import Canary

        return Canary(lambda: secrets.token_hex(8))

    def pipeline(self, engine: Engine) -> Pipeline:
        from briefs.filing import Filing
        from briefs.holiday_calendar import workdays
        from briefs.pipeline import Pipeline
        from briefs.policy import Policy

        offline = engine is self.__dict__.get("offline_engine")
        concurrency = 1 if offline else self.settings.concurrency
        made = Pipeline(
            self.archive, lambda: self.searcher, engine, self.rubric, self.store, now=self.now, new_id=self.new_id, concurrency=concurrency
        )
        days = workdays(self.settings.calendar, self.settings.timezone)
        made.filing = Filing(self.store, self._named, self.now, self.new_id, Policy.of(self.settings), days)
        if offline and not self.exact:
            from briefs.spread import Processes

            made.spread = Processes(self.settings, self.settings.processes or os.cpu_count() or 1, made)
        return made

    def _named(self, account_id: str) -> Owners:
        """As `owners`, without opening the desk and what it delivers with."""
        from briefs.desk_wiring import owners

        return owners(self.archive, account_id)

    @cached_property
    def desk(self) -> Desk:
        """Where people review: the same gate for the command line, the service and the pages."""
        from briefs.desk_wiring import open_desk

        return open_desk(self)

    def owners(self, account_id: str) -> Owners:
        """Whom an account names."""
        return self.desk.owners(account_id)

    @cached_property
    def warehouse(self) -> Warehouse:
        """What importing over the service needs."""
        from briefs.desk_wiring import open_warehouse

        return open_warehouse(self)

    def look_again(self, account_id: str, *, same_day: bool = False) -> None:
        """Has an account looked at, since something about it was said: as of today, or of the day it was last looked at. See `desk_wiring`."""
        from briefs.desk_wiring import look_again

        look_again(self, account_id, same_day=same_day)

    def warm(self) -> None:
        """Opens what requests need, so that the first does not wait for it. Raises StoreLocked where another process works on this home."""
        assert self.index is not None
        assert self.searcher is not None
        assert self.desk is not None
        self.standings.warm()

    def verify_sentence(self, text: str, dossier: bytes, evidence: Sequence[Evidence]) -> Claim:
        """A person's sentence, judged like any other: a fact where the record carries it, else their own statement."""
        from briefs.editing_check import judged
        from retrieval.dossier import Dossier

        return judged(text, Dossier.model_validate_json(dossier), tuple(evidence), self.pipeline(self.offline_engine))

    def changes_since(self, body: BriefBody) -> list[str]:
        """What in the record differs from what a brief was written from, in words; nothing where all it rests on still stands."""
        return [difference.words for difference in self.differences(body)]

    def differences(self, body: BriefBody) -> list[Difference]:
        """As `changes_since`, each with its kind and what it is about."""
        from briefs.freshness import compare

        return compare(body, self.archive, self.standings, self.now().date())

    @cached_property
    def standings(self) -> Standings:
        """Where accounts stand, found again where a scan has just looked."""
        from briefs.standing import Standings

        return Standings(self.archive, lambda: self.pipeline(self.offline_engine), elsewhere=lambda: self.aside)
