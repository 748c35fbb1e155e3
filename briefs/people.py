"""Who may act: people, their roles and their tokens. A token is shown once and kept only as its sha256."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefs.canonical import digest
from briefs.errors import BadInput, NotAllowed, NotFound
from briefs.store import Store, Transaction, audit_log, person_rows, sessions
from briefs.store.drafts import MACHINE
from briefs.store.person_rows import PersonRow, TokenRow

ROLES = ("csm", "ae", "evaluator", "admin", "service")
USED_EVERY = timedelta(minutes=1)
"""A token's last use is kept to the minute, so that reading is seldom a write."""
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
    team: str | None = None

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
    team: str | None = None,
    expires_at: datetime | None = None,
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
        person_rows.add(connection, person_id, name, role, email, at, (team or "").strip() or None)
        audit_log.append(connection, at, actor, "person.add", f"person:{person_id}", role=role)
    return another_token(store, person_id, expires_at=expires_at, by=by, now=now, new_token=new_token)


def another_token(
    store: Store,
    person_id: str,
    *,
    label: str | None = None,
    expires_at: datetime | None = None,
    by: Person | None,
    now: Callable[[], datetime],
    new_token: Callable[[], str],
) -> NewPerson:
    """One more token beside those the person has, working until `expires_at` if one is given. Raises NotFound, NotAllowed, BadInput."""
    actor, token, at = _admin(by), new_token(), now()
    if expires_at is not None and expires_at <= at:
        raise BadInput("A token ends in the future.", "Give a later expiry.")
    with store.writing() as connection:
        row = _acting(connection, person_id)
        _give(connection, row, token, actor, at, label=(label or "").strip()[:80] or None, expires_at=expires_at)
    return NewPerson(person_of(row, _token_id(_hash(token))), token)


def revoke_token(store: Store, token_id: str, *, by: Person | None, now: Callable[[], datetime]) -> None:
    """That token stops working; the person's others go on. Safe to repeat. Raises NotFound, NotAllowed."""
    at = now()
    actor = by.id if by is not None and by.token_id == token_id else _admin(by)
    with store.writing() as connection:
        row = person_rows.token(connection, token_id)
        if row.revoked_at is None:
            person_rows.revoke_token(connection, token_id, at)
            audit_log.append(connection, at, actor, "token.revoke", f"token:{token_id}", person=row.person_id)


def token_of(store: Store, person_id: str, token_id: str) -> TokenRow:
    """That token, if it is the person's. Raises NotFound."""
    with store.reading() as connection:
        found = person_rows.token(connection, token_id)
    if found.person_id != person_id:
        raise NotFound(f"No token {token_id[:64]!r} of this person.", "The list of their tokens shows them.")
    return found


def tokens(store: Store, person_id: str | None = None) -> list[TokenRow]:
    """The tokens of a person, or all, without their secrets. Raises NotFound for a person there is not."""
    with store.reading() as connection:
        if person_id is not None:
            person_rows.get(connection, person_id)
        return person_rows.tokens_of(connection, person_id)


def put_in_team(store: Store, person_id: str, team: str | None, *, by: Person | None, now: Callable[[], datetime]) -> None:
    """Whose colleague the person is; None: nobody's. Raises NotFound, NotAllowed."""
    actor, at = _admin(by), now()
    with store.writing() as connection:
        _acting(connection, person_id)
        person_rows.set_team(connection, person_id, (team or "").strip()[:80] or None)
        audit_log.append(connection, at, actor, "person.team", f"person:{person_id}", team=(team or "").strip()[:80] or None)


def colleagues(store: Store, person: Person) -> frozenset[str]:
    """The ids and e-mail addresses, in small letters, of the CSMs of the person's team; of nobody where they have none."""
    if not person.team:
        return frozenset()
    with store.reading() as connection:
        rows = person_rows.of_team(connection, person.team)
    return frozenset(name.casefold() for row in rows for name in (row.id, row.email) if name)


def new_token_for(store: Store, person_id: str, *, by: Person | None, now: Callable[[], datetime], new_token: Callable[[], str]) -> NewPerson:
    """A fresh token in place of every older one of the person. Raises NotFound, NotAllowed (also for a revoked person)."""
    actor, token, at = _admin(by), new_token(), now()
    with store.writing() as connection:
        row = _acting(connection, person_id)
        for old in person_rows.revoke_tokens(connection, person_id, at):
            audit_log.append(connection, at, actor, "token.revoke", f"token:{old}", person=person_id)
        _give(connection, row, token, actor, at)
    return NewPerson(person_of(row, _token_id(_hash(token))), token)


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
        sessions.revoke_all(connection, person_id, at)


def whose(store: Store, token: str | None, *, now: Callable[[], datetime] | None = None) -> Person:
    """The person a token belongs to; `now` also keeps when it was used last. Raises NotAllowed where it is missing, unknown, revoked or expired.

    Without a clock a token that expires at all is refused.
    """
    if not token or not token.strip():
        raise NotAllowed("Nobody is acting: there is no token.", "Set BRIEFS_TOKEN to the token `briefs users add` showed.")
    with store.reading() as connection:
        found = person_rows.holder(connection, _hash(token.strip()))
    if found is None:
        raise NotAllowed("This token is not known here.", "`briefs users add` makes a person and a token.")
    row, kept = found
    at = now() if now else None
    if row.revoked_at is not None or kept.revoked_at is not None:
        raise NotAllowed("This token was revoked.", "Ask an admin for a new one.")
    if kept.expires_at is not None and (at is None or at >= kept.expires_at):
        raise NotAllowed("This token has expired.", "Ask an admin for a new one.")
    if at is not None and (kept.last_used_at is None or at - kept.last_used_at >= USED_EVERY):
        with store.writing() as connection:
            person_rows.used(connection, kept.id, at)
    return person_of(row, kept.id)


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


def person_of(row: PersonRow, token_id: str | None) -> Person:
    """The person of a row, acting by that token (None: signed in to the pages)."""
    return Person(row.id, row.name, row.role, row.email, token_id, row.team)


def _acting(connection: Transaction, person_id: str) -> PersonRow:
    row = person_rows.get(connection, person_id)
    if row.revoked_at is not None:
        raise NotAllowed("This person was revoked.", "`briefs users add` makes a new one.")
    return row


def _give(
    connection: Transaction,
    row: PersonRow,
    token: str,
    actor: str,
    at: datetime,
    *,
    label: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    hash = _hash(token)
    person_rows.add_token(connection, hash, _token_id(hash), row.id, at, label=label, expires_at=expires_at)
    expiry = expires_at.isoformat() if expires_at else None
    audit_log.append(connection, at, actor, "token.create", f"token:{_token_id(hash)}", person=row.id, expires_at=expiry)
