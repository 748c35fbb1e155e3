"""Importing records, and mending the rows that could not be read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, File, Form, Query, UploadFile

from api.paging import Paged, cut_all
from api.parts import Space, caller
from api.routes import problems, router
from api.schemas.imports import ImportOut, MendedOut, MendIn, QuarantineOut, import_out, quarantined_out
from briefs import importing
from briefs.errors import BadInput
from briefs.people import Person
from briefs.store import import_rows

calls = router("imports")
Importer = Annotated[Person, Depends(caller("admin", "service"))]


@calls.post("/imports", status_code=201, responses=problems(413))
def add_import(
    space: Space,
    person: Importer,
    file: Annotated[UploadFile | None, File(description="One file of the import format, or a zip of them.")] = None,
    path: Annotated[str | None, Form(max_length=1000, description="A file or folder below BRIEFS_IMPORT_FOLDER.")] = None,
) -> ImportOut:
    """Imports a file, a zip or an allowed folder. Sending the same again changes nothing; rows that cannot be read go to quarantine."""
    if (file is None) == (path is None):
        raise BadInput("Send a file, or name a path; one of the two.", "multipart/form-data with `file` or `path`.")
    if file is not None:
        return import_out(importing.upload(space.warehouse, person, file.filename or "", file.file))
    return import_out(importing.from_path(space.warehouse, person, path or ""))


@calls.get("/imports/{import_id}", responses=problems(404))
def get_import(space: Space, _person: Importer, import_id: str) -> ImportOut:
    """One import and what it did."""
    with space.store.reading() as connection:
        return import_out(import_rows.get(connection, import_id))


@calls.get("/quarantine")
def list_quarantine(
    space: Space,
    _person: Importer,
    page: Paged,
    import_id: Annotated[str | None, Query(max_length=64, description="Only rows of this import.")] = None,
) -> QuarantineOut:
    """Rows that could not be read, with file, line and reason."""
    shown, cursor = cut_all(importing.entries(space.warehouse, import_id), page, lambda entry: (entry.at.isoformat(), entry.id))
    return QuarantineOut(rows=[quarantined_out(entry) for entry in shown], next_cursor=cursor)


@calls.post("/quarantine/{entry_id}", responses=problems(404))
def mend(space: Space, person: Importer, entry_id: str, wish: MendIn) -> MendedOut:
    """Imports the row as it should have been and takes it out of quarantine; null gives it up."""
    report = importing.mend(space.warehouse, person, entry_id, wish.row)
    return MendedOut(id=entry_id, dismissed=report is None, stored=report is not None and any(report.records.values()))
