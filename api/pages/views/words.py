"""How the pages name verdicts, signals, blockers, states and reasons: plain words instead of codes."""

from __future__ import annotations

from datetime import date, datetime

from briefs.brief import Arr
from briefs.gate import State
from briefs.rendering.words import day, money, number

BLOCKERS = {
    "open_critical_ticket": "A critical ticket is open",
    "churn_intent": "They speak of leaving",
    "contested_renewal": "The renewal is contested",
    "competitor_evaluation": "They are looking at a competitor",
    "sponsor_left": "The sponsor left",
    "budget_freeze": "Their budget is frozen",
    "usage_decline": "Use is falling",
    "detractor": "A decision maker rated us low",
    "overdue_invoice": "An invoice is overdue",
    "onboarding": "Still onboarding",
    "open_expansion_opportunity": "An expansion is being sold already",
    "do_not_contact": "Asked not to be contacted",
}
STATES: dict[str, str] = {
    State.DRAFT: "New draft",
    State.IN_REVIEW: "In review",
    State.CHANGES_REQUESTED: "Changes asked for",
    State.APPROVED: "Approved",
    State.DELIVERING: "Being delivered",
    State.DELIVERED: "With the AE",
    State.ACCEPTED: "Accepted by the AE",
    State.WON: "Won",
    State.LOST: "Lost",
    State.REJECTED: "Rejected",
    State.SUPERSEDED: "Replaced by a newer one",
    State.EXPIRED: "Expired",
    State.DECLINED: "Declined by the AE",
    State.RECYCLED: "Sent back by the AE",
    State.RECALLED: "Taken back",
    State.CSM_OWNED: "Kept by the CSM",
}
VERDICTS = {
    "qualified": "Ready",
    "watch": "Almost",
    "blocked": "Blocked",
    "quiet": "Quiet",
    "insufficient_data": "Too little on file",
}
REASONS = {
    "wrong_account": "It is about another account",
    "unsupported_claim": "A sentence is not supported",
    "stale": "Out of date",
    "not_incremental": "Not new revenue",
    "duplicate": "Already being worked on",
    "already_owned": "They own it already",
    "relationship_sensitive": "Bad moment in the relationship",
    "blocker_open": "Something stands in the way",
    "wrong_product": "Wrong product",
    "no_buyer": "Nobody to sell to",
    "too_early": "Too early",
    "low_value": "Too small",
    "other": "Another reason (say which)",
}
DECISIONS = {"approve": "Approved", "reject": "Rejected", "request_changes": "Changes asked for", "recall": "Taken back"}
DECLINES = {
    "duplicate": "Already being worked on",
    "opportunity_in_progress": "An opportunity is open already",
    "already_owned": "They own it already",
    "recently_contacted": "Spoken to about it lately",
    "wrong_contact": "Wrong person to call",
    "insufficient_evidence": "Not enough to go on",
    "no_budget": "No budget",
    "bad_timing": "Bad moment",
    "no_fit": "Does not fit",
    "renewal_not_expansion": "A renewal, not an expansion",
    "territory": "Not my territory",
    "other": "Another reason (say which)",
}
LOSSES = {
    "price": "Price",
    "competitor": "A competitor",
    "no_decision": "No decision",
    "no_budget": "No budget",
    "bad_timing": "Bad moment",
    "no_fit": "Did not fit",
    "churned": "The customer left",
    "other": "Another reason (say which)",
}
CHANGED = {
    "critical_ticket": "A critical ticket was opened",
    "blocker": "Something stands in the way now",
    "record_changed": "A record it cites changed",
    "record_gone": "A record it cites is gone",
    "verdict": "The account is no longer ready",
}
CLAIM_KINDS = {
    "fact": "Fact",
    "customer_said": "Customer's words",
    "computed": "Computed",
    "absence": "Not found on file",
    "advice": "Advice",
    "csm_statement": "CSM statement",
}
REJECTIONS = {
    "number": "A number is not in the evidence",
    "date": "A date is not in the evidence",
    "name": "A name is not in the evidence",
    "not_carried": "The evidence does not say this",
    "no_evidence": "Nothing was cited",
    "not_offered": "Cites a record it was not given",
    "other_customer": "Names another customer",
    "copied_example": "Repeats an example of the instructions",
    "markup": "Holds a link or markup",
    "too_long": "Too long",
    "empty": "Empty",
}
"""Stable reasons of verification, as a reader says them."""


def said(names: dict[str, str], code: str) -> str:
    """The words for a code; a code without words as words of its own."""
    return names.get(code) or code.replace("_", " ").capitalize()


def plainly(line: str) -> str:
    """A sentence of the rubric with its codes as words."""
    for code, words in (BLOCKERS | {"insufficient_data": "Too little on file"}).items():
        line = line.replace(code, words[:1].lower() + words[1:])
    return line[:1].upper() + line[1:]


def arr_range(arr: Arr | None) -> str:
    """`EUR 1,200 – 4,800`, one figure when all are equal, a dash where there is none."""
    if arr is None:
        return "–"
    if money(arr.low, arr.currency) == money(arr.high, arr.currency):
        return money(arr.base, arr.currency)
    return f"{money(arr.low, arr.currency)} – {number(round(arr.high))}"


def age(then: date | datetime, now: date | datetime) -> str:
    """`today`, `5 days`, `3 weeks`, `4 months`."""
    days = (_date(now) - _date(then)).days
    if days <= 0:
        return "today"
    if days < 14:
        return f"{days} day{'s' if days > 1 else ''}"
    if days < 60:
        return f"{days // 7} weeks"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"


def when(moment: datetime | date | None) -> str:
    """`31 Mar 2026, 14:05`, or the day alone for a day."""
    if isinstance(moment, datetime):
        return f"{day(moment)}, {moment:%H:%M}"
    return day(moment)


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 account`, `3 accounts`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _date(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
