"""What the offline engine really gives for accounts of the sample: scorers are tried on it, and on it with one part spoiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from briefs.settings import Settings
from briefs.wiring import Workspace
from evals.benchmarks.retrieval import SAMPLE
from evals.loading import case_of
from evals.results import CaseResult, Output
from evals.suite import Case, SuiteName
from retrieval.chunking import split
from retrieval.dossier import Dossier
from retrieval.ingest import ingest, quiet

DAY = date(2026, 3, 31)
INPUTS: dict[str, dict[str, Any]] = {
    "signals": {"account": "sample/a01", "as_of": DAY, "passage": {"record_id": "a01-t2", "part": "messages[0]"}},
    "isolation": {"account": "sample/a01", "as_of": DAY, "other": "sample/a02"},
    "retrieval": {"account": "sample/a01", "question": "Who asked for single sign-on?"},
}


@dataclass(frozen=True)
class Given:
    dossier: Dossier
    output: Output


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Given]]:
    """Dossier and output of an account of the sample by id."""
    made: dict[str, Given] = {}
    with Workspace(Settings(home=tmp_path_factory.mktemp("home"))) as w:
        ingest(SAMPLE, w.archive, split, w.embedder, w.index, home=w.home, now=w.now, new_id=w.new_id, progress=quiet)
        pipeline = w.pipeline(w.offline_engine)

        def look(account: str) -> Given:
            if account not in made:
                examined = pipeline.examine(account, DAY)
                result = pipeline.result_of(examined)
                body = pipeline.draft(examined, result)[0] if result.verdict == "qualified" else None
                made[account] = Given(examined.dossier, Output(result=result, signals=result.signals, brief=body))
            return made[account]

        yield look


@pytest.fixture
def ready(given: Callable[[str], Given]) -> Given:
    """An account that is qualified, with its brief."""
    found = given("a01")
    assert found.output.brief is not None
    return found


def a_case(suite: SuiteName, expect: dict[str, Any], **changes: Any) -> Case:
    """A case of a suite with this expectation."""
    put_in = INPUTS.get("signals" if suite == "overflagging" else suite, {"account": "sample/a01", "as_of": DAY})
    return case_of(suite, {"id": "c1", "cluster": "a01", "source": "hand", "input": put_in, "expect": expect, **changes}, "a test")


def a_result(case: Case, scores: Any, **changes: Any) -> CaseResult:
    """The result of a case that has these scores (one, or a list)."""
    listed = tuple(scores) if isinstance(scores, list) else (scores,)
    told: dict[str, Any] = {"case_id": case.id, "suite": case.suite, "cluster": case.cluster, "scores": listed}
    return CaseResult(**(told | changes))
