"""A day given on the command line."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Day:
    """A calendar day; `parse` says in one line what is wrong with a text that is none."""

    date: datetime.date

    @staticmethod
    def parse(text: str) -> Day:
        try:
            return Day(datetime.date.fromisoformat(text))
        except ValueError as cause:
            import typer

            raise typer.BadParameter(f"{text!r} is not a day such as 2026-03-31") from cause
