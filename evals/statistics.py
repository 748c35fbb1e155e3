"""How far a figure from a few dozen cases can be trusted, and whether two runs differ by more than chance.

Everything is paired by case and counted in the unit that was sampled: cases of one account lean on one another, so accounts are flipped and drawn
whole. Nothing here rests on the normal approximation where an exact count is cheap. Chance is seeded: the same numbers give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, comb, sqrt
from statistics import NormalDist
from typing import TypeVar

import numpy as np
import numpy.typing as npt

K = TypeVar("K")
Floats = npt.NDArray[np.float64]

ALPHA = 0.05
ENUMERATED = 14
"""Up to so many clusters every pattern of signs is counted; above, `DRAWS` of them are drawn."""
DRAWS = 20_000
DRAWN = 4_000
"""Times clusters are drawn anew for an interval."""
MOST_CASES = 10_000
"""Where more cases than this would be needed, nobody will write them."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both ends included."""

    low: float
    high: float


def wilson(passed: float, of: float, confidence: float = 0.95) -> Interval | None:
    """The interval of a share, after Wilson (1927); honest at 0 and at 1, where the usual one has no width. None of nothing.

    Counts may be parts of a case: a case run three times counts as one.
    """
    if of == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = passed / of, z * z / of
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return Interval(0.0 if passed == 0 else max(0.0, middle - half), 1.0 if passed == of else min(1.0, middle + half))


def mcnemar(newly_failing: int, newly_passing: int) -> float:
    """Exact one-sided p that the candidate is no worse: how often at least so many of the changed cases would fail if each fell by a coin."""
    changed = newly_failing + newly_passing
    return sum(comb(changed, k) for k in range(newly_failing, changed + 1)) / 2**changed


def sign_flip(differences: Mapping[str, Sequence[float]], *, draws: int = DRAWS, seed: int = 0) -> float:
    """One-sided p that the candidate is no worse, from candidate minus baseline by cluster (higher is better).

    Were there no difference, each cluster's total could as well bear the other sign. All patterns are counted for up to 14 clusters that changed;
    above that a seeded sample, in which the pattern observed counts too, so that p is never zero. No difference at all gives 1.
    """
    totals: Floats = np.array([total for each in differences.values() if abs(total := float(sum(each))) > ROUNDING])
    if not len(totals):
        return 1.0
    seen = totals.sum() + ROUNDING
    if len(totals) <= ENUMERATED:
        signs: Floats = np.array(list(product((-1.0, 1.0), repeat=len(totals))), dtype=np.float64)
        sums: Floats = signs @ totals
        return int(np.count_nonzero(sums <= seen)) / len(sums)
    flips = np.random.default_rng(seed).choice((-1.0, 1.0), size=(draws, len(totals)))
    return float((1 + np.sum(flips @ totals <= seen)) / (draws + 1))


def holm(p_values: Mapping[K, float]) -> dict[K, float]:
    """The p of each of several tests, raised so that the chance of any false alarm among them stays below the level (Holm 1979)."""
    adjusted: dict[K, float] = {}
    worst = 0.0
    for place, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        worst = max(worst, min(1.0, p * (len(p_values) - place)))
        adjusted[name] = worst
    return {name: adjusted[name] for name in p_values}


def kappa(pairs: Iterable[tuple[object, object]]) -> float | None:
    """Cohen's kappa of two raters' labels: agreement beyond chance, 1 at most. None where chance alone would agree on everything, or of nothing."""
    rated = list(pairs)
    if not rated:
        return None
    agreed = sum(one == other for one, other in rated) / len(rated)
    labels = {label for pair in rated for label in pair}
    chance = sum(sum(one == x for one, _ in rated) * sum(other == x for _, other in rated) for x in labels) / len(rated) ** 2
    return None if chance > 1 - ROUNDING else (agreed - chance) / (1 - chance)


def rogan_gladen(observed: float, true_positive_rate: float, true_negative_rate: float) -> float | None:
    """The pass rate behind the one an imperfect judge reports (Rogan and Gladen 1978), within 0 and 1. None where the judge is a coin."""
    informed = true_positive_rate + true_negative_rate - 1
    return None if informed <= ROUNDING else min(1.0, max(0.0, (observed + true_negative_rate - 1) / informed))


def bootstrap(values: Mapping[str, Sequence[float]], *, confidence: float = 0.95, draws: int = DRAWN, seed: int = 0) -> Interval | None:
    """The interval of the mean over all values, clusters drawn whole with replacement. None for fewer than two clusters: nothing varies there."""
    table = np.array([(float(sum(each)), len(each)) for each in values.values() if len(each)]).reshape(-1, 2)
    return resampled(table, lambda sums: sums[:, 0] / sums[:, 1], confidence=confidence, draws=draws, seed=seed)


def resampled(
    table: Floats, statistic: Callable[[Floats], Floats], *, confidence: float = 0.95, draws: int = DRAWN, seed: int = 0
) -> Interval | None:
    """The interval of any figure made from sums: a row of `table` is one cluster, `statistic` turns rows of summed columns into a figure each.

    A draw in which the figure has no value (NaN) is passed over. None for fewer than two clusters, and where no draw has a value.
    """
    clusters = len(table)
    if clusters < 2:
        return None
    often = np.random.default_rng(seed).multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        figures = statistic(often.astype(np.float64) @ table)
    figures = figures[np.isfinite(figures)]
    if not len(figures):
        return None
    low, high = np.percentile(figures, [50 * (1 - confidence), 50 * (1 + confidence)])
    return Interval(float(low), float(high))


def power(cases: int, broken: float, fixed: float = 0.0, alpha: float = ALPHA) -> float:
    """The chance that `mcnemar` finds a change which breaks and fixes these shares of the cases. Raises ValueError for shares above 1 in sum."""
    changing = broken + fixed
    if not 0 <= broken <= 1 or fixed < 0 or changing > 1 + ROUNDING:
        raise ValueError("The shares of broken and fixed cases lie between 0 and 1, and so does their sum.")
    if changing == 0:
        return 0.0
    worse = broken / changing
    how_many = _binomial(cases, min(changing, 1.0))
    likely = np.flatnonzero(how_many > 1e-12)
    return float(sum(how_many[n] * _binomial(n, worse)[_least(n, alpha) :].sum() for n in map(int, likely)))


def cases_to_decide(
    newly_failing: int, newly_passing: int, cases: int, *, alpha: float = ALPHA, chance: float = 0.8, most: int = MOST_CASES
) -> int | None:
    """How many more cases, at the rates seen, would let `mcnemar` tell with that chance. 0: these would do. None: not worse, or more than `most`."""
    if newly_failing <= newly_passing or cases == 0:
        return None
    broken, fixed = newly_failing / cases, newly_passing / cases

    def enough(size: int) -> bool:
        return power(size, broken, fixed, alpha) >= chance

    high = cases
    while not enough(high):
        high *= 2
        if high > most + cases:
            return None
    low = cases if high == cases else high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high - cases


def clusters_to_decide(differences: Mapping[str, Sequence[float]], *, alpha: float = ALPHA, chance: float = 0.8) -> int | None:
    """How many more clusters like these would let `sign_flip` tell with that chance, by the normal approximation. None: not worse, or one only."""
    totals = np.array([float(sum(each)) for each in differences.values()])
    if len(totals) < 2 or totals.mean() >= -ROUNDING:
        return None
    effect = float(-totals.mean() / max(totals.std(ddof=1), ROUNDING))
    needed = ceil(((NormalDist().inv_cdf(1 - alpha) + NormalDist().inv_cdf(chance)) / effect) ** 2)
    fewest = ceil(np.log2(1 / alpha))
    return max(0, max(needed, fewest) - len(totals))


def _least(changed: int, alpha: float) -> int:
    """The fewest newly failing among `changed` cases with a p below `alpha`; one more than there are where no number has one."""
    tails = np.cumsum(_binomial(changed, 0.5)[::-1])
    return changed + 1 - int(np.sum(tails < alpha - ROUNDING))


def _binomial(trials: int, chance: float) -> Floats:
    """The probability of 0 to `trials` successes, by logarithms so that large counts neither overflow nor vanish."""
    if chance <= 0 or chance >= 1:
        certain = np.zeros(trials + 1)
        certain[trials if chance >= 1 else 0] = 1.0
        return certain
    k = np.arange(trials + 1)
    factorial = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, trials + 1)))))
    logs = factorial[trials] - factorial[k] - factorial[trials - k] + k * np.log(chance) + (trials - k) * np.log1p(-chance)
    return np.exp(logs)
