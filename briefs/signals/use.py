"""Use of the product: growth, decline and how much of the core is adopted."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import TOLERANCE, data, signal
from briefs.signals.series import latest, move
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`usage_growth`, `usage_decline` and `feature_adoption` from the usage table."""
    found: list[Signal] = []
    account = dossier.account.id
    moved = move(dossier.usage, dossier.as_of, rubric)
    if moved is not None:
        grown = moved.percent >= rubric.use_growth_percent - TOLERANCE and moved.worst_drop_percent <= rubric.use_drop_between_percent + TOLERANCE
        fallen = moved.percent <= -rubric.use_decline_percent + TOLERANCE
        if grown or fallen:
            kind = "usage_growth" if grown else "usage_decline"
            ends = (data(moved.latest, moved.metric, _whole(moved.after)), data(moved.earlier, moved.metric, _whole(moved.before)))
            found.append(signal(account, kind, moved.latest.period_end, "rule:use", *ends, wants={"percent": round(moved.percent, 1)}))
    row = latest(dossier.usage, dossier.as_of, rubric)
    if row is not None and row.features_core:
        adopted = set(row.features_core) & set(row.features_adopted)
        share = 100 * len(adopted) / len(set(row.features_core))
        if share >= rubric.core_adoption_percent - TOLERANCE:
            evidence = data(row, "features_adopted", sorted(adopted))
            wants = {"percent": round(share, 1), "adopted": len(adopted), "core": len(set(row.features_core))}
            found.append(signal(account, "feature_adoption", row.period_end, "rule:adoption", evidence, wants=wants))
    return found


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value
