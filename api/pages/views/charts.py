"""Small pictures of how use moves, drawn on the server, each with the same numbers as a table for those who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from briefs.brief import BriefBody
from briefs.rendering.chart import bars_svg
from briefs.rendering.cleaning import one_line
from briefs.rendering.numbers import DRAWN_PERIODS, usage_blocks
from briefs.rendering.outline import Bar, Bars
from briefs.rendering.words import number, period
from retrieval.dossier import Dossier


@dataclass(frozen=True)
class Chart:
    """A picture as SVG text, and the numbers it shows: `rows` are (label, value, of how many)."""

    title: str
    svg: str
    value_name: str
    whole_name: str
    rows: tuple[tuple[str, str, str], ...]
    row_name: str = "Period"


def charts(body: BriefBody, dossier: Dossier) -> tuple[Chart, ...]:
    """Seats (or the first metric) and adoption, where there is a trend to show."""
    pictures = [_chart(block, "Active", "Licensed") for block in usage_blocks(body) if isinstance(block, Bars)]
    adoption = _adoption(dossier)
    return (*pictures, *((_chart(adoption, "In use", "Core features"),) if adoption else ()))


def plotted(title: str, bars: Sequence[Bar], value_name: str, whole_name: str = "") -> Chart:
    """Any series as a picture with its table; an empty one gives an empty picture."""
    return _chart(Bars(title, tuple(bars)), value_name, whole_name)


def _chart(block: Bars, value_name: str, whole_name: str) -> Chart:
    rows = tuple((bar.label, number(bar.value), number(bar.whole) if bar.whole is not None else "") for bar in block.bars)
    whole = whole_name if any(bar.whole is not None for bar in block.bars) else ""
    return Chart(block.title, bars_svg(block) if block.bars else "", value_name, whole, rows)


def _adoption(dossier: Dossier) -> Bars | None:
    """Core features in use of all core features, a bar a period."""
    rows = [row for row in dossier.usage if row.features_core][-DRAWN_PERIODS:]
    if len(rows) < 2:
        return None
    bars = tuple(
        Bar(period(row.period_start, row.period_end), float(len(set(row.features_adopted) & set(row.features_core))), float(len(row.features_core)))
        for row in rows
    )
    return Bars("Core features in use", bars)


def intervals(title: str, rows: Sequence[tuple[str, float, float, float]]) -> Chart:
    """Shares with their intervals, a line each: (name, low, rate, high), all between 0 and 1."""
    left, width, step = 14, 320, 38
    shapes: list[str] = []
    for i, (name, low, rate, high) in enumerate(rows):
        y = i * step + 25
        shapes.append(_label(name, left, y - 12))
        shapes.append(f'<line class="band" x1="{left + low * width:.1f}" x2="{left + high * width:.1f}" y1="{y}" y2="{y}"/>')
        shapes.append(f'<circle class="value" cx="{left + rate * width:.1f}" cy="{y}" r="5"/>')
    high_enough = len(rows) * step + 26
    axis = "".join(f'<text class="axis" x="{left + share * width:.0f}" y="{high_enough - 6}">{share:.0%}</text>' for share in (0, 0.5, 1))
    spoken = "; ".join(f"{one_line(name)}: {rate:.0%}, between {low:.0%} and {high:.0%}" for name, low, rate, high in rows)
    svg = _lines(f"0 0 {left + width + 20} {high_enough}", f"{title}. {spoken}", "".join(shapes) + axis)
    table = tuple((name, f"{rate:.0%}", f"{low:.0%} to {high:.0%}") for name, low, rate, high in rows)
    return Chart(title, svg, "Share", "Between", table, "Group")


def _lines(size: str, spoken: str, shapes: str) -> str:
    return f'<svg class="lines" viewBox="{size}" role="img" aria-label="{escape(spoken)}">{shapes}</svg>'


def _label(name: str, x: int, y: int) -> str:
    """A name above its line: beside it, it would have to be short, or small on a phone."""
    return f'<text class="label" x="{x}" y="{y}">{escape(one_line(name)[:50])}</text>'


def tallied(title: str, rows: Sequence[tuple[str, int]]) -> Chart:
    """Counts as lying bars, a line each: names may be long."""
    left, width, step = 0, 320, 38
    most = max((count for _, count in rows), default=1)
    shapes: list[str] = []
    for i, (name, count) in enumerate(rows):
        y = i * step + 25
        shapes.append(_label(name, left, y - 12))
        shapes.append(f'<rect class="value" x="{left}" y="{y - 7}" width="{count / most * width:.1f}" height="14" rx="2"/>')
        shapes.append(f'<text class="axis" x="{left + count / most * width + 14:.1f}" y="{y + 4}">{count}</text>')
    spoken = "; ".join(f"{one_line(name)}: {count}" for name, count in rows)
    size = f"0 0 {left + width + 40} {len(rows) * step}"
    svg = _lines(size, f"{title}. {spoken}", "".join(shapes))
    return Chart(title, svg, "Briefs", "", tuple((name, str(count), "") for name, count in rows), "Reason")
