"""What `doctor` looks at, one finding a line: each says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from briefs.errors import BriefsError
from briefs.wiring import Workspace
from retrieval.errors import RetrievalError
from retrieval.sources import PLURALS

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    detail: str
    fix: str = ""


def checkup(opened: Workspace, repair: bool, progress: Progress) -> list[Finding]:
    """Every check, each on its own: one that fails does not hide the next."""
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("database", lambda: _database(opened, repair)),
        ("rubric", lambda: _rubric(opened)),
        ("embedder", lambda: _embedder(opened)),
        ("index", lambda: _index(opened, repair, progress)),
        ("audit", lambda: _audit(opened)),
        ("deliveries", lambda: _deliveries(opened, repair)),
        ("secrets", lambda: _secrets(opened, repair)),
        ("model", lambda: _model(opened)),
    )
    found: list[Finding] = []
    for name, check in checks:
        try:
            found.extend(check())
        except (BriefsError, RetrievalError) as fault:
            found.append(Finding(name, False, str(fault), fault.hint))
    return found


def _database(opened: Workspace, repair: bool) -> Iterator[Finding]:
    counts = opened.archive.counts()
    many: dict[str, str] = {**PLURALS}
    told = (
        ", ".join(f"{count:,} {kind if count == 1 else many.get(kind, kind)}" for kind, count in counts.items() if count)
        or "empty: `briefs ingest FOLDER` or `briefs demo`"
    )
    yield Finding("database", True, f"{opened.database.dialect.name}; {told}")
    if repair:
        from retrieval.engine import scrub

        done = scrub(opened.database)
        yield Finding("erased text", done, "no byte of it lingers" if done else "another process keeps the file open", "Stop it and run this again.")


def _rubric(opened: Workspace) -> Iterator[Finding]:
    yield Finding("rubric", True, opened.rubric.version)


def _embedder(opened: Workspace) -> Iterator[Finding]:
    yield Finding("embedder", True, f"{opened.embedder.name}, {opened.embedder.dim} dimensions")


def _index(opened: Workspace, repair: bool, progress: Progress) -> Iterator[Finding]:
    from retrieval.agreement import compare
    from retrieval.agreement import repair as mend

    look = mend if repair else compare
    agreement = look(opened.archive, opened.index, opened.embedder.name, progress)
    yield Finding("index", agreement.holds, str(agreement), "`briefs doctor --repair` rebuilds it from the database.")


def _audit(opened: Workspace) -> Iterator[Finding]:
    yield Finding("audit", True, f"{opened.store.verify_audit()} entries add up, head {opened.store.audit_head()}")


def _deliveries(opened: Workspace, repair: bool) -> Iterator[Finding]:
    from briefs.delivery import finish_deliveries
    from briefs.gate import State

    faults = [d.fault for d in finish_deliveries(opened.desk.courier) if d.fault] if repair else []
    waiting = [*opened.store.list(State.APPROVED), *opened.store.list(State.DELIVERING)]
    told = f"{len(waiting)} approved and not delivered" + (f": {faults[0]}" if faults else "")
    yield Finding("deliveries", not waiting, told, "`briefs doctor --repair` delivers them.")


def _secrets(opened: Workspace, repair: bool) -> Iterator[Finding]:
    from briefs.store import target_rows
    from briefs.targets import seal_all

    if repair and opened.settings.secret_key is not None:
        seal_all(opened.targets)
    with opened.store.reading() as connection:
        clear, all_of_them = target_rows.in_the_clear(connection), sum(bool(row.secrets) for row in target_rows.all_rows(connection))
    if opened.settings.secret_key is None:
        told = f"{len(clear)} target(s) keep a secret in the clear, in a file only its owner reads; BRIEFS_SECRET_KEY seals them"
        yield Finding("secrets", True, told if clear else "no target keeps one")
        return
    told = f"{len(clear)} of {all_of_them} target(s) keep a secret in the clear" if clear else f"{all_of_them} target(s), each under the seal"
    yield Finding("secrets", not clear, told, "`briefs doctor --repair` seals them.")


def _model(opened: Workspace) -> Iterator[Finding]:
    if not opened.settings.model:
        yield Finding("model", True, "none set: the offline engine reads and writes")
        return
    opened.engine("llm")
    yield Finding("model", True, f"{opened.settings.model}; it is asked for the first time by a scan")
