"""Briefs and their versions: one row a brief with its present state, one immutable row a version with its exact bytes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, insert, select, update

from briefs.audit import KeptVersion
from briefs.canonical import canonical, canonical_json, digest
from briefs.errors import MoveRefused, NotFound
from briefs.gate import LIVE, Action, State, move
from briefs.store import audit_log
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.tables import briefs, versions

if TYPE_CHECKING:
    from briefs.brief import BriefBody

COLUMNS = [column for column in briefs.c if column.name != "live_key"]
_BY_ID = select(*COLUMNS).where(briefs.c.id == bindparam("brief_id"))
_HELD = _BY_ID.with_for_update()
_MOVE = update(briefs).where(briefs.c.id == bindparam("brief_id"))
_VERSIONS = (
    select(*(column for column in versions.c if column.name != "body"), versions.c.body.is_(None).label("erased"))
    .where(versions.c.brief_id == bindparam("brief_id"))
    .order_by(versions.c.n)
)
_BYTES = select(versions.c.body).where(versions.c.hash == bindparam("version_hash"))
"""Asked at every request: put together once, a statement costs a third."""


@dataclass(frozen=True)
class BriefRow:
    """A brief in a list: what it is about, where it stands, and the hash of its newest version (`head`).

    `waiting`: over its CSM's weekly number, not on the desk yet. `released_at` is when it came onto the desk, `expires_at` when it lapses undecided.
    `signal_on` is the day of the newest signal it rests on, `new_evidence` what is new since a person said no to the one before.
    """

    id: str
    account_id: str
    account_name: str
    motion: str | None
    sku: str | None
    sku_name: str | None
    quarter: str
    lead_type: str | None
    route: str | None
    state: State
    head: str
    versions: int
    row_version: int
    as_of: date
    headline: str
    arr_base: float | None
    currency: str | None
    note: str | None
    created_at: datetime
    updated_at: datetime
    assignee: str | None = None
    snoozed_until: date | None = None
    snooze_for_evidence: bool = False
    waiting: bool = False
    priority: float = 0.0
    signal_on: date | None = None
    released_at: datetime | None = None
    expires_at: datetime | None = None
    escalated_at: datetime | None = None
    new_evidence: tuple[str, ...] = ()

    @property
    def etag(self) -> str:
        """Changes with every version and every change of state."""
        return f"{self.row_version}-{self.head[-16:]}"


@dataclass(frozen=True)
class VersionRow:
    """One version without its bytes. `parent` is the hash it was made from, `erased` whether its bytes were erased with a source."""

    brief_id: str
    n: int
    hash: str
    parent: str | None
    author: str
    at: datetime
    dossier_hash: str
    erased: bool


_AT_ONCE = 500


def quarter_of(day: date) -> str:
    """`2026Q1`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def live_key(account_id: str, motion: str | None, sku: str | None, quarter: str) -> str:
    """What at most one live brief can have."""
    return digest(canonical_json([account_id, motion, sku, quarter]))


def create(connection: Connection, brief_id: str, body: BriefBody, author: str, at: datetime) -> BriefRow:
    """A new brief, in state draft, with its first version."""
    data, quarter = canonical(body), quarter_of(body.as_of)
    connection.execute(
        insert(briefs).values(
            id=brief_id,
            account_id=body.account_id,
            quarter=quarter,
            live_key=live_key(body.account_id, body.motion, body.sku, quarter),
            state=State.DRAFT,
            head=digest(data),
            versions=1,
            row_version=1,
            note=None,
            created_at=stamp(at),
            updated_at=stamp(at),
            **_shown(body),
        )
    )
    _add_version(connection, brief_id, 1, data, None, author, at, body.provenance.dossier_hash)
    audit_log.append(connection, at, author, "brief.create", f"brief:{brief_id}", version=digest(data), account=body.account_id)
    return get(connection, brief_id)


def get(connection: Connection, brief_id: str, *, lock: bool = False) -> BriefRow:
    """The brief; `lock` holds its row to the end of the transaction. Raises NotFound."""
    row = connection.execute(_HELD if lock else _BY_ID, {"brief_id": brief_id}).mappings().first()
    if row is None:
        raise no_such_brief(brief_id)
    return _brief(row)


def find(connection: Connection, query: Select[Any]) -> list[BriefRow]:
    """The briefs a `select(*COLUMNS)` finds."""
    return [_brief(row) for row in connection.execute(query).mappings()]


def named(connection: Connection, brief_ids: Collection[str]) -> dict[str, BriefRow]:
    """The briefs of these ids, by id; what is not there is left out."""
    return {row.id: row for few in _few(brief_ids) for row in find(connection, select(*COLUMNS).where(briefs.c.id.in_(few)))}


def bytes_of(connection: Connection, hashes: Collection[str]) -> dict[str, bytes]:
    """The exact bytes of these versions, by hash; those erased are left out."""
    queries = (select(versions.c.hash, versions.c.body).where(versions.c.hash.in_(few), versions.c.body.is_not(None)) for few in _few(hashes))
    return {row.hash: bytes(row.body) for query in queries for row in connection.execute(query)}


def _few(names: Collection[str]) -> Iterator[list[str]]:
    """As many at once as one query may name."""
    every = sorted(set(names))
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def page(
    connection: Connection,
    limit: int,
    after: tuple[datetime, str] | None,
    *,
    state: State | None = None,
    account_ids: Collection[str] | None = None,
    theirs: tuple[str, Collection[str]] | None = None,
) -> list[BriefRow]:
    """At most `limit` briefs, newest change first, those after the one that changed at `after[0]` and is called `after[1]`.

    `account_ids` are those that may be seen (None: all); `theirs` keeps what is assigned to a person, or of these accounts of theirs.
    """
    query = select(*COLUMNS).order_by(briefs.c.updated_at.desc(), briefs.c.id).limit(limit)
    if state is not None:
        query = query.where(briefs.c.state == state)
    if account_ids is not None:
        query = query.where(briefs.c.account_id.in_(account_ids))
    if theirs is not None:
        query = query.where((briefs.c.assignee == theirs[0]) | briefs.c.account_id.in_(theirs[1]))
    if after is not None:
        at = stamp(after[0])
        query = query.where((briefs.c.updated_at < at) | ((briefs.c.updated_at == at) & (briefs.c.id > after[1])))
    return find(connection, query)


def counts(connection: Connection) -> dict[State, int]:
    """How many briefs are in each state that has any."""
    query = select(briefs.c.state, func.count()).group_by(briefs.c.state)
    return {State(state): count for state, count in connection.execute(query)}


def change(connection: Connection, row: BriefRow, action: Action, *, by: str, at: datetime, note: str | None = None, **details: Any) -> BriefRow:
    """Moves the brief by the gate's table and writes it down. Raises MoveRefused, also where a newer brief already stands in its place."""
    state = move(row.state, action)
    key = live_key(row.account_id, row.motion, row.sku, row.quarter) if state in LIVE else None
    if key and row.state not in LIVE and _taken(connection, key):
        raise MoveRefused("A newer brief of the same account, motion and product stands in its place.", "Work on that one.")
    n, since = row.row_version + 1, stamp(at)
    connection.execute(_MOVE, {"brief_id": row.id, "state": state, "live_key": key, "row_version": n, "note": note, "updated_at": since})
    audit_log.append(
        connection, at, by, f"brief.{action.value}", f"brief:{row.id}", before=row.state.value, after=state.value, version=row.head, **details
    )
    return replace(row, state=state, row_version=n, note=note, updated_at=moment(since))


def add_version(connection: Connection, row: BriefRow, body: BriefBody, action: Action, *, by: str, at: datetime, **details: Any) -> BriefRow:
    """A new version on top of the present one, and the move that goes with it."""
    data, n = canonical(body), row.versions + 1
    _add_version(connection, row.id, n, data, row.head, by, at, body.provenance.dossier_hash)
    changed = change(connection, row, action, by=by, at=at, new_version=digest(data), **details)
    connection.execute(update(briefs).where(briefs.c.id == row.id).values(head=digest(data), versions=n, **_shown(body)))
    return get(connection, changed.id)


def versions_of(connection: Connection, brief_id: str) -> list[VersionRow]:
    """Every version, oldest first."""
    return [
        VersionRow(row.brief_id, row.n, row.hash, row.parent, row.author, moment(row.at), row.dossier_hash, bool(row.erased))
        for row in connection.execute(_VERSIONS, {"brief_id": brief_id})
    ]


def kept_versions(connection: Connection) -> Iterator[KeptVersion]:
    """Every version of every brief, in order, as the audit holds it against its rows."""
    for row in connection.execute(select(versions).order_by(versions.c.brief_id, versions.c.n)):
        body = None if row.body is None else bytes(row.body)
        dossier = None if body is None else _named_dossier(body)
        hash = None if body is None else digest(body)
        yield KeptVersion(row.brief_id, row.n, row.hash, row.parent, row.author, row.at, row.dossier_hash, hash, dossier)


def _named_dossier(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["provenance"]["dossier_hash"])
    except (ValueError, KeyError, TypeError):
        return None


def version_bytes(connection: Connection, hash: str) -> bytes:
    """The exact bytes of a version. Raises NotFound where there is none or where they were erased."""
    rows = connection.execute(_BYTES, {"version_hash": hash}).all()
    if not rows:
        raise NotFound(f"No version {hash[:40]!r}.", "`briefs show` prints the hash of the newest version.")
    body = next((row.body for row in rows if row.body is not None), None)
    if body is None:
        raise NotFound("The words of this version were erased with a source it cited.", "`briefs scan` writes a new draft of the account.")
    return bytes(body)


def no_such_brief(brief_id: str) -> NotFound:
    """The same words whether it is absent or not yours to see."""
    return NotFound(f"No brief {brief_id[:64]!r}.", "It is not there, or it is not yours: its account's CSM, their team and admins act on it.")


def _taken(connection: Connection, key: str) -> bool:
    return connection.execute(select(briefs.c.id).where(briefs.c.live_key == key)).first() is not None


def _shown(body: BriefBody) -> dict[str, Any]:
    """What a list shows of the newest version."""
    return {
        "account_name": body.account_name,
        "motion": body.motion,
        "sku": body.sku,
        "sku_name": body.sku_name,
        "lead_type": body.lead_type,
        "route": body.route,
        "as_of": body.as_of.isoformat(),
        "headline": body.card.headline,
        "arr_base": body.arr.base if body.arr else None,
        "currency": body.arr.currency if body.arr else None,
    }


def _add_version(
    connection: Connection, brief_id: str, n: int, data: bytes, parent: str | None, author: str, at: datetime, dossier_hash: str
) -> None:
    connection.execute(
        insert(versions).values(
            brief_id=brief_id, n=n, hash=digest(data), parent=parent, author=author, at=stamp(at), dossier_hash=dossier_hash, body=data
        )
    )


def _brief(row: RowMapping) -> BriefRow:
    values: dict[str, Any] = dict(row)
    values["state"] = State(values["state"])
    values["as_of"] = date.fromisoformat(values["as_of"])
    for name in ("created_at", "updated_at", "released_at", "expires_at", "escalated_at"):
        values[name] = maybe_moment(values[name])
    for name in ("snoozed_until", "signal_on"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["waiting"], values["snooze_for_evidence"] = bool(values["waiting"]), bool(values["snooze_for_evidence"])
    values["new_evidence"] = tuple(json.loads(values["new_evidence"] or "[]"))
    return BriefRow(**values)
