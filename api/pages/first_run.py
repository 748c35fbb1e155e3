"""Brings the sample portfolio into an empty home, so that somebody who just arrived has something to look at."""

from __future__ import annotations

from datetime import date
from importlib import resources

from briefs.wiring import Workspace

AS_OF = date(2026, 3, 31)
"""The day the sample is seen as of; later, its dates would have gone by."""


def bring_sample(space: Workspace) -> int:
    """Imports and scans it offline; how many accounts there are then. Takes about half a minute."""
    from retrieval.chunking import split
    from retrieval.ingest import ingest

    with resources.as_file(resources.files("evals") / "portfolios" / "sample") as sample:
        ingest(sample, space.archive, split, space.embedder, space.index, home=space.home, now=space.now, new_id=space.new_id)
    accounts = space.archive.accounts()
    for _ in space.pipeline(space.offline_engine).scan(accounts, AS_OF):
        pass
    return len(accounts)
