"""The seal that secrets of targets are kept under: an option of the engine, so that no caller can forget it."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from briefs.sealing import Seal

NONE = Seal()


def sealed_with(engine: Engine, seal: Seal) -> Engine:
    """The same engine, on which secrets of targets are kept under that seal."""
    return engine.execution_options(seal=seal)


def seal_of(connection: Connection) -> Seal:
    """The seal of the connection's engine; one that locks nothing where it has none."""
    return connection.get_execution_options().get("seal", NONE)
