"""What every command needs: the workspace, the token's person, progress on stderr and results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.settings import load

PIPED_WIDTH = 160

if TYPE_CHECKING:
    from rich.console import Console

    from briefs.people import Person
    from briefs.wiring import Workspace


@contextmanager
def workspace(home: Path | None) -> Generator[Workspace]:
    """The home folder of this command, closed at its end."""
    from briefs.wiring import Workspace

    with Workspace(load(home)) as opened:
        yield opened


def person(opened: Workspace) -> Person:
    """Whoever BRIEFS_TOKEN belongs to. Raises NotAllowed."""
    from briefs.people import whose

    token = opened.settings.token
    return whose(opened.store, token.get_secret_value() if token else None, now=opened.now)


def out() -> Console:
    """Results: rich in a terminal, plain when piped."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=piped, width=PIPED_WIDTH if piped else None)


def note(text: str) -> None:
    """A remark beside the result."""
    print(text, file=sys.stderr)


def put_json(value: Any) -> None:
    """A result as JSON: a pydantic model, or plain data."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


@contextmanager
def bar(what: str, *, shown: bool = True) -> Generator[Callable[[str, int, int | None], None]]:
    """A progress bar on stderr while a command runs, in a terminal only. The callback takes (stage, done, total)."""
    if not shown or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda stage, done, total: progress.update(task, description=f"{what}: {stage}"[:60], completed=done, total=total)
