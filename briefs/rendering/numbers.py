"""The parts of a brief that are counted, not written: how use has moved, and what the growth is worth a year."""

from __future__ import annotations

from briefs.brief import BriefBody, UsageRow
from briefs.rendering.cleaning import one_line
from briefs.rendering.outline import Bar, Bars, Block, Column, Line, Paragraph, Span, Table
from briefs.rendering.words import count, hyphenless, money, number, period, share

SHOWN_PERIODS = 4
"""Rows of the usage table, as many as a trend compares; the picture shows DRAWN_PERIODS."""
DRAWN_PERIODS = 24
SHOWN_METRICS = 2


def usage_blocks(body: BriefBody) -> tuple[Block, ...]:
    """The picture and the table of use, oldest period first; nothing where there is none."""
    rows = sorted(body.usage, key=lambda row: (row.period_end, row.period_start, row.record_id))
    if not rows:
        return ()
    metrics = sorted({name for row in rows[-SHOWN_PERIODS:] for name in row.metrics})
    seats = any(row.seats_active is not None or row.seats_licensed is not None for row in rows)
    columns = [Column("Period", 3)]
    if seats:
        columns += [Column("Licensed", 2, "right"), Column("Active", 2, "right"), Column("Used", 1, "right")]
    columns += [Column(hyphenless(name), 3, "right") for name in metrics[:SHOWN_METRICS]]
    table = Table(tuple(columns), tuple(_usage_row(row, metrics[:SHOWN_METRICS], seats=seats) for row in rows[-SHOWN_PERIODS:]))
    return (*_pictures(rows[-DRAWN_PERIODS:], metrics), table, *_left_out(len(rows), metrics))


def _usage_row(row: UsageRow, metrics: list[str], *, seats: bool) -> tuple[Line, ...]:
    cells = [period(row.period_start, row.period_end) + (" (test traffic)" if row.test_traffic else "")]
    if seats:
        cells += [count(row.seats_licensed), count(row.seats_active), share(row.seats_active, row.seats_licensed)]
    cells += [count(row.metrics.get(name)) for name in metrics]
    return tuple((Span(cell),) for cell in cells)


def _pictures(rows: list[UsageRow], metrics: list[str]) -> tuple[Block, ...]:
    """Seats where there are any, else the first metric; a single period is no trend, and test traffic is no use."""
    rows = [row for row in rows if not row.test_traffic]
    seats = tuple(
        Bar(period(row.period_start, row.period_end), float(row.seats_active), float(row.seats_licensed) if row.seats_licensed is not None else None)
        for row in rows
        if row.seats_active is not None
    )
    if len(seats) > 1:
        whole = any(bar.whole is not None for bar in seats)
        return (Bars("Seats active, of those licensed" if whole else "Seats active", seats),)
    if not metrics:
        return ()
    bars = tuple(Bar(period(row.period_start, row.period_end), max(row.metrics[metrics[0]], 0.0), None) for row in rows if metrics[0] in row.metrics)
    return (Bars(hyphenless(metrics[0]), bars),) if len(bars) > 1 else ()


def _left_out(periods: int, metrics: list[str]) -> tuple[Block, ...]:
    notes = [f"The last {SHOWN_PERIODS} of {periods} periods."] if periods > SHOWN_PERIODS else []
    if len(metrics) > SHOWN_METRICS:
        notes.append(f"Also measured: {', '.join(hyphenless(name) for name in metrics[SHOWN_METRICS:])}.")
    return (Paragraph((Span(" ".join(notes), "muted"),)),) if notes else ()


def _no_price(body: BriefBody) -> str:
    """Why there is no estimate, as the card says it (`not estimated: no quantity is named`) where it does."""
    if not body.sku_name:
        return "no product is recommended"
    _, _, why = one_line(body.card.arr).partition("not estimated: ")
    return why or f"the catalogue holds no price for {one_line(body.sku_name)}"


def arr_blocks(body: BriefBody) -> tuple[Block, ...]:
    """Low, base and high with the input each rests on, one line where they are one figure, and the formula where anything is counted."""
    arr = body.arr
    if arr is None:
        return (Paragraph((Span(f"No estimate: {_no_price(body)}.", "muted"),)),)
    figures = (("Low", arr.low, arr.low_from), ("Base", arr.base, arr.base_from), ("High", arr.high, arr.high_from))
    one = len({number(amount) for _, amount, _ in figures}) == 1
    shown = (("Estimate", arr.base, arr.base_from),) if one else figures
    rows = tuple(((Span(name, "strong"),), (Span(money(amount, arr.currency)),), (Span(one_line(source)),)) for name, amount, source in shown)
    table = Table((Column("", 1), Column("A year", 2, "right"), Column("Rests on", 6)), rows)
    counted = " x " in arr.formula or " + " in arr.formula  # one yearly price is its own formula
    return (table, Paragraph((Span("Formula: ", "muted"), Span(one_line(arr.formula))))) if counted else (table,)
