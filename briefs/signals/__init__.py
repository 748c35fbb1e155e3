"""Signals: dated reasons for or against expansion. One file a family; a rule is a pure function of a dossier and the rubric."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals import account, limits, people, seats, surveys, tickets, upgrades, use
from retrieval.dossier import Dossier

FAMILIES = (account, use, seats, limits, upgrades, surveys, people, tickets)


def from_data(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """What the tables say: exact, dated, no text read."""
    return [found for family in FAMILIES for found in family.read(dossier, rubric)]
