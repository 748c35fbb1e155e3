"""A candidate over what was stored: verdicts that flip, sentences lost, and the hand-offs sales accepted that it would not have made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefs import review
from briefs.deciding import sales
from briefs.forgetting import forget_account
from briefs.people import add
from briefs.store.judgements import Flag
from evals.bench import offline
from evals.life.shadow import Looked, Shadow, run
from evals.materials import native_folder, source_of
from evals.models import engine_of, opened_to_ask
from evals.rooms import Home
from retrieval.records import Ticket
from tests.evals.suite_builders import workspace
from tests.servers.chat_server import Reply, ScriptedServer, says, schema_name

EARLY, LATE = date(2026, 2, 15), date(2026, 3, 31)
ACCOUNTS = ("a01", "a10", "b01")


def quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Past:
    """A home in which three accounts were scanned on two days, and the hand-off of `a10`, whose need is told in text, was accepted."""

    home: Home
    accepted: str


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    folder = tmp_path_factory.mktemp("shadow")
    home = Home(folder / "home", workspace(folder / "models").settings, workspace(folder / "models"))
    home.take_in(native_folder(source_of("sample/a01"), folder / "unused"))
    ticket = next(r for r in home.archive.records("a10") if isinstance(r, Ticket) and r.created_at.date() < EARLY)
    flagged = datetime(2026, 2, 1, tzinfo=UTC)
    home.store.add_flag(Flag("f1", "a10", ticket.id, "They asked who sells it.", "Support agent", flagged))
    pipeline = home.pipeline(home.offline_engine)
    for day in (EARLY, LATE):
        results = [scanned.result for scanned in pipeline.scan(list(ACCOUNTS), day)]
    brief = next(result.brief_id for result in results if result.account_id == "a10")
    assert brief is not None
    people = {role: add(home.store, role, role, by=None, now=home.now, new_id=home.new_id, new_token=home.new_id).person for role in ("admin", "ae")}
    review.approve(home.desk, people["admin"], brief, home.store.brief(brief).head, current_dossier_check=lambda _: [])
    (handoff,) = home.store.handoffs(brief)
    sales.accept(home.desk, people["admin"], handoff.id, first_touch=date(2026, 1, 5))
    yield Past(home, brief)
    home.close()


def deaf(request: dict[str, object]) -> Reply:
    """A model that hears nothing in what customers write."""
    return says({"signals": []} if schema_name(request) == "signals" else {})


def heard_by_a_deaf_model(past: Past, folder: Path) -> Shadow:
    with ScriptedServer(deaf) as server:
        settings = past.home.settings.model_copy(update={"model": "openai:deaf", "openai_base_url": server.url, "concurrency": 1})
        return run(past.home, engine_of(opened_to_ask(past.home, settings, None, None), settings), folder, None, quiet)


def of(found: Shadow, account: str, day: date) -> Looked:
    (one,) = [one for one in found.looked if (one.account_id, one.as_of) == (account, day)]
    return one


def test_the_same_product_over_the_same_dossiers_changes_nothing(past: Past, tmp_path: Path) -> None:
    found = run(past.home, offline, tmp_path, None, quiet)
    assert len(found.looked) == len(ACCOUNTS) * 2
    brief = past.home.store.version(past.home.store.brief(past.accepted).head)
    assert b"They asked who sells it." in brief, "what support flagged is a sentence that must not be told lost"
    assert [(one.flipped, one.lost, one.claims_gained, one.claims_lost) for one in found.looked] == [(False, False, (), ())] * len(found.looked)


def test_only_dossiers_since_the_day_named_are_looked_at(past: Past, tmp_path: Path) -> None:
    found = run(past.home, offline, tmp_path, date(2026, 3, 1), quiet)
    assert {one.as_of for one in found.looked} == {LATE}
    assert len(found.looked) == len(ACCOUNTS)


def test_a_model_that_hears_nothing_flips_verdicts_and_loses_what_sales_accepted(past: Past, tmp_path: Path) -> None:
    found = heard_by_a_deaf_model(past, tmp_path)
    lost = [one for one in found.looked if one.lost]
    assert [(one.account_id, one.as_of, one.brief_id) for one in lost] == [("a10", LATE, past.accepted)]
    assert of(found, "a10", LATE).before == "qualified" != of(found, "a10", LATE).after
    assert of(found, "a10", LATE).claims_lost
    assert of(found, "a10", LATE).calls >= 1
    assert not of(found, "a01", LATE).flipped, "its tables carry it"
    assert past.home.store.brief(past.accepted).state == "accepted"


def test_a_shadow_stores_nothing(past: Past, tmp_path: Path) -> None:
    before = [past.home.store.history(account) for account in ACCOUNTS]
    heard_by_a_deaf_model(past, tmp_path)
    assert [past.home.store.history(account) for account in ACCOUNTS] == before


def test_an_account_that_was_erased_is_not_looked_at(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", workspace(tmp_path / "models").settings, workspace(tmp_path / "models"))
    try:
        home.take_in(native_folder(source_of("sample/a01"), tmp_path / "unused"))
        list(home.pipeline(home.offline_engine).scan(["a01", "b01"], LATE))
        forget_account(home.store, "a01", by="somebody", now=home.now, remove_handoff=lambda _: None)
        found = run(home, offline, tmp_path / "work", None, quiet)
    finally:
        home.close()
    assert [one.account_id for one in found.looked] == ["b01"]
