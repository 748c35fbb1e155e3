"""Sponsors who came and sponsors who left."""

from __future__ import annotations

from datetime import timedelta

from briefs.brief import Signal
from briefs.rubric import Rubric
from briefs.signals.evidence import data, signal
from retrieval.dossier import Dossier
from retrieval.records import Contact

SPONSORS = ("champion", "economic_buyer")
HANDOVER = timedelta(days=90)
"""A successor may be named this long before the other leaves."""


def read(dossier: Dossier, rubric: Rubric) -> list[Signal]:
    """`new_sponsor` and `sponsor_left` from the contact list."""
    found: list[Signal] = []
    sponsors = [c for c in dossier.contacts if c.role in SPONSORS]
    for contact in sponsors:
        wants = {"name": contact.name, "title": contact.title, "role": contact.role}
        if contact.left_at is not None:
            gone = contact.left_at.date()
            if (dossier.as_of - gone).days <= rubric.sponsor_left_days and not any(_replaces(other, contact) for other in sponsors):
                found.append(signal(dossier.account.id, "sponsor_left", gone, "rule:people", data(contact, "left_at", gone.isoformat()), wants=wants))
        elif contact.joined_at is not None and (dossier.as_of - contact.joined_at.date()).days <= rubric.new_sponsor_days:
            day = contact.joined_at.date()
            found.append(signal(dossier.account.id, "new_sponsor", day, "rule:people", data(contact, "joined_at", day.isoformat()), wants=wants))
    return found


def _replaces(other: Contact, gone: Contact) -> bool:
    """Somebody still there in the same role, who came for the place or has no date that says otherwise."""
    if other.id == gone.id or other.role != gone.role or other.left_at is not None or gone.left_at is None:
        return False
    return other.joined_at is None or other.joined_at >= gone.left_at - HANDOVER
