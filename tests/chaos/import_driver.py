"""Finishes one import, says whether store and index agree, then begins another during which it is meant to be killed.

`python -m tests.chaos.import_driver HOME chroma|tiered|folder FIRST SECOND`; FIRST and SECOND are folders in the native format.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.agreement import compare
from retrieval.archive import Archive
from retrieval.chunking import split
from retrieval.engine import open_engine
from retrieval.ingest import ingest
from tests.retrieval.fakes import FolderIndex, TinyEmbedder

LARGE = 40
"""Passages at which an account moves into a collection: the accounts grow past it from version to version."""


def main(home: Path, kind: str, first: Path, second: Path) -> None:
    archive = Archive(open_engine(f"sqlite:///{home}/briefs.db"))
    embedder = TinyEmbedder()
    index = open_index(kind, home, archive, embedder.name)

    def run(folder: Path) -> None:
        ingest(folder, archive, split, embedder, index, home=home, now=lambda: datetime(2026, 3, 31, tzinfo=UTC), new_id=lambda: folder.name)

    run(first)
    counts = archive.counts()
    said = "agrees" if compare(archive, index, embedder.name).holds and fresh(archive, index, embedder.name) else "differs"
    say(f"{said} {counts['account']} {counts['note']} {counts['passages'] - counts['vectors']}")
    if second != first:
        say("go")
        run(second)
        say("done")
    index.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def open_index(kind: str, home: Path, archive: Archive, model: str) -> Any:
    if kind == "folder":
        return FolderIndex(home / "index")
    from retrieval.chroma import open_chroma
    from retrieval.tiered import TieredIndex

    if kind == "chroma":
        return open_chroma(home / "chroma", archive, model)
    return TieredIndex(open_chroma(home / "chroma", archive, model, LARGE), archive, model, LARGE)


def fresh(archive: Archive, index: Any, model: str) -> bool:
    """Whether every vector of the archive is found in the index as it is: none is left from an earlier text."""
    for account in archive.accounts():
        _, vectors = archive.vectors(account, model)
        best = [matches[0][1] for matches in index.query(account, vectors, 1)] if len(vectors) else []
        if not np.allclose(best, 1.0, atol=1e-3):
            return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
