"""The funnel as a page shows it: how many came how far, how fast, by what they can be told apart, and how sure a share is."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.views.charts import Chart, intervals, plotted, tallied
from api.pages.views.words import BLOCKERS, DECLINES, LOSSES, REASONS, said
from briefs.funnel import Counts, Funnel, Share
from briefs.rendering.outline import Bar
from briefs.rendering.words import KINDS, LEADS, SIGNALS, money, number

DIMENSIONS = {
    "week": "By week",
    "source": "By kind of record",
    "signal": "By signal",
    "prompt": "By prompt version",
    "engine": "By engine",
    "model": "By model",
    "lead_type": "By kind of lead",
}
STEPS = {
    "signal_to_draft": "from signal to draft",
    "draft_to_approval": "from draft to approval",
    "approval_to_delivery": "from approval to delivery",
    "delivery_to_acceptance": "from delivery to acceptance",
}


@dataclass(frozen=True)
class FunnelView:
    steps: tuple[tuple[str, str], ...]
    chart: Chart | None
    acceptance: str
    hours: tuple[tuple[str, str], ...]
    unread: str
    unread_bad: bool
    reasons: tuple[Chart, ...]
    tables: tuple[tuple[str, tuple[tuple[str, Counts, str], ...], Chart | None], ...]


def funnel_view(funnel: Funnel) -> FunnelView:
    total = funnel.total
    steps = [(name, number(getattr(total, name))) for name in ("drafted", "approved", "delivered", "accepted", "won")]
    arr = " + ".join(money(amount, currency) for currency, amount in total.arr.items()) or "–"
    won = " + ".join(money(amount, currency) for currency, amount in total.won_arr.items()) or "–"
    bars = [Bar(label.capitalize(), float(text.replace(",", "")), float(total.drafted)) for label, text in steps]
    return FunnelView(
        steps=(*((label.capitalize(), text) for label, text in steps), ("ARR drafted", arr), ("ARR won", won)),
        chart=plotted("Of the briefs drafted, how many came to each step", bars, "Briefs", "Drafted") if total.drafted else None,
        acceptance=share(total.acceptance),
        hours=tuple((STEPS[name], f"{lasting(h.median)} (median of {h.briefs})") for name, h in funnel.hours.items() if h.median is not None),
        unread=share(funnel.approved_unread),
        unread_bad=bool(funnel.approved_unread.part),
        reasons=tuple(
            tallied(title, [(said(words, code), count) for code, count in sorted(tally.items(), key=lambda one: (-one[1], one[0]))])
            for title, words, tally in (
                ("Rejected because", REASONS, funnel.rejected_for),
                ("Declined because", DECLINES, funnel.declined_for),
                ("Lost because", LOSSES, funnel.lost_for),
            )
            if tally
        ),
        tables=tuple(_table(key, title, funnel.by[key]) for key, title in DIMENSIONS.items() if funnel.by.get(key)),
    )


def lasting(hours: float) -> str:
    """`18 min`, `5.5 h`, `12 days`, `8 months`: in the unit people use."""
    if hours < 1:
        return f"{max(round(hours * 60), 1)} min"
    if hours < 48:
        return f"{number(round(hours, 1))} h"
    days = round(hours / 24)
    return f"{days} days" if days < 60 else f"{round(days / 30.4)} months"


def share(one: Share) -> str:
    """`3 of 4 (75 %, between 30 and 95 %)`: a share never stands without how sure it is."""
    if one.rate is None or one.low is None or one.high is None:
        return "none yet"
    return f"{one.part} of {one.whole} ({one.rate:.0%}, between {one.low * 100:.0f} and {one.high:.0%})".replace("%", " %")


def _table(key: str, title: str, groups: dict[str, Counts]) -> tuple[str, tuple[tuple[str, Counts, str], ...], Chart | None]:
    names: dict[str, dict[str, str]] = {"signal": SIGNALS | BLOCKERS, "source": KINDS, "lead_type": LEADS}
    rows = tuple((names.get(key, {}).get(value, value), counts, share(counts.acceptance)) for value, counts in groups.items())
    if key == "week":
        bars = [Bar(name, float(counts.approved), float(counts.drafted)) for name, counts, _ in rows]
        return title, rows, plotted("Approved, of those drafted", bars, "Approved", "Drafted")
    sure = [(name, c.acceptance.low, c.acceptance.rate, c.acceptance.high) for name, c, _ in rows]
    told = [(name, low, rate, high) for name, low, rate, high in sure if low is not None and rate is not None and high is not None]
    return title, rows, intervals("Accepted by sales, with 95 % intervals", told) if told else None
