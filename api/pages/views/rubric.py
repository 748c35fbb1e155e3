"""The thresholds a person may try another value of, named as people say them."""

from __future__ import annotations

from briefs.rubric import Rubric

THRESHOLDS = {
    "seats_used_percent": "Seats used from (%)",
    "limit_used_percent": "Limit used from (%)",
    "core_adoption_percent": "Core features adopted from (%)",
    "use_growth_percent": "Growth of use from (%)",
    "use_decline_percent": "Fall of use from (%)",
    "health_rise_points": "Health up by (points)",
    "nps_promoter_from": "NPS promoter from",
    "nps_detractor_to": "NPS detractor up to",
    "nps_days": "An NPS answer counts for (days)",
    "said_days": "What a customer said counts for (days)",
    "renewal_ahead_days": "Renewal within (days)",
    "plan_ahead_days": "Dated plan within (days)",
    "request_timing_days": "A request is also timing for (days)",
    "limit_timing_days": "A limit reached is timing for (days)",
    "new_sponsor_days": "A new sponsor counts for (days)",
    "growth_event_days": "A growth event counts for (days)",
    "stated_blocker_days": "A stated blocker holds (days)",
    "sponsor_left_days": "A sponsor gone counts for (days)",
    "onboarding_days": "Onboarding lasts (days)",
    "few_records": "Too little is up to (records)",
}


def thresholds(rubric: Rubric) -> tuple[tuple[str, str, str], ...]:
    """Each threshold as (field, name, its present value)."""
    return tuple((field, name, f"{getattr(rubric, field):g}") for field, name in THRESHOLDS.items())
