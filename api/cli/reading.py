"""`list` and `show`: which briefs there are, and one of them to read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.columns import put_table
from api.cli.session import out, person, put_json, workspace
from briefs.errors import BadInput, NotAllowed, NotFound
from briefs.wiring import Workspace

if TYPE_CHECKING:
    from briefs.brief import RejectedClaim

FORMATS = ("text", "json", "md", "html", "pdf")
AUDIENCES = ("csm", "ae", "customer")


def list_briefs(home: Path | None, state: str | None, json: bool) -> None:
    from briefs.gate import State

    if state is not None and state not in {s.value for s in State}:
        raise BadInput(f"No state is called {state[:40]!r}.", f"One of: {', '.join(s.value for s in State)}.")
    with workspace(home) as opened:
        rows = opened.store.list(state)
    if json:
        put_json([row_json(row) for row in rows])
        return
    if not rows:
        out().print("No brief yet. `briefs scan` drafts one for each account that qualifies.")
        return
    shown = [(row.id, f"{row.account_name} ({row.account_id})", row.state.value, row.headline, row.as_of.isoformat()) for row in rows]
    put_table(("Brief", "Account", "State", "Headline", "As of"), shown)


def row_json(row: Any) -> dict[str, Any]:
    """A brief's row as a list shows it."""
    import dataclasses

    return {key: getattr(value, "isoformat", lambda v=value: v)() for key, value in dataclasses.asdict(row).items()}


def find_brief(opened: Workspace, name: str) -> Any:
    """The brief of that id, or the newest of that account. Raises NotFound."""
    try:
        return opened.store.brief(name)
    except NotFound:
        rows = opened.store.briefs_of(name)
        if not rows:
            raise NotFound(f"No brief and no account with a brief is called {name[:80]!r}.", "`briefs list` shows what there is.") from None
        return rows[0]


def show(home: Path | None, name: str, format: str, audience: str, output: Path | None) -> None:
    if format not in FORMATS or audience not in AUDIENCES:
        raise BadInput(
            f"No such {'format' if format not in FORMATS else 'audience'}.", f"--format {'|'.join(FORMATS)}, --audience {'|'.join(AUDIENCES)}."
        )
    if format == "pdf" and output is None and sys.stdout.isatty():
        raise BadInput("A PDF does not belong in a terminal.", "Add --output brief.pdf.")
    with workspace(home) as opened:
        row = find_brief(opened, name)
        stored = opened.store.version(row.head)
        if output is not None or format == "pdf":
            _note_export(opened, row, format, audience)
        last = opened.store.last_result(row.account_id) if audience == "csm" and format != "json" else None
    rejected = last.result.rejected if last is not None and last.brief_id == row.id else ()
    data = rendered(stored, format, audience, rejected)
    if output is not None:
        output.write_bytes(data if isinstance(data, bytes) else data.encode())
        out().print(f"Written to {output}")
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
    else:
        print_text(data, format)


def _note_export(opened: Workspace, row: Any, format: str, audience: str) -> None:
    """A brief leaves as a file: by whoever's token is set, else by whoever holds the home folder."""
    from briefs import review

    try:
        actor = person(opened) if opened.settings.token is not None else None
    except NotAllowed:
        actor = None
    review.note_export(opened.store, row, actor, format, audience, opened.now())


def rendered(stored: bytes, format: str, audience: Any, rejected: tuple[RejectedClaim, ...] = ()) -> str | bytes:
    """The stored version in a format, for the CSM with what failed verification. JSON for the CSM is the stored bytes themselves."""
    from briefs.brief import BriefBody

    body = BriefBody.model_validate_json(stored).model_copy(update={"rejected": rejected})
    match format:
        case "json":
            from briefs.canonical import canonical
            from briefs.rendering.audience import view

            return stored + b"\n" if audience == "csm" else canonical(view(body, audience)) + b"\n"
        case "md":
            from briefs.rendering import markdown

            return markdown.render(body, audience)
        case "html":
            from briefs.rendering import page

            return page.render(body, audience)
        case "pdf":
            from briefs.rendering import pdf

            return pdf.render(body, audience)
        case _:
            from briefs.rendering import text

            return text.render(body, audience, rich=sys.stdout.isatty())


def print_text(data: str, format: str) -> None:
    if format == "text" and sys.stdout.isatty():
        out().print(data)
    else:
        sys.stdout.write(data if data.endswith("\n") else data + "\n")
