"""Brings a database to the shape this release expects: cheap when it is there already, alembic when it must."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from briefs.errors import BadInput
from retrieval.engine import writer

HEAD = "0005"
"""The newest migration; a test holds it to the files in briefs/migrations/versions."""


def ensure(engine: Engine) -> None:
    """Migrates the database to HEAD. Raises BadInput for one written by a newer release."""
    if _version(engine) != HEAD:
        _upgrade(engine)


def reachable(engine: Engine) -> bool:
    """Whether the database answers and is at HEAD."""
    try:
        return _version(engine) == HEAD
    except SQLAlchemyError:
        return False


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "briefs:migrations")
    try:
        with writer(engine).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as cause:
        raise BadInput("This database was written by a newer release of briefs.", "Upgrade briefs, or use another --home.") from cause


JOB_TABLES = 125
"""The shape the durable engine's tables have on SQLite; a test holds it to the engine installed."""


def job_tables(engine: Engine) -> bool:
    """Whether the durable engine's tables are there, and as its present release makes them."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not inspect(connection).has_table("dbos_migrations", schema=None if sqlite else "dbos"):
            return False
        return not sqlite or connection.execute(text("SELECT version FROM dbos_migrations")).scalar_one_or_none() == JOB_TABLES
