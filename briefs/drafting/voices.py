"""Who at the customer spoke, when, and of what: told by who says each sentence, never by where a name happens to stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from briefs.brief import Evidence
from briefs.drafting.material import Material
from briefs.names import stands_in
from briefs.reading.grounds import concepts_in
from briefs.reading.looked import FEWEST_WORDS
from briefs.reading.sentences import HEADLINES, Sentence
from briefs.signals.evidence import data
from retrieval.records import Contact

MYSELF = frozenset(("me", "i", "myself", "ich", "ich selbst", "yo", "yo mismo", "yo misma", "moi", "moi-même", "je", "ik", "jag", "jeg", "io", "eu"))
NOBODY = frozenset(
    ("none", "nobody", "no one", "unknown", "not sure", "no", "na", "n a", "keine", "keiner", "niemand", "nadie", "ninguno", "aucun", "personne")
)
_TOLD = frozenset(("REPORTED", "WANT", "APPROVE"))
"""Concepts by which a report tells what somebody said, wants or agreed to."""


@dataclass(frozen=True)
class Decider:
    """Whom a customer's form names as the one who decides: as written, when, and the contact meant, where it is one of them."""

    words: str
    on: date
    evidence: Evidence
    contact: Contact | None


def present(m: Material, role: str | None = None) -> list[Contact]:
    """The contacts who have not left, all or of one role."""
    return [c for c in m.dossier.contacts if c.left_at is None and role in (None, c.role)]


def spoken_by(m: Material, contact: Contact) -> list[Sentence]:
    """What a contact says, in calls, minutes, mails and mails that were passed on; what a reply only repeats is left out."""
    return [s for s in m.sentences if s.speaker == contact.name and s.side == "customer" and not s.quoted and s.part not in HEADLINES]


def last_heard(m: Material, contact: Contact) -> date | None:
    """The last day a contact wrote, spoke or answered; None where no record holds a word of theirs."""
    names = {contact.id.casefold(), contact.name.casefold(), (contact.email or contact.name).casefold()}
    days = [s.at for s in spoken_by(m, contact)]
    days += [s.at.date() for s in (*m.dossier.surveys, *m.dossier.scorecards) if (s.respondent or "").casefold() in names]
    for ticket in m.dossier.tickets:
        days += [(msg.at or ticket.created_at).date() for msg in ticket.messages if msg.body and (msg.author or "").casefold() in names]
    return max(days, default=None)


def resting_on(m: Material) -> set[str]:
    """The records whose words carry the need or the timing."""
    return {e.record_id for s in (*m.bearing("fit"), *m.bearing("timing")) for e in s.evidence if e.quote}


def spoken_of_it(m: Material, contact: Contact) -> Sentence | None:
    """The latest a contact says in a record the case rests on, or of the product recommended; None where they say nothing of it.

    Of one day the words the case rests on come first, then those that name the product, then whole sentences: a name called out tells nothing.
    """
    resting = resting_on(m)
    cited = {(e.record_id, e.part, e.start) for s in (*m.bearing("fit"), *m.bearing("timing")) for e in s.evidence if e.quote}
    own = [s for s in spoken_by(m, contact) if s.record_id in resting or names_it(m, s.text)]
    return max(
        own,
        key=lambda s: (s.at, (s.record_id, s.part, s.start) in cited, names_it(m, s.text), len(s.text.split()) >= FEWEST_WORDS, s.start),
        default=None,
    )


def told_of_it(m: Material, contact: Contact) -> bool:
    """Whether a record the case rests on tells what a contact said, wants or agreed to: then nobody may call them silent."""
    resting = resting_on(m)
    names = {contact.name, contact.name.split()[-1], own_first_name(m, contact)} - {""}
    return any(s.record_id in resting and not s.quoted and _names(names, s.text) and concepts_in(s.text) & _TOLD for s in m.sentences)


def names_it(m: Material, text: str) -> bool:
    """Whether a text speaks of the product recommended, by its name or by something it alone brings them."""
    chosen = m.finding.recommendation
    if chosen is None:
        return False
    if chosen.product.sku in m.shelf.seat_products:
        return concepts_in(text) >= {"SEAT", "MORE"}
    return any(mention.sku == chosen.product.sku for mention in m.shelf.wanted(text, by_meaning=False))


def others_of_it(m: Material, voices: Collection[str]) -> bool:
    """Whether anybody at the customer besides `voices` speaks of the product or of what was asked for, in any record that still counts."""
    since = m.dossier.as_of - timedelta(days=m.rubric.said_days)
    known = {contact.id for name in voices if (contact := m.dossier.contact(name)) is not None}
    planning = (e for s in m.bearing("timing") if s.type in ("dated_plan", "budget_event") for e in s.evidence if e.quote)
    if any((contact := m.dossier.contact(e.speaker)) is not None and contact.id not in known for e in planning):
        return True  # whoever has the plan or the money for it speaks of it too
    asked = {str(s.wants["feature"]) for s in m.bearing("fit") if s.wants.get("feature")}
    for s in m.sentences:
        if s.side != "customer" or s.quoted or s.part in HEADLINES or s.at < since or not s.speaker or s.speaker in voices:
            continue
        contact = m.dossier.contact(s.speaker)
        if (contact is None or contact.id not in known) and (names_it(m, s.text) or _speaks_of(m, asked, s.text)):
            return True
    return False


def _speaks_of(m: Material, asked: set[str], text: str) -> bool:
    return bool(asked) and any(mention.phrase in asked for mention in m.shelf.named(text, by_meaning=False))


def own_first_name(m: Material, contact: Contact) -> str:
    """The first name, where nobody else at the customer bears it."""
    first = contact.name.split()[0]
    return first if [c.name.split()[0] for c in m.dossier.contacts].count(first) == 1 else ""


def decider(m: Material) -> Decider | None:
    """Whom the customer's latest form names as the one who decides; a form that names nobody does not count."""
    for form in sorted(m.dossier.scorecards, key=lambda s: (s.at, s.id), reverse=True):
        words = " ".join((form.decider or "").split())
        plain = " ".join(re.findall(r"\w+", words.casefold()))
        if (m.dossier.as_of - form.at.date()).days > m.rubric.said_days or len(plain) < 2 or plain in NOBODY:
            continue
        meant = m.dossier.contact(form.respondent) if plain in MYSELF else _meant(m, words)
        return Decider(words, form.at.date(), data(form, "decider", form.decider), meant if meant and meant.left_at is None else None)
    return None


def buyer(m: Material) -> Contact | None:
    """Who holds the budget: whom a form names as deciding, else the economic buyer who spoke of it, was heard last, or stands first."""
    named = decider(m)
    if named is not None and named.contact is not None:
        return named.contact
    buyers = present(m, "economic_buyer")
    return max(buyers, key=lambda c: (spoken_of_it(m, c) is not None, last_heard(m, c) or date.min), default=None)


def to_call(m: Material) -> Contact | None:
    """Whom to call: who asked, else the buyer, else the champion."""
    for s in m.bearing("fit"):
        for e in s.evidence:
            contact = m.dossier.contact(e.speaker)
            if e.quote and contact is not None and contact.left_at is None:
                return contact
    return buyer(m) or next(iter(present(m, "champion")), None)


def quoted(m: Material) -> set[str]:
    """The ids of the contacts whose words carry one of the three tests."""
    said = (e for test in ("success", "fit", "timing") for s in m.bearing(test) for e in s.evidence if e.quote)
    return {contact.id for e in said if (contact := m.dossier.contact(e.speaker)) is not None}


def _meant(m: Material, words: str) -> Contact | None:
    """The one contact a text names, by the whole name, the last or the first; None where it names none or several."""
    by_name = [c for c in m.dossier.contacts if _names({c.name}, words)]
    found = by_name or [c for c in m.dossier.contacts if _names({c.name.split()[-1], own_first_name(m, c)} - {""}, words)]
    return found[0] if len(found) == 1 else None


def _names(names: Iterable[str], text: str) -> bool:
    return any(stands_in(name, text) for name in names)
