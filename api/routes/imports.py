"""Importing records, and mending the rows that could not be read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, File, Form, Query, Response, UploadFile

from api.paging import Paged, cut_all
from api.parts import Space, caller
from api.routes import problems, router
from api.schemas.imports import ImportOut, MendedOut, MendIn, QuarantineOut, import_out, quarantined_out
from briefs import importing
from briefs.errors import BadInput
from briefs.people import Person
from briefs.store import import_rows
from briefs.store.import_rows import BESIDE

calls = router("imports")
Importer = Annotated[Person, Depends(caller("admin", "service"))]


QUEUED = {"model": ImportOut, "description": "Queued: ask for it until it is done."}


@calls.post("/imports", status_code=201, responses={202: QUEUED, **problems(413)})
def add_import(
    space: Space,
    person: Importer,
    response: Response,
    file: Annotated[UploadFile | None, File(description="One file of the import format, or a zip of them.")] = None,
    path: Annotated[str | None, Form(max_length=1000, description="A file or folder below BRIEFS_IMPORT_FOLDER.")] = None,
) -> ImportOut:
    """Imports a file, a zip or an allowed folder. Sending the same again changes nothing; rows that cannot be read go to quarantine.

    A small upload is imported at once: 201 with what it did. A large one, and a folder, is queued: 202, with `Location` where it is told.
    """
    if (file is None) == (path is None):
        raise BadInput("Send a file, or name a path; one of the two.", "multipart/form-data with `file` or `path`.")
    house = space.warehouse
    row = importing.from_path(house, person, path or "") if file is None else importing.upload(house, person, file.filename or "", file.file)
    if row.state in BESIDE:
        response.status_code, response.headers["Location"] = 202, f"/v1/imports/{row.id}"
    return import_out(row)


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
