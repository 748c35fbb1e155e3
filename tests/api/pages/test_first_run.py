"""An empty home offers the sample; it is brought beside the requests, told as it goes, and taken up again where it was cut short."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from fastapi import FastAPI

from api.pages.first_run import Start
from retrieval.errors import ImportFault
from retrieval.ingest import IngestReport
from retrieval.sources import Source
from tests.api.pages.visitor import visitor
from tests.api.world import World, serving

ALL = 28
PATIENCE_S = 300


def until(what: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.1)


def start_of(world: World) -> Start:
    return cast("FastAPI", world.client.app).state.start


def test_the_sample_is_brought_beside_the_requests_watched_cut_short_and_taken_up_again(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as world:
        ada, first = visitor(world, "ada"), start_of(world)
        assert "Nothing is here yet" in ada.get("/inbox").text
        assert ada.get("/start").url.path == "/inbox"
        page = ada.post("/start/sample")
        assert page.url.path == "/start"
        assert '<noscript><meta http-equiv="refresh"' in page.text
        assert 'hx-trigger="every 1s"' in page.text
        assert ada.get("/inbox").url.path == "/start"
        until(lambda: (told := first.told()) is not None and told.done >= 1)
        assert "Reading the accounts: " in ada.get("/start").text
        assert "The sample is being read: " in ada.get("/inbox").text
        first.stop()

        cast("FastAPI", world.client.app).state.start = Start()
        read = len(world.workspace.store.last_results())
        assert 1 <= read < ALL
        assert f"{ALL - read} account" in ada.get("/inbox").text
        ada.post("/start/sample")
        until(lambda: ada.get("/start").url.path == "/inbox")
        assert len(world.workspace.store.last_results()) == ALL
        assert [row.action for row in world.workspace.store.audit_rows()].count("import.done") == 2


def test_only_an_admin_brings_it_and_never_beside_accounts_of_ones_own(world: World) -> None:
    ada = visitor(world, "ada")
    assert visitor(world, "mira").post("/start/sample").status_code == 403
    own = {"file": ("accounts.jsonl", b'{"id": "own-1", "name": "Our own"}')}
    assert world.call("ada", "POST", "/v1/imports", files=own).status_code in (200, 201)
    refused = ada.post("/start/sample")
    assert refused.status_code == 409
    assert "accounts of your own" in refused.text
    assert "1 account is on file and not looked at yet" in ada.get("/inbox").text


def test_what_goes_wrong_is_told_and_can_be_tried_again(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as world:
        ada, start = visitor(world, "ada"), start_of(world)
        world.workspace.__dict__["warehouse"] = replace(world.workspace.warehouse, take_in=refuse)
        ada.post("/start/sample")
        until(lambda: (told := start.told()) is not None and not told.running)
        page = ada.get("/start").text
        assert "The disk is full. Make room." in page
        assert "Try again" in page


def refuse(source: Source, import_id: str, *_: object) -> IngestReport:
    raise ImportFault("The disk is full.", "Make room.")
