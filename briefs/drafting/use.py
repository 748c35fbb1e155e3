"""How the product is used: the latest period in words, and the table."""

from __future__ import annotations

from briefs.brief import Claim, Evidence, UsageRow
from briefs.drafting.facts import METRIC_NAMES, claim
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.rubric import Rubric
from briefs.signals.evidence import data
from briefs.signals.series import is_test_traffic, move, real_periods
from briefs.wording import listed, measure, month, number, sentence
from retrieval.dossier import Dossier
from retrieval.records import Usage

PERIODS = 12
"""Periods the table holds."""


def usage(m: Material) -> list[Claim]:
    rows, made = real_periods(m.dossier.usage, m.rubric), _tested(m)
    if not rows or (m.dossier.as_of - rows[-1].period_end).days > m.rubric.usage_fresh_days:
        days = m.rubric.usage_fresh_days
        key = "none_real" if made else "none"
        return [*made, claim(phrase("usage", key, days=days), "absence", derived={"days": days})]
    last = rows[-1]
    if last.seats_active is not None:
        evidence: list[Evidence] = [data(last, "seats_active", last.seats_active)]
        if last.seats_licensed:
            evidence.append(data(last, "seats_licensed", last.seats_licensed))
        key = "seats" if last.seats_licensed else "active"
        words = phrase("usage", key, active=last.seats_active, licensed=last.seats_licensed, month=month(last.period_start))
        made.append(claim(words, "fact", evidence))
    moved = move(m.dossier.usage, m.dossier.as_of, m.rubric)
    told = {e.record_id + (e.field or "") for s in m.bearing("success")[: m.most_stated] if s.type == "usage_growth" for e in s.evidence}
    if moved is not None and moved.latest.id + moved.metric not in told:  # growth that carries the case is told there
        ends = (data(moved.latest, moved.metric, moved.after), data(moved.earlier, moved.metric, moved.before))
        percent = round(abs(moved.percent), 1)
        metric = METRIC_NAMES.get(moved.metric, measure(moved.metric.removeprefix("metrics.")))
        between = {"month_before": month(moved.earlier.period_start), "month_after": month(moved.latest.period_start)}
        key = "still" if not percent else "rose" if moved.percent > 0 else "fell"
        words = phrase("usage", key, metric=sentence(metric), percent=number(percent), **between)
        made.append(claim(words, "computed", ends, derived={"percent": percent}))
    return made


def tested(m: Material) -> list[Usage]:
    """The periods of the table that were mostly tests, oldest first."""
    return [row for row in m.dossier.usage[-PERIODS:] if is_test_traffic(row, m.rubric)]


def _tested(m: Material) -> list[Claim]:
    """Which periods the sentences leave out: whoever shows the table must know before the customer asks."""
    rows = tested(m)
    if not rows:
        return []
    shares = tuple(data(row, "test_traffic_share", row.test_traffic_share) for row in rows)
    words = phrase("usage", "tested", months=listed([month(row.period_start) for row in rows]))
    return [claim(words, "computed", shares, internal=True)]


def usage_rows(dossier: Dossier, rubric: Rubric) -> tuple[UsageRow, ...]:
    """The last periods, as numbers; those that were mostly tests are marked."""
    return tuple(
        UsageRow(
            record_id=row.id,
            period_start=row.period_start,
            period_end=row.period_end,
            seats_licensed=row.seats_licensed,
            seats_active=row.seats_active,
            metrics=row.metrics,
            test_traffic=is_test_traffic(row, rubric),
        )
        for row in dossier.usage[-PERIODS:]
    )
