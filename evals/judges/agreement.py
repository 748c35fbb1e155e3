"""How far a judge agrees with people, measured on its labelled set: beyond chance, on what is right, and on what is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from evals.rates import metric
from evals.results import Metric
from evals.statistics import Floats, Interval, kappa, resampled, wilson

Answered = Literal["yes", "no", "cannot_tell", "no_answer"]
"""What a judge gave for a sentence; `no_answer`: nothing that could be used, asked twice."""
SILENT = ("cannot_tell", "no_answer")

GOOD = 0.9
"""From which both rates would be trusted without a second look."""


class Agreement(BaseModel):
    """Of one judge's version with one model. A sentence it cannot tell of, or gives no usable answer to, counts as a wrong answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    judge: str
    version: str
    model: str
    sentences: int
    right: int
    """Labelled yes."""
    right_told: int
    wrong: int
    """Labelled no."""
    wrong_told: int
    cannot_tell: int
    no_answer: int = 0
    right_silent: int | None = None
    """Of those labelled yes, how many it said neither yes nor no of. None: measured before this was kept."""
    wrong_silent: int | None = None
    kappa: float | None
    kappa_interval: tuple[float, float] | None = None
    measured: date | None = None

    @classmethod
    def of(cls, judge: str, version: str, model: str, pairs: Sequence[tuple[str, Answered]], measured: date | None = None) -> Agreement:
        """From pairs of a person's label and the judge's answer."""
        interval = _kappa_interval(pairs)
        return cls(
            judge=judge,
            version=version,
            model=model,
            sentences=len(pairs),
            right=sum(label == "yes" for label, _ in pairs),
            right_told=sum(label == answer == "yes" for label, answer in pairs),
            wrong=sum(label == "no" for label, _ in pairs),
            wrong_told=sum(label == answer == "no" for label, answer in pairs),
            cannot_tell=sum(answer == "cannot_tell" for _, answer in pairs),
            no_answer=sum(answer == "no_answer" for _, answer in pairs),
            right_silent=sum(label == "yes" and answer in SILENT for label, answer in pairs),
            wrong_silent=sum(label == "no" and answer in SILENT for label, answer in pairs),
            kappa=kappa(pairs),
            kappa_interval=(interval.low, interval.high) if interval else None,
            measured=measured,
        )

    @property
    def true_positive_rate(self) -> float | None:
        return self.right_told / self.right if self.right else None

    @property
    def true_negative_rate(self) -> float | None:
        return self.wrong_told / self.wrong if self.wrong else None

    @property
    def rates_where_told(self) -> tuple[float, float] | None:
        """Both rates among the sentences it said yes or no of: the errors in a share that leaves the others out. None where either is unknown."""
        if self.right_silent is None or self.wrong_silent is None:
            return None
        right, wrong = self.right - self.right_silent, self.wrong - self.wrong_silent
        return (self.right_told / right, self.wrong_told / wrong) if right and wrong else None

    def metrics(self) -> list[Metric]:
        """Kappa with an interval drawn over the sentences, and both rates with Wilson's."""
        counted = ((self.cannot_tell, "could not be told"), (self.no_answer, "got no usable answer"))
        shrugged = ", ".join(f"{number} of {self.sentences} {what}" for number, what in counted if number)
        return [
            metric("kappa", self.kappa, Interval(*self.kappa_interval) if self.kappa_interval else None, self.sentences, note=shrugged),
            metric("true_positive_rate", self.true_positive_rate, wilson(self.right_told, self.right), self.right),
            metric("true_negative_rate", self.true_negative_rate, wilson(self.wrong_told, self.wrong), self.wrong),
        ]

    def keep(self, folder: Path) -> None:
        """Beside those of other models; an older one of this model is replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        others = [each for each in _all(folder, self.judge) if each.model != self.model]
        rows = sorted((*others, self), key=lambda each: each.model)
        text = json.dumps([row.model_dump(mode="json") for row in rows], indent=2, ensure_ascii=False)
        _path(folder, self.judge).write_text(text + "\n", "utf-8")


def read(folder: Path, judge: str, version: str, model: str) -> Agreement | None:
    """What was measured with this model for this text of the judge; None where nothing was, or the judge's text changed since."""
    return next((each for each in _all(folder, judge) if (each.version, each.model) == (version, model)), None)


def said(agreed: Agreement | None) -> str:
    """The agreement as it stands beside every judged score."""
    if agreed is None:
        return "agreement with people unknown: this judge was not calibrated with this model"
    beyond = "unknown" if agreed.kappa is None else f"{agreed.kappa:.2f}"
    if agreed.kappa_interval:
        beyond += f" ({agreed.kappa_interval[0]:.2f}-{agreed.kappa_interval[1]:.2f})"
    right = _rate(agreed.right_told, agreed.right)
    wrong = _rate(agreed.wrong_told, agreed.wrong)
    return f"agreement with people: kappa {beyond}, right ones {right}, wrong ones {wrong}, n {agreed.sentences}"


def _rate(told: int, of: int) -> str:
    interval: Interval | None = wilson(told, of)
    return f"{told / of:.2f} ({interval.low:.2f}-{interval.high:.2f})" if interval else "unknown"


def _kappa_interval(pairs: Sequence[tuple[str, Answered]]) -> Interval | None:
    """Sentences drawn anew with replacement. Columns: all, agreed, labelled yes, labelled no, answered yes, answered no."""
    rows = [(1, label == answer, label == "yes", label == "no", answer == "yes", answer == "no") for label, answer in pairs]

    def drawn(sums: Floats) -> Floats:
        n, agreed, yes, no, said_yes, said_no = (sums[:, column] for column in range(6))
        chance = (yes * said_yes + no * said_no) / n**2
        return (agreed / n - chance) / (1 - chance)

    return resampled(np.array(rows, dtype=np.float64).reshape(-1, 6), drawn)


def everything(folder: Path, judge: str) -> list[Agreement]:
    """Each model's agreement that is kept there, by the model's name."""
    return sorted(_all(folder, judge), key=lambda each: each.model)


def _all(folder: Path, judge: str) -> list[Agreement]:
    """Everything kept; a file that cannot be read is as if it were not there: it is measured again."""
    try:
        return [Agreement.model_validate(row) for row in json.loads(_path(folder, judge).read_text("utf-8"))]
    except (FileNotFoundError, ValueError, ValidationError, TypeError):
        return []


def _path(folder: Path, judge: str) -> Path:
    return folder / f"{judge}.agreement.json"
