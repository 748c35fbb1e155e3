"""How far the offline engine agrees with the sample's labels, and whether anything false stands in a brief."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from briefs.brief import SIGNAL_TYPES, BriefBody
from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.benchmarks.figures import Figure, Measured
from evals.portfolios.agreement import compare, read_labels
from evals.portfolios.faults import false_quotes, other_names
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

ACCURACY = 0.95


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """The sample portfolio imported and scanned with the offline engine."""
    with tempfile.TemporaryDirectory() as folder, resources.as_file(resources.files("evals") / "portfolios" / "sample") as sample:
        labels = read_labels(sample)
        with Workspace(Settings(home=Path(folder))) as opened:
            ingest(
                sample, opened.archive, split, opened.embedder, opened.index, home=opened.home, now=opened.now, new_id=opened.new_id, progress=quiet
            )
            say("scanning the sample")
            results = [s.result for s in opened.pipeline(opened.offline_engine).scan(opened.archive.accounts(), labels.as_of)]
            bodies = [BriefBody.model_validate_json(opened.store.version(opened.store.brief(r.brief_id).head)) for r in results if r.brief_id]
            quotes = sum(len(false_quotes(body, opened.archive)) for body in bodies)
            names = sum(len(other_names(body, opened.archive)) for body in bodies)
    told = compare(results, labels)
    precision, recall = told.rates(SIGNAL_TYPES)
    return Measured(
        (
            Figure("sample: verdict accuracy", round(told.verdict_accuracy, 3), "share", at_least=ACCURACY, note=f"{told.accounts} accounts"),
            Figure("sample: blocked accounts qualified", told.blocked_but_qualified, "accounts", at_most=0),
            Figure("sample: false quotes", quotes, "quotes", at_most=0, note=f"{len(bodies)} briefs"),
            Figure("sample: other customers' names in briefs", names, "names", at_most=0),
            Figure("sample: signal precision", round(precision, 3), "share", note="by type and record"),
            Figure("sample: signal recall", round(recall, 3), "share", note="by type and record"),
        ),
        {"differences": told.differences, "tempted": told.tempted, "temptations": told.temptations},
    )
