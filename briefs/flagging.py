"""Support's fast path: one call says that a ticket holds something, the account is looked at again, and what came of it can be read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from briefs.errors import NotFound
from briefs.gate import State
from briefs.people import Person
from briefs.review import Desk
from briefs.store import judgements
from briefs.store.brief_rows import BriefRow
from briefs.store.judgements import Flag
from retrieval.archive import Archive
from retrieval.records import Ticket

Stage = Literal["received", "looked_at", "drafted", "approved", "accepted", "declined", "rejected"]
STAGES: dict[State, Stage] = {
    State.APPROVED: "approved",
    State.DELIVERING: "approved",
    State.DELIVERED: "approved",
    State.CSM_OWNED: "approved",
    State.RECALLED: "rejected",
    State.REJECTED: "rejected",
    State.EXPIRED: "rejected",
    State.SUPERSEDED: "rejected",
    State.ACCEPTED: "accepted",
    State.WON: "accepted",
    State.LOST: "accepted",
    State.DECLINED: "declined",
    State.RECYCLED: "declined",
}
"""How far a brief's state is, in the words of whoever flagged; any other state is a draft."""


@dataclass(frozen=True)
class Flagged:
    """A flag and what came of it. `why` holds codes and what is missing, never the customer's words."""

    flag: Flag
    stage: Stage
    verdict: str | None
    why: tuple[str, ...]


def flag(
    desk: Desk,
    archive: Archive,
    person: Person,
    ticket_id: str,
    reason: str,
    look_again: Callable[[str], object],
    *,
    flag_id: str | None = None,
) -> Flagged:
    """Keeps the flag and has the account looked at again. It is evidence, not a verdict. Raises NotFound (no such ticket, or not theirs).

    `flag_id` names a call that may be sent more than once: where the person's flag of that id is there already, nothing is done again.
    """
    ticket = archive.record(ticket_id, "ticket")
    if not isinstance(ticket, Ticket) or not _may(desk, person, ticket.account_id):
        raise NotFound(f"No ticket {ticket_id[:64]!r}.", "Import it first, or check the id.")
    courier = desk.courier
    there = _set_before(desk, person, flag_id) if flag_id is not None else None
    if there is not None:
        return told(desk, there)
    made = Flag(flag_id or courier.new_id(), ticket.account_id, ticket_id, reason.strip(), person.id, courier.now())
    courier.store.add_flag(made)
    look_again(ticket.account_id)
    return told(desk, made)


def one(desk: Desk, person: Person, flag_id: str) -> Flagged:
    """Raises NotFound: a service sees the flags it set, a CSM those of their accounts."""
    with desk.courier.store.reading() as connection:
        found = judgements.flag(connection, flag_id)
    if not (found.by == person.id or (person.role == "csm" and desk.may_see(person, found.account_id))):
        raise judgements.no_such_flag(flag_id)
    return told(desk, found)


def told(desk: Desk, found: Flag) -> Flagged:
    """What came of a flag until now."""
    store = desk.courier.store
    last = store.last_result(found.account_id)
    if last is None or last.at < found.at:
        return Flagged(found, "received", None, ())
    briefs = [row for row in store.briefs_of(found.account_id) if row.updated_at >= found.at or row.id == last.brief_id]
    blockers = tuple(f"blocked: {blocker.code}" for blocker in last.result.blockers)
    if not briefs:
        return Flagged(found, "looked_at", last.verdict, blockers or last.result.would_change)
    stage = STAGES.get(briefs[0].state, "drafted")
    return Flagged(found, stage, last.verdict, _why(desk, briefs[0]) or blockers)


def _set_before(desk: Desk, person: Person, flag_id: str) -> Flag | None:
    with desk.courier.store.reading() as connection:
        try:
            found = judgements.flag(connection, flag_id)
        except NotFound:
            return None
    return found if found.by == person.id else None


def _why(desk: Desk, row: BriefRow) -> tuple[str, ...]:
    """The codes of what people decided last."""
    decided = desk.courier.store.decisions(row.id)
    return tuple(code for code in (decided[-1].reason_code if decided else None,) if code)


def _may(desk: Desk, person: Person, account_id: str) -> bool:
    return person.role == "service" or desk.may_see(person, account_id)
