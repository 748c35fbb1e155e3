"""Imports asked for over the service: a file, a zip of files or a folder that is allowed; and rows in quarantine, mended one at a time.

A small upload is imported inside the request and its answer is the report. A large one, and any folder, is kept aside and imported beside the
requests (`importing_beside`), where there is something to do it.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any, BinaryIO, Protocol

from briefs.errors import BadInput, BriefsError, NotFound
from briefs.jobs import Jobs
from briefs.people import Person
from briefs.store import Store, Transaction, audit_log, import_rows
from briefs.store.import_rows import ImportRow
from retrieval import quarantine
from retrieval.errors import RetrievalError
from retrieval.indexing import Progress
from retrieval.ingest import IngestReport
from retrieval.quarantine import Entry
from retrieval.records import Kind
from retrieval.sources import PLURALS, GivenRows, Row, Source
from retrieval.sources.native import NativeFiles

MOST_FILES, MOST_BYTES = 200, 1024**3
"""What a zip may unpack to."""
SUFFIXES = (".jsonl", ".json", ".csv", ".yaml", ".yml")
UPLOADS = "uploads"
JOB = "import"
SMALL = 256 * 1024
"""An upload of so many bytes is imported while its sender waits: about two seconds of work."""


class TakeIn(Protocol):
    """Imports a source under an import's id, telling how far it is."""

    def __call__(self, source: Source, import_id: str, progress: Progress = ..., /) -> IngestReport: ...


@dataclass(frozen=True)
class Warehouse:
    """What importing needs. `folder` is where paths may lead, None: nowhere."""

    store: Store
    home: Path
    take_in: TakeIn
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    folder: Path | None
    one_at_a_time: Lock
    beside: Callable[[], Jobs | None] = lambda: None
    """Where an import is queued; None where nothing works beside the requests."""
    changed: Callable[[Transaction, str], None] = lambda connection, import_id: None
    """Told of what was imported, in the transaction that says so: what sales holds is to be looked at again."""


def upload(house: Warehouse, person: Person, name: str, stream: BinaryIO) -> ImportRow:
    """Imports a file, or a zip of files, named as the format names them; a large one is `queued`. Raises BadInput, ImportFault."""
    plain, import_id = PurePosixPath(name.replace("\\", "/")).name, house.new_id()
    with _unpacked(house, plain, stream, import_id) as folder:
        jobs = house.beside()
        if jobs is not None and sum(file.stat().st_size for file in folder.iterdir()) > SMALL:
            return _queued(house, person, import_id, plain, jobs)
        return _imported(house, person, import_id, plain, lambda: NativeFiles(folder))


def from_path(house: Warehouse, person: Person, path: str) -> ImportRow:
    """Imports a file or folder below the folder that is allowed, beside the requests where it can. Raises BadInput, ImportFault."""
    wanted, import_id, jobs = allowed(house, path), house.new_id(), house.beside()
    if jobs is not None:
        return _queued(house, person, import_id, path, jobs)
    return _imported(house, person, import_id, path, lambda: NativeFiles(wanted))


def allowed(house: Warehouse, path: str) -> Path:
    """The file or folder of that name below the folder that may be imported from. Raises BadInput."""
    if house.folder is None:
        raise BadInput("No folder may be imported from.", "An admin sets BRIEFS_IMPORT_FOLDER; or send the file itself.")
    root = house.folder.resolve()
    wanted = (root / path).resolve()
    if not wanted.is_relative_to(root) or not wanted.exists():
        raise BadInput("There is no such file below the folder that may be imported from.", "Name it relative to BRIEFS_IMPORT_FOLDER.")
    return wanted


def supplied(house: Warehouse, person: Person, name: str, folder: Path) -> ImportRow:
    """Imports a folder that comes with the product, under a name of its own. Raises ImportFault."""
    return _imported(house, person, house.new_id(), name, lambda: NativeFiles(folder))


def entries(house: Warehouse, import_id: str | None = None) -> list[Entry]:
    """Rows in quarantine, of one import or of all."""
    return list(quarantine.entries(house.home, import_id))


def mend(house: Warehouse, person: Person, entry_id: str, row: Mapping[str, Any] | None) -> IngestReport | None:
    """Imports a mended row and takes it out of quarantine; None for `row` gives it up. Raises NotFound, BadInput where it still cannot be read."""
    entry = next((each for each in entries(house) if each.id == entry_id), None)
    if entry is None:
        raise NotFound(f"No row {entry_id[:64]!r} in quarantine.", "The list shows what is there.")
    report = None if row is None else _again(house, entry, dict(row))
    quarantine.take_out(house.home, lambda each: each.id == entry_id)
    action = "quarantine.dismiss" if row is None else "quarantine.mend"
    with house.store.writing() as connection:
        audit_log.append(connection, house.now(), person.id, action, f"quarantine:{entry_id}", kind=entry.kind, token=person.token_id)
        if report is not None:
            house.changed(connection, f"mended:{entry_id}")
    return report


def _again(house: Warehouse, entry: Entry, row: dict[str, Any]) -> IngestReport:
    kinds: dict[str, Kind] = {plural: kind for kind, plural in PLURALS.items()}
    if entry.kind not in kinds:
        raise BadInput("This is a whole file, not a row.", "Mend the file and import it again; then dismiss this entry.")
    import_id = house.new_id()
    with house.one_at_a_time:
        report = house.take_in(GivenRows((Row(kinds[entry.kind], entry.file, entry.line, row, ""),)), import_id)
    if report.quarantined:
        found = entries(house, import_id)
        quarantine.take_out(house.home, lambda each: each.id.startswith(f"{import_id}:"))
        raise BadInput(f"The row still cannot be read: {found[0].reason if found else 'unknown'}.", "It stays in quarantine.")
    return report


def kept(house: Warehouse, import_id: str) -> Path:
    """Where what was sent for an import stands until it is imported."""
    return house.home / UPLOADS / import_id


def finished(house: Warehouse, by: str, import_id: str, state: str, summary: Mapping[str, Any], error: str | None, token: str | None) -> ImportRow:
    """Writes down how it ended. `error` is the name of the fault, without its words."""
    with house.store.writing() as connection:
        at = house.now()
        import_rows.finish(connection, import_id, state, summary, error, at)
        told = {"records": summary.get("records", {}), "quarantined": summary.get("quarantined", 0)}
        audit_log.append(connection, at, by, f"import.{state}", f"import:{import_id}", token=token, **told)
        if state == "done":
            house.changed(connection, import_id)
        return import_rows.get(connection, import_id)


def _queued(house: Warehouse, person: Person, import_id: str, source: str, jobs: Jobs) -> ImportRow:
    with house.store.writing() as connection:
        at = house.now()
        import_rows.start(connection, import_id, person.id, source, at, state="queued")
        audit_log.append(connection, at, person.id, "import.ask", f"import:{import_id}", token=person.token_id)
        jobs.enqueue(connection, JOB, f"{JOB}:{import_id}", import_id)
        return import_rows.get(connection, import_id)


def _imported(house: Warehouse, person: Person, import_id: str, source: str, opened: Callable[[], Source]) -> ImportRow:
    with house.store.writing() as connection:
        import_rows.start(connection, import_id, person.id, source, house.now())
    try:
        with house.one_at_a_time:
            report = house.take_in(opened(), import_id)
    except (BriefsError, RetrievalError) as fault:
        finished(house, person.id, import_id, "failed", {}, fault.code, person.token_id)
        raise
    except BaseException as fault:
        finished(house, person.id, import_id, "failed", {}, type(fault).__name__, person.token_id)
        raise
    return finished(house, person.id, import_id, "done", counts(report), None, person.token_id)


def counts(report: IngestReport) -> dict[str, Any]:
    """What is kept of a report."""
    return report.model_dump(mode="json", exclude={"quarantine_file"})


@contextmanager
def _unpacked(house: Warehouse, name: str, stream: BinaryIO, import_id: str) -> Generator[Path]:
    """The file, or what is in the zip, in a folder of its own; it stays only for an import that was queued."""
    folder = kept(house, import_id)
    folder.mkdir(mode=0o700, parents=True)
    try:
        if name.lower().endswith(".zip"):
            _unzip(stream, folder)
        elif name.lower().endswith(SUFFIXES):
            with (folder / name).open("xb") as file:
                shutil.copyfileobj(stream, file)
        else:
            raise BadInput("This is not a file that can be imported.", f"One of {', '.join(SUFFIXES)}, or a .zip of them.")
        yield folder
    finally:
        with house.store.reading() as connection:
            waits = import_rows.is_beside(connection, import_id)
        if not waits:
            shutil.rmtree(folder, ignore_errors=True)


def _unzip(stream: BinaryIO, folder: Path) -> None:
    """Only plain files with a known ending, each under its bare name: nothing a zip names can lead out of the folder."""
    try:
        with zipfile.ZipFile(stream) as archive:
            inside = [each for each in archive.infolist() if not each.is_dir() and each.filename.lower().endswith(SUFFIXES)]
            if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > MOST_BYTES:
                raise BadInput(f"This zip holds more than {MOST_FILES} files or {MOST_BYTES // 1024**2} MB.", "Send it in parts.")
            for each in inside:
                target = folder / PurePosixPath(each.filename.replace("\\", "/")).name
                with archive.open(each) as packed, target.open("xb") as file:
                    shutil.copyfileobj(packed, file)
    except FileExistsError as cause:
        raise BadInput("Two files of this zip have the same name.", "Give each file a name of its own.") from cause
    except (zipfile.BadZipFile, RuntimeError, EOFError) as cause:  # RuntimeError: a password, or a packing zipfile does not know
        raise BadInput("This zip cannot be read.", "Make it anew, without a password.") from cause
