"""Trains the offline reader's classifier on the labelled sentences, and says honestly how well it reads sentences it has not seen.

`python -m evals.training` prints the figures; `--write` also writes briefs/reading/model.npz and the tables of briefs/reading/README.md.
Folds never share a writer's trade (and, in the second figure, never a writer). Ridge regression on 0/1 labels, made a probability by a logistic curve
fitted on scores of sentences left out. (SciPy and scikit-learn carry no complete types.)
"""

# pyright: basic

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.linalg import cho_factor, cho_solve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from briefs.reading.classifier import CODE_VERSION, MODEL
from briefs.reading.features import GROUPS, SIZE, STARTS, Featuriser
from briefs.reading.offline import Context, veto
from briefs.reading.sentences import Sentence

SENTENCES = Path(__file__).parent / "sentences"
README = MODEL.with_name("README.md")
MARKS = ("<!-- figures: written by evals.training -->", "<!-- end of figures -->")
WEIGHT_OF_GROUP = {"letters": 2.0, "words": 2.0, "concepts": 1.0, "pairs": 1.5, "beside": 2.0}
PENALTY = 0.8
FOLDS = 6
PLAIN_WRITER = "d"
"""Plainly worded sentences: in training always, in the figures a row of their own."""

PLAIN_WEIGHT = {PLAIN_WRITER: 3.0, "h": 3.0, "v": 2.0, "w": 2.0}
"""Plain words are what most people use; the writers who were asked to be hard are many, and would drown them."""

SURE_BETA = 0.5
"""The `sure` threshold weighs precision over recall (F0.5)."""

WIDE_RECALL = 0.95

SIDES = {"customer": "customer", "csm": "reported", "agent": "agent"}
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """The labelled sentences: texts, a 0/1 matrix of labels, and what each row is."""

    rows: list[dict]
    labels: list[str]
    truth: Matrix

    @property
    def texts(self) -> list[str]:
        return [row["text"] for row in self.rows]

    def column(self, name: str) -> npt.NDArray[np.str_]:
        return np.array([str(row[name]) for row in self.rows])


def read_data(folder: Path = SENTENCES, writers: str = "*") -> Data:
    """Every writer_*.jsonl of the folder, or those of the writers named by letter (`abcd`), files in order of name."""
    chosen = writers if writers == "*" else f"[{writers}]"
    lines = [line for path in sorted(folder.glob(f"writer_{chosen}.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [json.loads(line) for line in lines if line.strip()]
    labels = sorted({label for row in rows for label in row["labels"]})
    return Data(rows, labels, np.array([[float(label in row["labels"]) for label in labels] for row in rows]))


def features(texts: list[str]) -> sp.csr_matrix:
    """The sparse rows of the texts, groups weighed as the model wants them."""
    rows = Featuriser().rows(texts)
    matrix = sp.csr_matrix((rows.values, rows.features, rows.starts), shape=(len(texts), SIZE))
    return sp.csr_matrix(matrix @ sp.diags(_scales()), dtype=np.float32)


def _scales() -> Matrix:
    return np.concatenate([np.full(size, WEIGHT_OF_GROUP[group] ** 0.5) for group, size in GROUPS.items()])


def _penalties(data: Data) -> Matrix:
    """Ridge penalty per sentence: the less, the more the sentence counts."""
    return np.array([PENALTY / PLAIN_WEIGHT.get(row["writer"], 1.0) for row in data.rows])


def _solve(gram: Matrix, truth: Matrix, penalties: Matrix, train: npt.NDArray[np.intp]) -> tuple[Matrix, Matrix]:
    """Dual weights (train, labels) and the intercept (labels). In single precision: weights are kept in steps of 1/127 of the largest."""
    mean = truth[train].mean(axis=0)
    system = gram[np.ix_(train, train)]
    system[np.diag_indices_from(system)] += penalties[train].astype(system.dtype)
    return cho_solve(cho_factor(system, overwrite_a=True), (truth[train] - mean).astype(system.dtype)), mean


def left_out(gram: Matrix, data: Data, groups: npt.NDArray[np.str_], folds: int) -> Matrix:
    """Scores of every sentence from a model that saw no sentence of its group."""
    scores, penalties = np.empty_like(data.truth), _penalties(data)
    for train, test in GroupKFold(folds).split(gram, groups=groups):
        dual, mean = _solve(gram, data.truth, penalties, train)
        scores[test] = gram[np.ix_(test, train)] @ dual + mean
    return scores


def calibrate(scores: Matrix, truth: Matrix) -> tuple[Matrix, Matrix]:
    """Slope and shift of a logistic curve per label."""
    curves = [LogisticRegression(C=1e3).fit(scores[:, [k]], truth[:, k]) for k in range(truth.shape[1])]
    return np.array([c.coef_[0, 0] for c in curves]), np.array([c.intercept_[0] for c in curves])


def best_threshold(truth: Matrix, score: Matrix, beta: float) -> float:
    """The threshold with the highest F-beta."""
    order = np.argsort(-score)
    hits = np.cumsum(truth[order])
    precision, recall = hits / np.arange(1, len(order) + 1), hits / max(truth.sum(), 1)
    value = (1 + beta**2) * precision * recall / np.maximum(beta**2 * precision + recall, 1e-9)
    return float(score[order][int(np.argmax(value))])


def vetoed(data: Data) -> npt.NDArray[np.bool_]:
    """Which labels the reader's rules take away from which sentence, whatever the classifier says."""
    context, barred = Context(), np.zeros(data.truth.shape, dtype=bool)
    for number, row in enumerate(data.rows):
        sentence = Sentence("x", "note", "body", 0, len(row["text"]), row["text"], date(2026, 3, 31), None, SIDES[row["speaker"]])  # type: ignore[arg-type]
        barred[number] = [veto(label, sentence, context) is not None for label in data.labels]
    return barred


def pack(matrix: sp.csr_matrix, data: Data, gram: Matrix) -> tuple[npt.NDArray[np.int8], Matrix, Matrix]:
    """The final weights as bytes (features, labels), the step of each group and label, and the intercept."""
    dual, mean = _solve(gram, data.truth, _penalties(data), np.arange(len(data.rows)))
    weights = np.asarray(matrix.T @ dual) * _scales()[:, None]
    steps = np.array([np.abs(weights[STARTS[g] : STARTS[g] + size]).max(axis=0) / 127 for g, size in GROUPS.items()])
    steps[steps == 0] = 1
    return np.round(weights / np.repeat(steps, list(GROUPS.values()), axis=0)).astype(np.int8), steps, mean


def train(data: Data) -> tuple[dict[str, npt.NDArray], str]:
    """The arrays of model.npz and the figures as Markdown."""
    matrix = features(data.texts)
    gram = np.asarray((matrix @ matrix.T).todense())
    groups = np.array([f"{row['writer']}/{row['trade']}" if row["writer"] != PLAIN_WRITER else f"d{n % FOLDS}" for n, row in enumerate(data.rows)])
    scores = left_out(gram, data, groups, FOLDS)
    slope, shift = calibrate(scores, data.truth)
    chance = 1 / (1 + np.exp(-(scores * slope + shift)))
    barred = vetoed(data)
    allowed = np.where(barred, 0.0, chance)
    sure = np.array([best_threshold(data.truth[:, k], allowed[:, k], SURE_BETA) for k in range(len(data.labels))])
    some = data.truth.any(axis=1)
    wide = float(np.quantile(1 - np.prod(1 - chance[some], axis=1), 1 - WIDE_RECALL))
    by_writer = left_out(gram, data, data.column("writer"), len(set(data.column("writer"))))
    weights, steps, mean = pack(matrix, data, gram)
    arrays = {
        "labels": np.array(data.labels), "weights": weights, "steps": steps.astype(np.float32), "sizes": np.array(list(GROUPS.values())),
        "intercept": mean, "slope": slope, "shift": shift, "sure": sure, "wide": np.float64(wide), "code_version": np.array(CODE_VERSION),
    }  # fmt: skip
    return arrays, figures(data, chance, allowed, sure, wide, by_writer)


def figures(data: Data, chance: Matrix, allowed: Matrix, sure: Matrix, wide: float, by_writer: Matrix) -> str:
    """The tables, from sentences left out of training."""
    said, truth = allowed >= sure, data.truth > 0
    writer, lang, kinds = data.column("writer"), data.column("lang"), data.column("negative_kind")
    lines = ["| label | sentences | precision | recall | F1 | average precision |", "|---|---|---|---|---|---|"]
    for k, label in enumerate(data.labels):
        lines.append(
            f"| `{label}` | {int(truth[:, k].sum())} | {_prf(truth[:, k], said[:, k])} | {average_precision_score(truth[:, k], chance[:, k]):.2f} |"
        )
    lines += [f"| all | {int(truth.sum())} | {_prf(truth, said)} | {_mean_ap(truth, chance):.2f} |", ""]
    lines += ["| sentences of | labels | precision | recall | F1 |", "|---|---|---|---|---|"]
    for name in sorted(set(lang)):
        lines.append(f"| language {name} | {int(truth[lang == name].sum())} | {_prf(truth[lang == name], said[lang == name])} |")
    for name in sorted(set(writer)):
        here = writer == name
        lines.append(
            f"| writer {name}{' (plain wording)' if name == PLAIN_WRITER else ''} | {int(truth[here].sum())} | {_prf(truth[here], said[here])} |"
        )
    lines += ["", "| left out entirely | mean average precision |", "|---|---|"]
    lines += [f"| writer {name} | {_mean_ap(truth[writer == name], by_writer[writer == name]):.2f} |" for name in sorted(set(writer))]
    lines += ["", "| tempting sentence | number | any false label | before the rules | passes stage one |", "|---|---|---|---|---|"]
    near = 1 - np.prod(1 - chance, axis=1) >= wide
    for kind in sorted(set(kinds) - {"None"}):
        here = kinds == kind
        wrong, raw = (said & ~truth)[here].any(axis=1).mean(), ((chance >= sure) & ~truth)[here].any(axis=1).mean()
        lines.append(f"| {kind} | {int(here.sum())} | {wrong:.0%} | {raw:.0%} | {near[here].mean():.0%} |")
    some = truth.any(axis=1)
    lines += ["", f"Stage one lets {near[some].mean():.1%} of the sentences with a label through, and {near[~some].mean():.0%} of those without."]
    return "\n".join(lines)


def _mean_ap(truth: npt.NDArray[np.bool_], score: Matrix) -> float:
    known = [k for k in range(truth.shape[1]) if truth[:, k].any()]
    return float(np.mean([average_precision_score(truth[:, k], score[:, k]) for k in known]))


def _prf(truth: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> str:
    hits = (truth & said).sum()
    precision, recall = hits / max(said.sum(), 1), hits / max(truth.sum(), 1)
    return f"{precision:.2f} | {recall:.2f} | {2 * precision * recall / max(precision + recall, 1e-9):.2f}"


def main(arguments: list[str] | None = None) -> None:
    """Train, print the figures, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write model.npz and the tables of its README")
    parser.add_argument("--writers", default="*", metavar="LETTERS", help="train on these writers only, such as abcd")
    chosen = parser.parse_args(arguments)
    arrays, text = train(read_data(writers=chosen.writers))
    sys.stdout.write(text + "\n")
    if chosen.write:
        np.savez_compressed(MODEL, allow_pickle=False, **arrays)
        if README.exists():
            before, _, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
            README.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
