"""The store as the pipeline, the commands and the pages use it: each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Select, select

from briefs import audit
from briefs.gate import State
from briefs.store import audit_log, brief_rows, cache, decisions, drafts, handoffs, judgements, results
from briefs.store.brief_rows import COLUMNS, BriefRow, VersionRow
from briefs.store.cache import Reading
from briefs.store.decisions import Decision
from briefs.store.handoffs import Handoff
from briefs.store.judgements import Flag
from briefs.store.results import LastResult
from briefs.store.tables import briefs
from briefs.store.turns import Turns
from retrieval.engine import writer

if TYPE_CHECKING:
    from briefs.brief import AccountResult, BriefBody, Override
    from retrieval.records import TicketFlag

Rows = list[BriefRow]
Transaction = Connection
"""An open transaction, for the acts of `review` and `forgetting` that need several steps in one."""
_AFTER = "after_commit"


class Store:
    """Opened on an engine whose database is at head (`schema.ensure`)."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self._writer = engine, writer(engine)
        self._turns = Turns()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that only reads."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that writes: all of it or nothing. Where the database takes one writer at a time, they come in order."""
        alone = self._turns.turn() if self.engine.dialect.name == "sqlite" else nullcontext()
        with alone, self._writer.begin() as connection:
            connection.info[_AFTER] = []
            yield connection
            acts: list[Callable[[], None]] = connection.info.pop(_AFTER)
        for act in acts:
            act()

    def after_commit(self, connection: Connection, act: Callable[[], None]) -> None:
        """Calls `act` when the transaction of `writing` has committed, and never where it is rolled back."""
        connection.info[_AFTER].append(act)

    def save_dossier(self, hash: str, account_id: str, as_of: date, body: bytes) -> None:
        with self.writing() as connection:
            results.save_dossier(connection, hash, account_id, as_of, body)

    def dossier(self, hash: str) -> bytes:
        """The bytes a brief was written from, without records erased since. Raises NotFound."""
        with self.reading() as connection:
            return results.dossier(connection, hash)

    def start_scan(self, scan_id: str, as_of: date, by: str, at: datetime) -> None:
        with self.writing() as connection:
            results.start_scan(connection, scan_id, as_of, by, at)

    def finish_scan(self, scan_id: str, summary: str, at: datetime) -> None:
        with self.writing() as connection:
            results.finish_scan(connection, scan_id, summary, at)

    def save_result(self, result: AccountResult, inputs_key: str, scan_id: str, at: datetime) -> None:
        with self.writing() as connection:
            results.save(connection, result, inputs_key, scan_id, at)

    def last_result(self, account_id: str) -> LastResult | None:
        with self.reading() as connection:
            return results.last(connection, account_id)

    def result_of(self, account_id: str, inputs_key: str) -> LastResult | None:
        """The newest result of the account that was worked out from exactly these inputs."""
        with self.reading() as connection:
            return results.with_inputs(connection, account_id, inputs_key)

    def last_results(self, account_ids: Iterable[str] | None = None) -> dict[str, LastResult]:
        """The newest result of every account (or of those named), by account, in one query."""
        with self.reading() as connection:
            return results.last_of_all(connection, account_ids)

    def accounts_with(self, verdict: str) -> set[str]:
        """The accounts whose newest result has that verdict."""
        with self.reading() as connection:
            return results.accounts_with(connection, verdict)

    def history(self, account_id: str) -> list[LastResult]:
        with self.reading() as connection:
            return results.history(connection, account_id)

    def save_draft(self, body: BriefBody, *, author: str = drafts.MACHINE, at: datetime, new_id: Callable[[], str]) -> str:
        """The id of the brief that holds this content; see `drafts.save_draft`."""
        with self.writing() as connection:
            return drafts.save_draft(connection, body, author=author, at=at, new_id=new_id)

    def brief(self, brief_id: str) -> BriefRow:
        """Raises NotFound."""
        with self.reading() as connection:
            return brief_rows.get(connection, brief_id)

    def briefs_of(self, account_id: str) -> Rows:
        """Every brief of an account, newest first."""
        return self._find(select(*COLUMNS).where(briefs.c.account_id == account_id))

    def list(self, state: State | str | None = None) -> Rows:
        """Every brief, or those in one state, newest first, in one query. Who may see which is `review`'s to say."""
        query = select(*COLUMNS)
        return self._find(query if state is None else query.where(briefs.c.state == State(state)))

    def state_counts(self) -> dict[State, int]:
        """How many briefs are in each state that has any."""
        with self.reading() as connection:
            return brief_rows.counts(connection)

    def versions(self, brief_id: str) -> list[VersionRow]:
        """Every version of a brief without its bytes, oldest first."""
        with self.reading() as connection:
            return brief_rows.versions_of(connection, brief_id)

    def version(self, hash: str) -> bytes:
        """The exact bytes of a version (canonical JSON of a BriefBody). Raises NotFound, also where they were erased."""
        with self.reading() as connection:
            return brief_rows.version_bytes(connection, hash)

    def decisions(self, brief_id: str) -> list[Decision]:
        with self.reading() as connection:
            return decisions.of_brief(connection, brief_id)

    def handoffs(self, brief_id: str | None = None) -> list[Handoff]:
        """Every hand-off, or those of one brief, oldest first; undelivered and withdrawn ones too."""
        with self.reading() as connection:
            return handoffs.all_rows(connection) if brief_id is None else handoffs.of_brief(connection, brief_id)

    def handoff(self, handoff_id: str) -> Handoff:
        """Raises NotFound."""
        with self.reading() as connection:
            return handoffs.get(connection, handoff_id)

    def readings_get(self, keys: Iterable[str]) -> dict[str, Any]:
        with self.reading() as connection:
            return cache.readings_get(connection, keys)

    def readings_put(self, new: Iterable[Reading], at: datetime) -> None:
        with self.writing() as connection:
            cache.readings_put(connection, new, at)

    def answer_get(self, key: str) -> Any | None:
        with self.reading() as connection:
            return cache.answer_get(connection, key)

    def answer_put(self, key: str, account_id: str, value: Any, at: datetime) -> None:
        with self.writing() as connection:
            cache.answer_put(connection, key, account_id, value, at)

    def overrides(self, account_id: str, at: datetime) -> list[Override]:
        """Those that stand: not expired at that moment, not revoked."""
        with self.reading() as connection:
            return judgements.overrides_at(connection, account_id, at)

    def add_flag(self, flag: Flag) -> None:
        """Keeps a support agent's flag, with an audit row."""
        with self.writing() as connection:
            judgements.add_flag(connection, flag)
            audit_log.append(connection, flag.at, flag.by, "flag.add", f"flag:{flag.id}", account=flag.account_id, ticket=flag.ticket_id)

    def flags(self, account_id: str) -> list[Flag]:
        with self.reading() as connection:
            return judgements.flags_of(connection, account_id)

    def ticket_flags(self, account_id: str) -> list[TicketFlag]:
        """As a dossier holds them, with the names of those who set them, oldest first."""
        with self.reading() as connection:
            return judgements.ticket_flags(connection, account_id)

    def judged(self, account_id: str, at: datetime) -> tuple[list[Override], list[TicketFlag]]:
        """What people said of an account: `overrides` that stand at that moment, and `ticket_flags`."""
        with self.reading() as connection:
            return judgements.overrides_at(connection, account_id, at), judgements.ticket_flags(connection, account_id)

    def note(self, at: datetime, actor: str, action: str, object: str, **details: Any) -> None:
        """Adds a row to the audit chain for something that changed no table (an export, say). Ids, codes and hashes only."""
        with self.writing() as connection:
            audit_log.append(connection, at, actor, action, object, **details)

    def audit_head(self) -> str:
        with self.reading() as connection:
            return audit_log.head(connection)

    def audit_rows(self, after: int = 0) -> list[audit.AuditRow]:
        with self.reading() as connection:
            return list(audit_log.rows(connection, after))

    def audit_page(self, after: int, limit: int) -> list[audit.AuditRow]:
        """At most `limit` rows after number `after`."""
        with self.reading() as connection:
            return list(audit_log.rows(connection, after, limit))

    def verify_audit(self, head: str | None = None) -> int:
        """The number of rows of the chain. Raises AuditBroken naming the first that is wrong."""
        with self.reading() as connection:
            count = audit.verify(audit_log.rows(connection), head)
            audit.verify_versions(audit_log.rows(connection), brief_rows.kept_versions(connection))
            return count

    def _find(self, query: Select[Any]) -> Rows:
        with self.reading() as connection:
            return brief_rows.find(connection, query.order_by(briefs.c.updated_at.desc(), briefs.c.id))
