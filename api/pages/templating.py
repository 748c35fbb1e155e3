"""Turns a view into HTML: one environment that escapes everything, and the few words and shapes the templates share."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.pages.views import words
from briefs.rendering.cleaning import one_line
from briefs.rendering.outline import Line, Span, inline_text
from briefs.rendering.words import SIGNALS, day, money

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """Templates of this package; a name that is not there is an error, and nothing is trusted as markup unless marked so in code."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared: dict[str, Any] = {
        "line": line_html,
        "one_line": one_line,
        "day": day,
        "when": words.when,
        "money": money,
        "svg": drawn,
        "ago": words.age,
        "plainly": words.plainly,
    }
    made.filters.update(shared)
    known: dict[str, Any] = {
        "asset": asset,
        "counted": words.counted,
        "said": words.said,
        "STATES": words.STATES,
        "REASONS": words.REASONS,
        "DECISIONS": words.DECISIONS,
        "SIGNALS": SIGNALS,
        "BLOCKERS": words.BLOCKERS,
        "VERDICTS": words.VERDICTS,
    }
    made.globals.update(known)
    return made


def render(template: str, **values: Any) -> str:
    """The page of a template. Values the template names and nobody gave are an error."""
    return environment().get_template(template).render(**values)


def line_html(line: Line) -> Markup:
    """A line of the outline: a customer's words stand apart, and turn no other text around."""
    return Markup("").join(_piece(item) for item in line)


def _piece(item: Any) -> Markup:
    if isinstance(item, Span) and item.style == "said":
        return Markup('<q class="said"><bdi>{}</bdi></q>').format(item.text)
    if isinstance(item, Span) and item.style in ("strong", "muted", "tag", "warn"):
        return Markup('<span class="{}">{}</span>').format(item.style, item.text)
    return escape(inline_text(item))


def drawn(svg: str) -> Markup:
    """A picture made by `rendering.chart`, which escapes what it writes."""
    return Markup(svg)  # our own drawing, no customer's text but escaped labels


@cache
def asset(name: str) -> str:
    """The address of a static file with its version in it, so that a browser may keep it for a year."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{version}/{name}"
