"""A large import does not hold its sender: it is queued, tells how far it is, goes on after a crash and is never left half told."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from typing import Any

import pytest

from briefs import importing, importing_beside
from briefs.store import import_rows
from tests.api.world import World

ACCOUNT = {"id": "zz1", "name": "Zebra Zinc AG"}


def a_zip(notes: int = 2, size: int = 10, **bad: Any) -> bytes:
    rows = [{"id": f"zz-n{n}", "account_id": "zz1", "at": "2026-03-01", "body": f"Note {n} " + "word " * size} for n in range(notes)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("accounts.jsonl", json.dumps(ACCOUNT))
        archive.writestr("notes.jsonl", "".join(json.dumps(row) + "\n" for row in [*rows, *([bad] if bad else [])]))
    return packed.getvalue()


def send(world: World, data: bytes) -> Any:
    return world.call("ada", "POST", "/v1/imports", files={"file": ("export.zip", data)})


def read(world: World, import_id: str) -> dict[str, Any]:
    return world.call("ada", "GET", f"/v1/imports/{import_id}").json()


@pytest.fixture
def queueing(world: World) -> World:
    """The service as it is with a worker beside it, which does not get to work by itself."""
    world.workspace.jobs.prepare()
    world.workspace.serves = True
    return world


LARGE = a_zip(60, 2000, id="zz-bad", account_id="zz1", at="never", body="x")


def test_a_small_import_is_answered_with_what_it_did(queueing: World) -> None:
    made = send(queueing, a_zip())
    assert (made.status_code, made.json()["state"], made.json()["records"]["notes"]) == (201, "done", 2)
    assert list((queueing.workspace.home / "uploads").iterdir()) == []


def test_what_sales_holds_is_looked_at_as_soon_as_an_import_ends(queueing: World) -> None:
    made = send(queueing, a_zip())
    with sqlite3.connect(queueing.workspace.home / "briefs.db") as db:
        queued = [row[0] for row in db.execute("SELECT workflow_uuid FROM workflow_status WHERE name = 'watch'")]
    assert queued == [f"watch:{made.json()['id']}"]


def test_a_large_import_is_queued_and_told_until_it_is_done(queueing: World) -> None:
    made = send(queueing, LARGE)
    assert (made.status_code, made.json()["state"], made.json()["progress"]) == (202, "queued", None), made.text
    assert made.headers["location"] == f"/v1/imports/{made.json()['id']}"
    importing_beside.run(queueing.workspace.warehouse, made.json()["id"])
    told = read(queueing, made.json()["id"])
    assert (told["state"], told["records"]["notes"], told["quarantined"]) == ("done", 60, 1)
    assert list((queueing.workspace.home / "uploads").iterdir()) == []
    importing_beside.run(queueing.workspace.warehouse, made.json()["id"])
    assert read(queueing, made.json()["id"]) == told, "the job run twice does nothing twice"


class Died(BaseException):
    """The process was killed here."""


def test_an_import_cut_short_goes_on_and_tells_no_row_twice(queueing: World) -> None:
    house = queueing.workspace.warehouse
    import_id = send(queueing, LARGE).json()["id"]

    def dies(source: Any, name: str, progress: Any = None, /) -> Any:
        house.take_in(source, name)
        raise Died

    mortal = importing.Warehouse(house.store, house.home, dies, house.now, house.new_id, house.folder, house.one_at_a_time)
    with pytest.raises(Died):
        importing_beside.run(mortal, import_id)
    assert read(queueing, import_id)["state"] == "working"
    assert read(queueing, import_id)["progress"] == {"stage": "begin", "done": 0, "total": None}
    importing_beside.take_up(house)
    assert read(queueing, import_id)["state"] == "working", "a queued import goes on at the next start"
    importing_beside.run(house, import_id)
    told = read(queueing, import_id)
    assert (told["state"], told["unchanged"], told["quarantined"]) == ("done", 61, 1)
    assert len(importing.entries(house, import_id)) == 1


def test_what_a_request_was_importing_when_the_server_died_has_failed_in_so_many_words(world: World) -> None:
    house = world.workspace.warehouse
    with house.store.writing() as connection:
        import_rows.start(connection, "cut", world.ids["ada"], "export.zip", house.now())
    left = house.home / "uploads" / "cut"
    left.mkdir(parents=True)
    importing_beside.take_up(house)
    told = read(world, "cut")
    assert (told["state"], told["error"]) == ("failed", "interrupted")
    assert not left.exists()
    assert house.store.audit_rows()[-1].action == "import.failed"


def test_a_queued_import_that_cannot_be_read_fails_and_says_why(queueing: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("accounts.jsonl", "not json\n" * 60_000)
    import_id = send(queueing, packed.getvalue()).json()["id"]
    importing_beside.run(queueing.workspace.warehouse, import_id)
    told = read(queueing, import_id)
    assert told["state"] in ("failed", "done")
    assert told["error"] or told["quarantined"] == 60_000
