"""A table in a pipe is the one rich draws, letter for letter, whether or not rich is asked to draw it."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from api.cli.columns import plain_lines, rich_table
from api.cli.session import PIPED_WIDTH

HEADS = ("Brief", "Account", "As of")
LATIN = st.text(st.characters(max_codepoint=0x2FF, exclude_categories=("Cc", "Cf")), max_size=40)
rows = st.lists(st.tuples(LATIN, LATIN, LATIN), max_size=4)


def drawn(rows: list[tuple[str, ...]]) -> str:
    """As `session.out` prints it in a pipe."""
    file = io.StringIO()
    Console(file=file, highlight=False, soft_wrap=True, width=PIPED_WIDTH).print(rich_table(HEADS, rows))
    return file.getvalue()


@given(rows)
def test_the_plain_lines_are_those_rich_draws(rows: list[tuple[str, ...]]) -> None:
    lines = plain_lines(HEADS, rows)
    if lines is not None:
        assert "\n".join(lines) + "\n" == drawn(rows)


def test_what_would_be_folded_or_is_not_one_column_wide_is_left_to_rich() -> None:
    def line(account: str) -> tuple[str, str, str]:
        return "2489d22d9248", account, "[bold]:smile:"

    assert plain_lines(HEADS, [line("Ascenseurs Ravel & Fils, Évry (c02)")]) is not None
    for account in ("x" * PIPED_WIDTH, "株式会社", "two\nlines", "a\ttab", "e\u0301", "soft\u00adhyphen"):
        assert plain_lines(HEADS, [line(account)]) is None
