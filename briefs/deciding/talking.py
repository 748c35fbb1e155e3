"""Sales asks the CSM about a hand-off and gets the answer there; and says which section helped and which did not."""

from __future__ import annotations

from briefs.brief import BriefBody
from briefs.deciding import handed, notices
from briefs.deciding.codes import words
from briefs.desk import Desk, still_works
from briefs.errors import BadInput
from briefs.people import Person
from briefs.store import audit_log, brief_rows, conversation, person_rows
from briefs.store.conversation import Feedback, Said


def ask(desk: Desk, person: Person, handoff_id: str, text: str) -> Said:
    """A question of the AE (or an admin) to the CSM, who hears of it at once. Raises NotFound, MoveRefused (taken back), BadInput."""
    told = words(text, "A question")
    with desk.courier.store.writing() as connection:
        handoff = handed.answerable(connection, desk, person, handoff_id)
        still_works(connection, person)
        said = Said(desk.courier.new_id(), handoff_id, person.id, desk.courier.now(), told, by_name=person.name)
        conversation.say(connection, said)
        audit_log.append(connection, said.at, person.id, "handoff.ask", f"handoff:{handoff_id}", question=said.id, token=person.token_id)
        people = notices.csms(connection, desk, brief_rows.get(connection, handoff.brief_id))
        notices.tell(connection, desk, people, "question", f"handoff:{handoff_id}", account_id=handoff.account_id, at=said.at, question=said.id)
    return said


def reply(desk: Desk, person: Person, handoff_id: str, question_id: str, text: str) -> Said:
    """The CSM's (or an admin's) answer to a question; whoever asked hears of it at once. Raises NotFound, MoveRefused, BadInput."""
    told = words(text, "An answer")
    with desk.courier.store.writing() as connection:
        handoff = handed.answerable(connection, desk, person, handoff_id, by_csm=True)
        still_works(connection, person)
        if person.role == "ae":
            raise BadInput("The CSM answers what sales asks.", "Ask another question instead.")
        asked = conversation.question(connection, handoff_id, question_id)
        said = Said(desk.courier.new_id(), handoff_id, person.id, desk.courier.now(), told, asked.id, person.name)
        conversation.say(connection, said)
        audit_log.append(connection, said.at, person.id, "handoff.reply", f"handoff:{handoff_id}", question=asked.id, token=person.token_id)
        asker = person_rows.named(connection, asked.by)
        notices.tell(connection, desk, asker, "reply", f"handoff:{handoff_id}", account_id=handoff.account_id, at=said.at, question=asked.id)
    return said


def give_feedback(desk: Desk, person: Person, handoff_id: str, *, section: str | None, useful: bool, text: str | None = None) -> Feedback:
    """Whether a section (its key; None: the whole) helped; what did not needs words. Raises NotFound, MoveRefused, BadInput."""
    told = words(text, "Feedback") if text or not useful else None
    with desk.courier.store.writing() as connection:
        handoff = handed.answerable(connection, desk, person, handoff_id)
        still_works(connection, person)
        body = BriefBody.model_validate_json(brief_rows.version_bytes(connection, handoff.version_hash))
        keys = [part.key for part in body.sections]
        if section is not None and section not in keys:
            raise BadInput(f"This hand-off has no section {section[:40]!r}.", f"One of: {', '.join(keys)}.")
        given = Feedback(desk.courier.new_id(), handoff_id, person.id, desk.courier.now(), section, useful, told, person.name)
        conversation.add_feedback(connection, given)
        audit_log.append(
            connection, given.at, person.id, "handoff.feedback", f"handoff:{handoff_id}", section=section, useful=useful, token=person.token_id
        )
        people = notices.csms(connection, desk, brief_rows.get(connection, handoff.brief_id))
        notices.tell(
            connection, desk, people, "feedback", f"handoff:{handoff_id}", account_id=handoff.account_id, at=given.at, section=section, useful=useful
        )
    return given
