"""Accounts on the wire: a line of the portfolio, one account with its whole result, an override."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from api.schemas import Listed, Wire
from api.schemas.briefs import BriefOut, brief_out
from briefs.brief import AccountResult, Override, VerdictName
from briefs.portfolio import Looked, LookedInto


class AccountOut(Wire):
    """One account and what the newest scan said of it; `verdict` is null while it was not scanned."""

    id: str
    name: str
    csm: str | None
    ae: str | None
    plan: str | None
    seats: int | None
    renewal_date: date | None
    verdict: VerdictName | None
    as_of: date | None
    scanned_at: datetime | None
    priority: float | None
    motion: str | None
    sku: str | None
    arr_base: float | None
    currency: str | None
    blockers: list[str]
    would_change: list[str]
    brief_id: str | None


class AccountsOut(Listed):
    accounts: list[AccountOut]


class WholeAccountOut(AccountOut):
    """An account with its whole result, the overrides that stand and its briefs."""

    result: AccountResult | None
    overrides: list[Override]
    briefs: list[BriefOut]


class OverrideIn(Wire):
    """A person's judgement over the machine's, with a reason and an end."""

    kind: Literal["draft_anyway", "dismiss_signal", "clear_blocker"]
    target: str | None = Field(default=None, max_length=200, description="The signal dismissed (type or id), or the blocker code cleared.")
    reason: str = Field(min_length=1, max_length=2000)
    expires_at: AwareDatetime


def account_out(looked: Looked) -> AccountOut:
    account, last = looked.account, looked.last
    result = last.result if last else None
    arr = result.arr if result else None
    return AccountOut(
        id=account.id,
        name=account.name,
        csm=account.csm,
        ae=account.ae,
        plan=account.plan,
        seats=account.seats,
        renewal_date=account.renewal_date,
        verdict=result.verdict if result else None,
        as_of=result.as_of if result else None,
        scanned_at=last.at if last else None,
        priority=result.priority if result else None,
        motion=result.motion if result else None,
        sku=result.tests.fit.sku if result else None,
        arr_base=arr.base if arr else None,
        currency=arr.currency if arr else account.currency,
        blockers=[blocker.code for blocker in result.blockers] if result else [],
        would_change=list(result.would_change) if result else [],
        brief_id=last.brief_id if last else None,
    )


def whole_account_out(looked: LookedInto) -> WholeAccountOut:
    return WholeAccountOut(
        **account_out(looked).model_dump(),
        result=looked.last.result if looked.last else None,
        overrides=list(looked.overrides),
        briefs=[brief_out(row) for row in looked.briefs],
    )
