"""The vector index on Chroma, in a folder or on a server: a collection an account, ids and vectors only, rebuilt from SQL whenever it is in doubt.

Chroma forgives neither a killed writer nor two processes on one folder (its files may become unreadable, or wrong without saying so), hence the lock,
the probe in a process of its own after an unclean end, and `open_chroma`, which gives back an index that agrees with SQL or none.
"""

# chromadb's own types are incomplete
# pyright: basic

from __future__ import annotations

import hashlib
import logging
import resource
import shutil
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from retrieval.chroma_probe import readable
from retrieval.embedding import Vectors
from retrieval.errors import IndexBroken
from retrieval.index import Match, VectorSource, best
from retrieval.ownership import Ownership

log = logging.getLogger(__name__)

HNSW = {"space": "cosine", "sync_threshold": 100, "batch_size": 100, "ef_search": 200, "num_threads": 1}
"""With Chroma's own threshold of 1000 the first question to a small collection replays a shared log and takes half a second. Collections are small:
threads would wait for one another, and below a hundred vectors comparing with each is quicker than a graph of them."""
OPEN_FILES = 1024
"""Chroma keeps a fifth of the soft file limit in collections open, about 3 MB each; it asks for the limit once, when a client is made."""
SECONDS = 60.0
"""A request to a Chroma server may take this long."""
PREFIX = "a-"
BATCH = 2000


class Archive(VectorSource, Protocol):
    def dirty_accounts(self) -> list[str]: ...
    def accounts_from(self, least: int) -> set[str]: ...


def collection_name(account_id: str) -> str:
    return (PREFIX + hashlib.sha256(account_id.encode()).hexdigest())[:60]


def open_chroma(path: Path, archive: Archive, model_id: str, collection_from: int = 1) -> ChromaIndex:
    """The index in the folder `path`, owned by this process until `close()` and in agreement with `archive` for the vectors of `model_id`.

    Of accounts with fewer than `collection_from` passages only the collections that are there already are kept up to date.
    A folder that cannot be read is moved to `path`.broken and made anew; accounts that lag behind are rebuilt from the vectors in SQL.
    Raises StoreLocked if another process owns it, IndexBroken if even a new one cannot be made.
    """
    ownership = Ownership(path.parent)
    try:
        suspect = not ownership.clean and path.exists()
        if suspect and not readable(path):
            _move_aside(path)
        try:
            index = ChromaIndex(_embedded(path), model_id, folder=path, ownership=ownership)
        except Exception as cause:  # noqa: BLE001  # the Rust core raises types of its own, by what is damaged
            log.warning("the vector index cannot be opened (%s): making it anew", type(cause).__name__)
            _move_aside(path)
            index = ChromaIndex(_embedded(path), model_id, folder=path, ownership=ownership)
        index.agree(archive, collection_from, thoroughly=suspect)
    except BaseException:
        ownership.release(clean=False)
        raise
    return index


def open_chroma_server(url: str, archive: Archive, model_id: str, collection_from: int = 1) -> ChromaIndex:
    """The same on a Chroma server that only we write to. The server has no accounts or passwords: keep it on a private network."""
    import chromadb

    address = urlsplit(url)
    with _broken("reached"):
        client = chromadb.HttpClient(address.hostname or "localhost", address.port or 8000, ssl=address.scheme == "https", settings=_settings())
    index = ChromaIndex(client, model_id, sessions=_sessions(client))
    index.agree(archive, collection_from, thoroughly=False)
    return index


def inspect(folder: Path) -> int:
    """How many collections `folder` holds, after reading each: counts it, and asks it for vectors it holds. Raises if an answer is wrong."""
    client = _embedded(folder)
    collections = client.list_collections()
    for collection in collections:
        sample = collection.get(limit=3, include=["embeddings"])
        vectors = np.asarray(sample["embeddings"], dtype=np.float32).reshape(len(sample["ids"]), -1)
        asked = vectors[vectors.any(axis=1)]
        if collection.count() and len(asked):
            nearest = collection.query(query_embeddings=asked, n_results=1, include=["distances"])["distances"]
            if not nearest or any(not row or row[0] > 1e-3 for row in nearest):
                raise IndexBroken("A collection does not find its own vectors.")
    client.close()
    return len(collections)


class ChromaIndex:
    """A `VectorIndex`. Make it with `open_chroma`; on a `folder` it also takes what was forgotten off the disk."""

    def __init__(
        self, client: Any, model_id: str, folder: Path | None = None, ownership: Ownership | None = None, sessions: Sequence[Any] = ()
    ) -> None:
        self._client, self._model, self._folder, self._ownership, self._sessions = client, model_id, folder, ownership, sessions
        self._known: dict[str, Any] = {}
        self._batch = min(BATCH, client.get_max_batch_size())
        self._lock = Lock()

    def upsert(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None:
        if not ids:
            return
        with _broken("written"):
            collection = self._find(account_id) or self._make(account_id)
            for first in range(0, len(ids), self._batch):
                rows = slice(first, first + self._batch)
                collection.upsert(ids=list(ids[rows]), embeddings=np.asarray(vectors[rows], dtype=np.float32))

    def query(self, account_id: str, vectors: Vectors, k: int) -> list[list[Match]]:
        found: list[list[Match]] = [[] for _ in vectors]
        asked = [place for place, vector in enumerate(vectors) if vector.any()]
        with _broken("read"):
            collection = self._find(account_id) if asked and k > 0 else None
            if collection is None:
                return found
            questions = np.asarray(vectors, dtype=np.float32)[asked]
            answer = collection.query(query_embeddings=questions, n_results=k, include=["distances"])
        for place, ids, distances in zip(asked, answer["ids"], answer["distances"], strict=True):
            found[place] = best(ids, [1.0 - distance for distance in distances], k)
        return found

    def delete(self, account_id: str, ids: Sequence[str] | None) -> None:
        """Single ids stop being found at once, but their numbers stay in the file until the account is dropped or replaced."""
        with _broken("written"):
            if ids is None:
                self._drop(collection_name(account_id))
                self._scrub()
            elif ids and (collection := self._find(account_id)) is not None:
                for first in range(0, len(ids), self._batch):
                    collection.delete(ids=list(ids[first : first + self._batch]))

    def replace(self, account_id: str, ids: Sequence[str], vectors: Vectors) -> None:
        """Makes the account anew with exactly these vectors: what it held before is gone from the disk too once `delete` or `close` ran."""
        with _broken("written"):
            self._drop(collection_name(account_id))
        self.upsert(account_id, ids, vectors)

    def ids(self, account_id: str) -> set[str]:
        with _broken("read"):
            collection = self._find(account_id)
            return set(collection.get(include=[])["ids"]) if collection is not None else set()

    def holds(self, account_id: str) -> bool:
        """Whether the account has a collection."""
        with _broken("read"):
            return self._find(account_id) is not None

    def close(self) -> None:
        self._known.clear()
        self._client.close()
        for session in self._sessions:
            session.close()
        if self._ownership is not None:
            self._ownership.release()

    def agree(self, archive: Archive, collection_from: int, *, thoroughly: bool) -> None:
        """Rebuilds what SQL says differently: unknown, missing and lagging accounts, another model's vectors; thoroughly, every id is compared."""
        accounts = archive.accounts()
        wanted = {collection_name(account) for account in accounts}
        with _broken("read"):
            held = {found.name: (found.metadata or {}).get("model") for found in self._client.list_collections()}
            foreign = {name for name in held if name.startswith(PREFIX) and name not in wanted and self._folder is not None}
            for name in foreign | {name for name, model in held.items() if name in wanted and model != self._model}:
                self._drop(name)
                del held[name]
        lagging, due = set(archive.dirty_accounts()), archive.accounts_from(collection_from)
        for account in accounts:
            known = collection_name(account) in held
            if (not known and account not in due) or (known and account not in lagging and not thoroughly):
                continue
            ids, vectors = archive.vectors(account, self._model)
            if account in lagging or not known or set(ids) != self.ids(account):
                self.replace(account, ids, vectors)
        if foreign:
            self._scrub()
        self._sweep()

    def _find(self, account_id: str) -> Any | None:
        from chromadb.errors import NotFoundError

        name = collection_name(account_id)
        with self._lock:
            if name not in self._known:
                try:
                    self._known[name] = self._client.get_collection(name, embedding_function=None)
                except NotFoundError:
                    return None
            return self._known[name]

    def _make(self, account_id: str) -> Any:
        name = collection_name(account_id)
        with self._lock:
            self._known[name] = self._client.get_or_create_collection(
                name, embedding_function=None, metadata={"model": self._model}, configuration={"hnsw": HNSW}
            )
            return self._known[name]

    def _drop(self, name: str) -> None:
        from chromadb.errors import NotFoundError

        with self._lock:
            self._known.pop(name, None)
            try:
                self._client.delete_collection(name)
            except NotFoundError:
                return
        self._sweep()

    def _sweep(self) -> None:
        """Chroma leaves a deleted collection's vectors on disk; a folder that no segment names is removed."""
        if self._folder is None:
            return
        folders = [entry for entry in self._folder.iterdir() if entry.is_dir()]
        with closing(sqlite3.connect(self._folder / "chroma.sqlite3", timeout=30)) as database:  # never in WAL mode: Chroma's SQLite is another copy
            named = {name for (name,) in database.execute("SELECT id FROM segments")}
        for entry in folders:
            if entry.name not in named:
                shutil.rmtree(entry, ignore_errors=True)

    def _scrub(self) -> None:
        """Deleted rows leave copies in spare pages; VACUUM writes the file anew. A damaged folder kept aside goes too."""
        if self._folder is None:
            return
        shutil.rmtree(_aside(self._folder), ignore_errors=True)
        with closing(sqlite3.connect(self._folder / "chroma.sqlite3", timeout=30, isolation_level=None)) as database:
            database.execute("VACUUM")


def _embedded(folder: Path) -> Any:
    import chromadb

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lower = soft == resource.RLIM_INFINITY or soft > OPEN_FILES
    try:
        if lower:
            resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))
        return chromadb.PersistentClient(str(folder), settings=_settings())
    finally:
        if lower:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.broken")


def _move_aside(folder: Path) -> None:
    log.warning("the vector index was damaged: moved to %s and built anew from the records", _aside(folder).name)
    shutil.rmtree(_aside(folder), ignore_errors=True)
    folder.rename(_aside(folder))


def _sessions(client: Any) -> list[Any]:
    """The HTTP connections of a server's client, which Chroma neither closes nor gives a time limit."""
    servers = (getattr(owner, "_server", None) for owner in (client, getattr(client, "_admin_client", None)))
    sessions = [session for server in servers if (session := getattr(server, "_session", None)) is not None]
    for session in sessions:
        session.timeout = SECONDS
    return sessions


@contextmanager
def _broken(doing: str) -> Generator[None]:
    """Chroma's faults by our name. They carry no customer text: the index holds none."""
    try:
        yield
    except Exception as cause:  # Chroma's, SQLite's, the HTTP client's and the Rust core's errors share no parent
        raise IndexBroken(f"The vector index cannot be {doing} ({type(cause).__name__}).", "Run `briefs doctor`.") from cause
