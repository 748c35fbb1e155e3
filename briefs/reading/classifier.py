"""Says which labels a sentence carries, and how surely: a small linear model trained on our own labelled sentences, read with NumPy alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from briefs.reading.concepts import TABLE
from briefs.reading.features import Featuriser, Rows

MODEL = Path(__file__).with_name("model.npz")
CODE_VERSION = "5"
"""Raise when features or their numbering change: the model must be trained anew."""

BATCH = 512
Scores = npt.NDArray[np.float32]


class Classifier:
    """One linear score a label, turned into a probability. Two thresholds: `wide` to look closer, `sure` a label, at which it is measured."""

    def __init__(self, path: Path = MODEL) -> None:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["code_version"]) != CODE_VERSION:
                raise ValueError(f"{path.name} was trained for other features: run `python -m evals.training --write`")
            self.labels: tuple[str, ...] = tuple(str(name) for name in stored["labels"])
            self._weights: Scores = stored["weights"].astype(np.float32) * np.repeat(stored["steps"], stored["sizes"], axis=0).astype(np.float32)
            self._intercept: Scores = stored["intercept"].astype(np.float32)
            self._slope: Scores = stored["slope"].astype(np.float32)
            self._shift: Scores = stored["shift"].astype(np.float32)
            self.sure: Scores = stored["sure"].astype(np.float32)
            self.wide = float(stored["wide"])
        self.version = hashlib.sha256(path.read_bytes() + TABLE.read_bytes() + CODE_VERSION.encode()).hexdigest()[:12]
        self._featuriser = Featuriser()

    def scores(self, texts: Sequence[str]) -> Scores:
        """Probabilities, shape (texts, labels). A text without words gets the share the label has among sentences at large."""
        found = np.empty((len(texts), len(self.labels)), dtype=np.float32)
        for start, rows in self._batches(texts):
            found[start : start + len(rows.starts) - 1] = self._linear(rows)
        return (1 / (1 + np.exp(-np.clip(found * self._slope + self._shift, -30, 30)))).astype(np.float32)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[int, Rows]]:
        for start in range(0, len(texts), BATCH):
            yield start, self._featuriser.rows(texts[start : start + BATCH])

    def _linear(self, rows: Rows) -> Scores:
        count = len(rows.starts) - 1
        total = np.tile(self._intercept, (count, 1))
        filled = np.flatnonzero(np.diff(rows.starts))
        if len(filled):
            parts = self._weights[rows.features] * rows.values[:, None]
            total[filled] += np.add.reduceat(parts, rows.starts[:-1][filled], axis=0)
        return total


@cache
def load() -> Classifier:
    """The classifier of model.npz, read once."""
    return Classifier()
