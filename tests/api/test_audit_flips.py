"""Whatever somebody changes in the audit chain or in a version with the database's own shell, `audit verify` names the row."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from briefs.errors import AuditBroken
from tests.api.world import OURS, World

COLUMNS = {
    "audit": ("seq", "at", "actor", "action", "object", "details", "prev", "hash"),
    "versions": ("brief_id", "n", "hash", "parent", "author", "at", "dossier_hash", "body"),
}


def test_a_flipped_column_of_any_audit_or_version_row_is_named(world: World) -> None:
    brief = world.brief_of(OURS[0])
    claim = world.call("mira", "GET", f"/v1/briefs/{brief}").json()["body"]["sections"][0]["claims"][0]["id"]
    edit = {"sentences": {claim: "They told me so."}}
    assert world.call("mira", "PATCH", f"/v1/briefs/{brief}", json=edit, headers={"If-Match": world.etag(brief)}).status_code == 200
    store, path = world.workspace.store, world.workspace.home / "briefs.db"
    assert store.verify_audit() > 0
    for table, columns in COLUMNS.items():
        for column in columns:
            _flipped(path, table, column)
            with pytest.raises(AuditBroken, match=r"row \d+|Version \d+ of brief|is missing"):
                store.verify_audit()
            _restored(path)
    assert store.verify_audit() > 0


def _flipped(path: Path, table: str, column: str) -> None:
    """Changes one column of one row, past the walls, keeping a copy of the table."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("CREATE TABLE kept_copy AS SELECT * FROM " + table)
        db.execute("CREATE TABLE kept_name AS SELECT ? AS name", (table,))
        key = db.execute(f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()[0]
        new = {"seq": 10_000, "n": 7, "body": b"{}"}.get(column, "flipped")
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, key))


def _restored(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        table = db.execute("SELECT name FROM kept_name").fetchone()[0]
        db.execute(f"DELETE FROM {table}")
        db.execute(f"INSERT INTO {table} SELECT * FROM kept_copy")
        db.execute("DROP TABLE kept_copy")
        db.execute("DROP TABLE kept_name")
