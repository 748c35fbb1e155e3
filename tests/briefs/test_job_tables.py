"""The check that spares a command the durable engine's import knows the shape of the engine that is installed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from briefs.durable import Queue
from briefs.store.schema import JOB_TABLES, job_tables
from retrieval.engine import open_engine


def test_the_engines_tables_are_known_by_their_version(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'briefs.db'}"
    engine = open_engine(url)
    assert not job_tables(engine)
    Queue(url, {}).prepare()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version FROM dbos_migrations")).scalar_one() == JOB_TABLES
    assert job_tables(engine)
    engine.dispose()
