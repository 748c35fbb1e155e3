"""What a run measured: every case with what the product gave, each score with its reason, and figures with their margin of error.

A crash is a result of its case, with `error` said; a score that could not be told is None, never zero.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from briefs.brief import AccountResult, BriefBody, Signal
from evals.suite import Split, SuiteName

Mode = Literal["offline", "replay", "record", "live"]


class Measured(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Found(Measured):
    """A passage a search gave, best first."""

    record_id: str
    part: str
    start: int
    end: int
    score: float = 0.0


class Output(Measured):
    """What the product gave for one case.

    `signals` are those that rest on the text the case asks about (suites `signals` and `overflagging`), else all of the result's.
    `brief` is None where none was written. `rankings` holds the passages by method: `fused`, `words` (BM25 alone) and `meaning` (vectors alone).
    """

    result: AccountResult | None = None
    signals: tuple[Signal, ...] = ()
    brief: BriefBody | None = None
    rankings: dict[str, tuple[Found, ...]] = Field(default_factory=dict)


class Spent(Measured):
    """What a case took. `amount` is None where a price is unknown. `made_s` is the time of the product alone."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    amount: float | None = 0.0
    currency: str = "USD"
    latency_s: float = 0.0


class Score(Measured):
    """A value and its reason. `value` is 0 to 1 unless the scorer says otherwise; None: it could not be told.

    A scorer that a case asks nothing of gives no Score at all. `detail` holds plain data for figures over the run (counts by type, ...).
    """

    scorer: str
    version: str
    value: float | None
    reason: str = ""
    detail: dict[str, Any] = Field(default_factory=dict)
    name: str | None = None
    """Where a scorer gives several scores, each has a name; else the scorer's own."""

    @property
    def key(self) -> str:
        return self.name or self.scorer


class CaseResult(Measured):
    """One case, once. `error` is the class and message of a crash, without customers' words beyond the case's own."""

    case_id: str
    suite: SuiteName
    cluster: str
    split: Split = "dev"
    tags: tuple[str, ...] = ()
    pinned: bool = False
    repeat: int = 0
    output: Output | None = None
    scores: tuple[Score, ...] = ()
    error: str | None = None
    unmeasured: bool = False
    """The error is not the product's: a cassette without the answer, a model out of reach, a case with a slip in it."""
    content: str = ""
    """Hash of the case and of the records it refers to: other content is another case, whatever its id."""
    spent: Spent = Spent()

    def score(self, key: str) -> Score | None:
        return next((score for score in self.scores if score.key == key), None)


class Metric(Measured):
    """A figure over a run with its interval (95 %). `n` is what it was counted over. `value` None: nothing to count."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    better: Literal["higher", "lower", "neither"] = "higher"
    unit: str = ""
    note: str = ""


class Identity(Measured):
    """What made a run: with other hashes it is another thing that was measured."""

    engine: str
    model: str | None = None
    prompts: dict[str, str] = Field(default_factory=dict)
    """Prompt name to version."""
    rubric: str = ""
    code: str = ""
    """Over the source of the packages a result depends on."""
    settings: dict[str, Any] = Field(default_factory=dict)


class RunHead(Measured):
    """The first line of a run's log: what is being run."""

    run_id: str
    started: datetime
    mode: Mode
    repeats: int
    suites: dict[SuiteName, str]
    """Suite to the hash of its cases."""
    chosen: dict[SuiteName, tuple[str, ...]]
    """The ids that were to run."""
    partial: bool = False
    """Not all cases of the suites were to run: a tag, failing ones only, a limit."""
    identity: Identity
