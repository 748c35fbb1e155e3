"""Who sees what: the one place that says which accounts, briefs and hand-offs are whose."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from briefs.people import Person
from briefs.store.handoffs import Handoff


@dataclass(frozen=True)
class Owners:
    """Whom an account names: `csm` and `ae`, each an id or an e-mail."""

    csm: str | None = None
    ae: str | None = None


Colleagues = Callable[[Person], Collection[str]]
"""The ids and e-mail addresses, in small letters, of those whose accounts a CSM sees beside their own."""


def alone(person: Person) -> Collection[str]:
    """Nobody else's: each CSM sees the accounts that name them."""
    return ()


def may_see(person: Person, owners: Owners, colleagues: Collection[str] = ()) -> bool:
    """Admins see every account's briefs, a CSM those of accounts that name them or a colleague; nobody else sees a draft."""
    if person.role == "admin":
        return True
    if person.role != "csm":
        return False
    return person.is_named(owners.csm) or (owners.csm or "").strip().casefold() in {name for name in colleagues if name}


def may_answer(person: Person, handoff: Handoff) -> bool:
    """Whether the hand-off was delivered to this AE; an admin answers for anybody. One taken back is nobody's to answer."""
    if handoff.delivered_at is None:
        return False
    return person.role == "admin" or (person.role == "ae" and person.is_named(handoff.ae))


def reads(person: Person, handoff: Handoff) -> bool:
    """Whether its content may be read by the one it names, or an admin: what was taken back is no longer shown."""
    return may_answer(person, handoff) and handoff.withdrawn_at is None
