"""The archive gives back what it was given: records, passages, vectors, fingerprints."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from retrieval.archive import Archive
from retrieval.archive_writes import Batch
from retrieval.engine import open_engine, scrub, writer
from retrieval.errors import UnknownAccount
from retrieval.filing import Unstorable, filed, unfiled, vector_key
from retrieval.records import TYPES, Account, Kind, Note, Record, parts_of
from retrieval.tables import UNSPLIT, UNSYNCED
from tests.retrieval.bench import ACCOUNTS, Store, note, ticket

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
NAMES = WORDS.filter(str.strip)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
NUMBERS = st.floats(0, 1e12, allow_nan=False)
EXTRA = st.dictionaries(WORDS, st.none() | st.booleans() | st.integers(-(2**70), 2**70) | WORDS | st.lists(WORDS, max_size=2), max_size=3)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


ROWS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    "account": st.fixed_dictionaries(
        {"id": NAMES, "name": NAMES, "at": maybe(INSTANTS), "aliases": st.lists(WORDS), "plan": maybe(NAMES), "extra": EXTRA},
        optional={"seats": st.integers(0, 10**9), "health": st.floats(0, 100), "renewal_date": DAYS, "auto_renew": st.booleans()},
    ),
    "contact": st.fixed_dictionaries({"id": NAMES, "account_id": NAMES, "name": NAMES, "joined_at": maybe(INSTANTS), "extra": EXTRA}),
    "note": st.fixed_dictionaries({"id": NAMES, "account_id": NAMES, "at": INSTANTS, "body": WORDS, "title": maybe(WORDS), "extra": EXTRA}),
    "ticket": st.fixed_dictionaries(
        {
            "id": NAMES,
            "account_id": NAMES,
            "created_at": INSTANTS,
            "subject": WORDS,
            "messages": st.lists(st.fixed_dictionaries({"at": maybe(INSTANTS), "body": WORDS, "public": st.booleans()}), max_size=3),
            "extra": EXTRA,
        }
    ),
    "usage": st.fixed_dictionaries(
        {"account_id": NAMES, "period_start": DAYS, "period_end": DAYS, "metrics": st.dictionaries(WORDS, NUMBERS, max_size=3), "extra": EXTRA}
    ),
    "survey": st.fixed_dictionaries(
        {"id": NAMES, "account_id": NAMES, "at": INSTANTS, "score": maybe(NUMBERS), "comment": maybe(WORDS), "extra": EXTRA}
    ),
    "scorecard": st.fixed_dictionaries(
        {"id": NAMES, "account_id": NAMES, "at": INSTANTS, "goals": maybe(WORDS), "wants_contact": maybe(st.booleans())}
    ),
    "opportunity": st.fixed_dictionaries({"id": NAMES, "account_id": NAMES, "amount": maybe(NUMBERS), "closed_at": maybe(INSTANTS), "extra": EXTRA}),
}
RECORDS = st.sampled_from(sorted(ROWS)).flatmap(lambda kind: ROWS[kind].map(TYPES[kind].model_validate))


@given(RECORDS)
def test_any_record_is_read_back_as_it_was_filed(record: Record):
    row = filed(record)
    again = unfiled(row.kind, row.body)
    assert again == record
    assert filed(again) == row
    assert parts_of(again) == parts_of(record)


@given(RECORDS, RECORDS)
def test_records_that_differ_have_hashes_that_differ(one: Record, other: Record):
    assert (filed(one).hash == filed(other).hash) == (one == other or filed(one).body == filed(other).body)


@pytest.mark.parametrize(
    ("extra", "field"),
    [({"x": "a\0b"}, "extra.x"), ({"x": {"y": ["\ud800"]}}, "extra.x.y[0]"), ({"x": float("inf")}, "extra.x"), ({"\0": 1}, "extra.<name>")],
)
def test_what_no_database_can_hold_is_refused_by_its_field(extra: dict[str, Any], field: str):
    with pytest.raises(Unstorable) as fault:
        filed(Note.model_validate(note(extra=extra)))
    assert str(fault.value).startswith(f"{field}: ")


def test_the_words_backslash_u0000_are_no_nul_character():
    assert unfiled("note", filed(Note.model_validate(note(body="\\u0000 and \\\\u0000"))).body) == Note.model_validate(
        note(body="\\u0000 and \\\\u0000")
    )


def save(archive: Archive, *records: Record) -> None:
    archive.save(Batch("tiny-16", [filed(record) for record in records]))


def test_the_rows_of_an_account_come_undated_first_then_by_date(tmp_path: Path):
    archive = Store(tmp_path).archive
    dated = [
        Account.model_validate({"id": "a1", "name": f"Acme {at}", "at": at}) for at in ("2026-02-01", "2025-02-01", "2026-01-01T00:00:00.000001Z")
    ]
    save(archive, *dated)
    assert archive.account_name("a1") == "Acme 2026-02-01"
    save(archive, Account(id="a1", name="Acme today"))
    assert [row.name for row in archive.account_rows("a1")] == [
        "Acme today",
        "Acme 2025-02-01",
        "Acme 2026-01-01T00:00:00.000001Z",
        "Acme 2026-02-01",
    ]
    assert archive.account_name("a1") == "Acme today"
    assert [account.name for account in archive.roster()] == ["Acme today"]
    found = archive.record("account:a1")
    assert isinstance(found, Account)
    assert found.name == "Acme today"
    assert archive.accounts() == ["a1"]
    assert archive.counts()["account"] == 1


def test_an_unknown_account_has_nothing(tmp_path: Path):
    archive = Store(tmp_path).archive
    assert archive.account_rows("a9") == archive.records("a9") == archive.passages("a9") == []
    ids, vectors = archive.vectors("a9", "tiny-16")
    assert (ids, vectors.shape, vectors.dtype) == ([], (0, 0), np.float32)
    with pytest.raises(UnknownAccount):
        archive.account_name("a9")


def test_a_note_and_a_ticket_may_share_an_id(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(id=1)])
    store.put("tickets.jsonl", [ticket(id=1, account_id="a2")])
    assert store.run().quarantined == 0
    assert store.archive.kinds("1") == ["note", "ticket"]
    assert store.archive.record("1") == store.archive.record("1", "note") == store.archive.records("a1")[0]
    assert store.archive.record("1", "ticket") == store.archive.records("a2")[0]
    assert store.archive.record("1", "survey") is None


def test_vectors_come_in_the_order_of_the_passages(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(n, body=f"word{n} " * 300) for n in range(8)])
    store.run()
    passages = store.archive.passages("a1")
    ids, vectors = store.archive.vectors("a1", "tiny-16")
    assert ids == [passage.id for passage in passages]
    assert np.array_equal(vectors, store.embedder.embed([passage.ranked_text for passage in passages]))
    some, few = store.archive.vectors("a1", "tiny-16", only=ids[3:5])
    assert {key: row.tobytes() for key, row in zip(some, few, strict=True)} == {key: vectors[ids.index(key)].tobytes() for key in ids[3:5]}
    assert store.archive.vectors("a1", "another")[0] == []


@settings(max_examples=15)
@given(body=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3000), title=WORDS)
def test_offsets_slice_the_stored_text(tmp_path_factory: pytest.TempPathFactory, body: str, title: str):
    store = Store(tmp_path_factory.mktemp("offsets"))
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(body=body, title=title)])
    assert store.run().records["notes"] == 1
    (stored,) = store.archive.records("a1")
    assert isinstance(stored, Note)
    assert (stored.body, stored.title) == (body, title)
    for passage in store.archive.passages("a1"):
        assert parts_of(stored)[passage.part][passage.start : passage.end] == passage.text
    store.archive.engine.dispose()


def test_the_fingerprint_changes_with_anything_of_the_account_and_with_nothing_else(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note()])
    store.run()
    seen = [store.archive.fingerprint("a1")]
    changes = [
        ("notes.jsonl", [note(body="other")]),
        ("notes.jsonl", [note(body="other", visibility="customer_safe")]),
        ("contacts.jsonl", [{"id": "c1", "account_id": "a1", "name": "Kim"}]),
        ("accounts.dated.jsonl", [{"id": "a1", "name": "Acme", "at": "2026-01-01"}]),
        ("catalogue.yaml", "products: [{sku: x, name: X, kind: tier}]"),
    ]
    for name, rows in changes:
        store.put(name, rows)
        store.run()
        seen.append(store.archive.fingerprint("a1"))
    assert len(set(seen)) == len(seen)
    store.put("surveys.jsonl", [{"id": "s1", "account_id": "a2", "at": "2026-01-01"}])
    store.run()
    assert store.archive.fingerprint("a1") == seen[-1]


def test_dirt_is_raised_and_only_settling_lowers_it(tmp_path: Path):
    archive = Store(tmp_path).archive
    save(archive, Account(id="a1", name="Acme"), Account(id="a2", name="Borealis"))
    archive.mark("tiny-16", {"a1": UNSPLIT, "a2": UNSYNCED})
    archive.mark("tiny-16", {"a1": UNSYNCED})
    assert archive.dirt() == {"a1": UNSPLIT, "a2": UNSYNCED}
    archive.settle(["a1", "gone"])
    assert archive.dirty_accounts() == ["a2"]


def test_the_database_is_private_and_set_up_to_survive(tmp_path: Path):
    store = Store(tmp_path)
    path = store.home / "briefs.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with store.archive.engine.connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "secure_delete": 1, "synchronous": 1}


def test_writers_wait_for_each_other(tmp_path: Path):
    archive = Store(tmp_path).archive
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(10):
                save(archive, Account(id=f"a{number}-{turn}", name="Acme"))
                archive.mark("tiny-16", {"shared": UNSYNCED})
        except BaseException as fault:  # noqa: BLE001 - handed to the test's own thread
            failures.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(archive.accounts()) == 40


def test_scrubbing_beside_a_reader_says_that_it_could_not(tmp_path: Path):
    store = Store(tmp_path)
    other = open_engine(f"sqlite:///{store.home}/briefs.db")
    save(store.archive, Account(id="a1", name="Acme"))
    with other.connect() as reader:
        reader.execute(text("SELECT * FROM records")).all()
        with writer(store.archive.engine).begin() as connection:
            connection.execute(text("DELETE FROM records"))
        assert scrub(store.archive.engine) is False
    assert scrub(store.archive.engine) is True


def test_a_vector_is_named_by_model_and_words():
    assert vector_key("m", "words") == vector_key("m", "words")
    assert len({vector_key("m", "words"), vector_key("n", "words"), vector_key("m", "word")}) == 3


def test_opening_the_database_again_leaves_the_locks_of_this_process_alone(tmp_path: Path):
    store = Store(tmp_path)
    save(store.archive, Account(id="a1", name="Acme"))
    log = store.home / "briefs.db-wal"
    with store.archive.engine.connect() as reader:
        reader.execute(text("SELECT * FROM records")).all()
        assert log.stat().st_size > 0
        open_engine(f"sqlite:///{store.home}/briefs.db").dispose()
        stranger = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT count(*) FROM records').fetchone(); c.close()"
        subprocess.run([sys.executable, "-c", stranger, str(store.home / "briefs.db")], check=True)
        assert log.exists(), "another process took the write-ahead log away under an open connection"
