"""The walls around what sales answered and what was sent: each is tried with the database's own statements, and holds."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from briefs.deciding.sales import accept
from briefs.deciding.talking import ask, give_feedback
from briefs.store import conversation, delivery_rows, target_rows
from briefs.store.conversation import Change
from tests.briefs.desk_parts import Office

WALLS_SAY = "an answer|a change told|a question|feedback|a delivery|a hand-off keeps|never emptied"

SERVICE_TABLES = ("answers", "handoff_changes", "questions", "feedback", "deliveries", "delivery_tries")
SERVICE_FORBIDDEN = [
    "UPDATE answers SET reason = 'other words'",
    "UPDATE answers SET reason = NULL",
    "UPDATE answers SET kind = 'decline'",
    "UPDATE answers SET amount = 1",
    "DELETE FROM answers",
    """INSERT INTO answers (id, brief_id, handoff_id, kind, "by", at) SELECT 'x', brief_id, NULL, 'accept', "by", at FROM answers""",
    """INSERT INTO answers (id, brief_id, handoff_id, kind, "by", at) SELECT 'x', 'other', handoff_id, 'accept', "by", at FROM answers""",
    """INSERT INTO answers (id, brief_id, handoff_id, kind, "by", at) SELECT id, brief_id, handoff_id, kind, "by", at FROM answers""",
    "UPDATE handoff_changes SET detail = '{}'",
    "UPDATE handoff_changes SET kind = 'verdict'",
    "DELETE FROM handoff_changes",
    "INSERT INTO handoff_changes SELECT * FROM handoff_changes",
    "UPDATE questions SET text = NULL",
    "UPDATE questions SET text = 'another'",
    "UPDATE questions SET reply_to = 'x'",
    "DELETE FROM questions",
    "INSERT INTO questions SELECT * FROM questions",
    "UPDATE feedback SET useful = 0",
    "UPDATE feedback SET text = NULL",
    "DELETE FROM feedback",
    "INSERT INTO feedback SELECT * FROM feedback",
    "UPDATE deliveries SET purpose = 'recall'",
    "UPDATE deliveries SET target_id = 'other'",
    "UPDATE deliveries SET handoff_id = 'other'",
    "UPDATE deliveries SET kind = 'slack'",
    "UPDATE deliveries SET id = 'other'",
    "DELETE FROM deliveries",
    "INSERT INTO deliveries SELECT * FROM deliveries",
    "UPDATE delivery_tries SET status = 200",
    "UPDATE delivery_tries SET error = NULL",
    "DELETE FROM delivery_tries",
    "INSERT INTO delivery_tries SELECT * FROM delivery_tries",
    "UPDATE handoffs SET ae = 'mallory@acme.example'",
    "UPDATE handoffs SET ae = NULL",
]


@pytest.fixture
def answered(desk: Office) -> Office:
    """A delivered hand-off with a row in every table that hangs on it, each written as the product writes it."""
    brief_id = desk.draft()
    desk.approve(brief_id)
    (one,) = desk.store.handoffs(brief_id)
    accept(desk.desk, desk.eve, one.id, first_touch=date(2026, 4, 2), reason="Gladly")
    ask(desk.desk, desk.eve, one.id, "Who signs?")
    give_feedback(desk.desk, desk.eve, one.id, section="need", useful=True, text="Good")
    at = desk.clock()
    with desk.store.writing() as connection:
        conversation.add_change(connection, Change("c1", one.id, "verdict", "watch", "the verdict is watch now", False, at))
        target_id = target_rows.add(connection, "t9", "webhook", "Hook", {}, [], at).id
        row = delivery_rows.add(connection, "d9", one.id, target_id, "webhook", "handoff", at)
        delivery_rows.note_try(connection, row, at, 503, "server_error")
    return desk


def _rows(office: Office) -> list[list[tuple[object, ...]]]:
    with office.store.reading() as connection:
        return [[tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))] for table in (*SERVICE_TABLES, "handoffs")]


@pytest.mark.parametrize("statement", SERVICE_FORBIDDEN)
def test_the_walls_around_what_sales_said_and_what_was_sent_refuse(answered: Office, statement: str):
    before = _rows(answered)
    assert all(before), "there is something in each table to protect"
    with pytest.raises(DBAPIError, match=WALLS_SAY), answered.store.writing() as connection:
        connection.execute(text(statement))
    assert _rows(answered) == before


@pytest.mark.parametrize("table", SERVICE_TABLES)
def test_no_row_of_what_was_said_or_sent_is_replaced_another_way(answered: Office, table: str):
    postgres = answered.store.engine.dialect.name == "postgresql"
    statement = f"TRUNCATE {table} CASCADE" if postgres else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    with pytest.raises(DBAPIError, match=WALLS_SAY), answered.store.writing() as connection:
        connection.execute(text(statement))


def test_every_wall_of_the_service_is_tried():
    walls = import_module("briefs.migrations.versions.0005_service_walls").WALLS
    tried = {(line.split()[0], line.replace("INSERT INTO", "INSERT").replace("DELETE FROM", "DELETE").split()[1]) for line in SERVICE_FORBIDDEN}
    assert {(event, table) for _, event, table, *_ in walls} == tried
