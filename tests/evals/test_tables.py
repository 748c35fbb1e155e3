"""The figures of the evaluation's page are those of the committed files, and a model stands beside the offline engine on the same cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from evals import judges, tables
from evals.cassettes import PARTS, Cassette, Entry, Head
from evals.judges.agreement import Agreement
from evals.models import file_of
from evals.results import Identity
from evals.sides import Baseline
from evals.standing import Standing


def test_the_page_holds_the_figures_of_the_committed_files() -> None:
    page = tables.PAGE.read_text("utf-8")
    assert set(tables.TABLES) == {name for name in tables.TABLES if f"<!-- figures: {name} -->" in page}
    assert tables.filled(page) == page, "put them there: python -m evals.tables --write"


def a_baseline(folder: Path, model: str | None, passed: dict[str, bool], content: str = "c") -> None:
    cases = tuple(
        Standing(case_id=name, suite="asof", cluster=name, content=content, passed=ok, passes=int(ok), runs=1) for name, ok in passed.items()
    )
    told = Baseline(
        suite="asof", blessed_at=datetime(2026, 4, 1, tzinfo=UTC), run_id="r", mode="replay" if model else "offline",
        identity=Identity(engine="llm" if model else "offline", model=model), cases_hash="h", repeats=1, metrics=(), cases=cases,
    )  # fmt: skip
    name = "asof@openai-small.json" if model else "asof.json"
    (folder / name).write_text(told.model_dump_json(), "utf-8")


def test_a_model_is_compared_on_the_cases_it_answered_and_on_no_others(tmp_path: Path) -> None:
    a_baseline(tmp_path, None, {"a": True, "b": True, "c": False, "d": True})
    a_baseline(tmp_path, "openai:small", {"a": True, "b": False, "c": True})
    (row,) = tables.models(tmp_path).splitlines()[2:]
    assert row.startswith("| `openai:small` | `asof` | 3 | 66.7 % | 20.8–93.9 | 66.7 % | 20.8–93.9 | 1 | 1 |")


def test_the_page_says_how_many_of_a_models_answers_could_be_used(tmp_path: Path) -> None:
    a_baseline(tmp_path, None, {"a": True})
    a_baseline(tmp_path, "openai:small", {"a": True})
    head = Head(suite="asof", model="openai:small", recorded=date(2026, 4, 1), temperature=0, max_output_tokens=100, context_tokens=500, cases=("a",))
    cassette = Cassette.begin(file_of("asof", "openai:small", tmp_path / "cassettes"), head)
    parts: dict[str, str] = dict.fromkeys(PARTS, "0")
    cassette.put(Entry(key="k1", case="a", repeat=0, prompt="extract_signals", parts=parts, value={"signals": []}))
    cassette.put(Entry(key="k2", case="a", repeat=0, prompt="extract_signals", parts=parts, fault={"reason": "cut_off", "problem": "", "said": ""}))
    cut = '{"signals": [{"sentence": "S1"}, {"sent'
    cassette.put(Entry(key="k3", case="a", repeat=0, prompt="extract_signals", parts=parts, fault={"reason": "cut_off", "problem": "", "said": cut}))
    assert tables.models(tmp_path, tmp_path / "cassettes").endswith("| 1 of 3, 1 in part |")


def test_a_case_that_became_another_is_not_compared(tmp_path: Path) -> None:
    a_baseline(tmp_path, None, {"a": True}, content="new")
    a_baseline(tmp_path, "openai:small", {"a": True})
    assert "| 0 | - | - | - | - | 0 | 0 |" in tables.models(tmp_path)


def test_without_recorded_answers_and_calibrations_the_page_says_so(tmp_path: Path) -> None:
    assert "recorded" in tables.models(tmp_path)
    assert "calibrated" in tables.judged(tmp_path)


def test_a_judge_stands_with_every_rate_and_its_interval(tmp_path: Path) -> None:
    for part in ("judge.md", "calibration.yaml"):
        (tmp_path / "claim_supported").mkdir(exist_ok=True)
        (tmp_path / "claim_supported" / part).write_bytes((judges.FOLDER / "claim_supported" / part).read_bytes())
    judge = judges.load("claim_supported", tmp_path)
    pairs = [("yes", "yes")] * 30 + [("no", "no")] * 20 + [("no", "yes")] * 8 + [("no", "cannot_tell"), ("yes", "no_answer")]
    Agreement.of(judge.NAME, judge.VERSION, "openai:small", pairs).keep(judge.kept)  # pyright: ignore[reportArgumentType]
    (row,) = tables.judged(tmp_path).splitlines()[2:]
    assert row.startswith("| `claim_supported` | `openai:small` | 60 | 0.")
    assert row.count("–") == 3
    assert row.endswith("| 1 | 1 |")
