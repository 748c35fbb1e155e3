"""How a brief writes dates, numbers, money and the names of things: British spelling, one word per idea."""

from __future__ import annotations

import calendar
import math
from datetime import date, datetime
from typing import Any

from briefs.rendering.cleaning import one_line
from briefs.wording import measure, sentence

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SECTIONS: dict[str, str] = {
    "value": "Value achieved",
    "need": "Need, in the customer\N{RIGHT SINGLE QUOTATION MARK}s words",
    "recommendation": "Recommended next step",
    "timing": "Timing",
    "stakeholders": "Stakeholders",
    "usage": "Usage",
    "risks": "Risks and open tickets",
    "against": "What argues against",
    "do_not_say": "Do not say",
    "unknowns": "Unknowns",
}
"""The sections a brief is expected to hold, by key, in reading order (the last two stand after the talk track)."""

CUSTOMER_TITLES = {
    "value": "What you have achieved",
    "need": "What you told us you need",
    "recommendation": "What we suggest",
    "timing": "Timing",
    "usage": "Your use",
}
"""The sections a customer may see, and how they are headed for them."""

MOTIONS = {
    "seats": "More seats",
    "tier": "Higher tier",
    "module": "New module",
    "usage": "More usage",
    "new_team": "New team",
    "multi_product": "Several products",
}
LEADS = {"customer_success": "Customer success qualified lead (CSQL)", "service": "Service qualified lead (SvcQL)"}
ROUTES = {"tech_touch": "tech touch", "csm": "the customer success manager", "ae": "the account executive"}
KINDS = {
    "account": "Account",
    "contact": "Contact",
    "note": "Note",
    "ticket": "Ticket",
    "usage": "Usage",
    "survey": "Survey",
    "scorecard": "Scorecard",
    "opportunity": "Opportunity",
    "flag": "Support's flag",
}
SIGNALS = {
    "nps_promoter": "Would recommend us",
    "health_rising": "Health is rising",
    "usage_growth": "Use is growing",
    "feature_adoption": "Most core features in use",
    "value_stated": "Says it pays off",
    "advocacy": "Speaks for us",
    "seat_saturation": "Seats nearly used up",
    "limit_reached": "Near a limit of the plan",
    "seats_requested": "Asked for more seats",
    "higher_tier_feature_requested": "Asked for something a higher plan holds",
    "new_use_case": "Has a new use for it",
    "new_team": "A new team wants in",
    "module_interest": "Asked about a module",
    "upgrade_attempt": "Tried to open a feature above the plan",
    "renewal_window": "Renewal is near",
    "new_sponsor": "New sponsor",
    "budget_event": "Budget has a date",
    "dated_plan": "Has a dated plan",
    "growth_event": "The company is growing",
    "price_complaint": "Complained about the price",
    "negative_sentiment": "Sounds unhappy",
    "injection_suspected": "A record tries to give instructions",
}
OVERRIDES = {"draft_anyway": "Drafted although not qualified", "dismiss_signal": "Signal dismissed", "clear_blocker": "Blocker cleared"}


def named(names: dict[str, str], key: str) -> str:
    """The name of a thing, or its key in words when it has none."""
    return names.get(key) or one_line(key).replace("_", " ")


def met_by(text: str) -> str:
    """What a test of the card was met by, as people say it: `nps promoter, 19 Feb 2026` names a signal by its code."""
    kind, comma, rest = one_line(text).partition(",")
    return SIGNALS.get(kind.replace(" ", "_"), kind) + comma + rest


def day(value: date | datetime | None) -> str:
    """`31 Mar 2026`, or `undated`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else "undated"


def period(start: date, end: date) -> str:
    """`Mar 2026` for a whole month, else both days."""
    if start.day == 1 and (end.year, end.month) == (start.year, start.month) and end.day == calendar.monthrange(end.year, end.month)[1]:
        return f"{MONTHS[start.month - 1]} {start.year}"
    return f"{day(start)} \N{EN DASH} {day(end)}"


def short_label(label: str) -> str:
    """A period as a picture labels it: `Mar 2026` as `Mar 26`; of two days, the last."""
    words = label.split()
    return f"{words[-2]} {words[-1][-2:]}" if len(words) > 1 else label


def number(value: float) -> str:
    """`12,400`, `0.5`; at most two decimals."""
    if not math.isfinite(value):
        return "not a number"
    rounded = round(value, 2)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")


def money(value: float, currency: str) -> str:
    """`EUR 12,400`: whole units from 100 up, cents below."""
    return f"{one_line(currency)} {number(round(value) if abs(value) >= 100 else value)}"


def share(part: int | None, whole: int | None) -> str:
    """`92%`, or a dash when either is unknown."""
    return f"{round(100 * part / whole)}%" if part is not None and whole else "\N{EN DASH}"


def count(value: float | None) -> str:
    return "\N{EN DASH}" if value is None else number(value)


def plain_value(value: Any) -> str:
    """A field's value as evidence shows it: numbers with separators, days as days, lists with commas."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(plain_value(item) for item in value) or "empty"  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return ", ".join(f"{one_line(str(key))}: {plain_value(item)}" for key, item in value.items()) or "empty"  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    return _as_day(one_line(str(value)))


def _as_day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


def hyphenless(key: str) -> str:
    """`seats_active` as a column heading: `Seats active`."""
    return sentence(measure(one_line(key)))
