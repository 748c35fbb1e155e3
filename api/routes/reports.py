"""What became of the briefs: counts, money, hours and reasons from signal to outcome."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime

from api.parts import DeskDep, caller
from api.routes import router
from briefs import funnel
from briefs.funnel import Funnel
from briefs.people import Person

calls = router("reports")


@calls.get("/reports/funnel")
def get_funnel(
    desk: DeskDep,
    person: Annotated[Person, Depends(caller("csm", "admin"))],
    since: Annotated[AwareDatetime | None, Query(description="Only briefs made from then on.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Only briefs made before.")] = None,
) -> Funnel:
    """Counts, ARR, acceptance with its interval and hours between steps, by source, signal, prompt version, engine and reason."""
    return funnel.of(desk, person, since, until)
