"""What another rubric would say: every account judged twice on one reading, so that a threshold can be moved before it is moved for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from briefs.brief import AccountResult, VerdictName
from briefs.errors import RubricError
from briefs.needs import Shelf
from briefs.pipeline import Examined, Pipeline
from briefs.qualify import Finding, qualify
from briefs.rubric import Rubric
from briefs.signals import from_data
from briefs.signals.injection import suspected
from briefs.signals.serve import serve
from retrieval.dossier import Dossier

RULE = "rule:"
"""What the detector of a signal read from a table begins with; all others rest on words."""
WINDOWS = (
    "said_days",
    "advocacy_days",
    "growth_event_days",
    "limit_fit_days",
    "sponsor_left_days",
    "stated_blocker_days",
    "plan_ahead_days",
)
"""How far a rubric looks for what was said: a scan keeps no words beyond."""


@dataclass(frozen=True)
class Moved:
    """One account under both rubrics. `would_change` is what the other rubric says would change its answer."""

    account_id: str
    account_name: str
    before: VerdictName
    after: VerdictName
    sku_before: str | None
    sku_after: str | None
    would_change: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return (self.before, self.sku_before) != (self.after, self.sku_after)


def changed(rubric: Rubric, changes: Mapping[str, Any]) -> Rubric:
    """The rubric with some thresholds changed. Raises RubricError naming the field that is wrong."""
    values = rubric.model_dump()
    for name, value in changes.items():
        inner: Any = values.get(name)
        values[name] = {**inner, **value} if isinstance(inner, dict) and isinstance(value, dict) else value
    try:
        return Rubric.model_validate(values)
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RubricError(f"The rubric would not be valid: {where} {first['msg']}.", "The rubric's own page lists every threshold.") from cause


def compare(pipeline: Pipeline, other: Rubric, accounts: Iterable[str], as_of: date) -> Iterator[Moved]:
    """Each account under the pipeline's rubric and under the other. Writes nothing."""
    for account in accounts:
        examined = pipeline.examine(account, as_of)
        yield moved(examined.dossier, examined.finding, judged(examined, other))


def judged(examined: Examined, rubric: Rubric) -> Finding:
    """What a rubric says of a look already taken: the words are read once, only the rules run again."""
    dossier = examined.dossier
    data = serve(from_data(dossier, rubric), examined.shelf)
    signals = [*data, *examined.heard.signals, *suspected(examined.sentences, dossier.account.id)]
    return qualify(dossier, signals, rubric, examined.shelf, examined.overrides)


def in_reach(result: AccountResult, rubric: Rubric, other: Rubric) -> bool:
    """Whether what a scan kept of an account is all that another rubric would count: the scan's rubric is the present one, and the other looks no
    further. A new sponsor takes the place of one who left, so that window must be the same."""
    no_further = all(getattr(other, name) <= getattr(rubric, name) for name in WINDOWS)
    return result.rubric_version == rubric.version and no_further and other.new_sponsor_days == rubric.new_sponsor_days


def rejudged(result: AccountResult, dossier: Dossier, pipeline: Pipeline, other: Rubric) -> Moved:
    """An account as it was last looked at, under the pipeline's rubric and under one `in_reach`: what was said is taken from the result and only the
    tables are judged again, so that nothing is read."""
    shelf = Shelf(pipeline.book, dossier.account)
    said = [signal for signal in result.signals if not signal.detector.startswith(RULE)]

    def under(rubric: Rubric) -> Finding:
        return qualify(dossier, [*serve(from_data(dossier, rubric), shelf), *said], rubric, shelf, result.overrides)

    return moved(dossier, under(pipeline.rubric), under(other))


def moved(dossier: Dossier, now: Finding, then: Finding) -> Moved:
    """Two findings on one account, side by side."""
    known = dossier.account
    return Moved(known.id, known.name, now.verdict, then.verdict, now.tests.fit.sku, then.tests.fit.sku, tuple(then.would_change))
