"""What a run took: calls, tokens, money and time. Budgets, not tests of chance."""

from __future__ import annotations

from collections.abc import Sequence

from evals.rates import mean, percentile
from evals.results import CaseResult, Metric, Output, Score
from evals.suite import Case
from retrieval.dossier import Dossier

NAME = "spent"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """Nothing by case: what each took stands in its result."""
    return []


def summarise(results: Sequence[CaseResult]) -> list[Metric]:
    """Means a case of calls and tokens, the sum of money, and the middle and the slow end of the time. A crash cost what it cost."""
    n = len(results)
    takes = {"calls": "calls", "tokens_in": "tokens", "tokens_out": "tokens"}
    made = [mean(name, ((r.cluster, float(getattr(r.spent, name))) for r in results), better="lower", unit=unit) for name, unit in takes.items()]
    amounts = [result.spent.amount for result in results]
    known = [amount for amount in amounts if amount is not None]
    whole = sum(known) if len(known) == n and n else None
    currency = results[0].spent.currency if results else ""
    made.append(Metric(name="cost", value=whole, n=n, better="lower", unit=currency, note="" if whole is not None else "a price is unknown"))
    times = [result.spent.latency_s for result in results]
    return [*made, *(Metric(name=f"latency_p{at}", value=percentile(times, at / 100), n=n, better="lower", unit="s") for at in (50, 95))]
