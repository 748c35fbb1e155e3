"""What another rubric would say: every account judged twice on one reading, so that a threshold can be moved before it is moved for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from briefs.brief import VerdictName
from briefs.errors import RubricError
from briefs.pipeline import Examined, Pipeline
from briefs.qualify import Finding, qualify
from briefs.rubric import Rubric
from briefs.signals import from_data
from briefs.signals.injection import suspected
from briefs.signals.serve import serve


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
        now, then = examined.finding, judged(examined, other)
        known = examined.dossier.account
        yield Moved(known.id, known.name, now.verdict, then.verdict, now.tests.fit.sku, then.tests.fit.sku, tuple(then.would_change))


def judged(examined: Examined, rubric: Rubric) -> Finding:
    """What a rubric says of a look already taken: the words are read once, only the rules run again."""
    dossier = examined.dossier
    data = serve(from_data(dossier, rubric), examined.shelf)
    signals = [*data, *examined.heard.signals, *suspected(examined.sentences, dossier.account.id)]
    return qualify(dossier, signals, rubric, examined.shelf, examined.overrides)
