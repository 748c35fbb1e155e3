"""Amounts of money as people type them, in either of the two customs, and as they are read back."""

from __future__ import annotations

import re

from briefs.errors import BadInput
from briefs.rendering.cleaning import one_line

_SPACES = re.compile(r"[\s'\N{RIGHT SINGLE QUOTATION MARK}]")
"""What some put between thousands, hard and thin spaces too."""
_PLAIN = re.compile(r"[0-9]+([.,]([0-9]{1,2}|[0-9]{4,}))?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")


def amount_of(text: str) -> float | None:
    """The number people mean: `12,400.50`, `12.400,50`, `12.400` (twelve thousand four hundred) and `12400,5`; None where nothing is written.

    Groups of three digits after a sign are thousands; of two signs the last is the decimal one. Raises BadInput where it is neither, or could be
    both (`1234.567`).
    """
    plain = _SPACES.sub("", text)
    if not plain:
        return None
    if _GROUPED.fullmatch(plain):
        thousands = "," if plain.find(",") >= 0 and (plain.find(".") < 0 or plain.find(",") < plain.find(".")) else "."
        return float(plain.replace(thousands, "").replace(",", "."))
    if _PLAIN.fullmatch(plain):
        return float(plain.replace(",", "."))
    raise BadInput("The amount is not a number.", "Write it as 12400 or 12400.50.")


def read_back(amount: float, currency: str | None) -> str:
    """`EUR 12,400.00`: cents always, so that nobody takes thousands for units."""
    return f"{one_line(currency or '')} {amount:,.2f}".strip()
