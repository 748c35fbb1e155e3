"""Overrides and flags: a person's dated, reasoned judgement over the machine's, and a support agent's one-call hint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from briefs.errors import NotFound
from briefs.store.instants import moment, stamp
from briefs.store.tables import flags, overrides, people

if TYPE_CHECKING:
    from briefs.brief import Override
    from retrieval.records import TicketFlag

_STANDING = (
    select(overrides)
    .where(overrides.c.account_id == bindparam("of_account"), overrides.c.expires_at > bindparam("after"), overrides.c.revoked_at.is_(None))
    .order_by(overrides.c.created_at, overrides.c.id)
)
_FLAGGED = (
    select(flags, people.c.name)
    .outerjoin(people, people.c.id == flags.c.by)
    .where(flags.c.account_id == bindparam("of_account"))
    .order_by(flags.c.at, flags.c.id)
)
"""Asked at every approval: put together once, a statement costs a third."""


@dataclass(frozen=True)
class Flag:
    """It is evidence, not a verdict."""

    id: str
    account_id: str
    ticket_id: str
    reason: str
    by: str
    at: datetime


def add_override(connection: Connection, override: Override) -> None:
    values = override.model_dump() | {"created_at": stamp(override.created_at), "expires_at": stamp(override.expires_at)}
    connection.execute(insert(overrides).values(**values))


def override(connection: Connection, override_id: str) -> Override:
    """One that is not revoked. Raises NotFound."""
    row = connection.execute(select(overrides).where(overrides.c.id == override_id, overrides.c.revoked_at.is_(None))).first()
    if row is None:
        raise no_such_override(override_id)
    return _override(row)


def no_such_override(override_id: str) -> NotFound:
    return NotFound(f"No override {override_id[:64]!r} that stands.", "`briefs explain ACCOUNT` lists them.")


def revoke_override(connection: Connection, override_id: str, by: str, at: datetime) -> None:
    connection.execute(update(overrides).where(overrides.c.id == override_id).values(revoked_at=stamp(at), revoked_by=by))


def overrides_at(connection: Connection, account_id: str, at: datetime) -> list[Override]:
    """Those of the account not expired at that moment and not revoked, also where they were made after it: a scan may look back."""
    return [_override(row) for row in connection.execute(_STANDING, {"of_account": account_id, "after": stamp(at)})]


def add_flag(connection: Connection, flag: Flag) -> None:
    connection.execute(insert(flags).values(**(vars(flag) | {"at": stamp(flag.at)})))


def flag(connection: Connection, flag_id: str) -> Flag:
    """Raises NotFound."""
    row = connection.execute(select(flags).where(flags.c.id == flag_id)).first()
    if row is None:
        raise no_such_flag(flag_id)
    return Flag(row.id, row.account_id, row.ticket_id, row.reason, row.by, moment(row.at))


def no_such_flag(flag_id: str) -> NotFound:
    """The same words whether it is absent or not yours to see."""
    return NotFound(f"No flag {flag_id[:64]!r}.")


def flags_of(connection: Connection, account_id: str) -> list[Flag]:
    """Every flag of an account, oldest first."""
    query = select(flags).where(flags.c.account_id == account_id).order_by(flags.c.at, flags.c.id)
    return [Flag(row.id, row.account_id, row.ticket_id, row.reason, row.by, moment(row.at)) for row in connection.execute(query)]


def ticket_flags(connection: Connection, account_id: str) -> list[TicketFlag]:
    """An account's flags as a dossier holds them, with the name of whoever set each, oldest first."""
    from retrieval.records import TicketFlag

    return [
        TicketFlag(id=f"flag:{row.id}", ticket_id=row.ticket_id, at=moment(row.at), by=row.name or row.by, reason=row.reason)
        for row in connection.execute(_FLAGGED, {"of_account": account_id})
    ]


def _override(row: Row[Any]) -> Override:
    from briefs.brief import Override

    return Override(
        id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        target=row.target,
        reason=row.reason,
        by=row.by,
        created_at=moment(row.created_at),
        expires_at=moment(row.expires_at),
    )
