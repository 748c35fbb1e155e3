"""Reading hand-offs: sales sees what was delivered to them and nothing else; of one taken back, only that it was."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.desk import Desk
from briefs.errors import MoveRefused, NotFound
from briefs.people import Person
from briefs.store import Transaction, answers, audit_log, brief_rows, conversation, handoffs
from briefs.store.answers import Answer
from briefs.store.brief_rows import BriefRow
from briefs.store.conversation import Change, Feedback, Said
from briefs.store.handoffs import Handoff
from briefs.visibility import may_answer, reads


@dataclass(frozen=True)
class Handed:
    """A hand-off as somebody may see it. Where it was taken back and the reader is in sales, `body` is None and every list empty."""

    handoff: Handoff
    brief: BriefRow
    body: bytes | None
    changes: tuple[Change, ...] = ()
    answers: tuple[Answer, ...] = ()
    said: tuple[Said, ...] = ()
    feedback: tuple[Feedback, ...] = ()

    @property
    def recalled(self) -> bool:
        return self.handoff.withdrawn_at is not None


def find(connection: Transaction, desk: Desk, person: Person, handoff_id: str) -> Handoff:
    """The hand-off, if it was delivered to this AE, belongs to an account of this CSM, or the person is admin. Raises NotFound otherwise."""
    handoff = handoffs.get(connection, handoff_id)
    if may_answer(person, handoff) or (person.role in ("csm", "admin") and desk.may_see(person, handoff.account_id)):
        return handoff
    raise no_such_handoff(handoff_id)


def no_such_handoff(handoff_id: str) -> NotFound:
    """The same words whether it is absent, not delivered, or somebody else's."""
    return NotFound(f"No hand-off {handoff_id[:64]!r}.", "`briefs show BRIEF` names the hand-off of a brief.")


def read(desk: Desk, person: Person, handoff_id: str) -> Handed:
    """The hand-off with what hangs on it; that it was read is written down. Raises NotFound, also where its words were erased."""
    with desk.courier.store.writing() as connection:
        handoff = find(connection, desk, person, handoff_id)
        brief = brief_rows.get(connection, handoff.brief_id)
        audit_log.append(
            connection, desk.courier.now(), person.id, "handoff.read", f"handoff:{handoff_id}", version=handoff.version_hash, token=person.token_id
        )
        if person.role == "ae" and not reads(person, handoff):
            return Handed(handoff, brief, None)
        return Handed(
            handoff=handoff,
            brief=brief,
            body=brief_rows.version_bytes(connection, handoff.version_hash),
            changes=tuple(conversation.changes_on(connection, handoff_id)),
            answers=tuple(answer for answer in answers.of_brief(connection, brief.id) if answer.handoff_id == handoff_id),
            said=tuple(conversation.said_on(connection, handoff_id)),
            feedback=tuple(conversation.feedback_on(connection, handoff_id)),
        )


def listed(desk: Desk, person: Person) -> list[tuple[Handoff, BriefRow]]:
    """The hand-offs delivered to this AE (an admin: all; a CSM: of their accounts), newest first, with their briefs. Nobody else has any."""
    with desk.courier.store.reading() as connection:
        if person.role == "ae":
            names = {name.casefold() for name in (person.id, person.email) if name}
            found = answers.naming(connection, names)
        elif person.role in ("admin", "csm"):
            every = answers.naming(connection, None)
            theirs = {account: desk.may_see(person, account) for account in {handoff.account_id for handoff in every}}
            found = [handoff for handoff in every if theirs[handoff.account_id]]
        else:
            found = []
        rows = brief_rows.named(connection, {handoff.brief_id for handoff in found})
        return [(handoff, rows[handoff.brief_id]) for handoff in found]


def answerable(connection: Transaction, desk: Desk, person: Person, handoff_id: str, *, by_csm: bool = False) -> Handoff:
    """The hand-off, if the person may answer it: the AE it names, an admin, and (`by_csm`) its CSM. Raises NotFound; MoveRefused where it was
    taken back."""
    handoff = find(connection, desk, person, handoff_id)
    if not (may_answer(person, handoff) or (by_csm and person.role == "csm" and handoff.delivered_at is not None)):
        raise no_such_handoff(handoff_id)
    if handoff.withdrawn_at is not None:
        raise MoveRefused("This hand-off was taken back.", "Nothing can be answered to it.", ())
    return handoff
