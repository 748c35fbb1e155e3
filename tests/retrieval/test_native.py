"""The native import format: what is read, from which files, and what happens to every field of a row."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ImportFault
from retrieval.records import Account, Note, Ticket, Usage
from retrieval.sources import Fault, Row
from retrieval.sources.lines import read_csv, read_json, read_jsonl
from retrieval.sources.native import NativeFiles
from retrieval.sources.shape import RowFault, record_of
from tests.retrieval.bench import ACCOUNTS, Store, note, ticket

ROWS = [note(1, title="Call", extra_field="kept"), note(2, body='Zeile eins\nZeile zwei, "in quotes"; ünïcødé 🙂')]


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_each_format_gives_the_same_records_with_and_without_a_byte_order_mark(tmp_path: Path, ending: str, bom: bytes):
    store = Store(tmp_path)
    path = store.put(f"notes.{ending}", ROWS)
    path.write_bytes(bom + path.read_bytes())
    store.put(f"accounts.{ending}", ACCOUNTS)
    report = store.run()
    assert report.records["notes"] == 2
    assert report.quarantined == 0
    first, second = store.archive.records("a1")
    assert isinstance(first, Note)
    assert first.extra == {"extra_field": "kept"}
    assert isinstance(second, Note)
    assert second.body == ROWS[1]["body"]


def test_lists_and_objects_stand_as_json_in_csv_cells(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.csv", [{"id": "a1", "name": "Acme", "products": ["core", "plus"], "aliases": [], "do_not_contact": True, "seats": 12}])
    store.put("tickets.csv", [ticket(1, messages=[{"author": "Kim", "body": 'It, "breaks"\nhere', "public": False, "odd": 1}], tags=["x"])])
    store.put("usage.csv", [{"account_id": "a1", "period_start": "2026-01-01", "period_end": "2026-01-31", "metrics": {"runs": 3.5}, "note": "odd"}])
    assert store.run().quarantined == 0
    account = store.archive.account_rows("a1")[0]
    assert (account.products, account.do_not_contact, account.seats) == (("core", "plus"), True, 12)
    loaded, usage = store.archive.records("a1")
    assert isinstance(loaded, Ticket)
    assert isinstance(usage, Usage)
    assert loaded.messages[0].body == 'It, "breaks"\nhere'
    assert loaded.extra == {"messages[0]": {"odd": 1}}
    assert usage.metrics == {"runs": 3.5}
    assert usage.extra == {"note": "odd"}


def test_several_files_of_a_kind_and_a_single_file_are_read(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.north.jsonl", ACCOUNTS[:1])
    store.put("accounts.south.csv", ACCOUNTS[1:])
    store.put("notes.a.jsonl", [note(1)])
    store.put("notes.b.json", [note(2, account_id="a2")])
    assert store.run().records == {
        "accounts": 2, "contacts": 0, "notes": 2, "tickets": 0, "usage": 0, "surveys": 0, "scorecards": 0, "opportunities": 0, "catalogue": 0,
    }  # fmt: skip
    alone = Store(tmp_path / "other", index=store.index)
    alone.put("accounts.jsonl", ACCOUNTS)
    single = alone.put("notes.jsonl", [note(3)])
    alone.run(alone.folder / "accounts.jsonl")
    assert alone.run(single).records["notes"] == 1


def test_other_files_are_ignored_with_one_line(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    for name in ("README.md", "labels.a.yaml", "notes.xlsx", "mynotes.jsonl", ".hidden"):
        store.put(name, "x")
    (store.folder / "notes.jsonl").mkdir()
    lines = [line for line in store.run().warnings if "ignored" in line]
    assert len(lines) == 1
    assert lines[0].startswith("6 other files ignored: ")


def test_a_folder_with_nothing_to_read_is_refused_with_a_hint(tmp_path: Path):
    store = Store(tmp_path)
    store.put("README.md", "x")
    for path in (store.folder, tmp_path / "nowhere", store.folder / "README.md"):
        with pytest.raises(ImportFault) as fault:
            store.run(path)
        assert fault.value.hint
        assert "\n" not in str(fault.value)


def test_records_without_any_account_are_refused_with_a_hint(tmp_path: Path):
    store = Store(tmp_path)
    store.put("notes.jsonl", [note()])
    with pytest.raises(ImportFault, match="no accounts") as fault:
        store.run()
    assert "accounts.jsonl" in fault.value.hint


def test_line_numbers_point_at_the_row_in_every_format(tmp_path: Path):
    bad = {"id": "n9", "account_id": "a1", "at": "yesterday", "body": "x"}
    files = {
        "notes.jsonl": "\n" + json.dumps(note(1)) + "\n\n" + json.dumps(bad) + "\n",
        "notes.json": "[\n" + json.dumps(note(1)) + ",\n\n  " + json.dumps(bad, indent=1) + "\n]\n",
        "notes.csv": 'id,account_id,at,body\nn1,a1,2026-03-01,"two\nlines"\nn9,a1,yesterday,x\n',
    }
    for name, text in files.items():
        store = Store(tmp_path / name)
        store.put("accounts.jsonl", ACCOUNTS)
        store.put(name, text)
        assert store.run().records["notes"] == 1
        (entry,) = store.quarantined()
        assert (entry.file, entry.line, entry.kind) == (name, 4, "notes")
        assert entry.reason == "at: not an ISO 8601 date: 'yesterday'"


def test_an_array_is_cut_at_its_own_commas_only():
    items = [{"a": 'x],[{"\\'}, {"b": {"c": [1, [2, {"d": ","}]]}}, {"e": '\\",' * 9}]
    for text in (json.dumps(items), json.dumps(items, indent=2), " \n" + json.dumps(items, separators=(",", ":")) + "\n\n"):
        assert [read.data for read in read_json(io.BytesIO(text.encode()))] == items


class Dribble(io.BytesIO):
    """Gives a few bytes at a time, as a slow disk may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(3, size) if size and size > 0 else size)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON_VALUES, max_size=4), max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_any_array_of_objects_is_read_as_json_would_read_it(items: list[dict[str, Any]], indent: int | None, ascii_only: bool):
    raw = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode("utf-8", errors="surrogatepass")
    assert [read.data for read in read_json(Dribble(raw))] == json.loads(raw.decode("utf-8", errors="surrogatepass"))


@given(st.binary(max_size=200))
def test_no_bytes_whatever_stop_a_reader(raw: bytes):
    for reader in (read_jsonl, read_json, read_csv):
        for read in reader(io.BytesIO(raw)):
            assert (read.data is None) == bool(read.reason)


@given(st.text(alphabet='[]{},":\\ \na1', max_size=60))
def test_no_broken_json_stops_a_reader_and_none_of_it_is_dropped_unsaid(text: str):
    reads = list(read_json(io.BytesIO(text.encode())))
    try:
        whole = json.loads(text)
    except ValueError:
        assert not text.strip() or any(read.reason for read in reads)
    else:
        assert any(read.reason for read in reads) or [read.data for read in reads] == whole


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), min_size=2, max_size=2), max_size=5))
def test_csv_written_by_python_is_read_back(cells: list[list[str]]):
    import csv

    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["x", "y"], *cells])
    expected = [{name: cell for name, cell in zip("xy", row, strict=True) if cell.strip()} for row in cells]
    assert [read.data for read in read_csv(io.BytesIO(stream.getvalue().encode()))] == [row for row in expected if row]


def test_semicolons_and_tabs_separate_where_the_header_says_so():
    for mark in ";\t":
        (read,) = read_csv(io.BytesIO(f"id{mark}name\na1{mark}Acme, Inc.\n".encode()))
        assert read.data == {"id": "a1", "name": "Acme, Inc."}


def test_an_open_quotation_mark_costs_its_own_row_only():
    reads = list(read_csv(io.BytesIO(b'id,name\na1,"never closed\na2,Borealis\na3,Cirrus\n')))
    assert [read.reason for read in reads] == ["not CSV: a quotation mark is never closed", "", ""]
    assert [read.line for read in reads] == [2, 3, 4]


def test_a_column_that_stands_twice_leaves_the_file_out():
    (read,) = read_csv(io.BytesIO(b"id,name,name\na1,x,y\n"))
    assert "stands twice" in read.reason


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        ("note", {"at": "31/12/2026"}, "at: not an ISO 8601 date: '31/12/2026'"),
        ("note", {"at": "2025-02-29"}, "at: not an ISO 8601 date: '2025-02-29'"),
        ("note", {"at": "0001-01-01T00:00:00+14:00"}, "out of range"),
        ("note", {"at": 1767225600}, "at: not an ISO 8601 date"),
        ("note", {"body": True}, "body: input should be a valid string"),
        ("note", {"body": 5}, "body: input should be a valid string, given 5"),
        ("note", {"title": ["x"]}, "title: input should be a valid string"),
        ("note", {"id": ""}, "id: "),
        ("note", {"id": None}, "id: "),
        ("note", {"kind": "memo"}, "kind: input should be 'call', 'qbr'"),
        ("ticket", {"messages": [{"at": "soon", "body": "x"}]}, "messages[0].at: not an ISO 8601 date: 'soon'"),
        ("ticket", {"messages": "[not json"}, "messages: expecting value"),
        ("ticket", {"messages": "[" * 100_000}, "out of range"),
        ("ticket", {"priority": "P9"}, "priority: "),
    ],
)
def test_a_row_that_is_no_record_is_refused_by_its_field(kind: Any, change: dict[str, Any], reason: str):
    row = (note() if kind == "note" else ticket()) | change
    with pytest.raises(RowFault) as fault:
        record_of(kind, row)
    assert reason in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"seats": -1}, "seats"),
        ({"seats": 1.5}, "seats"),
        ({"seats": True}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"health": 140}, "health"),
        ({"health": True}, "health"),
        ({"arr": -5}, "arr"),
        ({"arr": "1,200"}, "arr"),
        ({"renewal_date": "soon"}, "renewal_date"),
        ({"name": True}, "name"),
        ({"name": ""}, "name"),
        ({"aliases": "Acme"}, "aliases"),
        ({"billing_status": "late"}, "billing_status"),
        ({"auto_renew": "perhaps"}, "auto_renew"),
        ({"id": True}, "id"),
        ({"id": "x" * 201}, "id"),
    ],
)
def test_an_account_with_a_value_out_of_range_is_refused_by_its_field(change: dict[str, Any], field: str):
    with pytest.raises(RowFault) as fault:
        record_of("account", ACCOUNTS[0] | change)
    assert str(fault.value).startswith(f"{field}: ")


def test_a_reason_shows_no_more_than_forty_characters_of_what_stood_there():
    with pytest.raises(RowFault) as fault:
        record_of("note", note(at="secret " * 20))
    assert "secret " * 6 not in str(fault.value)


def test_a_rows_own_extra_is_kept_whatever_it_holds():
    assert record_of("note", note(extra={"x": 1}, y=2)).extra == {"x": 1, "y": 2}
    assert record_of("note", note(extra={"y": 1}, y=2)).extra == {"y": 2, "extra": {"y": 1}}
    assert record_of("note", note(extra=[1])).extra == {"extra": [1]}
    assert record_of("note", note(extra='{"z": 3}')).extra == {"z": 3}
    assert record_of("note", note(extra="words")).extra == {"extra": "words"}


def test_a_symbolic_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    secret = tmp_path / "secret.jsonl"
    secret.write_text(json.dumps(note(1, body="not for this import")) + "\n")
    (store.folder / "notes.jsonl").symlink_to(secret)
    (store.folder / "tickets.jsonl").symlink_to(tmp_path / "nowhere")
    store.put("real.txt", json.dumps({"id": "a3", "name": "Linked inside"}))
    (store.folder / "accounts.inside.jsonl").symlink_to(store.folder / "real.txt")
    report = store.run()
    assert (report.records["accounts"], report.records["notes"], report.quarantined) == (3, 0, 2)
    assert {entry.file for entry in store.quarantined()} == {"notes.jsonl", "tickets.jsonl"}
    assert all("symbolic link" in reason for reason in store.reasons())


def test_a_file_that_cannot_be_opened_or_is_utf16_costs_that_file_only(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("notes.jsonl", "\ufeff".encode("utf-16-le") + json.dumps(note()).encode("utf-16-le"))
    store.put("tickets.jsonl", [ticket()])
    report = store.run()
    assert (report.records["tickets"], report.quarantined) == (1, 1)
    assert "UTF-16" in store.reasons()[0]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["good", "bad", "blank"]), max_size=12))
def test_rows_come_in_the_order_of_the_file(kinds: list[str]):
    lines = {"good": b'{"id": 1}\n', "bad": b"{\n", "blank": b" \n"}
    reads = list(read_jsonl(io.BytesIO(b"".join(lines[kind] for kind in kinds))))
    assert [read.line for read in reads] == [number for number, kind in enumerate(kinds, 1) if kind != "blank"]


def test_the_source_streams(tmp_path: Path):
    store = Store(tmp_path)
    store.put("notes.jsonl", [note(n) for n in range(1000)])
    rows = NativeFiles(store.folder).rows("note")
    first = next(rows)
    assert isinstance(first, Row)
    assert first.line == 1
    assert not any(isinstance(row, Fault) for row in rows)


def test_an_exported_record_is_imported_as_it_was():
    record = record_of("account", {"id": "a1", "name": "Acme", "odd": [1, {"x": None}]})
    assert isinstance(record, Account)
    assert record_of("account", record.model_dump(mode="json")) == record
