"""What every scan said of every account, kept; and the dossiers it was said of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select, update

from briefs.errors import NotFound
from briefs.store.dialect import insert_missing
from briefs.store.instants import moment, stamp
from briefs.store.tables import dossiers, results, scans

if TYPE_CHECKING:
    from briefs.brief import AccountResult, RejectedClaim

_FEW = 500
"""Accounts that can be named in one query."""


_LAST = select(results).where(results.c.account_id == bindparam("of_account")).order_by(results.c.seq.desc()).limit(1)
_WITH_INPUTS = _LAST.where(results.c.inputs_key == bindparam("with_inputs"))
_TOLD = (
    select(results.c.brief_id, case((results.c.brief_id == bindparam("of_brief"), results.c.body)).label("body"))
    .where(results.c.account_id == bindparam("of_account"))
    .order_by(results.c.seq.desc())
    .limit(1)
)
"""Asked at every request: put together once, a statement costs a third."""


@dataclass(frozen=True)
class LastResult:
    """The newest result of an account. `body` is the result as JSON, `result` the same as a noun."""

    account_id: str
    scan_id: str
    at: datetime
    as_of: date
    verdict: str
    inputs_key: str
    brief_id: str | None
    body: str

    @property
    def result(self) -> AccountResult:
        return _read(self.body)


def forget_what_was_read() -> None:
    """Leaves no result in this process's memory: some of its words were erased."""
    _read.cache_clear()


@lru_cache(maxsize=512)
def _read(body: str) -> AccountResult:
    """A result is read much more often than it changes: an inbox reads every account's. The noun is frozen; nobody changes what is shared."""
    from briefs.brief import AccountResult

    return AccountResult.model_validate_json(body)


def save_dossier(connection: Connection, hash: str, account_id: str, as_of: date, body: bytes) -> None:
    """Keeps the dossier under its hash; one that is there already stays as it is."""
    row = {"hash": hash, "account_id": account_id, "as_of": as_of.isoformat(), "body": body, "redacted_at": None}
    insert_missing(connection, dossiers, [row])


def dossier(connection: Connection, hash: str) -> bytes:
    """The bytes a brief was written from, without the records erased since. Raises NotFound."""
    body = connection.execute(select(dossiers.c.body).where(dossiers.c.hash == hash)).scalar_one_or_none()
    if body is None:
        raise NotFound(f"No dossier {hash[:40]!r}.", "`briefs scan` collects the account again.")
    return bytes(body)


def start_scan(connection: Connection, scan_id: str, as_of: date, by: str, at: datetime) -> None:
    connection.execute(insert(scans).values(id=scan_id, as_of=as_of.isoformat(), by=by, started_at=stamp(at), summary="{}"))


def finish_scan(connection: Connection, scan_id: str, summary: str, at: datetime) -> None:
    """`summary` is JSON of counts."""
    connection.execute(update(scans).where(scans.c.id == scan_id).values(finished_at=stamp(at), summary=summary))


def last_before(connection: Connection, account_id: str, at: datetime) -> LastResult | None:
    """The newest result of the account at or before that moment."""
    query = select(results).where(results.c.account_id == account_id, results.c.at <= stamp(at)).order_by(results.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _last(row)


def save(connection: Connection, result: AccountResult, inputs_key: str, scan_id: str, at: datetime) -> None:
    """Adds the result to the history; saved again for the same scan (after a crash) it takes the place of the first."""
    connection.execute(delete(results).where(results.c.scan_id == scan_id, results.c.account_id == result.account_id))
    connection.execute(
        insert(results).values(
            scan_id=scan_id,
            account_id=result.account_id,
            at=stamp(at),
            as_of=result.as_of.isoformat(),
            verdict=result.verdict,
            priority=result.priority,
            inputs_key=inputs_key,
            brief_id=result.brief_id,
            body=result.model_dump_json(),
        )
    )


def last(connection: Connection, account_id: str) -> LastResult | None:
    """The newest result of an account: one row off an index."""
    row = connection.execute(_LAST, {"of_account": account_id}).first()
    return _last(row) if row else None


def with_inputs(connection: Connection, account_id: str, inputs_key: str) -> LastResult | None:
    """The newest result of the account that was worked out from exactly these inputs."""
    row = connection.execute(_WITH_INPUTS, {"of_account": account_id, "with_inputs": inputs_key}).first()
    return _last(row) if row else None


def rejected_of(connection: Connection, account_id: str, brief_id: str) -> tuple[RejectedClaim, ...]:
    """The sentences of that brief's draft that failed verification, where the account's newest result is the one it was drafted with."""
    from briefs.brief import Rejections

    row = connection.execute(_TOLD, {"of_account": account_id, "of_brief": brief_id}).first()
    return () if row is None or row.body is None else Rejections.model_validate_json(row.body).rejected


def last_of_all(connection: Connection, account_ids: Iterable[str] | None = None) -> dict[str, LastResult]:
    """The newest result of every account that has one, by account, in one query."""
    newest = select(func.max(results.c.seq)).group_by(results.c.account_id)
    wanted = None if account_ids is None else set(account_ids)
    if wanted is not None and len(wanted) <= _FEW:
        newest = newest.where(results.c.account_id.in_(wanted))
    rows = connection.execute(select(results).where(results.c.seq.in_(newest)).order_by(results.c.account_id))
    return {row.account_id: _last(row) for row in rows if wanted is None or row.account_id in wanted}


def accounts_with(connection: Connection, verdict: str) -> set[str]:
    """The accounts whose newest result has that verdict."""
    newest = select(func.max(results.c.seq)).group_by(results.c.account_id)
    return set(connection.scalars(select(results.c.account_id).where(results.c.seq.in_(newest), results.c.verdict == verdict)))


def history(connection: Connection, account_id: str) -> list[LastResult]:
    """Every result of an account, oldest first."""
    return [_last(row) for row in connection.execute(select(results).where(results.c.account_id == account_id).order_by(results.c.seq))]


def _last(row: Row[Any]) -> LastResult:
    return LastResult(
        account_id=row.account_id,
        scan_id=row.scan_id,
        at=moment(row.at),
        as_of=date.fromisoformat(row.as_of),
        verdict=row.verdict,
        inputs_key=row.inputs_key,
        brief_id=row.brief_id,
        body=row.body,
    )
