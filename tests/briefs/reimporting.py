"""A home with the planted portfolio scanned, and its records told again with something else in them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from briefs.wiring import Workspace
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
from retrieval.records import Record, kind_of

AS_OF, ACCOUNT = date(2026, 3, 31), "a01"
FILES = {"note": "notes", "ticket": "tickets", "survey": "surveys", "usage": "usage"}


def take_in(folder: Path, space: Workspace) -> None:
    ingest(folder, space.archive, split, space.embedder, space.index, home=space.home, now=space.now, new_id=space.new_id, progress=quiet)


def account_row(space: Workspace) -> dict[str, Any]:
    return space.archive.account_rows(ACCOUNT)[-1].model_dump(mode="json", exclude_defaults=True)


def import_row(space: Workspace, folder: Path, kind: str, **row: Any) -> None:
    """One more record of the account (or the same again, where it has its id)."""
    folder.mkdir()
    (folder / "accounts.jsonl").write_text(json.dumps(account_row(space)) + "\n", "utf-8")
    if kind != "accounts":
        (folder / f"{kind}.jsonl").write_text(json.dumps(row | {"account_id": ACCOUNT}) + "\n", "utf-8")
    take_in(folder, space)


def import_again(space: Workspace, folder: Path, record: Record, **otherwise: Any) -> None:
    """The record as it is on file, with something else in it."""
    import_row(space, folder, FILES[kind_of(record)], **record.model_dump(mode="json", exclude_defaults=True) | otherwise)
