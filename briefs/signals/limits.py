"""Limits of the plan that are nearly used up."""

from __future__ import annotations

from datetime import date

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import TOLERANCE, data, signal
from briefs.signals.series import full_periods, is_test_traffic
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`limit_reached`, once per limit, from the latest period in which it was reached; a full period below it later takes it back."""
    found: dict[str, Signal] = {}
    full = full_periods(dossier.usage)
    for row in dossier.usage:
        if is_test_traffic(row, rubric) or _age(row.period_end, dossier.as_of) > rubric.limit_fit_days:
            continue
        for name, limit in row.limits.items():
            used = row.metrics.get(name)
            if used is None or limit <= 0:
                continue
            if 100 * used / limit < rubric.limit_used_percent - TOLERANCE:
                if row in full:  # half a month below the limit says nothing
                    found.pop(name, None)
                continue
            wants = {"limit": name, "used": used, "allowed": limit, "percent": round(100 * used / limit, 1)}
            evidence = (data(row, f"metrics.{name}", used), data(row, f"limits.{name}", limit))
            found[name] = signal(dossier.account.id, "limit_reached", row.period_end, "rule:limit", *evidence, wants=wants)
    return list(found.values())


def _age(day: date, as_of: date) -> int:
    return (as_of - day).days
