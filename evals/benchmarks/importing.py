"""How fast records come in with the default embedder, and what memory the import of a large portfolio takes: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from evals.benchmarks import copies
from evals.benchmarks.figures import Figure, Measured

PASSAGES_A_SECOND, PEAK_GB = 1500, 1.5
PASSAGES_AN_ACCOUNT = 47
"""What a copied account comes to; only used to choose how many to write."""

CHILD = """
import json, resource, sys, time
from pathlib import Path
from briefs.settings import Settings
from briefs.wiring import Workspace
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
source, home = Path(sys.argv[1]), Path(sys.argv[2])
with Workspace(Settings(home=home)) as opened:
    opened.index, opened.embedder.embed(["warm"])
    started = time.perf_counter()
    report = ingest(source, opened.archive, split, opened.embedder, opened.index, home=home, now=opened.now, new_id=opened.new_id, progress=quiet)
    seconds = time.perf_counter() - started
print(json.dumps({"passages": report.passages, "seconds": seconds, "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""


def measure(quick: bool, say: Callable[[str], None]) -> Measured:
    """One import of about 100,000 passages (10,000 where quick) into an empty home."""
    passages = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "export"
        source.mkdir()
        copies.write(source, passages // PASSAGES_AN_ACCOUNT)
        say("importing")
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(source), str(Path(folder) / "home")],
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    told = json.loads(done.stdout.splitlines()[-1])
    rate, peak = told["passages"] / told["seconds"], told["peak_kb"] / 1024**2
    note = f"{told['passages']:,} passages in {told['seconds']:.0f} s, index included"
    return Measured(
        (
            Figure("import, default embedder", round(rate), "passages/s", at_least=PASSAGES_A_SECOND, note=note),
            Figure("import, peak memory of the process", round(peak, 2), "GB", at_most=PEAK_GB, note=note),
        ),
        told,
    )
