"""Signing in through the company's identity provider: whoever it vouches for must be a person here already.

Nobody is made by signing in. The first sign-in binds the provider's subject to the person with the same verified e-mail address; from then on only
the subject counts, so that an address given to somebody else later opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefs.errors import NotAllowed
from briefs.people import Person, person_of
from briefs.store import Store, Transaction, audit_log, person_rows, sessions
from briefs.store.person_rows import PersonRow
from briefs.store.sessions import Login

LOGIN_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Vouched:
    """What an identity provider says, after its signature was checked: `subject` is unique at `issuer`."""

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool = False

    @property
    def key(self) -> str:
        return f"{self.issuer}|{self.subject}"


def sign_in(store: Store, vouched: Vouched, *, now: Callable[[], datetime]) -> Person:
    """The person the provider vouches for. Raises NotAllowed, with the same words whatever the reason, and writes the refusal down."""
    at = now()
    with store.writing() as connection:
        row = _meant(connection, vouched, at)
        if row is None:
            audit_log.append(connection, at, "console", "login.refuse", "login", issuer=vouched.issuer)
        else:
            audit_log.append(connection, at, row.id, "login", f"person:{row.id}", issuer=vouched.issuer)
    if row is None:
        raise NotAllowed("Nobody here has this identity.", "Ask an admin to add you with this e-mail address.")
    return person_of(row, None)


def begin(store: Store, login: Login) -> None:
    """Remembers a sign-in sent to the provider; what came of old ones is dropped."""
    with store.writing() as connection:
        sessions.forget_before(connection, login.created_at - LOGIN_LIFE)
        sessions.begin_login(connection, login)


def finish(store: Store, state: str, *, now: Callable[[], datetime]) -> Login:
    """The sign-in that comes back with this state, once, within ten minutes. Raises NotAllowed."""
    with store.writing() as connection:
        found = sessions.take_login(connection, state)
    if found is None or now() - found.created_at > LOGIN_LIFE:
        raise NotAllowed("This sign-in is not known, or too old.", "Sign in again.")
    return found


def _meant(connection: Transaction, vouched: Vouched, at: datetime) -> PersonRow | None:
    bound = person_rows.of_subject(connection, vouched.key)
    if bound is not None:
        return bound if bound.revoked_at is None else None
    if not vouched.subject or not vouched.email_verified:
        return None
    address = (vouched.email or "").strip().casefold()
    free = [row for row in person_rows.named(connection, address) if row.idp_subject is None and (row.email or "").casefold() == address]
    if len(free) != 1:
        return None
    person_rows.bind(connection, free[0].id, vouched.key)
    audit_log.append(connection, at, free[0].id, "person.bind", f"person:{free[0].id}", issuer=vouched.issuer)
    return free[0]
