"""Which version somebody acts on: the ETag a brief is read with, and the If-Match an edit or a decision has to carry."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response

from api.problems import PreconditionMissing
from briefs.errors import StaleVersion
from briefs.store.brief_rows import BriefRow


async def given(
    if_match: Annotated[str | None, Header(max_length=500, description="The ETag the brief was read with.")] = None,
) -> str:
    """The If-Match header. Raises PreconditionMissing (428); `*` names no version and counts as none."""
    if if_match is None or not if_match.strip() or if_match.strip() == "*":
        raise PreconditionMissing("This call needs If-Match with the ETag the brief was read with.", "Read the brief, then send its ETag.")
    return if_match


IfMatch = Annotated[str, Depends(given)]


def held(row: BriefRow, if_match: str) -> BriefRow:
    """The brief, if it is still as it was read. Raises StaleVersion (412); a weak tag never matches."""
    if tag(row) not in [each.strip() for each in if_match.split(",")]:
        raise StaleVersion("The brief changed since it was read.", "Read it again, then decide on what stands there now.")
    return row


def tag(row: BriefRow) -> str:
    return f'"{row.etag}"'


def mark(response: Response, row: BriefRow) -> Response:
    """Puts the brief's ETag on the answer."""
    response.headers["ETag"] = tag(row)
    return response
