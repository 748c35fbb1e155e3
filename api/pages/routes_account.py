"""The page of one account: why it stands where it stands, and a person's judgement over it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import Response

from api.pages.frame import go, router, show
from api.pages.gather import own_account
from api.pages.routes_brief import saw
from api.pages.views.account import AccountView, account_view
from api.parts import DeskDep, Space, caller
from briefs import review
from briefs.people import Person
from briefs.wiring import Workspace
from retrieval.dossier import collect

pages = router()
Reviewer = Annotated[Person, Depends(caller("csm", "admin", hides="account"))]


@pages.get("/accounts/{account_id}")
def see_account(request: Request, space: Space, person: Reviewer, account_id: str) -> Response:
    """The newest verdict with its evidence, and what would change it."""
    account = own_account(space, person, account_id)
    saw(space, person, account_id)
    return show(
        request,
        "account.html",
        account=account,
        v=_view(space, account_id),
        briefs=space.store.briefs_of(account_id),
        overrides=space.store.overrides(account_id, space.now()),
    )


def _view(space: Workspace, account_id: str) -> AccountView | None:
    last = space.store.last_result(account_id)
    if last is None:
        return None
    history = [(each.as_of, each.verdict) for each in space.store.history(account_id)]
    return account_view(last.result, collect(space.archive, account_id, last.as_of), history)


@pages.post("/accounts/{account_id}/overrides")
def overrule(
    space: Space,
    desk: DeskDep,
    person: Reviewer,
    account_id: str,
    what: Annotated[str, Form(max_length=100)],
    reason: Annotated[str, Form(max_length=500)],
    days: Annotated[int, Form(ge=1, le=365)] = 60,
) -> Response:
    """A dated judgement with a reason; the account is looked at again at once."""
    kind, _, target = what.partition(":")
    until = space.now() + timedelta(days=days)
    review.override(desk, person, account_id, kind, reason=reason, expires_at=until, target=target or None)  # pyright: ignore[reportArgumentType]  # an unknown kind is refused there
    space.look_again(account_id, same_day=True)
    return go(f"/accounts/{account_id}", "overridden")


@pages.post("/accounts/{account_id}/overrides/{override_id}/revoke")
def revoke(space: Space, desk: DeskDep, person: Reviewer, account_id: str, override_id: str) -> Response:
    review.revoke_override(desk, person, override_id, account_id=account_id)
    space.look_again(account_id, same_day=True)
    return go(f"/accounts/{account_id}")
