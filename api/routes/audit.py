"""The audit chain: every act, in order, each row with the hash of the one before."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Query

from api.paging import Paged, cursor_of
from api.parts import Space, caller
from api.routes import router
from api.schemas import Listed, Wire
from briefs.audit import AuditRow
from briefs.people import Person

calls = router("audit")


class AuditRowOut(Wire):
    """One act. `details` holds ids, codes, counts and hashes; `hash` is sha256 over the canonical JSON of all other columns, `details` as text."""

    seq: int
    at: str
    actor: str
    action: str
    object: str
    details: dict[str, Any]
    prev: str
    hash: str


class AuditOut(Listed):
    """Rows in order, and the head of the chain as of now: kept elsewhere, it shows a chain that was rewritten."""

    rows: list[AuditRowOut]
    head: str


@calls.get("/audit")
def list_audit(
    space: Space,
    _person: Annotated[Person, Depends(caller("admin"))],
    page: Paged,
    after: Annotated[int, Query(ge=0, le=2**62, description="Only rows after this number.")] = 0,
) -> AuditOut:
    """The audit chain from a row on."""
    rows = space.store.audit_page(max(after, page.number()), page.limit + 1)
    shown = rows[: page.limit]
    return AuditOut(
        rows=[_out(row) for row in shown],
        head=space.store.audit_head(),
        next_cursor=cursor_of((shown[-1].seq,)) if len(rows) > page.limit else None,
    )


def _out(row: AuditRow) -> AuditRowOut:
    return AuditRowOut(**{**vars(row), "details": json.loads(row.details)})
