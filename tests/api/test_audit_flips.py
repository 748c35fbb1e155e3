"""Whatever somebody changes in the audit chain or in a version with the database's own shell, `audit verify` names the row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefs.errors import AuditBroken
from briefs.store import Store
from briefs.store.tables import audit, versions
from tests.api.conftest import Command
from tests.api.world import OURS, World

TABLES = {"audit": tuple(column.name for column in audit.columns), "versions": tuple(column.name for column in versions.columns)}
"""Every column there is: none is left out."""
KEYS = {"audit": ("seq",), "versions": ("brief_id", "n")}
OTHERS = {"seq": 10_000, "n": 77, "body": b"{}"}
"""What a column is changed to, where another text would not do."""


@pytest.fixture
def edited(world: World) -> World:
    """A brief with three versions among others with one, and the acts that made them."""
    brief = world.brief_of(OURS[0])
    for words in ("They told me so.", "They told me so again."):
        read = world.call("mira", "GET", f"/v1/briefs/{brief}")
        claim = read.json()["body"]["sections"][0]["claims"][0]["id"]
        edit = {"sentences": {claim: words}}
        assert world.call("mira", "PATCH", f"/v1/briefs/{brief}", json=edit, headers={"If-Match": read.headers["etag"]}).status_code == 200
    return world


def test_the_row_whose_column_was_flipped_is_the_row_that_is_named(edited: World) -> None:
    store, path = edited.workspace.store, edited.workspace.home / "briefs.db"
    assert store.verify_audit() > 0
    for table, columns in TABLES.items():
        for key in _some(path, table):
            for column in columns:
                with flipped(path, table, column, key):
                    assert any(each in fault(store) for each in names(table, key, column)), (table, key, column)
    assert store.verify_audit() > 0


def fault(store: Store) -> str:
    """What is wrong with the chain, in words; nothing where it adds up."""
    try:
        store.verify_audit()
    except AuditBroken as broken:
        return str(broken)
    return ""


def names(table: str, key: tuple[object, ...], column: str) -> tuple[str, ...]:
    """How the row may be named: one of the chain by its place, whatever number it was given; a version by its name, or as missing under it."""
    if table == "audit":
        return (f"row {key[0]}:",)
    was, gone = f"Version {key[1]} of brief {key[0]} ", f"Version {key[1]} of brief {key[0]} is missing"
    return {"brief_id": (gone, f"Version {key[1]} of brief flipped is not the one"), "n": (gone,)}.get(column, (was,))


def test_the_command_names_it_and_fails(edited: World, briefs: Command) -> None:
    home = edited.workspace.home
    assert briefs(home, "audit", "verify").code == 0
    first, middle, _ = _some(home / "briefs.db", "audit")
    for key in (first, middle):
        with flipped(home / "briefs.db", "audit", "actor", key):
            said = briefs(home, "audit", "verify")
            assert said.code == 1
            assert f"row {key[0]}:" in said.err
    assert briefs(home, "audit", "verify").code == 0


def _some(path: Path, table: str) -> list[tuple[object, ...]]:
    """The keys of the first, a middle and the last row."""
    with sqlite3.connect(path) as db:
        keys = db.execute(f"SELECT {', '.join(KEYS[table])} FROM {table} ORDER BY rowid").fetchall()
    assert len(keys) > 4
    return [keys[0], keys[len(keys) // 2], keys[-1]]


@contextmanager
def flipped(path: Path, table: str, column: str, key: tuple[object, ...]) -> Iterator[None]:
    """One column of one row changed past the walls, and put back at the end."""
    where = " AND ".join(f"{name} = ?" for name in KEYS[table])
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        rowid, old = db.execute(f"SELECT rowid, {column} FROM {table} WHERE {where}", key).fetchone()
        new = OTHERS.get(column, "flipped")
        assert new != old
        # The number of a row of the chain is its place in the table as well: it is found again by all that did not change.
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, rowid))
    try:
        yield
    finally:
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA foreign_keys=OFF")
            db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (old, new if column == "seq" else rowid))
