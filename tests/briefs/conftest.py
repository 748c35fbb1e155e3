"""An empty database at head for every test that asks for one: SQLite always, PostgreSQL where one is there to be emptied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine
from tests.briefs.desk_parts import Office, office

POSTGRES = "BRIEFS_TEST_POSTGRES"
TEMPLATE = f"briefs_template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
"""Test processes side by side have a template each."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating takes a second, copying none."""
    path = tmp_path_factory.mktemp("template") / "briefs.db"
    engine = open_engine(f"sqlite:///{path}")
    ensure(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Path:
    """The file of an empty SQLite database at head."""
    return Path(shutil.copy(sqlite_template, tmp_path / "briefs.db"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on an empty database at head, on each kind of server there is."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{request.getfixturevalue('database')}")
        yield engine
        engine.dispose()
        return
    url = os.environ[POSTGRES]
    _run(
        url,
        f"DROP DATABASE IF EXISTS {TEMPLATE}_copy WITH (FORCE)",
        f"CREATE DATABASE {TEMPLATE}_copy TEMPLATE {request.getfixturevalue('postgres_template')}",
    )
    engine = open_engine(_named(url, f"{TEMPLATE}_copy"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template() -> str:
    """The name of a migrated PostgreSQL database to copy."""
    url = os.environ[POSTGRES]
    _run(url, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)", f"CREATE DATABASE {TEMPLATE}")
    engine = open_engine(_named(url, TEMPLATE))
    ensure(engine)
    engine.dispose()
    return TEMPLATE


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def sqlite_store(database: Path) -> Iterator[Store]:
    """A store on SQLite alone, for tests that look into its file or race on it."""
    engine = open_engine(f"sqlite:///{database}")
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def desk(store: Store) -> Office:
    """People at a desk, on an empty store."""
    return office(store)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _run(url: str, *statements: str) -> None:
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
