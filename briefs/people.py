"""Who may act: people, their roles and their tokens. A token is shown once and kept only as its sha256."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from briefs.canonical import digest
from briefs.errors import BadInput, NotAllowed
from briefs.store import Store, audit_log, person_rows
from briefs.store.drafts import MACHINE
from briefs.store.person_rows import PersonRow

ROLES = ("csm", "ae", "evaluator", "admin", "service")
CONSOLE = "console"
"""Who the audit chain names where somebody with the home folder in hand acts without a token."""


@dataclass(frozen=True)
class Person:
    """Who acts, and by which token (`token_id` is no secret)."""

    id: str
    name: str
    role: str
    email: str | None = None
    token_id: str | None = None

    def is_named(self, reference: str | None) -> bool:
        """Whether an account's `csm` or `ae` field means this person: by id, or by e-mail whatever its case."""
        if not reference:
            return False
        wanted = reference.strip().casefold()
        return wanted == self.id.casefold() or (self.email is not None and wanted == self.email.casefold())


@dataclass(frozen=True)
class NewPerson:
    """A person and the token, which cannot be read again later."""

    person: Person
    token: str


def add(
    store: Store,
    name: str,
    role: str,
    email: str | None = None,
    *,
    by: Person | None,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    new_token: Callable[[], str],
) -> NewPerson:
    """A new person with a token. `by` None is whoever holds the home folder; anybody else must be admin. Raises BadInput, NotAllowed."""
    actor = _admin(by)
    name, email = name.strip(), (email or "").strip() or None
    person_id = new_id()
    if not name:
        raise BadInput("A person needs a name.", "briefs users add NAME --role csm")
    if role not in ROLES:
        raise BadInput(f"No role {role[:40]!r}.", f"One of: {', '.join(ROLES)}.")
    if email and "@" not in email:
        raise BadInput(f"{email[:40]!r} is not an e-mail address.", "briefs users add NAME --role csm --email NAME@COMPANY")
    if person_id in (MACHINE, CONSOLE):
        raise BadInput(f"{person_id!r} cannot be a person's id.")
    with store.writing() as connection:
        same = [p for p in person_rows.all_rows(connection) if email and p.revoked_at is None and (p.email or "").casefold() == email.casefold()]
        if same:
            raise BadInput("Somebody with this e-mail address is there already.", f"`briefs users revoke {same[0].id}` first.")
        at = now()
        person_rows.add(connection, person_id, name, role, email, at)
        audit_log.append(connection, at, actor, "person.add", f"person:{person_id}", role=role)
    return new_token_for(store, person_id, by=by, now=now, new_token=new_token)


def new_token_for(store: Store, person_id: str, *, by: Person | None, now: Callable[[], datetime], new_token: Callable[[], str]) -> NewPerson:
    """A fresh token in place of every older one of the person. Raises NotFound, NotAllowed (also for a revoked person)."""
    actor, token = _admin(by), new_token()
    hash, at = _hash(token), now()
    with store.writing() as connection:
        row = person_rows.get(connection, person_id)
        if row.revoked_at is not None:
            raise NotAllowed("This person was revoked.", "`briefs users add` makes a new one.")
        for old in person_rows.revoke_tokens(connection, person_id, at):
            audit_log.append(connection, at, actor, "token.revoke", f"token:{old}", person=person_id)
        person_rows.add_token(connection, hash, _token_id(hash), person_id, at)
        audit_log.append(connection, at, actor, "token.create", f"token:{_token_id(hash)}", person=person_id)
    return NewPerson(_person(row, _token_id(hash)), token)


def everybody(store: Store) -> list[PersonRow]:
    """Every person, revoked ones too, in the order they came. No token can be read back."""
    with store.reading() as connection:
        return person_rows.all_rows(connection)


def revoke(store: Store, person_id: str, *, by: Person | None, now: Callable[[], datetime]) -> None:
    """The person's tokens stop working; what they decided stands. Raises NotFound, NotAllowed."""
    actor, at = _admin(by), now()
    with store.writing() as connection:
        if person_rows.get(connection, person_id).revoked_at is not None:
            return
        person_rows.revoke(connection, person_id, at)
        audit_log.append(connection, at, actor, "person.revoke", f"person:{person_id}")
        for token_id in person_rows.revoke_tokens(connection, person_id, at):
            audit_log.append(connection, at, actor, "token.revoke", f"token:{token_id}", person=person_id)


def whose(store: Store, token: str | None) -> Person:
    """The person a token belongs to. Raises NotAllowed where it is missing, unknown or revoked."""
    if not token or not token.strip():
        raise NotAllowed("Nobody is acting: there is no token.", "Set BRIEFS_TOKEN to the token `briefs users add` showed.")
    with store.reading() as connection:
        found = person_rows.holder(connection, _hash(token.strip()))
    if found is None:
        raise NotAllowed("This token is not known here.", "`briefs users add` makes a person and a token.")
    row, token_id, works = found
    if not works:
        raise NotAllowed("This token was revoked.", "Ask an admin for a new one.")
    return _person(row, token_id)


def demo_people(
    store: Store,
    wanted: Iterable[tuple[str, str, str]],
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    new_token: Callable[[], str],
) -> list[NewPerson]:
    """People of the demo, as (name, role, e-mail), each with a token that works from now on; those there already get a new one."""
    there = {(row.email or "").casefold(): row for row in everybody(store) if row.revoked_at is None}
    made: list[NewPerson] = []
    for name, role, email in wanted:
        row = there.get(email.casefold())
        if row is None:
            made.append(add(store, name, role, email, by=None, now=now, new_id=new_id, new_token=new_token))
        else:
            made.append(new_token_for(store, row.id, by=None, now=now, new_token=new_token))
    return made


def _admin(by: Person | None) -> str:
    if by is not None and by.role != "admin":
        raise NotAllowed("Only an admin manages people.", "Ask one, or act on the machine that holds the home folder.")
    return by.id if by else CONSOLE


def _hash(token: str) -> str:
    return digest(token.encode())


def _token_id(hash: str) -> str:
    return hash.removeprefix("sha256:")[:12]


def _person(row: PersonRow, token_id: str) -> Person:
    return Person(row.id, row.name, row.role, row.email, token_id)
