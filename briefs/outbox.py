"""Hand-offs as sales reads them: what was delivered to the one it names, byte for byte, with who approved it and what changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from briefs.canonical import digest
from briefs.errors import AuditBroken, NotFound
from briefs.people import Person
from briefs.review import Desk
from briefs.store import Store, brief_rows, handoffs
from briefs.store.brief_rows import BriefRow
from briefs.store.handoffs import Handoff
from briefs.visibility import may_answer, reads

Place = tuple[datetime, str]
FILE_TYPES = {
    "body.json": "application/json",
    "brief.md": "text/markdown; charset=utf-8",
    "brief.html": "text/html; charset=utf-8",
    "brief.pdf": "application/pdf",
}


@dataclass(frozen=True)
class Told:
    """What a list shows of the approved bytes."""

    headline: str
    motion: str | None
    sku: str | None
    arr_base: float | None
    currency: str | None


@dataclass(frozen=True)
class Delivered:
    """A delivered hand-off and the brief it carries. `told` is what a list shows of the approved version, never of a newer one; a hand-off that was
    taken back tells nothing."""

    handoff: Handoff
    brief: BriefRow
    told: Told | None

    @property
    def recalled(self) -> bool:
        return self.handoff.withdrawn_at is not None


def page(desk: Desk, person: Person, limit: int, after: Place | None) -> tuple[list[Delivered], Place | None]:
    """At most `limit` hand-offs delivered to the person (an admin: to anybody), newest first, and where the next page begins."""
    names = None if person.role == "admin" else {person.id.casefold(), *([person.email.casefold()] if person.email else [])}
    with desk.courier.store.reading() as connection:
        rows = handoffs.delivered(connection, limit + 1, after, readers=names)
        shown = [row for row in rows[:limit] if may_answer(person, row)]
        briefs = brief_rows.named(connection, {row.brief_id for row in shown})
        bodies = brief_rows.bytes_of(connection, {row.version_hash for row in shown if row.withdrawn_at is None})
    told = {hash: _told(body) for hash, body in bodies.items()}
    last = rows[limit - 1] if len(rows) > limit else None
    following = (last.delivered_at, last.id) if last is not None and last.delivered_at is not None else None
    return [Delivered(row, briefs[row.brief_id], told.get(row.version_hash) if row.withdrawn_at is None else None) for row in shown], following


def one(desk: Desk, person: Person, handoff_id: str) -> Delivered:
    """Raises NotFound, with the same words, where there is none, where it was not delivered, and where it names somebody else."""
    store = desk.courier.store
    found = store.handoff(handoff_id)
    if not may_answer(person, found):
        raise handoffs.no_such_handoff(handoff_id)
    return _delivered(store, found)


def file(desk: Desk, person: Person, handoff: Handoff, name: str, home: Path) -> bytes:
    """A file of the hand-off as it was written at approval. Raises NotFound, and AuditBroken where it is not what was written."""
    if name not in FILE_TYPES or name not in handoff.files or not reads(person, handoff):
        raise NotFound(f"This hand-off has no file {name[:40]!r}.", f"It has: {', '.join(sorted(handoff.files)) or 'none'}.")
    courier = desk.courier
    try:
        data = (home / "handoffs" / handoff.id / name).read_bytes()
    except OSError as cause:
        raise NotFound("This file is not there any more.", "`briefs doctor --repair` writes it again.") from cause
    if digest(data) != handoff.files[name]:
        raise AuditBroken("This file is not the one written at approval.", "Restore a backup; nothing was handed out.")
    courier.store.note(courier.now(), person.id, "handoff.export", f"handoff:{handoff.id}", file=name, token=person.token_id)
    return data


def _delivered(store: Store, handoff: Handoff) -> Delivered:
    with store.reading() as connection:
        body = {} if handoff.withdrawn_at is not None else brief_rows.bytes_of(connection, {handoff.version_hash})
    told = next((_told(each) for each in body.values()), None)  # none where its words were erased with a source it cited
    return Delivered(handoff, store.brief(handoff.brief_id), told)


def _told(body: bytes) -> Told:
    held: dict[str, Any] = json.loads(body)
    arr: dict[str, Any] = held.get("arr") or {}
    return Told(held["card"]["headline"], held.get("motion"), held.get("sku"), arr.get("base"), arr.get("currency"))
