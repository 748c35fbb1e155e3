"""A scan as background work: asked for in one transaction, spread over a queue account by account, told step by step, resumed after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from briefs.brief import AccountResult
from briefs.errors import BadInput, BriefsError
from briefs.jobs import Jobs
from briefs.store import Store, audit_log, scan_rows
from briefs.store.scan_rows import ScanRow, State
from retrieval.errors import RetrievalError

if TYPE_CHECKING:
    from briefs.pipeline import Pipeline

PLAN, LOOK = "scan", "look"
ENGINES = ("auto", "offline", "llm")
_AT_ONCE = 200


@dataclass(frozen=True)
class Wish:
    """What to scan and how. `accounts` None: all there are. The limits are for the scan as a whole, crashes included."""

    as_of: date
    accounts: tuple[str, ...] | None = None
    engine: str = "auto"
    draft: bool = True
    force: bool = False
    max_cost: float | None = None
    max_calls: int | None = None


@dataclass(frozen=True)
class Scanner:
    """What scanning in the background needs. `accounts` names every account; `pipeline` opens one for an engine's name and its limits of cost and
    calls; `ended` is called when a scan is done."""

    store: Store
    jobs: Jobs
    accounts: Callable[[], Sequence[str]]
    pipeline: Callable[[str, float | None, int | None], Pipeline]
    now: Callable[[], datetime]
    ended: Callable[[str], None] = lambda scan_id: None


def ask(store: Store, jobs: Jobs, wish: Wish, *, by: str, at: datetime, new_id: Callable[[], str]) -> ScanRow:
    """Asks for a scan; whoever does the home's background work makes it. Raises BadInput for an engine there is not."""
    if wish.engine not in ENGINES:
        raise BadInput(f"No engine is called {wish.engine[:40]!r}.", "auto, offline or llm.")
    options = {**asdict(wish), "as_of": wish.as_of.isoformat(), "accounts": list(wish.accounts) if wish.accounts is not None else None}
    with store.writing() as connection:
        row = scan_rows.create(connection, new_id(), wish.as_of, by, at, options)
        audit_log.append(connection, at, by, "scan.ask", f"scan:{row.id}", as_of=wish.as_of.isoformat(), engine=wish.engine)
        jobs.enqueue(connection, PLAN, f"{PLAN}:{row.id}", row.id)
    return row


class Scans:
    """Makes the scans that were asked for. Holds one pipeline open for each that is under way."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._lock, self._turn = Lock(), Lock()
        self._open: dict[str, Pipeline] = {}

    def plan(self, scan_id: str) -> None:
        """Finds the accounts with something new and queues a look at each. Safe to repeat: each has one key."""
        s = self._scanner
        with s.store.reading() as connection:
            row = scan_rows.get(connection, scan_id)
        if row.state in (State.DONE, State.FAILED):
            return
        try:
            planned = row.options["planned"] if row.state is State.RUNNING else self._begin(row)
        except (BriefsError, RetrievalError) as fault:
            self._fail(scan_id, fault)
            return
        for start in range(0, len(planned), _AT_ONCE):
            with s.store.writing() as connection:
                for account in planned[start : start + _AT_ONCE]:
                    s.jobs.enqueue(connection, LOOK, f"{LOOK}:{scan_id}:{account}", scan_id, account)
        self._end(scan_id)

    def look(self, scan_id: str, account_id: str) -> None:
        """Looks at one account and keeps what it gives. An account whose look fails is told of and does not hold up the others."""
        s = self._scanner
        with s.store.reading() as connection:
            row, kept = scan_rows.get(connection, scan_id), scan_rows.has_result(connection, scan_id, account_id)
        if row.state is not State.RUNNING:
            return
        told: dict[str, Any] = {"account_id": account_id}
        kind = "account"
        if not kept:
            try:
                told |= _seen(self._settle(row, account_id))
            except Exception as fault:  # noqa: BLE001 - one account's fault, whatever it is, must not keep the scan from its end
                kind, told = "failed", told | {"fault": getattr(fault, "code", type(fault).__name__)}
        with s.store.writing() as connection:
            if kept and scan_rows.told_of(connection, scan_id, account_id):
                return
            row = scan_rows.count(connection, scan_id)
            scan_rows.tell(connection, scan_id, s.now(), kind, **told, done=row.done, total=row.total)
        if row.done >= row.total:
            self._end(scan_id)

    def _begin(self, row: ScanRow) -> list[str]:
        s, wish = self._scanner, _wish(row)
        known = list(s.accounts())
        accounts = known if wish.accounts is None else [a for a in dict.fromkeys(wish.accounts) if a in set(known)]
        planned = self._pipeline(row).stale(accounts, wish.as_of, draft=wish.draft, force=wish.force)
        with s.store.writing() as connection:
            scan_rows.begin(connection, row, planned)
            scan_rows.tell(connection, row.id, s.now(), "planned", accounts=len(accounts), to_look_at=len(planned))
        return planned

    def _settle(self, row: ScanRow, account_id: str) -> AccountResult:
        wish, pipeline = _wish(row), self._pipeline(row)
        if pipeline.concurrency > 1:
            return pipeline.settle(row.id, account_id, wish.as_of, draft=wish.draft, force=wish.force)
        with self._turn:  # without a model a look is arithmetic: two at once in one process only take turns
            return pipeline.settle(row.id, account_id, wish.as_of, draft=wish.draft, force=wish.force)

    def _pipeline(self, row: ScanRow) -> Pipeline:
        with self._lock:
            if row.id not in self._open:
                wish = _wish(row)
                with self._scanner.store.reading() as connection:
                    amount, calls = scan_rows.spent(connection, row.id)
                cost = None if wish.max_cost is None else max(wish.max_cost - amount, 0.0)
                left = None if wish.max_calls is None else max(wish.max_calls - calls, 0)
                self._open[row.id] = self._scanner.pipeline(wish.engine, cost, left)
            return self._open[row.id]

    def _end(self, scan_id: str) -> None:
        s = self._scanner
        with s.store.writing() as connection:
            row = scan_rows.get(connection, scan_id, lock=True)
            if row.state is not State.RUNNING or row.done < row.total:
                return
            scan_rows.finish(connection, scan_id, State.DONE, f"{row.total} looked at", s.now())
            scan_rows.tell(connection, scan_id, s.now(), "done", done=row.done, total=row.total)
        self._pipeline(row).filing.release()
        with self._lock:
            self._open.pop(scan_id, None)
        s.ended(scan_id)

    def _fail(self, scan_id: str, fault: BriefsError | RetrievalError) -> None:
        s = self._scanner
        with s.store.writing() as connection:
            scan_rows.finish(connection, scan_id, State.FAILED, "{}", s.now(), error=fault.code)
            scan_rows.tell(connection, scan_id, s.now(), "failed_scan", fault=fault.code)
        with self._lock:
            self._open.pop(scan_id, None)


def _wish(row: ScanRow) -> Wish:
    o = row.options
    accounts = o.get("accounts")
    return Wish(
        as_of=row.as_of,
        accounts=tuple(accounts) if accounts is not None else None,
        engine=o.get("engine", "auto"),
        draft=o.get("draft", True),
        force=o.get("force", False),
        max_cost=o.get("max_cost"),
        max_calls=o.get("max_calls"),
    )


def _seen(result: AccountResult) -> dict[str, Any]:
    return {"verdict": result.verdict, "brief_id": result.brief_id}
