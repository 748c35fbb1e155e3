"""Importing: what is new is stored, what is the same is left alone, what changed is replaced, and the counts add up."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from retrieval.agreement import compare
from retrieval.archive import Archive
from retrieval.chunking import split
from retrieval.engine import open_engine
from retrieval.forget import forget_account
from retrieval.ingest import ingest
from retrieval.sources import GivenRows, Row
from retrieval.tables import metadata
from tests.retrieval.bench import ACCOUNTS, NOON, Store, note, ticket
from tests.retrieval.fakes import BrokenIndex, MemoryIndex, TinyEmbedder


def portfolio(store: Store, notes: int = 20) -> None:
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}") for n in range(notes)])
    store.put("tickets.csv", [ticket(n, messages=[{"author": "Kim", "body": f"Please help with {n}"}]) for n in range(5)])


def agrees(store: Store) -> bool:
    return compare(store.archive, store.index, store.embedder.name).holds


def test_the_report_is_what_the_contract_prints(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    report = json.loads(store.run().model_dump_json())
    assert list(report) == ["records", "unchanged", "quarantined", "quarantine_file", "passages", "warnings"]
    assert report["records"] == {
        "accounts": 2, "contacts": 0, "notes": 20, "tickets": 5, "usage": 0, "surveys": 0, "scorecards": 0, "opportunities": 0, "catalogue": 0,
    }  # fmt: skip
    assert (report["unchanged"], report["quarantined"], report["quarantine_file"]) == (0, 0, None)
    assert report["passages"] == 30
    assert agrees(store)


def test_importing_the_same_again_does_nothing(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    embedded, upserted = store.embedder.embedded, store.index.upserted
    again = store.run()
    assert (sum(again.records.values()), again.unchanged, again.passages) == (0, 27, 0)
    assert (store.embedder.embedded, store.index.upserted) == (embedded, upserted)


def test_the_same_content_in_another_format_is_unchanged(tmp_path: Path):
    store = Store(tmp_path)
    rows = [note(n, title="T") for n in range(3)]
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", rows)
    store.run()
    (store.folder / "notes.jsonl").unlink()
    store.put("notes.csv", [dict(reversed(row.items())) for row in rows])
    assert store.run().unchanged == 5


def test_a_changed_record_replaces_its_own_passages_only(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    before = {passage.id: passage for account in ("a1", "a2") for passage in store.archive.passages(account)}
    vectors = store.archive.counts()["vectors"]
    embedded, upserted = store.embedder.embedded, store.index.upserted
    store.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}") for n in range(20) if n != 4] + [note(4, body="Something else entirely.")])
    report = store.run()
    assert (report.records["notes"], report.passages) == (1, 1)
    assert (store.embedder.embedded - embedded, store.index.upserted - upserted) == (1, 1)
    after = {passage.id: passage for account in ("a1", "a2") for passage in store.archive.passages(account)}
    assert {before[key].record_id for key in before.keys() - after.keys()} == {"n4"}
    assert {after[key].record_id for key in after.keys() - before.keys()} == {"n4"}
    assert store.archive.counts()["vectors"] == vectors
    assert agrees(store)


def test_a_change_that_touches_no_words_embeds_nothing(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note()])
    store.run()
    embedded = store.embedder.embedded
    store.put("notes.jsonl", [note(visibility="customer_safe")])
    assert store.run().records["notes"] == 1
    assert store.embedder.embedded == embedded
    assert agrees(store)


def test_a_record_that_moves_to_another_account_leaves_the_first_one_entirely(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note()])
    store.run()
    store.put("notes.jsonl", [note(account_id="a2")])
    store.run()
    assert store.archive.records("a1") == []
    assert store.archive.passages("a1") == []
    assert store.index.ids("a1") == set()
    assert len(store.index.ids("a2")) == 1
    assert agrees(store)


def test_a_renamed_account_has_its_passages_split_and_embedded_again(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    others = store.archive.vectors("a2", store.embedder.name)[1]
    store.put("accounts.jsonl", [{"id": "a1", "name": "Acme Renamed"}, ACCOUNTS[1]])
    report = store.run()
    assert report.records["accounts"] == 1
    assert all(passage.header.startswith("Acme Renamed") for passage in store.archive.passages("a1"))
    ids, vectors = store.archive.vectors("a1", store.embedder.name)
    assert all((store.index.shelves["a1"][key] == vector).all() for key, vector in zip(ids, vectors, strict=True))
    assert (store.archive.vectors("a2", store.embedder.name)[1] == others).all()
    assert store.archive.counts()["vectors"] == store.archive.counts()["passages"]
    assert agrees(store)


def test_an_account_changed_in_another_field_is_not_split_again(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    upserted = store.index.upserted
    store.put("accounts.jsonl", [ACCOUNTS[0] | {"health": 50}, ACCOUNTS[1]])
    assert store.run().records["accounts"] == 1
    assert store.index.upserted == upserted


def test_another_model_embeds_everything_again_and_drops_the_old_vectors(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    store.embedder = TinyEmbedder(dim=24, name="tiny-24")
    assert store.run().passages == 0
    assert store.archive.vectors("a1", "tiny-16")[0] == []
    assert store.archive.vectors("a1", "tiny-24")[1].shape[1] == 24
    assert store.archive.counts()["vectors"] == store.archive.counts()["passages"] == 30
    assert agrees(store)


def test_dated_rows_of_an_account_are_kept_side_by_side(tmp_path: Path):
    store = Store(tmp_path)
    dated = [{"id": "a1", "name": "Acme", "at": f"2026-0{month}-01", "health": 50 + month} for month in (1, 2, 3)]
    store.put("accounts.jsonl", [*dated, ACCOUNTS[0]])
    assert store.run().records["accounts"] == 4
    assert [row.health for row in store.archive.account_rows("a1")] == [None, 51, 52, 53]
    store.put("accounts.jsonl", [*dated[:2], dated[2] | {"health": 90}, ACCOUNTS[0]])
    assert store.run().unchanged == 3
    assert [row.health for row in store.archive.account_rows("a1")] == [None, 51, 52, 90]


def test_a_duplicate_id_with_other_content_is_quarantined_and_an_identical_row_is_unchanged(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.a.jsonl", [note(1), note(1), note(2)])
    store.put("notes.b.jsonl", [note(1, body="another text"), note(2, account_id="a2")])
    report = store.run()
    assert (report.records["notes"], report.unchanged, report.quarantined) == (2, 1, 2)
    assert {entry.file for entry in store.quarantined()} == {"notes.b.jsonl"}
    assert all("duplicate id" in reason for reason in store.reasons())
    again = store.run()
    assert (again.records["notes"], again.unchanged, again.quarantined) == (0, 5, 2)


def test_a_duplicate_in_a_later_batch_is_found_too(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(n) for n in range(1100)] + [note(3, body="another text")])
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (1100, 1)
    assert agrees(store)


def test_records_of_an_unknown_account_are_quarantined_even_if_its_file_comes_last(tmp_path: Path):
    store = Store(tmp_path)
    store.put("a.txt", "")
    store.put("notes.jsonl", [note(1), note(2, account_id="a9")])
    store.put("accounts.zz.jsonl", ACCOUNTS)
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (1, 1)
    assert store.reasons() == ["account_id: there is no account 'a9'"]
    assert (store.quarantined()[0].account_id, store.quarantined()[0].record_id) == ("a9", "n2")


def test_accounts_already_in_the_store_are_enough(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.run()
    (store.folder / "accounts.jsonl").unlink()
    store.put("notes.jsonl", [note()])
    assert store.run().records["notes"] == 1


def test_ids_that_look_like_numbers_are_names(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", [{"id": 7, "name": "Seven"}])
    store.put("notes.csv", "id,account_id,at,body\n1,7,2026-01-01,hello there\n")
    assert store.run().quarantined == 0
    assert store.archive.records("7")[0].id == "1"


def test_skus_the_catalogue_does_not_know_are_said_once_each(tmp_path: Path):
    store = Store(tmp_path)
    store.put("catalogue.yaml", "products: [{sku: core, name: Core, kind: tier}]")
    store.put("accounts.jsonl", [{"id": f"a{n}", "name": "A", "plan": "core", "products": ["gone"]} for n in range(3)])
    report = store.run()
    assert report.records["accounts"] == 3
    assert report.warnings == ("sku 'gone' of account 'a0' and 2 more is not in the catalogue",)


def test_an_empty_file_and_a_renewal_in_the_past_are_kept_and_the_first_is_said(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", [ACCOUNTS[0] | {"renewal_date": "2001-01-01"}])
    for name in ("notes.jsonl", "tickets.json", "surveys.csv"):
        store.put(name, "")
    store.put("usage.json", "[]")
    report = store.run()
    assert (report.records["accounts"], report.quarantined) == (1, 0)
    assert {"notes.jsonl is empty", "tickets.json is empty", "surveys.csv is empty", "usage.json is empty"} <= set(report.warnings)


def test_progress_is_told(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    told: list[tuple[str, int, int | None]] = []
    ingest(
        store.folder, store.archive, split, store.embedder, store.index,
        home=store.home, now=lambda: NOON, new_id=store.new_id, progress=lambda stage, done, total: told.append((stage, done, total)),
    )  # fmt: skip
    assert ("notes", 22, None) in told
    assert told[-1] == ("index", 2, 2)


@pytest.mark.parametrize("changes", range(4))
def test_an_index_that_fails_half_way_is_put_right_by_the_next_import_without_embedding(tmp_path: Path, changes: int):
    store = Store(tmp_path, index=BrokenIndex(100))
    portfolio(store)
    store.run()
    store.index.left = changes
    store.put("accounts.jsonl", [{"id": "a1", "name": "Acme Renamed"}, ACCOUNTS[1]])
    store.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}", body=f"new words {n}") for n in range(10)])
    with pytest.raises(OSError, match="no space left"):
        store.run()
    assert store.archive.dirty_accounts()
    assert not agrees(store)
    store.index.left = 100
    embedded = store.embedder.embedded
    store.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}", body=f"new words {n}") for n in range(10)])
    store.run()
    assert store.embedder.embedded - embedded <= 20
    assert agrees(store)
    for account in ("a1", "a2"):
        ids, vectors = store.archive.vectors(account, store.embedder.name)
        assert all((store.index.shelves[account][key] == vector).all() for key, vector in zip(ids, vectors, strict=True))


def test_an_index_that_was_lost_is_made_anew(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    store.archive.mark(store.embedder.name, {"a1": 1})
    store.index = MemoryIndex()
    store.put("notes.jsonl", [])
    store.run()
    assert store.index.ids("a1") == store.archive.passage_ids("a1")


def test_rows_can_be_given_without_a_file(tmp_path: Path):
    store = Store(tmp_path)
    portfolio(store)
    store.run()
    report = store.take(GivenRows((Row("note", "mended", 1, note(99), ""), Row("note", "mended", 2, {"id": "x"}, ""))))
    assert (report.records["notes"], report.quarantined) == (1, 1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return os.environ["BRIEFS_TEST_POSTGRES"] if request.param == "postgres" else f"sqlite:///{tmp_path}/briefs.db"


@pytest.mark.parametrize("read", ["stamps", "file"])
def test_what_is_said_to_be_of_one_moment_is(tmp_path: Path, url: str, read: str):
    engine, store = open_engine(url), Store(tmp_path)
    metadata.drop_all(engine)
    store.archive, beside = Archive(open_engine(url)), Archive(engine)
    portfolio(store)
    store.run()
    before = getattr(beside, read)("a1")
    store.put("notes.jsonl", [note(99)])
    imported: list[int] = []

    @event.listens_for(engine, "after_cursor_execute")
    def import_in_between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT") and not imported:
            imported.append(store.run().records["notes"])

    assert getattr(beside, read)("a1") == before
    assert imported == [1]
    assert getattr(beside, read)("a1") != before
    for one in (engine, store.archive.engine):
        one.dispose()


@pytest.mark.postgres
def test_postgresql_keeps_and_forgets_the_same(tmp_path: Path):
    engine = open_engine(os.environ["BRIEFS_TEST_POSTGRES"])
    metadata.drop_all(engine)
    store, beside = Store(tmp_path / "postgres"), Store(tmp_path / "sqlite")
    store.archive = Archive(engine)
    for one in (store, beside):
        portfolio(one)
        one.run()
        one.put("accounts.jsonl", [{"id": "a1", "name": "Acme Renamed"}, {"id": "a1", "name": "Acme", "at": "2025-01-01"}, ACCOUNTS[1]])
        one.put("notes.jsonl", [note(n, account_id=f"a{1 + n % 2}", body="a\0b" if n == 3 else f"new words {n}") for n in range(20)])
        one.run()
    for account in ("a1", "a2"):
        assert store.archive.fingerprint(account) == beside.archive.fingerprint(account)
        assert {passage.id: passage for passage in store.archive.passages(account)} == {p.id: p for p in beside.archive.passages(account)}
        ids, vectors = store.archive.vectors(account, store.embedder.name)
        assert ids == [passage.id for passage in store.archive.passages(account)]
        assert vectors.shape == (len(ids), store.embedder.dim)
    assert store.archive.counts() == beside.archive.counts()
    assert forget_account("a1", store.archive, store.index, store.home) == forget_account("a1", beside.archive, beside.index, beside.home)
    assert agrees(store)
    metadata.drop_all(engine)
    engine.dispose()


GOOD, CHANGED, BAD, STRAY = "good", "changed", "bad", "stray"


@settings(max_examples=12)
@given(st.lists(st.lists(st.tuples(st.integers(1, 6), st.sampled_from([GOOD, CHANGED, BAD, STRAY]), st.integers(1, 2)), max_size=10), max_size=4))
def test_counts_add_up_and_store_and_index_agree_whatever_comes(tmp_path_factory: pytest.TempPathFactory, imports: list[list[tuple[int, str, int]]]):
    store = Store(tmp_path_factory.mktemp("counts"))
    store.put("accounts.jsonl", ACCOUNTS)
    for rows in imports:
        store.put("notes.jsonl", [_row(*row) for row in rows])
        report = store.run()
        assert sum(report.records.values()) + report.unchanged + report.quarantined == len(rows) + 2
        assert agrees(store)
        assert store.archive.counts()["vectors"] <= store.archive.counts()["passages"]
        assert store.archive.dirty_accounts() == []
    store.archive.engine.dispose()


def _row(number: int, state: str, account: int) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        GOOD: {},
        CHANGED: {"body": f"Changed words of {number}."},
        BAD: {"at": "never"},
        STRAY: {"account_id": "a9"},
    }
    return note(number, **({"account_id": f"a{account}"} | changes[state]))
