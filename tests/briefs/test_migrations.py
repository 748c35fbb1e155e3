"""The database gets the shape the code expects, and its walls hold whatever program writes."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from briefs.errors import BadInput
from briefs.store import sales_tables, service_tables
from briefs.store.schema import HEAD, ensure
from retrieval.engine import open_engine
from retrieval.tables import create_tables
from retrieval.tables import metadata as retrieval_metadata
from tests.briefs.desk_parts import Office

SAID = (
    "a version (never changes|is never deleted)|a decision (never changes|is never deleted|is new and names)|a hand-off (needs|keeps|is never)|"
    "an audit row|an answer|a change told|a question|feedback|a delivery|a hand-off keeps the reader|"
    "an erasure needs|never emptied|FOREIGN KEY|foreign key"
)


def test_the_migrations_make_exactly_the_tables_of_the_code(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert sales_tables.metadata is service_tables.metadata
        assert compare_metadata(context, [retrieval_metadata, sales_tables.metadata]) == []


def test_the_head_named_in_the_code_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", "briefs:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_database_at_head_is_left_alone(engine: Engine):
    with engine.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one()
    ensure(engine)
    assert before == 1


def test_tables_an_import_made_first_are_taken_as_they_are(tmp_path: object):
    engine = open_engine(f"sqlite:///{tmp_path}/briefs.db")
    create_tables(engine)
    ensure(engine)
    engine.dispose()


def test_a_database_of_a_newer_release_is_refused_in_words(engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadInput, match="newer release"):
        ensure(engine)


@pytest.fixture
def delivered(desk: Office) -> Office:
    """One brief delivered in its second version, and one draft."""
    brief_id = desk.draft()
    desk.edit(brief_id)
    desk.approve(brief_id)
    return desk


FORBIDDEN = [
    "UPDATE versions SET body = body",
    "UPDATE versions SET body = NULL",
    "UPDATE versions SET author = 'machine' WHERE n = 2",
    "UPDATE versions SET hash = 'sha256:other'",
    "DELETE FROM versions",
    "INSERT INTO versions SELECT brief_id, n, 'sha256:other', parent, author, at, dossier_hash, body FROM versions WHERE n = 1",
    "UPDATE decisions SET decision = 'approve'",
    "UPDATE decisions SET reason = NULL",
    """UPDATE decisions SET "by" = 'max1'""",
    "DELETE FROM decisions",
    """INSERT INTO decisions SELECT 'd2', brief_id, 'sha256:other', decision, "by", at, NULL, NULL, self_approved, NULL FROM decisions""",
    """INSERT INTO decisions SELECT 'd2', brief_id, version_hash, decision, 'machine', at, NULL, NULL, self_approved, NULL FROM decisions""",
    "UPDATE handoffs SET version_hash = 'sha256:other'",
    "UPDATE handoffs SET decision_id = 'd2'",
    "UPDATE handoffs SET audit_head = 'sha256:other'",
    "DELETE FROM handoffs",
    "INSERT INTO handoffs (id, brief_id, version_hash, decision_id, audit_head, created_at) "
    "SELECT 'h2', brief_id, version_hash, decision_id, audit_head, created_at FROM handoffs",
    "UPDATE audit SET actor = 'somebody' WHERE seq = 2",
    "UPDATE audit SET details = details",
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit",
    "INSERT INTO audit SELECT seq + 1000, at, actor, action, object, details, prev, hash FROM audit WHERE seq = 1",
    "INSERT INTO audit SELECT (SELECT max(seq) + 1 FROM audit), at, actor, action, object, details, prev, hash FROM audit WHERE seq = 1",
    "INSERT INTO erasures SELECT brief_id, 1 FROM handoffs",
    "INSERT INTO erasures SELECT brief_id, (SELECT max(seq) FROM audit) FROM handoffs",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_walls_refuse(delivered: Office, statement: str):
    before = everything(delivered)
    with pytest.raises(DBAPIError, match=SAID), delivered.store.writing() as connection:
        connection.execute(text(statement))
    assert everything(delivered) == before


@pytest.mark.parametrize("table", ["versions", "decisions", "handoffs", "audit"])
def test_a_row_is_not_replaced_by_another_way(delivered: Office, table: str):
    """SQLite's REPLACE deletes without asking the delete trigger; PostgreSQL's TRUNCATE deletes without asking a row's."""
    postgres = delivered.store.engine.dialect.name == "postgresql"
    statement = f"TRUNCATE {table} CASCADE" if postgres else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    with pytest.raises(DBAPIError, match=SAID), delivered.store.writing() as connection:
        connection.execute(text(statement))


def handoff(office: Office, brief_id: str, version_hash: str, decision_id: str) -> None:
    with office.store.writing() as connection:
        connection.execute(
            text("INSERT INTO handoffs (id, brief_id, version_hash, decision_id, audit_head, created_at) VALUES ('h9', :b, :v, :d, 'x', 'x')"),
            {"b": brief_id, "v": version_hash, "d": decision_id},
        )


def decision(office: Office, brief_id: str, version_hash: str, kind: str, by: str) -> str:
    with office.store.writing() as connection:
        connection.execute(
            text("""INSERT INTO decisions (id, brief_id, version_hash, decision, "by", at, self_approved) VALUES ('d9', :b, :v, :k, :p, 'x', 0)"""),
            {"b": brief_id, "v": version_hash, "k": kind, "p": by},
        )
    return "d9"


def state(office: Office, brief_id: str, value: str) -> None:
    with office.store.writing() as connection:
        connection.execute(text("UPDATE briefs SET state = :s WHERE id = :b"), {"s": value, "b": brief_id})


def test_a_handoff_with_its_own_approval_is_let_through(desk: Office):
    brief_id = desk.draft()
    approval = decision(desk, brief_id, desk.head(brief_id), "approve", desk.dana.id)
    state(desk, brief_id, "approved")
    handoff(desk, brief_id, desk.head(brief_id), approval)


def test_a_handoff_of_a_version_nobody_approved_is_refused(desk: Office):
    brief_id = desk.draft()
    first = desk.head(brief_id)
    approval = decision(desk, brief_id, first, "approve", desk.dana.id)
    desk.edit(brief_id)
    state(desk, brief_id, "approved")
    for version in (desk.head(brief_id), first):  # the newest was not approved; the approved one is no longer the newest
        with pytest.raises(DBAPIError, match="own approval"):
            handoff(desk, brief_id, version, approval)


def test_a_handoff_on_a_decision_that_is_no_approval_is_refused(desk: Office):
    brief_id = desk.draft()
    refusal = decision(desk, brief_id, desk.head(brief_id), "reject", desk.dana.id)
    state(desk, brief_id, "approved")
    with pytest.raises(DBAPIError, match="own approval"):
        handoff(desk, brief_id, desk.head(brief_id), refusal)


def test_a_handoff_approved_by_somebody_who_may_not_is_refused(desk: Office):
    brief_id = desk.draft()
    approval = decision(desk, brief_id, desk.head(brief_id), "approve", desk.eve.id)
    state(desk, brief_id, "approved")
    with pytest.raises(DBAPIError, match="own approval"):
        handoff(desk, brief_id, desk.head(brief_id), approval)


def test_a_handoff_of_a_brief_that_is_back_on_the_desk_is_refused(desk: Office):
    brief_id = desk.draft()
    approval = decision(desk, brief_id, desk.head(brief_id), "approve", desk.dana.id)
    with pytest.raises(DBAPIError, match="own approval"):
        handoff(desk, brief_id, desk.head(brief_id), approval)


def everything(office: Office) -> list[object]:
    with office.store.reading() as connection:
        return [connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all() for table in ("versions", "decisions", "handoffs", "audit")]
