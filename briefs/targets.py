"""Where hand-offs are sent, as an admin keeps it: add a target, switch it off and on, change its secret. A secret is shown once, when it is made."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from briefs.errors import BadInput, NotAllowed
from briefs.handoff import targets as kinds
from briefs.handoff.addresses import Resolve, check
from briefs.people import CONSOLE, Person
from briefs.store import Store, Transaction, audit_log, target_rows
from briefs.store.target_rows import FOLDER, TargetRow

KEPT_SECRETS = 3
"""Secrets a webhook is signed with at once, while receivers change over."""
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Shown:
    """A target as people see it. `secrets` is how many there are, `host` where it leads."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    host: str | None
    secrets: int
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None


@dataclass(frozen=True)
class Made:
    """A target and the secret made for it, which cannot be read again later; None where the person gave it."""

    target: Shown
    secret: str | None


@dataclass(frozen=True)
class Office:
    """What keeping targets needs. `new_secret` gives 32 bytes nobody can guess."""

    store: Store
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], bytes]
    resolve: Resolve
    allow_private: bool = False


def add(office: Office, kind: str, name: str, settings: Mapping[str, Any], secret: str | None = None, *, by: Person | None) -> Made:
    """A new target; every hand-off approved from now on goes there too. `by` None is whoever holds the home folder; anybody else must be admin.

    A webhook without a secret gets one. Raises BadInput (also for an address that may not be sent to), NotAllowed.
    """
    actor, name = _admin(by), " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput(f"A target needs a name of at most {_LONGEST_NAME} letters.")
    made = _secret(office) if kind == "webhook" and secret is None else None
    secrets = tuple(each for each in (secret or made,) if each)
    kinds.check(kind, dict(settings), secrets)
    _reachable(office, kind, settings, secrets)
    with office.store.writing() as connection:
        row = target_rows.add(connection, office.new_id(), kind, name, settings, secrets, office.now())
        _audit(connection, office, actor, "add", row, kind=kind)
    return Made(shown(row), made)


def everything(office: Office, *, by: Person | None) -> list[Shown]:
    """Every target, disabled ones too. Raises NotAllowed."""
    _admin(by)
    with office.store.writing() as connection:
        target_rows.active(connection, office.now())
        return [shown(row) for row in target_rows.all_rows(connection)]


def disable(office: Office, target_id: str, reason: str = "switched off by an admin", *, by: Person | None) -> Shown:
    """Nothing more is sent there. What waits for it is given up at its next try. Raises NotFound, NotAllowed, BadInput for the folder."""
    actor = _admin(by)
    if target_id == FOLDER:
        raise BadInput("The folder is always written: it is what an approval is checked against.")
    with office.store.writing() as connection:
        row = target_rows.get(connection, target_id)
        if row.disabled_at is None:
            target_rows.disable(connection, target_id, reason, office.now())
            _audit(connection, office, actor, "disable", row)
        return shown(target_rows.get(connection, target_id))


def enable(office: Office, target_id: str, *, by: Person | None) -> Shown:
    """Hand-offs approved from now on go there again. Raises NotFound, NotAllowed."""
    actor = _admin(by)
    with office.store.writing() as connection:
        row = target_rows.get(connection, target_id)
        target_rows.enable(connection, target_id)
        _audit(connection, office, actor, "enable", row)
        return shown(target_rows.get(connection, target_id))


def rotate(office: Office, target_id: str, secret: str | None = None, *, drop_old: bool = False, by: Person | None) -> Made:
    """A new secret. A webhook is signed with the old ones too, until `drop_old`; for every other kind the new one takes the old one's place.

    Raises NotFound, NotAllowed, BadInput.
    """
    actor = _admin(by)
    with office.store.writing() as connection:
        row = target_rows.get(connection, target_id)
        webhook = row.kind == "webhook"
        made = _secret(office) if webhook and secret is None else None
        newest = secret or made
        if newest is None:
            raise BadInput("Give the new secret.", "--secret TOKEN")
        secrets = (newest, *row.secrets)[:KEPT_SECRETS] if webhook and not drop_old else (newest,)
        kinds.check(row.kind, dict(row.settings), secrets)
        target_rows.set_secrets(connection, target_id, secrets)
        _audit(connection, office, actor, "rotate", row, secrets=len(secrets))
        row = target_rows.get(connection, target_id)
    _reachable(office, row.kind, row.settings, row.secrets)
    return Made(shown(row), made)


def shown(row: TargetRow) -> Shown:
    """Without its secrets."""
    url = row.secrets[0] if row.kind == "slack" and row.secrets else row.settings.get("url")
    host = urlsplit(url).hostname if isinstance(url, str) else None
    return Shown(row.id, row.kind, row.name, row.settings, host, len(row.secrets), row.created_at, row.disabled_at, row.disabled_reason)


def _reachable(office: Office, kind: str, settings: Mapping[str, Any], secrets: tuple[str, ...]) -> None:
    """Refuses an address that may not be sent to at once, not at the first hand-off. A name that cannot be looked up now may work later."""
    url = secrets[0] if kind == "slack" else settings.get("url")
    if not isinstance(url, str):
        return
    try:
        check(url, allow_private=office.allow_private, resolve=office.resolve)
    except OSError:
        return


def _secret(office: Office) -> str:
    return "whsec_" + base64.b64encode(office.new_secret()).decode()


def _admin(by: Person | None) -> str:
    if by is not None and by.role != "admin":
        raise NotAllowed("Only an admin keeps the targets.", "Ask one, or act on the machine that holds the home folder.")
    return by.id if by else CONSOLE


def _audit(connection: Transaction, office: Office, actor: str, what: str, row: TargetRow, **details: Any) -> None:
    audit_log.append(connection, office.now(), actor, f"target.{what}", f"target:{row.id}", **details)


def seal_all(office: Office) -> int:
    """Keeps every secret that lies in the clear under the seal; how many targets had one. Nothing where there is no key."""
    with office.store.writing() as connection:
        open_ones = target_rows.in_the_clear(connection)
        for target_id in open_ones:
            target_rows.set_secrets(connection, target_id, target_rows.get(connection, target_id).secrets)
    return len(open_ones)
