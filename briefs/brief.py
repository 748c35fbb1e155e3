"""The nouns: evidence, signals, verdicts, claims and the brief itself, all frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Test = Literal["success", "fit", "timing", "risk"]
Strength = Literal["strong", "weak"]
VerdictName = Literal["qualified", "watch", "blocked", "quiet", "insufficient_data"]
Motion = Literal["seats", "tier", "module", "usage", "new_team", "multi_product"]
LeadType = Literal["customer_success", "service"]
Route = Literal["tech_touch", "csm", "ae"]
ClaimKind = Literal["fact", "customer_said", "computed", "absence", "advice", "csm_statement"]
FactorState = Literal["met", "partial", "unmet", "unknown"]

SUCCESS_TYPES = ("nps_promoter", "health_rising", "usage_growth", "feature_adoption", "value_stated", "advocacy")
FIT_TYPES = (
    "seat_saturation",
    "limit_reached",
    "seats_requested",
    "higher_tier_feature_requested",
    "new_use_case",
    "new_team",
    "module_interest",
    "upgrade_attempt",
)
TIMING_TYPES = ("renewal_window", "new_sponsor", "budget_event", "dated_plan", "growth_event")
BLOCKER_CODES = (
    "open_critical_ticket",
    "churn_intent",
    "contested_renewal",
    "competitor_evaluation",
    "sponsor_left",
    "budget_freeze",
    "usage_decline",
    "detractor",
    "overdue_invoice",
    "onboarding",
    "open_expansion_opportunity",
    "do_not_contact",
)
WARNING_TYPES = ("price_complaint", "negative_sentiment", "injection_suspected")
SIGNAL_TYPES = SUCCESS_TYPES + FIT_TYPES + TIMING_TYPES + BLOCKER_CODES + WARNING_TYPES


class Frozen(BaseModel):
    """What every part of a result and a brief is. Pydantic builds each class when it is first used: `briefs list` uses none."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Evidence(Frozen):
    """Where a statement rests: words (`part`, `start`, `end`, `quote`) or data (`field`, `value`).

    `quote` is the stored text of `part` at `start:end` (code points, end exclusive), character for character.
    """

    record_id: str
    kind: str
    part: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    field: str | None = None
    value: Any = None
    at: date | None = None
    speaker: str | None = None
    """Who said it, where the record tells: a contact's name, or the author as written."""


class Signal(Frozen):
    """One dated reason for or against expansion, resting on evidence.

    `observed_at` is the day the thing was said or measured; `due` the day it points at (a renewal, a go-live), where it names one.
    `wants` holds what code could read from the words: `quantity`, `feature`, `limit`, `team`; `skus` the products of the catalogue that serve it.
    """

    id: str
    type: str
    test: Test
    strength: Strength
    observed_at: date
    due: date | None = None
    detector: str
    subject_account_id: str
    evidence: tuple[Evidence, ...]
    wants: dict[str, Any] = Field(default_factory=dict)
    skus: tuple[str, ...] = ()
    explicit_request: bool = False
    """The customer asks to have or buy more now (a request at most 30 days old is also timing)."""


class Blocker(Frozen):
    code: str
    evidence: tuple[Evidence, ...]
    clears_when: str
    observed_at: date | None = None


class TestResult(Frozen):
    __test__ = False
    met: bool
    signals: tuple[str, ...] = ()


class FitResult(TestResult):
    sku: str | None = None
    also: tuple[str, ...] = ()
    """Other products that fit; the cheapest that closes the whole need is `sku`."""


class Tests(Frozen):
    __test__ = False
    success: TestResult
    fit: FitResult
    timing: TestResult


class Arr(Frozen):
    """Incremental yearly revenue, renewal left out. Each figure names its input; all are equal when there is one input."""

    low: float
    base: float
    high: float
    currency: str
    low_from: str
    base_from: str
    high_from: str
    formula: str
    excludes_renewal: Literal[True] = True


class Override(Frozen):
    """A person's dated, reasoned judgement over the machine's."""

    id: str
    account_id: str
    kind: Literal["draft_anyway", "dismiss_signal", "clear_blocker"]
    target: str | None = None
    """The signal type (or id) dismissed, or the blocker code cleared."""
    reason: str
    by: str
    created_at: datetime
    expires_at: datetime


class FlaggedTicket(Frozen):
    """Support says that a ticket holds something for sales: evidence, never a verdict, and never the customer's own ask.

    `reason` is None, with `withheld` saying why, where what the agent wrote may stand in no brief.
    """

    ticket_id: str
    by: str
    at: datetime
    reason: str | None
    withheld: Literal["other_customer", "addresses_a_machine"] | None = None
    evidence: tuple[Evidence, ...]


class Referral(Frozen):
    """A customer pointing at somebody else who may buy."""

    evidence: tuple[Evidence, ...]
    observed_at: date


class Cost(Frozen):
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    amount: float | None = 0.0
    currency: str = "USD"
    retries: int = 0


class RejectedClaim(Frozen):
    """A sentence that failed verification, kept apart with the reason."""

    section: str
    text: str
    reason: str
    detail: str
    source: str


class AccountResult(Frozen):
    """The rubric's answer for one account as of one day, with what it rests on and what would change it."""

    account_id: str
    account_name: str
    as_of: date
    verdict: VerdictName
    engine: Literal["offline", "llm"]
    engine_note: str | None = None
    """Why the model engine fell back to the offline one, when it did."""
    tests: Tests
    blockers: tuple[Blocker, ...] = ()
    would_change: tuple[str, ...] = ()
    lead_type: LeadType | None = None
    route: Route | None = None
    motion: Motion | None = None
    priority: float = 0.0
    undated_fields: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    referrals: tuple[Referral, ...] = ()
    flags: tuple[FlaggedTicket, ...] = ()
    arr: Arr | None = None
    signals: tuple[Signal, ...] = ()
    brief_id: str | None = None
    dossier_hash: str
    rubric_version: str
    model: str | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    cost: Cost = Cost()
    left_out: tuple[str, ...] = ()
    """What did not fit the model's token budget, in words."""
    rejected: tuple[RejectedClaim, ...] = ()
    """Sentences of the draft that failed verification: for the CSM's eyes, never part of what is approved."""


class Rejections(BaseModel):
    """Of a result as JSON, only what failed verification; the rest is passed over."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    rejected: tuple[RejectedClaim, ...] = ()


class Claim(Frozen):
    """One sentence of a brief with the evidence it rests on."""

    id: str
    text: str
    kind: ClaimKind = "fact"
    evidence: tuple[Evidence, ...] = ()
    signal_ids: tuple[str, ...] = ()
    derived: dict[str, Any] = Field(default_factory=dict)
    """Figures code computed from the evidence, by name: a model can never set one."""
    internal: bool = False
    """Rests on an internal note: the AE may read it, the customer may not."""


class Section(Frozen):
    key: str
    title: str
    claims: tuple[Claim, ...]


class Question(Frozen):
    text: str
    listen_for: str
    evidence: tuple[Evidence, ...] = ()


class TalkTrack(Frozen):
    objective: str
    opener: str
    questions: tuple[Question, ...] = Field(max_length=5)
    risk: str
    say: str
    show: str
    avoid: str
    evidence: tuple[Evidence, ...] = ()
    """What the opener rests on."""
    risk_evidence: tuple[Evidence, ...] = ()


class Factor(Frozen):
    """One factor of the qualification frame (BANT or MEDDICC). Unknown is not unmet."""

    name: str
    state: FactorState
    text: str
    evidence: tuple[Evidence, ...] = ()
    question: str | None = None


class Card(Frozen):
    """The thirty-second view."""

    account: str
    headline: str
    why_now: str
    arr: str
    tests: dict[str, str]
    top_risk: str
    next_step: str
    as_of: date


class UsageRow(Frozen):
    record_id: str
    period_start: date
    period_end: date
    seats_licensed: int | None
    seats_active: int | None
    metrics: dict[str, float] = Field(default_factory=dict)
    test_traffic: bool = Field(default=False, exclude_if=lambda marked: not marked)
    """Mostly tests: shown and marked, never told as use. Left out of the bytes where there is no mark, so that a brief approved before there was
    one keeps its hash."""


class Conflict(Frozen):
    """Two sources that do not agree, side by side; nobody resolves them but a person."""

    topic: str
    sides: tuple[Claim, ...]


class Source(Frozen):
    record_id: str
    kind: str
    title: str
    at: date | None
    author: str | None = None
    visibility: str | None = None
    private_parts: tuple[str, ...] = Field(default=(), exclude_if=lambda parts: not parts)
    """Parts of the record that the customer never saw, such as `messages[1]` of a ticket. Left out of the bytes where there are none, so that a
    brief without them reads and is written as it always was."""


class Provenance(Frozen):
    engine: Literal["offline", "llm"]
    engine_note: str | None = None
    model: str | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    rubric_version: str
    dossier_hash: str
    left_out: tuple[str, ...] = ()
    undated: tuple[str, ...] = Field(default=(), exclude_if=lambda fields: not fields)
    """Account fields whose day nobody knows: taken as they are today. Left out of the bytes where there are none."""


class BriefBody(Frozen):
    """What a CSM reviews, what an approval's hash covers, and what an AE reads. Canonical JSON of this is the brief."""

    schema_version: Literal[1] = 1
    account_id: str
    account_name: str
    as_of: date
    motion: Motion | None
    sku: str | None
    sku_name: str | None
    lead_type: LeadType | None
    route: Route | None
    verdict: VerdictName
    card: Card
    sections: tuple[Section, ...]
    coverage_frame: Literal["BANT", "MEDDICC"] = "BANT"
    coverage: tuple[Factor, ...]
    arr: Arr | None
    usage: tuple[UsageRow, ...]
    talk_track: TalkTrack
    conflicts: tuple[Conflict, ...] = ()
    rejected: tuple[RejectedClaim, ...] = ()
    sources: tuple[Source, ...]
    overrides: tuple[Override, ...] = ()
    provenance: Provenance

    def claims(self) -> tuple[Claim, ...]:
        """Every sentence of every section, in reading order."""
        return tuple(claim for section in self.sections for claim in section.claims)
