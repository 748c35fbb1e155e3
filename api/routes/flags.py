"""Support's fast path: a ticket flagged in one call, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BeforeValidator, Field

from api.parts import DeskDep, Space, caller
from api.problems import NotSignedIn
from api.routes import problems, router
from api.schemas import Wire
from briefs import flagging, helpdesk
from briefs.errors import NotAllowed
from briefs.flagging import Flagged, Stage
from briefs.people import Person

calls = router("flags")
Flagger = Annotated[Person, Depends(caller("service", "csm"))]
ZendeskCaller = Annotated[Person, Depends(caller("service"))]
FlagReader = Annotated[Person, Depends(caller("service", "csm", hides="flag"))]


class FlagIn(Wire):
    ticket_id: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=2000)


class ZendeskIn(Wire):
    """The JSON body to put into a Zendesk trigger's webhook: `{"ticket_id": "{{ticket.id}}", "agent": "{{current_user.name}}", "reason": "..."}`."""

    ticket_id: Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)] = Field(min_length=1, max_length=100)
    agent: str | None = Field(default=None, max_length=200)
    reason: str = Field(default="", max_length=1500)


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


async def _bytes(request: Request) -> bytes:
    return await request.body()


@calls.post("/flags/zendesk", status_code=201, responses=problems(404))
def add_zendesk_flag(
    request: Request, space: Space, desk: DeskDep, person: ZendeskCaller, wish: ZendeskIn, body: Annotated[bytes, Depends(_bytes)]
) -> FlagOut:
    """As a flag, for a Zendesk trigger's webhook: beside the service's token it must carry Zendesk's signature. The same call twice is one flag."""
    secret, said = space.settings.zendesk_secret, request.headers
    if secret is None:
        raise NotAllowed("No signing secret of a Zendesk webhook is set.", "Set BRIEFS_ZENDESK_SECRET to the one Zendesk shows.")
    signature = said.get(helpdesk.SIGNATURE, "")
    if not helpdesk.genuine(secret.get_secret_value(), signature, said.get(helpdesk.SIGNED_AT, ""), body, space.now()):
        raise NotSignedIn("Zendesk did not sign this, or not within the last minutes.", "Compare the signing secret and the clocks.")
    name = helpdesk.flag_id(person.id, said.get(helpdesk.INVOCATION) or signature)
    ticket, words = space.settings.zendesk_prefix + wish.ticket_id, helpdesk.reason(wish.reason, wish.agent)
    return _out(flagging.flag(desk, space.archive, person, ticket, words, space.look_again, flag_id=name))


@calls.get("/flags/{flag_id}", responses=problems(404))
def get_flag(desk: DeskDep, person: FlagReader, flag_id: str) -> FlagOut:
    """A flag and what came of it: looked at, drafted, approved, accepted or not, and why."""
    return _out(flagging.one(desk, person, flag_id))


def _out(found: Flagged) -> FlagOut:
    flag = found.flag
    return FlagOut(id=flag.id, ticket_id=flag.ticket_id, at=flag.at, stage=found.stage, verdict=found.verdict, why=list(found.why))
