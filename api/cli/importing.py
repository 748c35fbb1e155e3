"""`ingest` and `search`: records in, passages out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.session import bar, note, out, put_json, workspace
from briefs.errors import BadInput
from briefs.wiring import Workspace

if TYPE_CHECKING:
    from retrieval.indexing import Progress
    from retrieval.ingest import IngestReport


def ingest(home: Path | None, path: Path, profile: Path | None, json: bool) -> None:
    if profile is not None:
        raise BadInput("Mapping profiles are not part of this release.", "Bring the export into the native format; README, 'Your own data'.")
    with workspace(home) as opened, bar("Importing", shown=not json) as progress:
        report = import_into(opened, path, progress)
    for warning in report.warnings:
        note(f"briefs: {warning}")
    if json:
        put_json(report)
        return
    from rich.markup import escape

    told = ", ".join(f"{count:,} {kind}" for kind, count in report.records.items()) or "nothing new"
    console = out()
    console.print(f"Imported {told}; {report.unchanged:,} unchanged; {report.passages:,} passages indexed.")
    if report.quarantined:
        console.print(f"{report.quarantined:,} rows could not be read: {escape(str(report.quarantine_file))}")
    console.print("Next: briefs scan")


def import_into(opened: Workspace, path: Path, progress: Progress) -> IngestReport:
    """One import into this workspace."""
    from retrieval.chunking import split
    from retrieval.ingest import ingest as take_in

    return take_in(
        path, opened.archive, split, opened.embedder, opened.index, home=opened.home, now=opened.now, new_id=opened.new_id, progress=progress
    )


def search(home: Path | None, account: str, query: str, k: int, json: bool) -> None:
    with workspace(home) as opened:
        hits = opened.searcher.search(account, [query], k)[0]
    if json:
        put_json(
            [
                {
                    "record_id": h.passage.record_id,
                    "kind": h.passage.kind,
                    "at": h.passage.at.isoformat() if h.passage.at else None,
                    "part": h.passage.part,
                    "start": h.passage.start,
                    "end": h.passage.end,
                    "text": h.passage.text,
                    "score": round(h.score, 4),
                }
                for h in hits
            ]
        )
        return
    from rich.text import Text

    console = out()
    for h in hits:
        p = h.passage
        console.print(Text(f"{p.record_id} {p.part}:{p.start}-{p.end}  {p.at.date() if p.at else ''}  {h.score:.2f}", style="bold"))
        console.print(Text(clean(p.text) + "\n"))
    if not hits:
        console.print("No passage of this account answers that.")


def clean(text: str) -> str:
    """A customer's text fit for a terminal: no control or escape characters."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
