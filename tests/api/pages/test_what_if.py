"""Another threshold is tried on what the last scan kept, and says what reading every record anew would say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.pages.trying import Trials
from briefs import what_if
from briefs.pipeline import Examined, Pipeline
from briefs.settings import Settings
from briefs.wiring import Workspace
from retrieval.dossier import Dossier
from tests.api.pages.visitor import Visitor, visitor
from tests.api.world import World

ACCOUNTS = ("a01", "a03", "a10", "b01", "b03", "c05")
NEAR = (
    {"seats_used_percent": 97},
    {"core_adoption_percent": 95},
    {"nps_promoter_from": 10, "health_rise_points": 40},
    {"said_days": 20},
    {"renewal_ahead_days": 30, "request_timing_days": 3},
    {"stated_blocker_days": 5, "few_records": 12},
)
FAR = ({"said_days": 400}, {"new_sponsor_days": 30}, {"plan_ahead_days": 500}, {"stated_blocker_days": 365})


class Unread(Pipeline):
    """A pipeline that must not read."""

    def examine(self, account_id: str, as_of: object) -> Examined:
        raise AssertionError(f"{account_id} was read again")


@pytest.fixture(scope="module")
def opened(scanned_home: Path) -> Iterator[Workspace]:
    with Workspace(Settings(home=scanned_home)) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def looks(opened: Workspace) -> dict[str, Examined]:
    pipeline = opened.pipeline(opened.offline_engine)
    results = opened.store.last_results(ACCOUNTS)
    return {account: pipeline.examine(account, results[account].as_of) for account in ACCOUNTS}


@pytest.mark.parametrize("changes", NEAR, ids=str)
def test_judging_what_the_scan_kept_says_what_reading_anew_would_say(
    opened: Workspace, looks: dict[str, Examined], changes: dict[str, float]
) -> None:
    other = what_if.changed(opened.rubric, changes)
    pipeline = opened.pipeline(opened.offline_engine)
    for account, look in looks.items():
        result = opened.store.last_results([account])[account].result
        assert what_if.in_reach(result, opened.rubric, other)
        dossier = Dossier.model_validate_json(opened.store.dossier(result.dossier_hash))
        assert what_if.rejudged(result, dossier, pipeline, other) == what_if.moved(look.dossier, look.finding, what_if.judged(look, other))


@pytest.mark.parametrize("changes", FAR, ids=str)
def test_a_rubric_that_looks_further_than_the_scan_did_is_out_of_its_reach(opened: Workspace, changes: dict[str, float]) -> None:
    result = opened.store.last_results(["a01"])["a01"].result
    assert not what_if.in_reach(result, opened.rubric, what_if.changed(opened.rubric, changes))
    assert not what_if.in_reach(result, what_if.changed(opened.rubric, {"said_days": 170}), opened.rubric), "another rubric was in force at the scan"


def test_the_page_reads_nothing_for_a_threshold_in_reach_and_reads_beside_the_requests_for_one_beyond(world: World) -> None:
    ada = visitor(world, "ada")
    near = ada.get("/rubric?field=seats_used_percent&value=99").text
    assert re.search(r"With “Seats used from \(%\)” at 99, \d accounts? of 4 would change", near)
    first = ada.get("/rubric?field=said_days&value=400").text
    assert "Reading the records: 0 of 4 accounts" in first
    assert 'hx-trigger="every 2s"' in first
    page = read_to_its_end(ada, "/rubric?field=said_days&value=400")
    assert "of 4 would change" in page
    assert "Reading the records" not in ada.get("/rubric?field=said_days&value=500").text, "what was read is kept"


def test_accounts_over_the_number_judged_at_once_are_told_of(world: World) -> None:
    app: Any = world.client.app
    app.state.trials = Trials(most=3)
    page = visitor(world, "ada").get("/rubric?field=seats_used_percent&value=99").text
    assert re.search(r"of 3 would change", page)
    assert "1 more account of yours was not judged" in page


class Broken(Pipeline):
    """A pipeline with a fault nobody foresaw, until it is mended."""

    broken = True

    def examine(self, account_id: str, as_of: date) -> Examined:
        if self.broken:
            raise ZeroDivisionError(account_id)
        return super().examine(account_id, as_of)


def test_reading_that_breaks_says_so_and_can_be_asked_for_again(world: World) -> None:
    space = world.workspace
    pipeline = Broken(space.archive, lambda: space.searcher, space.offline_engine, space.rubric, space.store, now=space.now, new_id=space.new_id)
    space.__dict__["pipeline"] = lambda engine: pipeline  # pyright: ignore[reportUnknownLambdaType]
    ada, address = visitor(world, "ada"), "/rubric?field=said_days&value=400"
    broken = read_to_its_end(ada, address)
    assert "4 accounts could not be read and are not judged" in broken
    pipeline.broken = False
    assert "of 4 would change" in read_to_its_end(ada, address)


def read_to_its_end(person: Visitor, address: str) -> str:
    began = time.monotonic()
    while "Reading the records" in (page := person.get(address).text):
        assert time.monotonic() - began < 200
        time.sleep(0.2)
    return page


def test_trying_a_threshold_in_reach_never_reads(opened: Workspace) -> None:
    opened.__dict__["pipeline"] = lambda engine: Unread(  # pyright: ignore[reportUnknownLambdaType]
        opened.archive, lambda: opened.searcher, engine, opened.rubric, opened.store, now=opened.now, new_id=opened.new_id
    )
    try:
        tried = Trials().tried(opened, what_if.changed(opened.rubric, {"seats_used_percent": 99}), opened.store.last_results())
    finally:
        del opened.__dict__["pipeline"]
    assert (tried.judged, tried.waiting) == (28, 0)
    assert tried.moved
