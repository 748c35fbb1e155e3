"""The rubric: every threshold of the verdict, read from one file people edit, versioned by its hash, and able to say itself in words."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, NonNegativeInt, PositiveInt, ValidationError, model_validator

from briefs import yamlfile
from briefs.errors import RubricError

Share = float


class PriorityWeights(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    verdict: NonNegativeFloat
    strength: NonNegativeFloat
    timing: NonNegativeFloat
    size: NonNegativeFloat

    @model_validator(mode="after")
    def _add_up(self) -> PriorityWeights:
        total = self.verdict + self.strength + self.timing + self.size
        if abs(total - 1) > 1e-6:
            raise ValueError(f"the priority weights add up to {total:g}, not 1")
        return self


class Rubric(BaseModel):
    """Thresholds in days, percent and counts, as the contract's section 2 sets them by default."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    said_days: PositiveInt
    nps_days: PositiveInt
    nps_promoter_from: NonNegativeInt
    nps_detractor_to: NonNegativeInt
    advocacy_days: PositiveInt
    new_sponsor_days: PositiveInt
    growth_event_days: PositiveInt
    limit_fit_days: PositiveInt
    limit_timing_days: PositiveInt
    request_timing_days: PositiveInt
    renewal_ahead_days: PositiveInt
    plan_ahead_days: PositiveInt
    health_rise_points: NonNegativeFloat
    use_metric: str | None
    use_periods_back: PositiveInt
    use_growth_percent: NonNegativeFloat
    use_drop_between_percent: NonNegativeFloat
    use_decline_percent: NonNegativeFloat
    usage_fresh_days: PositiveInt
    core_adoption_percent: NonNegativeFloat
    seats_used_percent: NonNegativeFloat
    limit_used_percent: NonNegativeFloat
    test_traffic_share: Share = Field(gt=0, le=1)
    onboarding_days: PositiveInt
    sponsor_left_days: PositiveInt
    stated_blocker_days: PositiveInt
    text_fresh_days: PositiveInt
    few_records: NonNegativeInt
    critical_priority: Literal["P1", "P2", "P3", "P4"]
    coverage_frame: Literal["BANT", "MEDDICC"]
    seat_target_percent: float = Field(gt=0, le=100)
    priority: PriorityWeights
    arr_half: float = Field(gt=0)

    @property
    def version(self) -> str:
        """sha256 over the thresholds, so that a comment or an order changes nothing."""
        return "sha256:" + hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def in_words(self) -> dict[str, list[str]]:
        """The rubric as sentences, by test."""
        return self._tests_in_words() | self._verdict_in_words()

    def _tests_in_words(self) -> dict[str, list[str]]:
        return {
            "success (the customer gets real value)": [
                f"An NPS answer of {self.nps_promoter_from} or 10 in the last {self.nps_days} days; a respondent's latest answer counts.",
                f"Health up by {self.health_rise_points:g} points or more.",
                f"Use up by {self.use_growth_percent:g} % or more against {self.use_periods_back} periods before, with no drop in between above "
                f"{self.use_drop_between_percent:g} %.",
                f"{self.core_adoption_percent:g} % of the core features adopted.",
                f"An outcome the customer states, in the last {self.said_days} days; advocacy in the last {self.advocacy_days} days.",
            ],
            "fit (something in the catalogue serves the need and is not owned)": [
                f"{self.seats_used_percent:g} % of the seats used, and more seats or a tier for sale.",
                f"{self.limit_used_percent:g} % of a limit used, or an upgrade attempt, in the last {self.limit_fit_days} days.",
                f"More seats, a feature the plan lacks, a new use or a new team asked for in the last {self.said_days} days.",
            ],
            "timing (something makes now the moment)": [
                f"A renewal in the next {self.renewal_ahead_days} days.",
                f"A new sponsor in the last {self.new_sponsor_days} days; a growth event in the last {self.growth_event_days} days.",
                f"A dated plan or a budget date in the next {self.plan_ahead_days} days.",
                f"A limit reached or an upgrade attempt in the last {self.limit_timing_days} days.",
                f"A customer's explicit request to buy more, at most {self.request_timing_days} days old.",
            ],
        }

    def _verdict_in_words(self) -> dict[str, list[str]]:
        p, held = self.priority, self.stated_blocker_days
        return {
            "blockers (any one stands in the way)": [
                f"open_critical_ticket: a {self.critical_priority} that is not solved.",
                f"churn_intent, contested_renewal, competitor_evaluation, budget_freeze: said in the last {held} days, not taken back.",
                f"sponsor_left: champion or economic buyer gone in the last {self.sponsor_left_days} days, nobody named in the place.",
                f"usage_decline: use down by {self.use_decline_percent:g} % or more against {self.use_periods_back} periods before.",
                f"detractor: an NPS of {self.nps_detractor_to} or less from the champion or the economic buyer in the last {self.nps_days} days.",
                f"onboarding: a customer for less than {self.onboarding_days} days.",
                "overdue_invoice, open_expansion_opportunity, do_not_contact: as the account and its opportunities say.",
            ],
            "verdict": [
                f"insufficient_data: no usage and no text in {self.text_fresh_days} days, or {self.few_records} records or fewer. It comes first.",
                "qualified: all three tests, no blocker, evidence of two kinds of record.",
                "watch: two tests, or three on one kind of evidence. blocked: two or three tests and a blocker. quiet: fewer than two tests.",
            ],
            "priority (sorts, never qualifies)": [
                f"{p.verdict:g} x verdict (qualified 1, watch 0.5, blocked 0.25) + {p.strength:g} x share of strong signals + "
                f"{p.timing:g} x nearness of the date (1 today, 0 at {self.renewal_ahead_days} days) + "
                f"{p.size:g} x ARR base / (ARR base + {self.arr_half:g})."
            ],
        }


def load(path: Path | None = None) -> Rubric:
    """The rubric of `path`, or the one that ships. Raises RubricError with the field that is wrong."""
    text = path.read_text("utf-8") if path else resources.files("briefs").joinpath("rubric.yaml").read_text("utf-8")
    try:
        return Rubric.model_validate(yamlfile.read(text))
    except (yaml.YAMLError, ValidationError) as cause:
        first = cause.errors()[0] if isinstance(cause, ValidationError) else {"loc": (), "msg": "not valid YAML"}
        where = ".".join(str(part) for part in first["loc"])
        raise RubricError(
            f"The rubric {path or 'that ships'} is not valid: {where} {first['msg']}.", "Compare it with briefs/rubric.yaml."
        ) from cause
