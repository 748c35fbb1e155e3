"""Input made by accident or by malice: every row is stored, unchanged or in quarantine with its reason, and nothing stops the rest."""

from __future__ import annotations

import json
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.quarantine import entries, take_out
from retrieval.records import Ticket
from retrieval.sources.lines import read_csv, read_json, read_jsonl
from tests.retrieval.bench import ACCOUNTS, Store, note, ticket


def test_one_import_of_everything_that_can_be_wrong_adds_up(tmp_path: Path):
    store = Store(tmp_path)
    good = [json.dumps(note(n)).encode() for n in range(3)]
    bad: list[tuple[bytes, str]] = [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"id": "n9", "id": "n8"}', "the field 'id' stands twice"),
        (json.dumps(note(9)).encode().replace(b"seats", b"se\xe9ts"), "not UTF-8"),
        (json.dumps(note(9, body="a\0b")).encode(), "body: holds a NUL character"),
        (json.dumps(note(9, body="half \ud83d")).encode(), "half a surrogate pair"),
        (json.dumps(note(9, x={"y": "half \ud83d"})).encode(), "extra.x.y: holds half a surrogate pair"),
        (b'{"id": "n9", "account_id": "a1", "at": "2026-01-01", "body": "x", "x": NaN}', "NaN is not a number"),
        (b'{"id": "n9", "account_id": "a1", "at": "2026-01-01", "body": "x", "x": 1e999}', "too large"),
        (b'{"id": "n9", "x": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"id": "n9", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"id": "n9", "x": ' + b"[" * 60 + b"]" * 60 + b"}", "extra: nested more than"),
        (json.dumps({"id": "n9"}).encode(), "account_id: missing (and 2 more)"),
        (json.dumps(note(9, at="03/31/2026")).encode(), "at: not an ISO 8601 date"),
        (json.dumps(note(9, at="2025-02-29")).encode(), "at: not an ISO 8601 date"),
        (json.dumps(note(9, body=True)).encode(), "body: input should be a valid string"),
        (json.dumps(note(9, account_id="nobody")).encode(), "there is no account 'nobody'"),
    ]
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", b"\n".join([good[0], *(raw for raw, _ in bad), *good[1:]]))
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (3, len(bad))
    found = store.quarantined()
    assert [entry.line for entry in found] == list(range(2, 2 + len(bad)))
    for entry, (raw, reason) in zip(found, bad, strict=True):
        assert reason in entry.reason
        assert "\n" not in entry.reason
        assert len(entry.reason) < 200
        assert entry.raw == raw.decode(errors="replace")
    again = store.run()
    assert (sum(again.records.values()), again.unchanged, again.quarantined) == (0, 5, len(bad))


def test_the_quarantine_is_private_and_named_in_the_report(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", "{\n")
    report = store.run()
    path = store.home / "quarantine" / "import-1.jsonl"
    assert report.quarantine_file == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    (entry,) = store.quarantined()
    assert (entry.id, entry.file, entry.line, entry.kind, entry.raw) == ("import-1:1", "notes.jsonl", 1, "notes", "{")


def test_a_bad_account_takes_its_records_into_quarantine_and_no_others(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", [ACCOUNTS[0] | {"seats": -3}, ACCOUNTS[1] | {"health": 140}, {"id": "a3", "name": "Cirrus"}])
    store.put("notes.jsonl", [note(1), note(2, account_id="a2"), note(3, account_id="a3")])
    report = store.run()
    assert (report.records["accounts"], report.records["notes"], report.quarantined) == (1, 1, 4)
    assert [reason.split(":")[0] for reason in store.reasons()] == ["seats", "health", "account_id", "account_id"]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2003\n", "\x1c"])
def test_white_space_is_neither_a_name_nor_an_id(tmp_path: Path, blank: str):
    store = Store(tmp_path)
    store.put("accounts.jsonl", [*ACCOUNTS, {"id": "a3", "name": blank}])
    store.put("contacts.jsonl", [{"id": "c1", "account_id": "a1", "name": blank}, {"id": blank, "account_id": "a1", "name": " Kim"}])
    store.put("notes.jsonl", [note(1, account_id=blank)])
    report = store.run()
    assert (report.records["accounts"], report.records["contacts"], report.records["notes"]) == (2, 0, 0)
    assert store.reasons() == [f"{field}: nothing but white space, given {blank!r}" for field in ("name", "name", "id", "account_id")]


def test_a_note_of_fifty_megabytes_is_put_aside_and_the_next_is_read(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note(1), note(2, body="word " * 10_000_000), note(3)])
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (2, 1)
    assert store.reasons() == ["body: 50,000,000 characters, more than the limit of 20,000,000"]


def test_a_row_beyond_the_limit_of_its_file_is_put_aside_and_the_next_is_read():
    long = "word " * 4000
    for reader, raw, lines in (
        (read_jsonl, f'{{"x": 1}}\n{{"x": "{long}"}}\n{{"x": 2}}\n', [1, 2, 3]),
        (read_json, f'[{{"x": 1}},\n{{"x": "{long}"}},\n{{"x": 2}}]', [1, 2, 3]),
        (read_csv, f'x,y\n1,\n"{long}",\n2,\n', [2, 3, 4]),
    ):
        reads = list(reader(BytesIO(raw.encode()), 5000))
        assert [read.line for read in reads] == lines
        assert [read.data is None for read in reads] == [False, True, False]
        assert reads[1].reason


def test_a_ticket_of_five_thousand_messages_is_a_ticket(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    messages = [{"author": "Kim", "author_role": "customer", "body": f"Message number {n} says hello."} for n in range(5000)]
    store.put("tickets.jsonl", [ticket(1, messages=messages)])
    report = store.run()
    assert (report.records["tickets"], report.quarantined, report.passages) == (1, 0, 5001)
    (loaded,) = store.archive.records("a1")
    assert isinstance(loaded, Ticket)
    assert [message.body for message in loaded.messages] == [message["body"] for message in messages]


def test_an_array_that_breaks_off_keeps_what_came_before(tmp_path: Path):
    whole = json.dumps([note(n) for n in range(3)])
    for name, text, stored in (
        ("cut", whole[:-20], 2),
        ("object", json.dumps({"notes": [note(1)]}), 0),
        ("after", whole + " more", 3),
        ("comma", whole[:-1] + ",]", 3),
        ("brace", whole[:-1] + ", {]}]", 3),
        ("words", "no json at all", 0),
    ):
        store = Store(tmp_path / name)
        store.put("accounts.jsonl", ACCOUNTS)
        store.put("notes.json", text)
        report = store.run()
        assert (name, report.records["notes"], report.quarantined >= 1) == (name, stored, True)


def test_a_bad_item_of_an_array_costs_that_item(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    rows = [json.dumps(note(1)).encode(), b'{"id": \xff}', b'{"id" 5}', b"7", json.dumps(note(2)).encode()]
    store.put("notes.json", b"[" + b",\n".join(rows) + b"]")
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (2, 3)
    assert [entry.line for entry in store.quarantined()] == [2, 3, 4]


def test_a_csv_row_that_is_not_utf8_or_too_long_costs_that_row(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put(
        "notes.csv", b'id,account_id,at,body\nn1,a1,2026-01-01,ok\nn2,a1,2026-01-01,caf\xe9\nn3,a1,2026-01-01,a,b\nn4,a1,2026-01-01,"a"b\nn5,a1\n'
    )
    report = store.run()
    assert (report.records["notes"], report.quarantined) == (1, 4)
    assert [entry.line for entry in store.quarantined()] == [3, 4, 5, 6]


def test_a_line_of_quarantine_cut_short_by_a_crash_is_passed_over(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", "{\n[\n")
    store.run()
    path = store.home / "quarantine" / "import-1.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    assert [entry.id for entry in entries(store.home)] == ["import-1:1"]
    assert list(entries(store.home, "import-2")) == []
    assert take_out(store.home, lambda entry: entry.line == 1) == 1
    assert not path.exists()


@settings(max_examples=15)
@given(st.lists(st.binary(max_size=60).filter(lambda raw: b"\n" not in raw), max_size=8))
def test_whatever_lines_come_they_are_stored_or_put_aside(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]):
    store = Store(tmp_path_factory.mktemp("lines"))
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", b"\n".join(lines))
    report = store.run()
    utf16 = b"\n".join(lines)[:2] in (b"\xff\xfe", b"\xfe\xff")
    stripped = [line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line for number, line in enumerate(lines)]
    assert utf16 or sum(report.records.values()) + report.unchanged + report.quarantined == 2 + sum(bool(line.strip()) for line in stripped)
    store.archive.engine.dispose()


ODD_VALUES: Any = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=2)


@settings(max_examples=20)
@given(st.dictionaries(st.sampled_from(["id", "account_id", "at", "body", "title", "kind", "visibility", "extra", "other"]), ODD_VALUES))
def test_whatever_values_a_row_holds_it_is_stored_or_put_aside(tmp_path_factory: pytest.TempPathFactory, change: dict[str, Any]):
    store = Store(tmp_path_factory.mktemp("values"))
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", [note() | change])
    report = store.run()
    assert report.records["notes"] + report.quarantined == 1
    store.archive.engine.dispose()
