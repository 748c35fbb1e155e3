"""Numbers, days and money as a brief writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def day(value: date) -> str:
    """`31 Mar 2026`."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def days(count: int) -> str:
    """`1 day`, `22 days`."""
    return "1 day" if count == 1 else f"{count} days"


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


_UNITS = ("GB", "MB", "TB")


def counted(name: str) -> str:
    """A metric or limit behind its number: `236 GB of storage`, `100,000 API calls a month`."""
    words = measure(name).split()
    return f"{words[-1]} of {' '.join(words[:-1])}" if len(words) > 1 and words[-1] in _UNITS else " ".join(words)


def resource(name: str) -> str:
    """A limit as the thing that may run out: `storage`, `API calls a month`."""
    words = measure(name).split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _UNITS else words)


_UNCOUNTED = ("s", "ing", "ion", "management", "equipment", "ity", "ness", "access", "support", "sign-on", "storage", "data", "software", "hardware")
"""Endings of a name's last word that take no article: several things, or what is not counted."""


def with_the(name: str) -> str:
    """A feature with its article: `the audit log`, but `barcode scanning`, `work orders`, `SSO` and `Fieldlane Analytics`."""
    head = re.split(r"\s(?:for|to|of|per|from|with|by|in|on|without|and)\s|\s?[(,]", name)[0].split()
    bare = not head or head[0].casefold() in ("the", "a", "an", "another", "more") or any(w[:1].isupper() and not w.isupper() for w in head)
    return name if bare or head[-1].isupper() or head[-1].casefold().endswith(_UNCOUNTED) else f"the {name}"


def sentence(text: str) -> str:
    """With a capital at the start."""
    return text[:1].upper() + text[1:]
