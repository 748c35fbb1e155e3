"""What is forgotten is gone: from the store, the index, the quarantine and the bytes on disk, and nothing else is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from retrieval.agreement import compare
from retrieval.errors import UnknownAccount
from retrieval.forget import UnknownRecord, forget_account, forget_record
from tests.retrieval.bench import ACCOUNTS, Store, note, ticket

SECRET = "the heron stood on the ninth pylon"
FILLER = [f"word{n} " * 40 for n in range(40)]


def bytes_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def filled(store: Store, seed: int = 1) -> None:
    """A store with the secret in one note of a1 among many, imported in several turns so that pages fill, split and move."""
    chance = random.Random(seed)
    store.put("accounts.jsonl", ACCOUNTS)
    for turn in range(4):
        rows = [note(n, account_id=chance.choice(["a1", "a2"]), body=f"{n} {turn} {chance.choice(FILLER)}") for n in range(100) if n % 4 <= turn]
        chance.shuffle(rows)
        rows.insert(chance.randrange(len(rows)), note(500, body=f"{SECRET}, said Kim. {chance.choice(FILLER)}"))
        store.put("notes.jsonl", rows)
        store.run()


@pytest.mark.parametrize("seed", range(6))
def test_no_byte_of_a_forgotten_record_is_left_in_the_home_folder(tmp_path: Path, seed: int):
    store = Store(tmp_path)
    filled(store, seed)
    assert SECRET.encode() in bytes_of(store.home)
    before = {passage.id for passage in store.archive.passages("a1")}
    gone = forget_record("n500", store.archive, store.index, store.home)
    assert (gone.account_ids, gone.record_ids, gone.passages, gone.vectors, gone.scrubbed) == (("a1",), ("n500",), 1, 1, True)
    assert SECRET.encode() not in bytes_of(store.home)
    assert len(before - {passage.id for passage in store.archive.passages("a1")}) == 1
    assert store.archive.record("n500") is None
    assert compare(store.archive, store.index, store.embedder.name).holds


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_of_a_forgotten_account_is_left_and_the_other_is_whole(tmp_path: Path, seed: int):
    store = Store(tmp_path)
    filled(store, seed)
    store.put("catalogue.yaml", "products: [{sku: core, name: Core, kind: tier}]")
    store.put("accounts.jsonl", [{"id": "a1", "name": "Zephyrus-Holding"}, ACCOUNTS[1]])
    store.put("contacts.jsonl", [{"id": "c1", "account_id": "a1", "name": "Ottoline-Quux"}, {"id": "c2", "account_id": "a2", "name": "Bo"}])
    store.run()
    other = (store.archive.fingerprint("a2"), store.archive.passages("a2"))
    count = len(store.archive.records("a1"))
    gone = forget_account("a1", store.archive, store.index, store.home)
    assert len(gone.record_ids) == count + 1
    left = bytes_of(store.home)
    for trace in (SECRET, "Zephyrus-Holding", "Ottoline-Quux"):
        assert trace.encode() not in left
    assert store.archive.accounts() == ["a2"]
    assert "a1" not in store.archive.indexed_accounts()
    assert store.index.ids("a1") == set()
    assert (store.archive.fingerprint("a2"), store.archive.passages("a2")) == other
    assert store.archive.catalogue().find("core") is not None
    assert compare(store.archive, store.index, store.embedder.name).holds


def test_a_vector_that_another_passage_needs_stays(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(1, body="the same words"), note(2, body="the same words")])
    store.run()
    assert store.archive.counts()["vectors"] == 1
    assert forget_record("n1", store.archive, store.index, store.home).vectors == 0
    assert store.archive.vectors("a1", store.embedder.name)[0] == [passage.id for passage in store.archive.passages("a1")]
    assert forget_record("n2", store.archive, store.index, store.home).vectors == 1


def test_rows_in_quarantine_are_forgotten_with_their_account_or_record(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    bad = [note(1, at="never", body=SECRET), note(2, at="never", account_id="a2"), note(3, at="never"), note(13, at="never", account_id="a2")]
    store.put("notes.jsonl", bad)
    store.put("tickets.jsonl", '{"id": "t1", "account_id": "a1", broken\n{"id": "t2", "account_id": "a2", broken\n')
    store.run()
    assert forget_record("n1", store.archive, store.index, store.home).quarantined == 1
    assert {entry.record_id for entry in store.quarantined()} == {"n2", "n3", "n13", None}
    assert forget_account("a1", store.archive, store.index, store.home).quarantined == 2
    assert {entry.account_id for entry in store.quarantined()} == {"a2", None}
    assert SECRET.encode() not in bytes_of(store.home)
    assert len(store.quarantined()) == 3


def test_an_account_known_from_quarantine_only_can_be_forgotten(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", [ACCOUNTS[0], {"id": "a7", "name": SECRET, "seats": -1}])
    store.put("notes.jsonl", [note(1, account_id="a7")])
    store.run()
    gone = forget_account("a7", store.archive, store.index, store.home)
    assert (gone.quarantined, gone.passages, gone.record_ids) == (2, 0, ())
    assert SECRET.encode() not in bytes_of(store.home)


def test_what_is_not_there_cannot_be_forgotten(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.run()
    with pytest.raises(UnknownAccount):
        forget_account("a9", store.archive, store.index, store.home)
    with pytest.raises(UnknownRecord):
        forget_record("n9", store.archive, store.index, store.home)
    with pytest.raises(UnknownRecord, match="is an account"):
        forget_record("account:a1", store.archive, store.index, store.home)


def test_of_two_records_with_one_id_the_kind_says_which(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(id="1")])
    store.put("tickets.jsonl", [ticket(id="1")])
    store.run()
    with pytest.raises(UnknownRecord) as fault:
        forget_record("1", store.archive, store.index, store.home)
    assert fault.value.hint == "Say which: note:1 or ticket:1."
    forget_record("ticket:1", store.archive, store.index, store.home)
    assert store.archive.kinds("1") == ["note"]


def test_data_without_text_is_forgotten_too(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("usage.jsonl", [{"account_id": "a1", "period_start": "2026-01-01", "period_end": "2026-01-31"}])
    store.run()
    gone = forget_record("usage:a1:2026-01-01", store.archive, store.index, store.home)
    assert (gone.record_ids, gone.account_ids) == (("usage:a1:2026-01-01",), ("a1",))
    assert store.archive.records("a1") == []


def test_a_forgotten_account_may_be_imported_again(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note()])
    store.run()
    forget_account("a1", store.archive, store.index, store.home)
    assert store.run().records["notes"] == 1
    assert compare(store.archive, store.index, store.embedder.name).holds
