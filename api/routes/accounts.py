"""Accounts: the portfolio with its verdicts, one account in full, and a person's judgement over the machine's."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from api.paging import Paged, cursor_of
from api.parts import DeskDep, Space, caller
from api.routes import problems, router
from api.schemas.accounts import AccountsOut, OverrideIn, WholeAccountOut, account_out, whole_account_out
from briefs import portfolio, review
from briefs.brief import Override, VerdictName
from briefs.people import Person

calls = router("accounts")
Reader = Annotated[Person, Depends(caller("csm", "admin"))]
Owner = Annotated[Person, Depends(caller("csm", "admin", hides="account"))]


@calls.get("/accounts")
def list_accounts(
    space: Space,
    desk: DeskDep,
    person: Reader,
    page: Paged,
    verdict: Annotated[VerdictName | None, Query(description="Only accounts with this verdict.")] = None,
) -> AccountsOut:
    """The accounts the caller looks after, each with its newest verdict, by id."""
    found, last = portfolio.page(desk, space.archive, person, page.limit, page.text(), verdict)
    return AccountsOut(accounts=[account_out(each) for each in found], next_cursor=None if last is None else cursor_of((last,)))


@calls.get("/accounts/{account_id}", responses=problems(404))
def get_account(space: Space, desk: DeskDep, person: Owner, account_id: str) -> WholeAccountOut:
    """One account: its signals with their evidence, what would change the verdict, its overrides and its briefs."""
    return whole_account_out(portfolio.one(desk, space.archive, person, account_id))


@calls.post("/accounts/{account_id}/overrides", status_code=201, responses=problems(404))
def add_override(space: Space, desk: DeskDep, person: Owner, account_id: str, wish: OverrideIn) -> Override:
    """Sets the caller's judgement over the machine's until it expires. The account is looked at again at once."""
    made = review.override(desk, person, account_id, wish.kind, target=wish.target, reason=wish.reason, expires_at=wish.expires_at)
    space.look_again(account_id, same_day=True)
    return made


@calls.delete("/accounts/{account_id}/overrides/{override_id}", status_code=204, responses=problems(404))
def remove_override(space: Space, desk: DeskDep, person: Owner, account_id: str, override_id: str) -> None:
    """Takes an override back. The account is looked at again at once."""
    review.revoke_override(desk, person, override_id, account_id=account_id)
    space.look_again(account_id, same_day=True)
