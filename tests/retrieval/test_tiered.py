"""A small account is ranked from SQL, a large one by its collection, and nothing is lost on the way from one to the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.archive import Archive
from retrieval.chroma import collection_name, open_chroma
from retrieval.exact import ExactIndex
from retrieval.tiered import TieredIndex
from tests.retrieval.shelf import LetterEmbedder, archive_in, note, shelve, shelve_notes
from tests.retrieval.test_chroma_recovery import killed_here, traces

EMBEDDER = LetterEmbedder()
LARGE = 20


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = archive_in(tmp_path)
    yield made
    made.engine.dispose()


def opened(archive: Archive, home: Path, large: int = LARGE) -> TieredIndex:
    return TieredIndex(open_chroma(home / "chroma", archive, EMBEDDER.name, large), archive, EMBEDDER.name, large)


def grow(archive: Archive, index: TieredIndex, account: str, notes: int, first: int = 0) -> None:
    """Files so many more notes of one passage each, and carries them to the index as an import does."""
    before = archive.passage_ids(account)
    shelve(archive, EMBEDDER, account, [note(account, f"n{n}", f"note {n} of {account}") for n in range(first, first + notes)])
    ids, vectors = archive.vectors(account, EMBEDDER.name)
    fresh = [place for place, i in enumerate(ids) if i not in before]
    index.upsert(account, [ids[place] for place in fresh], vectors[fresh])


def collections(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "chroma" / "chroma.sqlite3")) as database:
        return {name for (name,) in database.execute("SELECT name FROM collections")}


def test_only_a_large_account_has_a_collection(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    grow(archive, index, "small", LARGE - 1)
    grow(archive, index, "large", LARGE)
    assert collections(tmp_path) == {collection_name("large")}
    assert index.ids("small") == archive.passage_ids("small")
    assert index.ids("large") == archive.passage_ids("large")
    index.close()


def test_an_account_that_grows_past_the_limit_takes_all_its_passages_along(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    grow(archive, index, "acme", LARGE - 5)
    grow(archive, index, "acme", 10, first=LARGE - 5)
    assert collections(tmp_path) == {collection_name("acme")}
    ids, vectors = archive.vectors("acme", EMBEDDER.name)
    assert len(ids) == LARGE + 5
    assert index.ids("acme") == set(ids)
    exact = ExactIndex(archive, EMBEDDER.name).query("acme", vectors, 5)
    for near, true in zip(index.query("acme", vectors, 5), exact, strict=True):
        assert np.allclose([score for _, score in near], [score for _, score in true], atol=1e-3)
    index.close()


def test_what_grew_before_a_crash_is_in_a_collection_after_the_next_opening(archive: Archive, tmp_path: Path):
    opened(archive, tmp_path).close()
    shelve_notes(archive, EMBEDDER, "acme", [f"note {n}" for n in range(LARGE)])
    shelve_notes(archive, EMBEDDER, "bolt", ["one note"])
    killed_here(tmp_path)
    index = opened(archive, tmp_path)
    assert collections(tmp_path) == {collection_name("acme")}
    assert index.ids("acme") == archive.passage_ids("acme")
    assert index.ids("bolt") == archive.passage_ids("bolt")
    index.close()


def test_a_home_whose_small_accounts_have_collections_stays_right(archive: Archive, tmp_path: Path):
    every = opened(archive, tmp_path, large=1)
    grow(archive, every, "acme", 3)
    every.close()
    index = opened(archive, tmp_path)
    grow(archive, index, "acme", 2, first=3)
    assert collections(tmp_path) == {collection_name("acme")}
    assert index.ids("acme") == archive.passage_ids("acme")
    assert len(index.ids("acme")) == 5
    index.close()


def test_a_forgotten_account_leaves_no_vector_whatever_its_size(archive: Archive, tmp_path: Path):
    index = opened(archive, tmp_path)
    for account, notes in (("small", 5), ("large", LARGE * 2)):
        grow(archive, index, account, notes)
        ids, vectors = archive.vectors(account, EMBEDDER.name)
        archive.forget_account(account)
        index.delete(account, None)
        assert index.ids(account) == set()
        assert index.query(account, vectors[:1], 5) == [[]]
        assert traces(tmp_path / "chroma", vectors, ids) == 0
    index.close()
