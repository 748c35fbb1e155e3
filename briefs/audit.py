"""The audit chain: every row carries the hash of the one before it, so that a change anywhere shows.

Pure: rows in, verdict out. `store.audit_log` keeps the rows. A row's hash is sha256 over the canonical JSON of all its other columns.
Whoever owns the database can rewrite a whole chain; an exported head (the hash of the last row, printed and put into every hand-off) finds that too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from briefs.canonical import canonical_json, digest
from briefs.errors import AuditBroken

GENESIS = "sha256:" + "0" * 64
_HINT = "Compare with a backup; the rows before it are sound."


@dataclass(frozen=True)
class AuditRow:
    """`at` is ISO 8601 UTC text, `object` names what was acted on (`brief:ID`), `details` is canonical JSON text: ids, codes and hashes only."""

    seq: int
    at: str
    actor: str
    action: str
    object: str
    details: str
    prev: str
    hash: str = ""

    def computed(self) -> str:
        """The hash this row must carry."""
        columns = asdict(self)
        del columns["hash"]
        return digest(canonical_json(columns))


def next_row(last: AuditRow | None, at: str, actor: str, action: str, object: str, details: Mapping[str, Any]) -> AuditRow:
    """The row that follows `last` (None: the first of all)."""
    row = AuditRow(
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=actor,
        action=action,
        object=object,
        details=canonical_json(dict(details)).decode(),
        prev=last.hash if last else GENESIS,
    )
    return replace(row, hash=row.computed())


def verify(rows: Iterable[AuditRow], head: str | None = None) -> int:
    """The number of rows of a chain that adds up, given in the order of `seq`.

    `head` is a hash exported earlier: it must still be the hash of a row. Raises AuditBroken naming the first row that is wrong.
    """
    prev, count, head_seen = GENESIS, 0, head is None or head == GENESIS
    for row in rows:
        count += 1
        if row.seq != count:
            raise AuditBroken(f"The audit chain is broken at row {count}: the next row says it is number {row.seq}.", _HINT)
        if row.prev != prev:
            raise AuditBroken(f"The audit chain is broken at row {count}: it does not follow the row before it.", _HINT)
        if row.hash != row.computed():
            raise AuditBroken(f"The audit chain is broken at row {count}: its content was changed.", _HINT)
        prev = row.hash
        head_seen = head_seen or row.hash == head
    if not head_seen:
        raise AuditBroken(
            f"The audit chain ends at row {count} without the head given: rows after it were cut off, or the chain was rewritten.",
            "Compare with the hand-off or log the head was taken from.",
        )
    return count


@dataclass(frozen=True)
class KeptVersion:
    """A version as the database holds it, its times as text. `body` is None where it was erased; `said_dossier` is what the body itself names."""

    brief_id: str
    n: int
    hash: str
    parent: str | None
    author: str
    at: str
    dossier_hash: str
    body_hash: str | None
    said_dossier: str | None


def verify_versions(rows: Iterable[AuditRow], kept: Iterable[KeptVersion]) -> int:
    """The number of versions, each held against its own bytes and against the audit row that tells of it. `rows` are of a chain that adds up.

    Raises AuditBroken naming the first version that is wrong, or that is missing.
    """
    told = _told_versions(rows)
    count = 0
    parents: dict[str, str | None] = {}
    numbers: dict[str, int] = {}
    for version in kept:
        count += 1
        numbers[version.brief_id] = due = numbers.get(version.brief_id, 0) + 1
        if version.n != due and (version.brief_id, due) in told:
            raise _missing(version.brief_id, due)
        expected = told.pop((version.brief_id, version.n), None)
        said = (version.hash, version.author, version.at)
        named = f"Version {version.n} of brief {version.brief_id}"
        if expected != said or version.parent != parents.get(version.brief_id):
            raise AuditBroken(f"{named} is not the one the audit chain tells of.", _HINT)
        erased = version.body_hash is None
        if not erased and (version.body_hash != version.hash or version.said_dossier != version.dossier_hash):
            raise AuditBroken(f"{named} was changed: its content does not match its hash.", _HINT)
        parents[version.brief_id] = version.hash
    if told:
        brief_id, n = sorted(told)[0]
        raise _missing(brief_id, n)
    return count


def _missing(brief_id: str, n: int) -> AuditBroken:
    return AuditBroken(f"Version {n} of brief {brief_id} is missing.", _HINT)


def _told_versions(rows: Iterable[AuditRow]) -> dict[tuple[str, int], tuple[str, str, str]]:
    """(brief, number) → (hash, author, when) of every version the chain tells of, those of forgotten accounts left out."""
    told: dict[tuple[str, int], tuple[str, str, str]] = {}
    counts: dict[str, int] = {}
    for row in rows:
        if row.action == "forget" and row.object.startswith("account:"):
            gone = set(json.loads(row.details).get("briefs", ()))
            told = {key: said for key, said in told.items() if key[0] not in gone}
        if not row.object.startswith("brief:"):
            continue
        details = json.loads(row.details)
        hash = details.get("version") if row.action == "brief.create" else details.get("new_version")
        if hash is not None:
            brief_id = row.object.removeprefix("brief:")
            counts[brief_id] = counts.get(brief_id, 0) + 1
            told[brief_id, counts[brief_id]] = (hash, row.actor, row.at)
    return told
