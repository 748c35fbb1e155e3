"""The rubric in use, and what another one would say of the accounts."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Depends

from api.parts import Space, caller
from api.routes import problems, router
from api.schemas.rubric import RubricOut, WhatIfIn, WhatIfOut, moved_out
from briefs import what_if
from briefs.errors import BadInput
from briefs.gate import REJECT_CODES
from briefs.people import Person

calls = router("rubric")
Admin = Annotated[Person, Depends(caller("admin"))]
MOST = 200
"""Accounts judged by one call: it answers while somebody waits."""


@calls.get("/rubric")
def get_rubric(space: Space, _person: Admin) -> RubricOut:
    """Every threshold of the verdict, in figures and in words."""
    rubric = space.rubric
    return RubricOut(version=rubric.version, thresholds=rubric, words=rubric.in_words(), reject_codes=list(REJECT_CODES))


@calls.post("/rubric/what-if", responses=problems(404))
def try_rubric(space: Space, _person: Admin, wish: WhatIfIn) -> WhatIfOut:
    """Which accounts would get another answer with these thresholds. Changes nothing."""
    other = what_if.changed(space.rubric, wish.changes)
    accounts = wish.accounts if wish.accounts is not None else space.archive.accounts()
    if len(accounts) > MOST:
        raise BadInput(f"One call judges at most {MOST} accounts; there are {len(accounts)}.", "Name some in `accounts`.")
    as_of = wish.as_of or space.now().date()
    judged = list(what_if.compare(space.pipeline(space.offline_engine), other, accounts, as_of))
    return WhatIfOut(
        version=other.version,
        as_of=as_of,
        judged=len(judged),
        before=dict(Counter(each.before for each in judged)),
        after=dict(Counter(each.after for each in judged)),
        moved=[moved_out(each) for each in judged if each.differs],
    )
