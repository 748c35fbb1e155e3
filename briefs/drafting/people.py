"""Who is who at the customer, when they were last heard, and the roles nobody fills."""

from __future__ import annotations

from briefs.brief import Claim
from briefs.drafting.facts import ROLES, claim
from briefs.drafting.material import Material
from briefs.drafting.phrasebook import phrase
from briefs.drafting.voices import Decider, buyer, decider, last_heard, quoted, to_call
from briefs.signals.evidence import data
from briefs.wording import day, plain
from retrieval.records import Contact

DECIDE = ("champion", "economic_buyer")
FEWEST = 3
"""Of those the case speaks of, even in a brief that must be short."""


def stakeholders(m: Material) -> list[Claim]:
    """Whom to call and who buys, then those quoted, then those who decide; who has left comes last. With it the roles nobody fills."""
    named = decider(m)
    made = [_left(c) if c.left_at is not None else _here(m, c, named) for c in _in_order(m)]
    if named is not None and named.contact is None and not m.subject.other_customers_in(named.words):
        made.append(claim(phrase("stakeholders", "decider", day=day(named.on), words=named.words), "fact", (named.evidence,)))
    held = {c.role for c in m.dossier.contacts if c.left_at is None}
    for role in DECIDE:
        if role not in held:
            made.append(claim(phrase("stakeholders", "missing", role=plain(role).capitalize()), "absence"))
    return made


def _in_order(m: Material) -> list[Contact]:
    first = {c.id for c in (buyer(m), to_call(m)) if c is not None}
    speaking, order = quoted(m), list(ROLES)

    def place(contact: Contact) -> tuple[object, ...]:
        gone = contact.left_at is not None
        return (gone, contact.id not in first, contact.id not in speaking, contact.role not in DECIDE, order.index(contact.role), contact.name)

    bearing = len({*first, *speaking})
    return sorted(m.dossier.contacts, key=place)[: max(m.most_stated + 1, min(bearing, FEWEST))]


def _left(contact: Contact) -> Claim:
    assert contact.left_at is not None
    left = contact.left_at.date()
    title = f", {contact.title}" if contact.title else ""
    words = phrase("stakeholders", "left", name=contact.name, title_clause=title, role=ROLES[contact.role], day=day(left))
    return claim(words, "fact", (data(contact, "left_at", left.isoformat()), data(contact, "role", contact.role)))


def _here(m: Material, contact: Contact, named: Decider | None) -> Claim:
    heard = last_heard(m, contact)
    decides = named is not None and named.contact is not None and named.contact.id == contact.id
    title = f", {contact.title}," if contact.title else ""
    role = ROLES[contact.role]
    if named is not None and decides:
        role = phrase("stakeholders", "decides", role=role, day=day(named.on))
    words = phrase(
        "stakeholders", "last_word" if heard else "person", name=contact.name, title_clause=title, role=role, day=day(heard) if heard else ""
    )
    evidence = (data(contact, "role", contact.role), *((named.evidence,) if named is not None and decides else ()))
    return claim(words, "computed" if heard else "fact", evidence, derived={"last_heard": heard.isoformat()} if heard else {})
