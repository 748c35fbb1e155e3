"""What the pages remember of a person at work: accounts seen, views saved, and how long a version was before somebody's eyes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from briefs.store.instants import moment, stamp
from briefs.store.sales_tables import looks
from briefs.store.service_tables import saved_views, seen
from briefs.store.tables import results


@dataclass(frozen=True)
class SeenRow:
    """When a person looked at an account last, and the verdict it had then."""

    at: datetime
    verdict: str


@dataclass(frozen=True)
class View:
    """A list a person wants to come back to: `query` is the address's query."""

    id: str
    name: str
    query: str


@dataclass(frozen=True)
class Look:
    """All the time one person had one version before them, and the pieces of evidence they opened."""

    seconds: float = 0.0
    evidence_opened: int = 0


def seen_by(connection: Connection, person_id: str) -> dict[str, SeenRow]:
    """By account, in one query; accounts never looked at are absent."""
    query = select(seen.c.account_id, seen.c.at, results.c.verdict).join(results, results.c.seq == seen.c.result_seq)
    return {row.account_id: SeenRow(moment(row.at), row.verdict) for row in connection.execute(query.where(seen.c.person_id == person_id))}


def saw(connection: Connection, person_id: str, account_id: str, at: datetime) -> None:
    """The person looked at the newest result of the account; an account without one leaves no trace."""
    newest = connection.execute(select(func.max(results.c.seq)).where(results.c.account_id == account_id)).scalar()
    if newest is None:
        return
    connection.execute(delete(seen).where(seen.c.person_id == person_id, seen.c.account_id == account_id))
    connection.execute(insert(seen).values(person_id=person_id, account_id=account_id, at=stamp(at), result_seq=newest))


def views_of(connection: Connection, person_id: str) -> list[View]:
    query = select(saved_views).where(saved_views.c.person_id == person_id).order_by(saved_views.c.name, saved_views.c.id)
    return [View(row.id, row.name, row.query) for row in connection.execute(query)]


def save_view(connection: Connection, view: View, person_id: str) -> None:
    """One of the same name takes the older one's place."""
    connection.execute(delete(saved_views).where(saved_views.c.person_id == person_id, saved_views.c.name == view.name))
    connection.execute(insert(saved_views).values(id=view.id, person_id=person_id, name=view.name, query=view.query))


def remove_view(connection: Connection, view_id: str, person_id: str) -> None:
    """Only the person's own."""
    connection.execute(delete(saved_views).where(saved_views.c.person_id == person_id, saved_views.c.id == view_id))


def add_look(connection: Connection, look_id: str, brief_id: str, version_hash: str, person_id: str, at: datetime, look: Look) -> None:
    connection.execute(
        insert(looks).values(
            id=look_id,
            brief_id=brief_id,
            version_hash=version_hash,
            person_id=person_id,
            at=stamp(at),
            seconds=look.seconds,
            evidence_opened=look.evidence_opened,
        )
    )


def looked(connection: Connection, brief_id: str, version_hashes: Collection[str], person_id: str) -> Look:
    """What one person read of some versions of a brief, in all."""
    query = select(func.coalesce(func.sum(looks.c.seconds), 0.0), func.coalesce(func.sum(looks.c.evidence_opened), 0)).where(
        looks.c.brief_id == brief_id, looks.c.person_id == person_id, looks.c.version_hash.in_(version_hashes)
    )
    seconds, opened = connection.execute(query).one()
    return Look(float(seconds), int(opened))
