"""A measured figure beside the aim it has to reach, and the table and file people read them in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; at most one of `at_most` and `at_least` is the aim. A value of None could not be measured, and `note` says why."""

    name: str
    value: float | None
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without an aim or a value: "could not tell" is not a failure."""
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        return (self.at_most is None or self.value <= self.at_most) and (self.at_least is None or self.value >= self.at_least)

    @property
    def aim(self) -> str:
        """The aim in signs: `≤ 0.35`, `≥ 10`, or nothing."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"


@dataclass(frozen=True)
class Measured:
    """What one benchmark found: the figures with aims, and everything it counted on the way."""

    figures: tuple[Figure, ...]
    details: dict[str, Any]


def show(found: dict[str, Measured], console: Console) -> None:
    """One table with a row a figure."""
    table = Table("figure", "value", "unit", "aim", "", "note", title="Figures", title_justify="left")
    for measured in found.values():
        for figure in measured.figures:
            value = "–" if figure.value is None else f"{figure.value:,.4g}"
            table.add_row(figure.name, value, figure.unit, figure.aim, {True: "reached", False: "missed", None: ""}[figure.met], figure.note)
    console.print(table)


def write(found: dict[str, Measured], machine: dict[str, Any], path: Path) -> None:
    """The same and every detail as JSON."""
    figures = [asdict(figure) | {"benchmark": name, "met": figure.met} for name, measured in found.items() for figure in measured.figures]
    report = {"machine": machine, "figures": figures, "details": {name: measured.details for name, measured in found.items()}}
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


def missed(found: dict[str, Measured]) -> Sequence[Figure]:
    """The figures that do not reach their aim."""
    return [figure for measured in found.values() for figure in measured.figures if figure.met is False]
