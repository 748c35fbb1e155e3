"""Lists come in pages: at most so many rows, and an opaque cursor that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Query

from briefs.errors import BadInput

T = TypeVar("T")
DEFAULT, MOST = 50, 100


@dataclass(frozen=True)
class Page:
    """The page asked for: at most `limit` rows, those after the key of the last row seen (None: from the first)."""

    limit: int
    after: tuple[Any, ...] | None

    def text(self) -> str | None:
        """Where the list is ordered by one text: the last one seen. Raises BadInput."""
        return None if self.after is None else self._only(str)

    def number(self) -> int:
        """Where it is ordered by a number from 1 on: the last one seen, 0 at first. Raises BadInput."""
        return 0 if self.after is None else self._only(int)

    def _only(self, kind: type[T]) -> T:
        if self.after is None or len(self.after) != 1 or not isinstance(self.after[0], kind):
            raise unusable()
        return self.after[0]


def page(
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows a page.")] = DEFAULT,
    cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before; nothing for the first.")] = None,
) -> Page:
    return Page(limit, None if cursor is None else _read(cursor))


Paged = Annotated[Page, Depends(page)]


def cut(rows: Sequence[T], page: Page, key: Callable[[T], tuple[Any, ...]]) -> tuple[list[T], str | None]:
    """The rows of one page and the cursor of the next, from rows that are already after the cursor and in the order of `key`."""
    shown = list(rows[: page.limit])
    return shown, cursor_of(key(shown[-1])) if len(rows) > page.limit else None


def cut_all(rows: Sequence[T], page: Page, key: Callable[[T], tuple[Any, ...]]) -> tuple[list[T], str | None]:
    """As `cut`, from all rows of a short list in any order: they are sorted by `key`, which has to tell every two apart."""
    ordered = sorted(rows, key=key)
    try:
        rest = ordered if page.after is None else [row for row in ordered if key(row) > page.after]
    except TypeError:
        raise unusable() from None
    return cut(rest, page, key)


def cursor_of(key: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[Any, ...]:
    try:
        value = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError, ValueError, RecursionError):
        raise unusable() from None
    parts = cast("list[Any]", value) if isinstance(value, list) else []
    if not parts or not all(isinstance(part, str | int | float) for part in parts):
        raise unusable()
    return tuple(parts)


def unusable() -> BadInput:
    return BadInput("This cursor is not one of ours.", "Give back `next_cursor` of the page before as it was, or none for the first page.")
