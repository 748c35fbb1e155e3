"""`briefs eval calibrate`: asks judges about their labelled sets, and prints how far each agrees with people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from api.cli.evaluating import opened
from api.cli.session import bar, out, put_json
from briefs.errors import BadInput

if TYPE_CHECKING:
    from evals.judges.agreement import Agreement


def calibrate(home: Path | None, judge: str, model: str, mode: str, kept: Path | None, json: bool) -> None:
    from evals import judges
    from evals.judges.calibrating import Calibration, CalibrationMode
    from evals.judges.calibrating import calibrate as measured

    if mode not in get_args(CalibrationMode):
        raise BadInput(f"No mode is called {mode[:40]!r}.", f"There are {', '.join(get_args(CalibrationMode))}.")
    names = judges.names() if judge == "all" else [judge]
    with opened(home) as workspace, bar("Calibrating", shown=not json) as progress:
        found = measured(Calibration(names, model, cast("CalibrationMode", mode), kept=kept), workspace, progress)
    if json:
        put_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        _print(each, kept or judges.load(each.judge).kept)


def _print(agreed: Agreement, kept: Path) -> None:
    from rich.text import Text

    from evals.judges.agreement import GOOD

    console = out()
    console.print(Text(f"{agreed.judge} with {agreed.model}, {agreed.sentences} labelled sentences", style="bold"))
    for figure in agreed.metrics():
        interval = f" ({figure.low:.2f}–{figure.high:.2f})" if figure.low is not None and figure.high is not None else ""
        value = "unknown" if figure.value is None else f"{figure.value:.2f}"
        console.print(Text(f"  {figure.name.replace('_', ' '):20} {value}{interval}  n = {figure.n}  {figure.note}".rstrip()))
    rates = (agreed.true_positive_rate, agreed.true_negative_rate)
    trusted = all(rate is not None and rate >= GOOD for rate in rates)
    said = "Both rates reach" if trusted else "Not to be trusted alone: both rates should reach"
    console.print(Text(f"  {said} {GOOD:.1f}. Kept in {kept}; commit it, and every score of this judge with this model carries it."))
