"""A large portfolio for measuring: the sample's accounts over and over under new names, each with thirty records."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent.parent / "portfolios" / "sample"
KINDS = ("contacts", "notes", "tickets", "usage", "surveys", "scorecards", "opportunities")
RECORDS = 30


def write(folder: Path, accounts: int) -> int:
    """Writes `accounts` copies in the native format into `folder`; the number of records written."""
    originals = [row for row in _rows("accounts") if "at" not in row or row["at"] is None]
    belonging: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for kind in KINDS:
        for row in _rows(kind):
            belonging[row["account_id"]][kind].append(row)
    files = {kind: (folder / f"{kind}.jsonl").open("w", encoding="utf-8") for kind in ("accounts", *KINDS)}
    written = 0
    for number in range(accounts):
        original = originals[number % len(originals)]
        name = f"copy{number:05d}"
        files["accounts"].write(json.dumps(original | {"id": name, "name": f"{original['name']} {number}", "aliases": [], "domain": None}) + "\n")
        for kind, row in _thirty(belonging[original["id"]]):
            files[kind].write(json.dumps(row | {"account_id": name} | ({"id": f"{name}-{row['id']}"} if "id" in row else {})) + "\n")
            written += 1
    for file in files.values():
        file.close()
    (folder / "catalogue.yaml").write_bytes((SAMPLE / "catalogue.yaml").read_bytes())
    return written


def _thirty(rows: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """An account's own records, then its notes once more under other ids until there are thirty."""
    own = [(kind, row) for kind, listed in rows.items() for row in listed][:RECORDS]
    yield from own
    notes = [row for kind, row in own if kind == "notes"] or [{"id": "n", "at": "2026-03-01", "body": "Nothing to report."}]
    for number in range(RECORDS - len(own)):
        note = notes[number % len(notes)]
        yield "notes", note | {"id": f"{note['id']}-again{number}", "body": f"{note['body']}\nSeen again, {number}."}


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    path = SAMPLE / f"{kind}.jsonl"
    if path.exists():
        yield from (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
