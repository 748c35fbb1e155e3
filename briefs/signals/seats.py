"""Seats: how many are used of those paid for."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import data, signal
from briefs.signals.series import latest
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`seat_saturation` where the share used reaches the rubric's. Whether more can be sold is the catalogue's to say."""
    row = latest(dossier.usage, dossier.as_of, rubric)
    if row is None or row.seats_active is None:
        return []
    licensed = row.seats_licensed if row.seats_licensed is not None else dossier.account.seats
    if not licensed or 100 * row.seats_active < rubric.seats_used_percent * licensed:
        return []
    evidence = [data(row, "seats_active", row.seats_active)]
    evidence.append(data(row, "seats_licensed", licensed) if row.seats_licensed is not None else data(dossier.account, "seats", licensed))
    wants = {"active": row.seats_active, "licensed": licensed, "percent": round(100 * row.seats_active / licensed, 1)}
    return [signal(dossier.account.id, "seat_saturation", row.period_end, "rule:seats", *evidence, wants=wants)]
