"""Signed in to the pages: a session has a value the browser keeps, a value every form repeats, and an end.

Every sign-in gives a new value and ends the one the browser came with. A session holds no right: who its person is and may do is read at each
request, a role is never changed (a person is revoked and made anew), and whoever is revoked has no session left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefs.canonical import digest
from briefs.errors import NotAllowed
from briefs.people import Person, person_of
from briefs.store import Store, audit_log, person_rows, sessions
from briefs.store.sessions import SessionRow

LIFE = timedelta(hours=12)
IDLE = timedelta(hours=2)
TOUCHED_EVERY = timedelta(minutes=1)
"""Last use is kept to the minute, so that reading a page is seldom a write."""


@dataclass(frozen=True)
class Session:
    """Whose session it is. `value` goes into the cookie and is kept only as its hash; `csrf` comes back with every form."""

    person: Person
    csrf: str
    expires_at: datetime
    value: str = ""


def start(
    store: Store, person: Person, *, now: Callable[[], datetime], new_token: Callable[[], str], life: timedelta = LIFE, how: str = "token"
) -> Session:
    """A new session of somebody who just proved who they are. Raises NotAllowed where they were revoked meanwhile."""
    value, csrf, at = new_token(), new_token(), now()
    with store.writing() as connection:
        row = person_rows.get(connection, person.id)
        if row.revoked_at is not None:
            raise _refused()
        sessions.add(connection, _hash(value), person.id, csrf, at, at + life)
        audit_log.append(connection, at, person.id, "session.start", f"person:{person.id}", session=_public_id(value), how=how)
    return Session(person_of(row, None), csrf, at + life, value)


def find(store: Store, value: str | None, *, now: Callable[[], datetime]) -> Session:
    """The session of a cookie. Raises NotAllowed where it is unknown, ended, idle for too long, or its person was revoked."""
    at = now()
    with store.reading() as connection:
        row = sessions.find(connection, _hash(value or ""))
        person = None if row is None else person_rows.get(connection, row.person_id)
    if row is None or person is None or person.revoked_at is not None or not _holds(row, at):
        raise _refused()
    if at - row.last_used_at >= TOUCHED_EVERY:
        with store.writing() as connection:
            sessions.used(connection, row.hash, at)
    return Session(person_of(person, None), row.csrf, row.expires_at, value or "")


def end(store: Store, session: Session, *, now: Callable[[], datetime]) -> None:
    """Signed out. Safe to repeat."""
    end_by_value(store, session.value, now=now)


def end_by_value(store: Store, value: str | None, *, now: Callable[[], datetime]) -> None:
    """Ends the session of a cookie, if it opens one: also at each sign-in, so that no value outlives the change of who sits there."""
    if not value:
        return
    at = now()
    with store.writing() as connection:
        row = sessions.find(connection, _hash(value))
        if row is None or row.revoked_at is not None:
            return
        sessions.revoke(connection, row.hash, at)
        audit_log.append(connection, at, row.person_id, "session.end", f"person:{row.person_id}", session=_public_id(value))


def _holds(row: SessionRow, at: datetime) -> bool:
    return row.revoked_at is None and at < row.expires_at and at - row.last_used_at < IDLE


def _refused() -> NotAllowed:
    return NotAllowed("You are not signed in, or no longer.", "Sign in again.")


def _hash(value: str) -> str:
    return digest(value.encode())


def _public_id(value: str) -> str:
    return _hash(value).removeprefix("sha256:")[:12]
