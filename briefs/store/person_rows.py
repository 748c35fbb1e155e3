"""People and the hashes of their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.tables import people, tokens


@dataclass(frozen=True)
class PersonRow:
    id: str
    name: str
    role: str
    email: str | None
    created_at: datetime
    revoked_at: datetime | None
    team: str | None = None
    idp_subject: str | None = None


def add(connection: Connection, person_id: str, name: str, role: str, email: str | None, at: datetime) -> None:
    connection.execute(insert(people).values(id=person_id, name=name, role=role, email=email, created_at=stamp(at)))


def all_rows(connection: Connection) -> list[PersonRow]:
    """Everybody, revoked people too, in the order they came."""
    return [_person(row) for row in connection.execute(select(people).order_by(people.c.created_at, people.c.id))]


def get(connection: Connection, person_id: str) -> PersonRow:
    """Raises NotFound."""
    row = connection.execute(select(people).where(people.c.id == person_id)).first()
    if row is None:
        raise NotFound(f"No person {person_id[:64]!r}.", "`briefs users list` shows them.")
    return _person(row)


def revoke(connection: Connection, person_id: str, at: datetime) -> None:
    connection.execute(update(people).where(people.c.id == person_id).values(revoked_at=stamp(at)))


def add_token(connection: Connection, hash: str, token_id: str, person_id: str, at: datetime) -> None:
    connection.execute(insert(tokens).values(hash=hash, id=token_id, person_id=person_id, created_at=stamp(at)))


def revoke_tokens(connection: Connection, person_id: str, at: datetime) -> list[str]:
    """The ids of the person's tokens that worked until now."""
    query = select(tokens.c.id).where(tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None)).order_by(tokens.c.id)
    ids = list(connection.execute(query).scalars())
    connection.execute(update(tokens).where(tokens.c.id.in_(ids)).values(revoked_at=stamp(at)))
    return ids


def holder(connection: Connection, token_hash: str) -> tuple[PersonRow, str, bool] | None:
    """Whose token this is, the token's id, and whether it still works; None for an unknown one."""
    query = select(people, tokens.c.id.label("token_id"), tokens.c.revoked_at.label("token_revoked_at"))
    row = connection.execute(query.join(tokens, tokens.c.person_id == people.c.id).where(tokens.c.hash == token_hash)).first()
    return None if row is None else (_person(row), row.token_id, row.token_revoked_at is None and row.revoked_at is None)


def _person(row: Row[Any]) -> PersonRow:
    return PersonRow(row.id, row.name, row.role, row.email, moment(row.created_at), maybe_moment(row.revoked_at), row.team, row.idp_subject)
