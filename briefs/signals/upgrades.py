"""Attempts to open something the plan does not hold."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import data, signal
from briefs.signals.series import is_test_traffic
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`upgrade_attempt`, once per feature: the latest attempt, with how often it was tried."""
    latest: dict[str, Signal] = {}
    tries: dict[str, int] = {}
    for row in dossier.usage:
        if is_test_traffic(row, rubric):
            continue
        for attempt in sorted(row.upgrade_attempts, key=lambda a: a.at):
            day = attempt.at.date()
            if (dossier.as_of - day).days > rubric.limit_fit_days:
                continue
            key = attempt.feature.casefold()
            tries[key] = tries.get(key, 0) + 1
            value = {"at": attempt.at.isoformat(), "feature": attempt.feature, "user": attempt.user}
            wants = {"feature": attempt.feature, "user": attempt.user, "tries": tries[key]}
            latest[key] = signal(
                dossier.account.id, "upgrade_attempt", day, "rule:upgrade", data(row, "upgrade_attempts", value), wants=wants, about=key
            )
    return list(latest.values())
