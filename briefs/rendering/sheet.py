"""A sheet of A4 to write a brief on: fonts, colours, flowing text, page numbers. The only file that imports fpdf."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import CoreFont, TTFFont

from briefs.rendering.outline import Line, Marks, See, Span, inline_text

_FONTS = Path(__file__).with_name("fonts")
_LOOKS: dict[str, tuple[str, tuple[int, int, int]]] = {
    "plain": ("", (29, 37, 41)),
    "strong": ("B", (29, 37, 41)),
    "said": ("", (23, 80, 94)),
    "muted": ("", (90, 102, 108)),
    "tag": ("", (110, 95, 50)),
    "warn": ("B", (154, 52, 18)),
    "mark": ("", (31, 93, 107)),
}
RULE = (220, 223, 221)
ACCENT = (31, 93, 107)
PALE = (219, 229, 230)
FILL = (59, 130, 144)
NOT_SHOWN = "\N{WHITE VERTICAL RECTANGLE}"
"""Stands for a character the fonts do not hold, or one written from right to left."""


def _characters(font: CoreFont | TTFFont) -> frozenset[int]:
    return frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset()


class Sheet(FPDF):
    """An A4 document in progress. Units are millimetres and points; text in, bytes out."""

    def __init__(self, title: str, footer: str, as_of: date) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
        self.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
        self._shapes = {style: _characters(self.fonts["dejavu" + style]) for style in ("", "B")}
        self.lacking = False
        self._footer = self.showable(footer)
        self._links: dict[str, int] = {}
        self.set_title(self.showable(title))
        self.set_lang("en-GB")
        self.set_creation_date(datetime.combine(as_of, time(), UTC))
        self.set_margins(18, 14, 18)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=17)
        self.alias_nb_pages("{pages}")
        self.size(9.2)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-13)
        self.look("muted", 7.5)
        self.cell(self.epw * 0.8, 5, self._fitted(self._footer, self.epw * 0.8))
        self.cell(0, 5, f"{self.page_no()} of {{pages}}", align="R")

    def finished(self) -> bytes:
        return bytes(self.output())

    def size(self, points: float) -> None:
        self.points = points
        self.set_font("DejaVu", "", points)

    def look(self, name: str, points: float | None = None) -> None:
        """Sets weight and colour by the name of an outline style."""
        weight, colour = _LOOKS[name]
        self.set_font("DejaVu", weight, points or self.points)
        self.set_text_color(*colour)

    @property
    def leading(self) -> float:
        """Millimetres from one line to the next at the present size."""
        return self.points * 0.3528 * 1.42

    def showable(self, text: str, weight: str = "") -> str:
        """The text with every character that cannot be shown replaced by NOT_SHOWN."""
        held = self._shapes[weight]
        shown = "".join(c if ord(c) in held else "" if c in "\u200c\u200d" else NOT_SHOWN for c in text)
        self.lacking = self.lacking or (NOT_SHOWN in shown and NOT_SHOWN not in text)
        return shown

    def link_to(self, anchor: str) -> int:
        """The link of an anchor, made when it is first named."""
        if anchor not in self._links:
            self._links[anchor] = self.add_link()
        return self._links[anchor]

    def land(self, anchor: str) -> None:
        """Links to the anchor lead here."""
        self.set_link(self.link_to(anchor), y=self.y, page=self.page)

    @contextmanager
    def between(self, left: float, right: float = 0) -> Generator[None]:
        """Text flows between these indents (mm from the page's margins)."""
        held = self.l_margin, self.r_margin
        self.set_left_margin(held[0] + left)
        self.set_right_margin(held[1] + right)
        self.set_x(self.l_margin)
        try:
            yield
        finally:
            self.set_left_margin(held[0])
            self.set_right_margin(held[1])
            self.set_x(held[0])

    def flow(self, line: Line, base: str = "plain") -> None:
        """Writes a line of the outline from here, wrapping; ends at the start of the next line."""
        for item in line:
            if isinstance(item, Span):
                self._write(item.text, base if item.style == "plain" else item.style)
            elif isinstance(item, See):
                self._write(inline_text(item), "mark", self.link_to(item.anchor))
            else:
                self._marks(item)
        self.ln(self.leading)

    def _marks(self, marks: Marks) -> None:
        for number in marks.numbers:
            self._write(f"[{number}]", "mark", self.link_to(f"source-{number}"), self.points * 0.82)

    def _write(self, text: str, name: str, link: int | str = "", points: float | None = None) -> None:
        self.look(name, points)
        shown = self.showable(text, _LOOKS[name][0])
        if shown:
            self.write(self.leading, shown, link)

    def lines_in(self, line: Line, width: float) -> list[str]:
        """How plain text of a line breaks in a column of `width` mm."""
        strong = bool(line) and isinstance(line[0], Span) and line[0].style in ("strong", "warn")
        self.look("strong" if strong else "plain")
        text = self.showable("".join(inline_text(item) for item in line), "B" if strong else "")
        lines = self.multi_cell(width, self.leading, text, dry_run=True, output=MethodReturnValue.LINES, align="L") if text.strip() else []
        return lines if isinstance(lines, list) and lines else [""]

    def room(self, needed: float) -> None:
        """Starts a new page unless `needed` mm are left on this one."""
        if self.will_page_break(min(needed, self.eph)):
            self.add_page()

    def _fitted(self, text: str, width: float) -> str:
        while text and self.get_string_width(text) > width:
            text = text[:-2].rstrip() + "\N{HORIZONTAL ELLIPSIS}" if len(text) > 2 else ""
        return text

    def rule(self, colour: tuple[int, int, int] = RULE, width: float = 0.2) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(self.l_margin, self.y, self.w - self.r_margin, self.y)

    def box(self, x: float, y: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F")
