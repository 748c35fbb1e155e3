"""Tickets that stand in the way whatever they say: the critical ones that are not solved."""

from __future__ import annotations

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import data, signal
from retrieval.dossier import Dossier


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`open_critical_ticket` for every ticket of the critical priority that is neither solved nor closed."""
    return [
        signal(
            dossier.account.id,
            "open_critical_ticket",
            ticket.created_at.date(),
            "rule:ticket",
            data(ticket, "status", ticket.status),
            data(ticket, "priority", ticket.priority),
            wants={"subject": ticket.subject},
        )
        for ticket in dossier.tickets
        if ticket.priority == rubric.critical_priority and ticket.status not in ("solved", "closed")
    ]
