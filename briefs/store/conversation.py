"""What sales asks and the CSM answers about a hand-off, what sales found useful in it, and what changed since it was approved. Only added to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from briefs.errors import NotFound
from briefs.store.instants import moment, stamp
from briefs.store.sales_tables import feedback, handoff_changes, questions
from briefs.store.tables import people


@dataclass(frozen=True)
class Said:
    """A question, or the answer to one (`reply_to` names it). `text` is None where its words were erased."""

    id: str
    handoff_id: str
    by: str
    at: datetime
    text: str | None
    reply_to: str | None = None
    by_name: str = ""


@dataclass(frozen=True)
class Feedback:
    """Whether a section (None: the whole) helped, and why."""

    id: str
    handoff_id: str
    by: str
    at: datetime
    section: str | None
    useful: bool
    text: str | None
    by_name: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise since the approval; `over` says that it no longer is. `words` is empty where they were erased."""

    id: str
    handoff_id: str
    kind: str
    subject: str
    words: str
    over: bool
    at: datetime


def say(connection: Connection, said: Said) -> None:
    connection.execute(
        insert(questions).values(id=said.id, handoff_id=said.handoff_id, by=said.by, at=stamp(said.at), text=said.text, reply_to=said.reply_to)
    )


def said_on(connection: Connection, handoff_id: str) -> list[Said]:
    """Questions and answers of a hand-off, oldest first."""
    query = select(questions, people.c.name).join(people, people.c.id == questions.c.by).where(questions.c.handoff_id == handoff_id)
    rows = connection.execute(query.order_by(questions.c.at, questions.c.id))
    return [Said(row.id, row.handoff_id, row.by, moment(row.at), row.text, row.reply_to, row.name) for row in rows]


def question(connection: Connection, handoff_id: str, question_id: str) -> Said:
    """A question of that hand-off. Raises NotFound, also for an answer."""
    found = next((said for said in said_on(connection, handoff_id) if said.id == question_id and said.reply_to is None), None)
    if found is None:
        raise NotFound(f"No question {question_id[:64]!r} on this hand-off.", "Read the hand-off: it lists its questions.")
    return found


def add_feedback(connection: Connection, given: Feedback) -> None:
    values = vars(given) | {"at": stamp(given.at), "useful": int(given.useful)}
    del values["by_name"]
    connection.execute(insert(feedback).values(**values))


def feedback_on(connection: Connection, handoff_id: str) -> list[Feedback]:
    """Oldest first."""
    query = select(feedback, people.c.name).join(people, people.c.id == feedback.c.by).where(feedback.c.handoff_id == handoff_id)
    rows = connection.execute(query.order_by(feedback.c.at, feedback.c.id))
    return [Feedback(row.id, row.handoff_id, row.by, moment(row.at), row.section, bool(row.useful), row.text, row.name) for row in rows]


def add_change(connection: Connection, change: Change) -> None:
    detail = {"subject": change.subject, "words": change.words, "over": change.over}
    connection.execute(
        insert(handoff_changes).values(
            id=change.id, handoff_id=change.handoff_id, kind=change.kind, detail=json.dumps(detail, ensure_ascii=False), at=stamp(change.at)
        )
    )


def changes_on(connection: Connection, handoff_id: str) -> list[Change]:
    """Oldest first."""
    query = select(handoff_changes).where(handoff_changes.c.handoff_id == handoff_id).order_by(handoff_changes.c.at, handoff_changes.c.id)
    found: list[Change] = []
    for row in connection.execute(query):
        detail = json.loads(row.detail)
        words, over = detail.get("words", ""), bool(detail.get("over"))
        found.append(Change(row.id, row.handoff_id, row.kind, detail.get("subject", ""), words, over, moment(row.at)))
    return found
