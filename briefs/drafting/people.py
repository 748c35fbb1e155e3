"""Who is who at the customer, when they were last heard, and the roles nobody fills."""

from __future__ import annotations

import re
from datetime import date

from briefs.brief import Claim
from briefs.drafting.facts import ROLES, claim
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.reading.grounds import concepts_in
from briefs.signals.evidence import data
from briefs.wording import day, plain
from retrieval.dossier import Dossier
from retrieval.records import Contact

DECIDE = ("champion", "economic_buyer")


def stakeholders(m: Material) -> list[Claim]:
    """Those who decide before those who use it, when they were last heard, and the roles nobody fills."""
    made: list[Claim] = []
    order = list(ROLES)
    for contact in sorted(m.dossier.contacts, key=lambda c: (c.role not in DECIDE, c.left_at is not None, order.index(c.role), c.name))[
        : max(m.most_stated + 1, 3)
    ]:
        title = f", {contact.title}," if contact.title else ""
        role = ROLES[contact.role]
        if contact.left_at is not None:
            left = contact.left_at.date()
            words = phrase("stakeholders", "left", name=contact.name, title_clause=title.rstrip(","), role=role, day=day(left))
            made.append(claim(words, "fact", (data(contact, "left_at", left.isoformat()), data(contact, "role", contact.role))))
            continue
        heard = last_heard(m.dossier, contact)
        key = "last_word" if heard else "person"
        words = phrase("stakeholders", key, name=contact.name, title_clause=title, role=role, day=day(heard) if heard else "")
        derived = {"last_heard": heard.isoformat()} if heard else {}
        made.append(claim(words, "computed" if heard else "fact", (data(contact, "role", contact.role),), derived=derived))
    held = {c.role for c in m.dossier.contacts if c.left_at is None}
    for role in ("champion", "economic_buyer"):
        if role not in held:
            made.append(claim(phrase("stakeholders", "missing", role=plain(role).capitalize()), "absence"))
    return made


def last_heard(dossier: Dossier, contact: Contact) -> date | None:
    """The last day a contact wrote or spoke in a record."""
    names = {contact.id.casefold(), contact.name.casefold(), (contact.email or contact.name).casefold()}
    days: list[date] = []
    for ticket in dossier.tickets:
        days.extend((msg.at or ticket.created_at).date() for msg in ticket.messages if msg.body and (msg.author or "").casefold() in names)
    days.extend(s.at.date() for s in (*dossier.surveys, *dossier.scorecards) if (s.respondent or "").casefold() in names)
    first = contact.name.split()[0]
    for note in dossier.notes:
        if (note.author or "").casefold() in names or f"\n{first}:" in f"\n{note.body}" or f"\n{contact.name}:" in f"\n{note.body}":
            days.append(note.at.date())
    return max(days, default=None)


def spoke_of_it(m: Material, contact: Contact) -> bool:
    """Whether a contact speaks, or is told to have spoken, in a record that the need or the timing rests on: then nobody may call them silent."""
    resting = {e.record_id for s in (*m.bearing("fit"), *m.bearing("timing")) for e in s.evidence if e.quote}
    names = {contact.name, contact.name.split()[-1], _own_first_name(m.dossier, contact)} - {""}
    named = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(n) for n in sorted(names, key=len, reverse=True))})(?!\w)")
    own = (s for s in m.sentences if s.record_id in resting and not s.quoted)
    return any(s.speaker == contact.name or (named.search(s.text) is not None and bool(concepts_in(s.text) & _TOLD)) for s in own)


_TOLD = frozenset(("REPORTED", "WANT", "APPROVE"))
"""Concepts by which a report tells what somebody said, wants or agreed to."""


def _own_first_name(dossier: Dossier, contact: Contact) -> str:
    """The first name, where nobody else at the customer bears it."""
    first = contact.name.split()[0]
    return first if [c.name.split()[0] for c in dossier.contacts].count(first) == 1 else ""
