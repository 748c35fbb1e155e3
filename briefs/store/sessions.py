"""Sessions of the pages, by the hash of their value, and sign-ins under way at an identity provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from briefs.store.instants import maybe_moment, moment, stamp
from briefs.store.service_tables import logins, sessions


@dataclass(frozen=True)
class SessionRow:
    """`csrf` must come back with every form."""

    hash: str
    person_id: str
    csrf: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Login:
    """A sign-in under way: what must come back, and where the person wanted to go."""

    state: str
    nonce: str
    verifier: str
    next: str
    created_at: datetime


def add(connection: Connection, hash: str, person_id: str, csrf: str, at: datetime, expires_at: datetime) -> None:
    connection.execute(
        insert(sessions).values(hash=hash, person_id=person_id, csrf=csrf, created_at=stamp(at), expires_at=stamp(expires_at), last_used_at=stamp(at))
    )


def find(connection: Connection, hash: str) -> SessionRow | None:
    row = connection.execute(select(sessions).where(sessions.c.hash == hash)).first()
    if row is None:
        return None
    times = {name: moment(getattr(row, name)) for name in ("created_at", "expires_at", "last_used_at")}
    return SessionRow(row.hash, row.person_id, row.csrf, **times, revoked_at=maybe_moment(row.revoked_at))


def used(connection: Connection, hash: str, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.hash == hash).values(last_used_at=stamp(at)))


def revoke(connection: Connection, hash: str, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.hash == hash).values(revoked_at=stamp(at)))


def revoke_all(connection: Connection, person_id: str, at: datetime) -> int:
    """How many of the person's sessions ended by it."""
    mine = update(sessions).where(sessions.c.person_id == person_id, sessions.c.revoked_at.is_(None))
    return connection.execute(mine.values(revoked_at=stamp(at))).rowcount


def forget_before(connection: Connection, at: datetime) -> None:
    """Drops sessions that expired and sign-ins that never came back before that moment."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < stamp(at)))
    connection.execute(delete(logins).where(logins.c.created_at < stamp(at)))


def begin_login(connection: Connection, login: Login) -> None:
    connection.execute(insert(logins).values(**(vars(login) | {"created_at": stamp(login.created_at)})))


def take_login(connection: Connection, state: str) -> Login | None:
    """The sign-in of that state, once: it is gone afterwards."""
    row = connection.execute(select(logins).where(logins.c.state == state).with_for_update()).first()
    if row is None or connection.execute(delete(logins).where(logins.c.state == state)).rowcount != 1:
        return None
    return Login(row.state, row.nonce, row.verifier, row.next, moment(row.created_at))
