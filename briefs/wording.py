"""Numbers, days and money as a brief writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def day(value: date) -> str:
    """`31 Mar 2026`."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def month(value: date) -> str:
    """`March 2026`."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def number(value: float) -> str:
    """`12,400`, `16.7`, `0.5`: no digits that say nothing."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def money(value: float, currency: str) -> str:
    """`12,400 EUR`."""
    return f"{number(round(value))} {currency}" if abs(value) >= 100 else f"{number(value)} {currency}"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {joint} {items[-1]}" if items else ""


def plain(name: str) -> str:
    """`api_calls_month` as a reader says it."""
    return name.replace("_", " ")


_ABBREVIATIONS = {w.casefold(): w for w in ("API", "ARR", "GB", "MB", "TB", "SSO", "SMS", "PDF", "AI", "ID", "SLA", "CSV", "URL")}
_SPANS = ("day", "week", "month", "year")


def measure(name: str) -> str:
    """A metric or limit as a reader says it: `api_calls_month` is `API calls a month`."""
    words = [_ABBREVIATIONS.get(word.casefold(), word) for word in plain(name).split()]
    if len(words) > 1 and words[-1].casefold() in _SPANS and words[-2].casefold() not in ("per", "a", "this", "last"):
        words.insert(-1, "a")
    return " ".join(words)


def sentence(text: str) -> str:
    """With a capital at the start."""
    return text[:1].upper() + text[1:]
