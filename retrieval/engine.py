"""Opens the one database that holds everything: a SQLite file in the home folder, or PostgreSQL where a team outgrows one machine.

Reads use a plain transaction; writes go through `writer(engine)`, which takes SQLite's write lock at once, so that two writers queue instead of
failing half way. Deleted text is overwritten on disk (`secure_delete`), and `scrub` takes it out of the journal and of spare pages too.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 10
JOB_BUSY_SECONDS = 30
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-32768",  # 32 MB: an import touches pages all over its indexes
    "PRAGMA wal_autocheckpoint=4000",
)


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path/to/briefs.db` or `postgresql+psycopg://...`. A new SQLite file is readable by its owner only."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        _private_file(Path(address.database))
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def open_job_engine(url: str) -> Engine:
    """A second engine on the same database for the durable queue, which opens transactions the driver's own way: a write takes the lock at once."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": JOB_BUSY_SECONDS, "isolation_level": "IMMEDIATE"})
    event.listen(engine, "connect", _set_job_pragmas)
    return engine


def writer(engine: Engine) -> Engine:
    """The same engine for transactions that write: `with writer(engine).begin() as connection`."""
    return engine.execution_options(writes=True)


def one_moment(engine: Engine) -> Engine:
    """The same engine for transactions whose reads all tell of one moment: SQLite's always do, PostgreSQL's each tell of their own unless asked."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def scrub(engine: Engine) -> bool:
    """Takes deleted text out of SQLite's spare pages and its write-ahead log; True when done, False when another process is in the way.

    `secure_delete` zeroes what is deleted, and that sufficed in every trial; VACUUM writes the file anew, so that nothing rests on it alone.
    On PostgreSQL this vacuums the tables as far as the server allows (its own log keeps what it keeps).
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return True
    held = engine.raw_connection()  # past SQLAlchemy, which would begin a transaction: VACUUM allows none
    try:
        cursor = held.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
        return busy is not None and busy[0] == 0
    except OperationalError:  # somebody else holds a transaction open
        return False
    finally:
        held.close()


def _private_file(path: Path) -> None:
    """Makes the file where it is missing, and leaves one that is there alone: closing it here would drop the locks this process holds on it, and
    another process could then take the write-ahead log away under an open connection."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own: `_begin` does
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _set_job_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (f"PRAGMA busy_timeout={JOB_BUSY_SECONDS * 1000}", *_PRAGMAS[1:]):
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")
