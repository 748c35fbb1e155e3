"""What a draft is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from briefs.brief import Evidence, Signal
from briefs.drafting.facts import Records
from briefs.needs import Shelf
from briefs.qualify import Finding
from briefs.reading.sentences import Sentence
from briefs.rubric import Rubric
from briefs.signals.said import Withdrawn
from briefs.subject import Subject
from retrieval.dossier import Dossier

TELLING = {
    "value_stated": 0,
    "advocacy": 1,
    "nps_promoter": 2,
    "usage_growth": 3,
    "health_rising": 4,
    "dated_plan": 0,
    "budget_event": 1,
    "limit_reached": 2,
}
"""What says most of why an account is worth a call, first: their own words before a table's."""


@dataclass(frozen=True)
class Material:
    """What a draft is made of: the dossier, the verdict with its signals, the shelf, and what was searched for."""

    dossier: Dossier
    finding: Finding
    shelf: Shelf
    rubric: Rubric
    subject: Subject
    sentences: tuple[Sentence, ...] = ()
    searched_passages: int = 0
    searched_questions: int = 0
    most_stated: int = 3
    """Signals told in a section of the case: fewer where the brief would take too long to read."""
    cleared: tuple[tuple[str, str, str, date], ...] = ()
    """(code, by, reason, until) of blockers a person set aside."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """What was said against us and taken back later."""
    declined: tuple[Evidence, ...] = ()
    """Words in which a reader heard an ask denied."""

    @cached_property
    def records(self) -> Records:
        return Records(self.dossier)

    def bearing(self, test: str) -> list[Signal]:
        """The signals that carry a test, the strongest and newest first."""
        wanted = set(getattr(self.finding.tests, test).signals)
        carrying = [s for s in self.finding.signals if s.id in wanted]
        return sorted(
            carrying, key=lambda s: (not s.explicit_request, TELLING.get(s.type, 5), s.strength != "strong", -s.observed_at.toordinal(), s.id)
        )
