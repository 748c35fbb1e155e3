"""Support's fast path: a ticket flagged in one call, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from pydantic import Field

from api.parts import DeskDep, Space, caller
from api.routes import problems, router
from api.schemas import Wire
from briefs import flagging
from briefs.flagging import Flagged, Stage
from briefs.people import Person

calls = router("flags")
Flagger = Annotated[Person, Depends(caller("service", "csm"))]
FlagReader = Annotated[Person, Depends(caller("service", "csm", hides="flag"))]


class FlagIn(Wire):
    ticket_id: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=2000)


class FlagOut(Wire):
    """A flag and what came of it. `why` holds codes and what is missing."""

    id: str
    ticket_id: str
    at: datetime
    stage: Stage
    verdict: str | None
    why: list[str]


@calls.post("/flags", status_code=201, responses=problems(404))
def add_flag(space: Space, desk: DeskDep, person: Flagger, wish: FlagIn) -> FlagOut:
    """Says that a ticket holds something for sales. It is evidence, not a verdict: the account is looked at again."""
    return _out(flagging.flag(desk, space.archive, person, wish.ticket_id, wish.reason, space.look_again))


@calls.get("/flags/{flag_id}", responses=problems(404))
def get_flag(desk: DeskDep, person: FlagReader, flag_id: str) -> FlagOut:
    """A flag and what came of it: looked at, drafted, approved, accepted or not, and why."""
    return _out(flagging.one(desk, person, flag_id))


def _out(found: Flagged) -> FlagOut:
    flag = found.flag
    return FlagOut(id=flag.id, ticket_id=flag.ticket_id, at=flag.at, stage=found.stage, verdict=found.verdict, why=list(found.why))
