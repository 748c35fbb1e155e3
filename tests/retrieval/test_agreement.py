"""Store and index compared, and the index mended from the store without embedding anything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy import text

from retrieval.agreement import compare, repair
from retrieval.engine import writer
from retrieval.indexing import rebuild
from retrieval.tables import UNSPLIT, UNSYNCED
from tests.retrieval.bench import ACCOUNTS, Store, note
from tests.retrieval.fakes import FolderIndex


def imported(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}") for n in range(10)])
    store.run()
    return store


def test_after_an_import_store_and_index_agree(tmp_path: Path):
    store = imported(tmp_path)
    found = compare(store.archive, store.index, store.embedder.name)
    assert (found.holds, found.accounts, found.passages) == (True, 2, 10)
    assert str(found) == "store and index agree: 10 passages of 2 accounts"


def test_missing_surplus_and_lagging_are_counted_by_account_and_mended(tmp_path: Path):
    store = imported(tmp_path)
    one, two, *_ = sorted(store.index.ids("a1"))
    store.index.delete("a1", [one, two])
    store.index.upsert("a1", ["stray"], np.ones((1, 16), dtype=np.float32))
    store.archive.mark(store.embedder.name, {"a2": UNSYNCED})
    found = compare(store.archive, store.index, store.embedder.name)
    assert [(d.account_id, d.missing, d.surplus, d.unembedded, d.dirty) for d in found.differences] == [("a1", 2, 1, 0, False), ("a2", 0, 0, 0, True)]
    assert str(found) == "store and index differ for 2 of 2 accounts: 2 passages missing, 1 too many, 0 not embedded"
    embedded = store.embedder.embedded
    assert repair(store.archive, store.index, store.embedder.name).holds
    assert store.embedder.embedded == embedded
    assert compare(store.archive, store.index, store.embedder.name).holds


def test_an_index_thrown_away_is_rebuilt_vector_by_vector(tmp_path: Path):
    store = imported(tmp_path)
    fresh = FolderIndex(tmp_path / "fresh")
    assert repair(store.archive, fresh, store.embedder.name).holds
    ids, vectors = store.archive.vectors("a2", store.embedder.name)
    held = fresh.vectors("a2")
    assert all(np.allclose(held[key], vector) for key, vector in zip(ids, vectors, strict=True))


def test_what_only_an_import_can_mend_stays_marked(tmp_path: Path):
    store = imported(tmp_path)
    store.archive.mark(store.embedder.name, {"a1": UNSPLIT})
    with writer(store.archive.engine).begin() as connection:
        connection.execute(text("DELETE FROM vectors WHERE key IN (SELECT vector_key FROM passages WHERE account_id = 'a1')"))
    left = repair(store.archive, store.index, store.embedder.name)
    assert [(d.account_id, d.unembedded, d.dirty) for d in left.differences] == [("a1", 5, True)]
    store.run()
    assert compare(store.archive, store.index, store.embedder.name).holds


def test_vectors_of_another_model_count_as_not_embedded(tmp_path: Path):
    store = imported(tmp_path)
    found = compare(store.archive, store.index, "another")
    assert [d.unembedded for d in found.differences] == [5, 5]


def test_rebuilding_from_nothing_gives_the_same(tmp_path: Path):
    store = imported(tmp_path)
    before = dict(store.index.shelves["a1"])
    assert rebuild(store.archive, store.index, "a1", store.embedder.name, from_nothing=True) == 5
    assert store.index.shelves["a1"].keys() == before.keys()


def test_a_forgetting_cut_short_before_the_index_is_finished_by_the_next_import(tmp_path: Path):
    store = imported(tmp_path)
    store.archive.forget_account("a1")
    found = compare(store.archive, store.index, store.embedder.name)
    assert [(d.account_id, d.surplus, d.dirty) for d in found.differences] == [("a1", 5, True)]
    store.put("accounts.jsonl", ACCOUNTS[1:])
    store.put("notes.jsonl", [])
    store.run()
    assert store.index.ids("a1") == set()
    assert compare(store.archive, store.index, store.embedder.name).accounts == 1
