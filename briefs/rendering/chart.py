"""Draws how use has moved as a small picture of bars: what is used, in front of what is licensed."""

from __future__ import annotations

from html import escape

from briefs.rendering.outline import Bars
from briefs.rendering.words import number, short_label

_WIDTH, _HEIGHT, _FOOT, _HEAD = 640, 150, 20, 16


def bars_svg(block: Bars) -> str:
    """The picture as SVG with a text alternative; sizes are attributes, colours come from the page's stylesheet."""
    step = _WIDTH / len(block.bars)
    wide = min(step * 0.62, 48)
    every = -(-len(block.bars) // 12)
    shapes: list[str] = []
    for i, bar in enumerate(block.bars):
        left = i * step + (step - wide) / 2
        if bar.whole:
            shapes.append(_rect("whole", left, bar.whole, wide, block.top))
        shapes.append(_rect("value", left, bar.value, wide, block.top))
        if i % every == (len(block.bars) - 1) % every:
            middle = f"{left + wide / 2:.1f}"
            top = _HEIGHT - _FOOT - _tall(max(bar.value, bar.whole or 0), block.top)
            shapes.append(f'<text x="{middle}" y="{top - 4:.1f}">{number(bar.value)}</text>')
            shapes.append(f'<text class="axis" x="{middle}" y="{_HEIGHT - 5}">{escape(short_label(bar.label))}</text>')
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_spoken(block))}">{"".join(shapes)}</svg>'


def _tall(value: float, top: float) -> float:
    return (_HEIGHT - _FOOT - _HEAD) * max(value, 0) / top


def _rect(kind: str, left: float, value: float, wide: float, top: float) -> str:
    tall = _tall(value, top)
    return f'<rect class="{kind}" x="{left:.1f}" y="{_HEIGHT - _FOOT - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="2"/>'


def _spoken(block: Bars) -> str:
    values = "; ".join(f"{bar.label}: {number(bar.value)}" + (f" of {number(bar.whole)}" if bar.whole else "") for bar in block.bars)
    return f"{block.title}. {values}"
