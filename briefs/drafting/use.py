"""How the product is used: the latest period in words, and the table."""

from __future__ import annotations

from briefs.brief import Claim, Evidence, UsageRow
from briefs.drafting.facts import claim
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.signals.evidence import data
from briefs.signals.series import full_periods, move
from briefs.wording import month
from retrieval.dossier import Dossier


def usage(m: Material) -> list[Claim]:
    rows = full_periods(m.dossier.usage)
    if not rows or (m.dossier.as_of - rows[-1].period_end).days > m.rubric.usage_fresh_days:
        days = m.rubric.usage_fresh_days
        return [claim(phrase("usage", "none", days=days), "absence", derived={"days": days})]
    last = rows[-1]
    made: list[Claim] = []
    if last.seats_active is not None:
        evidence: list[Evidence] = [data(last, "seats_active", last.seats_active)]
        if last.seats_licensed:
            evidence.append(data(last, "seats_licensed", last.seats_licensed))
        key = "seats" if last.seats_licensed else "active"
        words = phrase("usage", key, active=last.seats_active, licensed=last.seats_licensed, month=month(last.period_start))
        made.append(claim(words, "fact", evidence))
    moved = move(m.dossier.usage, m.dossier.as_of, m.rubric)
    if moved is not None:
        ends = (data(moved.latest, moved.metric, moved.after), data(moved.earlier, moved.metric, moved.before))
        percent = round(moved.percent, 1)
        between = {"month_before": month(moved.earlier.period_start), "month_after": month(moved.latest.period_start)}
        words = phrase("usage", "flat" if percent else "still", percent=f"{percent:+g}", **between)
        made.append(claim(words, "computed", ends, derived={"percent": percent}))
    return made


def usage_rows(dossier: Dossier) -> tuple[UsageRow, ...]:
    """The last twelve periods, as numbers."""
    return tuple(
        UsageRow(
            record_id=row.id,
            period_start=row.period_start,
            period_end=row.period_end,
            seats_licensed=row.seats_licensed,
            seats_active=row.seats_active,
            metrics=row.metrics,
        )
        for row in dossier.usage[-12:]
    )
