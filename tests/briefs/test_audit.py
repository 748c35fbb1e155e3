"""The audit chain: whatever is changed, cut off or put in shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from briefs.audit import GENESIS, AuditRow, next_row, verify
from briefs.errors import AuditBroken
from tests.briefs.desk_parts import Office

COLUMNS = ("at", "actor", "action", "object", "details", "prev", "hash")


def chain(length: int) -> list[AuditRow]:
    rows: list[AuditRow] = []
    for n in range(length):
        rows.append(next_row(rows[-1] if rows else None, f"2026-03-31T12:00:{n:02}", "dana", "brief.edit", f"brief:{n}", {"n": n}))
    return rows


def test_a_chain_that_was_left_alone_adds_up():
    rows = chain(5)
    assert verify(rows) == 5
    assert verify(rows, rows[-1].hash) == 5
    assert verify(rows, rows[2].hash) == 5, "a head exported earlier is still in it"
    assert verify([]) == 0
    assert verify([], GENESIS) == 0


@given(at=st.integers(0, 5), column=st.sampled_from(COLUMNS), value=st.text(max_size=20))
def test_a_change_of_any_column_of_any_row_is_found_where_it_is(at: int, column: str, value: str):
    rows = chain(6)
    if value == getattr(rows[at], column):
        return
    rows[at] = replace(rows[at], **{column: value})
    with pytest.raises(AuditBroken, match=f"broken at row {at + 1}:"):
        verify(rows)


@given(at=st.integers(0, 5), seq=st.integers(-3, 12))
def test_a_renumbered_row_is_found(at: int, seq: int):
    rows = chain(6)
    if seq == rows[at].seq:
        return
    rows[at] = replace(rows[at], seq=seq)
    with pytest.raises(AuditBroken, match=f"broken at row {at + 1}:"):
        verify(rows)


@given(at=st.integers(0, 5))
def test_a_row_taken_out_is_found(at: int):
    rows = chain(6)
    head = rows[-1].hash
    del rows[at]
    with pytest.raises(AuditBroken):
        verify(rows, head)


def test_a_tail_cut_off_is_found_against_an_exported_head():
    rows = chain(6)
    assert verify(rows[:4]) == 4, "the chain alone cannot know"
    with pytest.raises(AuditBroken, match="ends at row 4 without the head given"):
        verify(rows[:4], rows[-1].hash)


def test_a_chain_written_anew_is_found_against_an_exported_head():
    rows = chain(6)
    forged = [next_row(None, rows[0].at, "somebody", "brief.edit", "brief:0", {})]
    with pytest.raises(AuditBroken):
        verify(forged, rows[-1].hash)


def test_two_rows_swapped_are_found():
    rows = chain(4)
    rows[1], rows[2] = replace(rows[2], seq=2), replace(rows[1], seq=3)
    with pytest.raises(AuditBroken, match="row 2"):
        verify(rows)


@pytest.mark.parametrize("column", ["seq", *COLUMNS])
def test_a_change_made_behind_the_walls_is_found_in_the_store(desk: Office, column: str):
    desk.approve(desk.draft())
    assert desk.store.verify_audit() > 5
    postgres = desk.store.engine.dialect.name == "postgresql"
    value = "99" if column == "seq" else "'x'"
    with desk.store.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_stays" + (" ON audit" if postgres else "")))
        connection.execute(text(f"UPDATE audit SET {column} = {value} WHERE seq = 4"))
    with pytest.raises(AuditBroken, match="row 4"):
        desk.store.verify_audit()


def test_the_store_finds_a_tail_cut_off_against_the_head_it_printed(desk: Office):
    desk.approve(desk.draft())
    head = desk.store.audit_head()
    rows = desk.store.verify_audit(head)
    assert rows == desk.store.verify_audit()
    with desk.store.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_is_kept" + (" ON audit" if desk.store.engine.dialect.name == "postgresql" else "")))
        connection.execute(text("DELETE FROM audit WHERE seq = :last"), {"last": rows})
    assert desk.store.verify_audit() == rows - 1
    with pytest.raises(AuditBroken, match=f"ends at row {rows - 1}"):
        desk.store.verify_audit(head)


def test_audit_rows_hold_no_words_of_the_customer(desk: Office):
    brief_id = desk.draft()
    desk.edit(brief_id)
    desk.approve(brief_id)
    said = " ".join(row.details + row.object for row in desk.store.audit_rows())
    assert "Lyon" not in said
    assert "Acme" not in said


def test_audit_rows_can_be_read_on_from_a_number(desk: Office):
    rows = desk.store.audit_rows()
    assert [row.seq for row in desk.store.audit_rows(after=3)] == [row.seq for row in rows[3:]]
