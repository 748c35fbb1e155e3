"""People and the hashes of their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

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


@dataclass(frozen=True)
class TokenRow:
    """A token without its secret: the id, whose it is and until when it works."""

    id: str
    person_id: str
    label: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


_BY_ID = select(people).where(people.c.id == bindparam("person_id"))
_HOLDER = select(tokens, *(column.label(f"person_{column.name}") for column in people.c if column.name != "id")).join(people)
_BY_HASH = _HOLDER.where(tokens.c.hash == bindparam("token_hash"))
"""Asked at every request: put together once, a statement costs a third."""


def add(connection: Connection, person_id: str, name: str, role: str, email: str | None, at: datetime, team: str | None = None) -> None:
    connection.execute(insert(people).values(id=person_id, name=name, role=role, email=email, created_at=stamp(at), team=team))


def all_rows(connection: Connection) -> list[PersonRow]:
    """Everybody, revoked people too, in the order they came."""
    return _people(connection, select(people))


def get(connection: Connection, person_id: str) -> PersonRow:
    """Raises NotFound."""
    row = connection.execute(_BY_ID, {"person_id": person_id}).first()
    if row is None:
        raise NotFound(f"No person {person_id[:64]!r}.", "`briefs users list` shows them.")
    return _person(row)


def named(connection: Connection, reference: str | None) -> list[PersonRow]:
    """Those who still act here and whom an account's field means: by id, or by e-mail whatever its case."""
    wanted = (reference or "").strip().casefold()
    if not wanted:
        return []
    meant = or_(func.lower(people.c.id) == wanted, func.lower(people.c.email) == wanted)
    return _people(connection, select(people).where(meant, people.c.revoked_at.is_(None)))


def with_role(connection: Connection, role: str) -> list[PersonRow]:
    """Those of a role who still act here."""
    return _people(connection, select(people).where(people.c.role == role, people.c.revoked_at.is_(None)))


def of_team(connection: Connection, team: str) -> list[PersonRow]:
    """The CSMs of a team who still act here."""
    return _people(connection, select(people).where(people.c.team == team, people.c.role == "csm", people.c.revoked_at.is_(None)))


def of_subject(connection: Connection, subject: str) -> PersonRow | None:
    """Who is bound to an identity provider's subject."""
    row = connection.execute(select(people).where(people.c.idp_subject == subject)).first()
    return None if row is None else _person(row)


def bind(connection: Connection, person_id: str, subject: str) -> None:
    connection.execute(update(people).where(people.c.id == person_id).values(idp_subject=subject))


def set_team(connection: Connection, person_id: str, team: str | None) -> None:
    connection.execute(update(people).where(people.c.id == person_id).values(team=team))


def revoke(connection: Connection, person_id: str, at: datetime) -> None:
    connection.execute(update(people).where(people.c.id == person_id).values(revoked_at=stamp(at)))


def add_token(
    connection: Connection,
    hash: str,
    token_id: str,
    person_id: str,
    at: datetime,
    *,
    label: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    expiry = stamp(expires_at) if expires_at else None
    connection.execute(insert(tokens).values(hash=hash, id=token_id, person_id=person_id, created_at=stamp(at), label=label, expires_at=expiry))


def tokens_of(connection: Connection, person_id: str | None = None) -> list[TokenRow]:
    """Every token, or those of a person, oldest first; revoked and expired ones too."""
    query = select(tokens).order_by(tokens.c.created_at, tokens.c.id)
    rows = connection.execute(query if person_id is None else query.where(tokens.c.person_id == person_id))
    return [_token(row) for row in rows]


def token(connection: Connection, token_id: str) -> TokenRow:
    """Raises NotFound."""
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).first()
    if row is None:
        raise NotFound(f"No token {token_id[:64]!r}.", "`briefs users list` shows the tokens of each person.")
    return _token(row)


def revoke_token(connection: Connection, token_id: str, at: datetime) -> None:
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=stamp(at)))


def revoke_tokens(connection: Connection, person_id: str, at: datetime) -> list[str]:
    """The ids of the person's tokens that worked until now."""
    query = select(tokens.c.id).where(tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None)).order_by(tokens.c.id)
    ids = list(connection.execute(query).scalars())
    connection.execute(update(tokens).where(tokens.c.id.in_(ids)).values(revoked_at=stamp(at)))
    return ids


def used(connection: Connection, token_id: str, at: datetime) -> None:
    """The token acted just now."""
    connection.execute(update(tokens).where(tokens.c.id == token_id).values(last_used_at=stamp(at)))


def holder(connection: Connection, token_hash: str) -> tuple[PersonRow, TokenRow] | None:
    """Whose token this is; None for an unknown one. Whether either still works is for the caller to look at."""
    row = connection.execute(_BY_HASH, {"token_hash": token_hash}).mappings().first()
    if row is None:
        return None
    whose = {column.name: row["person_id" if column.name == "id" else f"person_{column.name}"] for column in people.c}
    return _person(SimpleNamespace(**whose)), _token(SimpleNamespace(**row))


def _people(connection: Connection, query: Select[Any]) -> list[PersonRow]:
    return [_person(row) for row in connection.execute(query.order_by(people.c.created_at, people.c.id))]


def _person(row: Any) -> PersonRow:
    return PersonRow(row.id, row.name, row.role, row.email, moment(row.created_at), maybe_moment(row.revoked_at), row.team, row.idp_subject)


def _token(row: Any) -> TokenRow:
    return TokenRow(
        id=row.id,
        person_id=row.person_id,
        label=row.label,
        created_at=moment(row.created_at),
        expires_at=maybe_moment(row.expires_at),
        last_used_at=maybe_moment(row.last_used_at),
        revoked_at=maybe_moment(row.revoked_at),
    )
