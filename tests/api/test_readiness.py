"""Whether the service can work is another question than whether it lives: who sends it requests asks the first, who restarts it the second."""

from __future__ import annotations

import sqlite3

import pytest

from tests.api.world import World

UNREADY = {
    "another release's database": "UPDATE alembic_version SET version_num = '9999'",
    "a database without a release": "DROP TABLE alembic_version",
}


@pytest.mark.parametrize("change", UNREADY.values(), ids=UNREADY)
def test_a_database_that_is_not_this_releases_is_not_ready(world: World, change: str) -> None:
    assert world.call(None, "GET", "/readyz").status_code == 200
    with sqlite3.connect(world.workspace.home / "briefs.db") as db:
        db.execute(change)
    unready(world)


def test_a_database_that_cannot_be_read_is_not_ready(world: World) -> None:
    path = world.workspace.home / "briefs.db"
    world.workspace.database.dispose()
    for beside in path.parent.glob("briefs.db-*"):
        beside.unlink()
    kept = path.read_bytes()
    path.write_bytes(b"not a database" * 1000)
    unready(world)
    world.workspace.database.dispose()
    path.write_bytes(kept)
    assert world.call(None, "GET", "/readyz").status_code == 200, "it is ready again without a restart"


def unready(world: World) -> None:
    answer = world.call(None, "GET", "/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["type"] == "urn:briefs:problem:not-ready"
    assert world.call(None, "GET", "/healthz").status_code == 200
