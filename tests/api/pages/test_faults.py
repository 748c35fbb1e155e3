"""Whatever a browser asked for and did not get is a page with a way back; a program is still told as a program."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI

from tests.api.pages.visitor import HTML, Visitor, visitor
from tests.api.world import World, serving

LARGE = "x" * (1024 * 1024 + 1)


@pytest.fixture(scope="module")
def crowd(planted_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One service for the tests of this file that change nothing."""
    home = tmp_path_factory.mktemp("faults") / "home"
    shutil.copytree(planted_home, home)
    with serving(home) as world:
        yield world


@pytest.fixture
def mira(crowd: World) -> Visitor:
    return visitor(crowd, "mira")


def is_page(answer: Any, status: int, words: str, back: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert words in answer.text
    assert f'href="{back}"' in answer.text


def test_an_unknown_address_is_a_page_for_a_browser_and_a_problem_for_a_program(crowd: World, mira: Visitor) -> None:
    is_page(mira.get("/no/such/place"), 404, "There is no page at this address.", "/")
    is_page(crowd.client.get("/no/such/place", headers=HTML), 404, "There is no page at this address.", "/")
    assert crowd.client.get("/no/such/place").headers["content-type"] == "application/problem+json"
    assert mira.get("/v1/no/such/call").headers["content-type"] == "application/problem+json"
    assert crowd.call("mira", "GET", "/no/such/place", headers=HTML).headers["content-type"] == "application/problem+json"


def test_an_address_that_takes_a_form_leads_back_to_its_page(crowd: World, mira: Visitor) -> None:
    brief = crowd.brief_of("a01")
    answer = mira.get(f"/briefs/{brief}/approve")
    is_page(answer, 405, "This address takes a form", f"/briefs/{brief}")
    assert "Back to the brief" in answer.text
    assert answer.headers["allow"] == "POST"


def test_what_is_not_yours_is_a_page(crowd: World, mira: Visitor) -> None:
    is_page(mira.get("/people"), 403, "Not yours to do", "/")
    is_page(mira.get(f"/briefs/{crowd.brief_of('a10')}"), 404, "Not here", "/inbox")
    assert "QZTHEIRS" not in mira.get(f"/briefs/{crowd.brief_of('a10')}").text


def test_a_form_of_another_session_gives_the_words_back(crowd: World, mira: Visitor) -> None:
    brief = crowd.brief_of("a01")
    answer = mira.post(f"/briefs/{brief}/sentences", csrf="old", version_hash="x", key="add.need", text="Words & <b>more</b>.")
    is_page(answer, 403, "does not carry this session", f"/briefs/{brief}")
    assert "Words &amp; &lt;b&gt;more&lt;/b&gt;." in answer.text


def test_a_form_that_holds_nonsense_gives_the_words_back(crowd: World, mira: Visitor) -> None:
    brief = crowd.brief_of("a01")
    is_page(mira.post(f"/briefs/{brief}/refuse", reason="Never lose me."), 422, "Never lose me.", f"/briefs/{brief}")


def test_a_form_that_is_too_large_is_a_page(crowd: World, mira: Visitor) -> None:
    brief = crowd.brief_of("a01")
    is_page(mira.post(f"/briefs/{brief}/sentences", text=LARGE), 413, "larger than", f"/briefs/{brief}")


def test_words_written_as_the_session_ended_are_given_back_and_signing_in_leads_to_the_brief(crowd: World, mira: Visitor) -> None:
    brief, csrf = crowd.brief_of("a01"), mira.csrf()
    mira.client.cookies.clear()
    answer = mira.post(f"/briefs/{brief}/refuse", csrf=csrf, reason="Words I would hate to lose.")
    assert answer.status_code == 401
    assert "Words I would hate to lose." in answer.text
    assert f'name="next" value="/briefs/{brief}"' in answer.text


def test_a_crash_is_a_page_that_names_nothing_but_the_requests_id(crowd: World, mira: Visitor) -> None:
    app = cast("FastAPI", crowd.client.app)

    def crash() -> None:
        raise RuntimeError("a customer's words")

    app.add_api_route("/crash", crash)
    answer = mira.get("/crash")
    is_page(answer, 500, answer.headers["x-request-id"], "/")
    assert "customer's words" not in answer.text


def test_too_many_requests_are_told_on_a_page_with_when_to_come_back(planted_home: Path, tmp_path: Path) -> None:
    shutil.copytree(planted_home, tmp_path / "home")
    with serving(tmp_path / "home", rate_per_minute=6) as world:
        mira = visitor(world, "mira")
        answers = [mira.get("/rubric") for _ in range(12)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    is_page(refused, 429, "Too many requests.", "/")
    assert int(refused.headers["retry-after"]) >= 1


def test_a_change_to_a_brief_that_is_past_changing_is_a_page_with_the_words(world: World) -> None:
    world.delivered("a01")
    brief = world.brief_of("a01")
    head = world.workspace.store.brief(brief).head
    answer = visitor(world, "mira").post(f"/briefs/{brief}/sentences", version_hash=head, key="add.need", text="Too late.")
    is_page(answer, 409, "Too late.", f"/briefs/{brief}")


def test_adding_a_sentence_after_somebody_saved_shows_both_and_loses_neither(world: World) -> None:
    mira, brief = visitor(world, "mira"), world.brief_of("a01")
    read = world.workspace.store.brief(brief).head
    first = mira.post(f"/briefs/{brief}/sentences", version_hash=read, key="add.need", text="The first adds this.")
    assert first.status_code == 200
    second = mira.post(f"/briefs/{brief}/sentences", version_hash=read, key="add.need", text="The second adds that.")
    is_page(second, 412, "Somebody saved first", f"/briefs/{brief}#c-need")
    assert "The second adds that." in second.text
    assert 'The first adds this. <span class="badge new">new</span>' in second.text
    newest = world.workspace.store.brief(brief).head
    assert mira.post(f"/briefs/{brief}/sentences", version_hash=newest, key="add.need", text="The second adds that.").status_code == 200
    body = world.workspace.store.version(world.workspace.store.brief(brief).head)
    assert b"The first adds this." in body
    assert b"The second adds that." in body


def test_taking_out_undoing_and_attaching_after_somebody_saved_are_asked_again(world: World) -> None:
    mira, brief = visitor(world, "mira"), world.brief_of("a01")
    read = world.workspace.store.brief(brief).head
    mira.post(f"/briefs/{brief}/sentences", version_hash=read, key="card.why_now", text="They said so.")
    text = mira.get(f"/briefs/{brief}?edit=first").text
    key = text.split('name="key" value="')[1].split('"')[0]
    out = mira.post(f"/briefs/{brief}/sentences", version_hash=read, key=key, text="Old words.", act="remove")
    is_page(out, 412, "Take it out all the same", f"/briefs/{brief}#s-{key}")
    assert "Somebody saved this brief first." in mira.post(f"/briefs/{brief}/undo", version_hash=read).text
    assert "Somebody saved this brief first." in mira.post(f"/briefs/{brief}/keep", version_hash=read).text
    found = {"record_id": "x", "part": "body", "start": 0, "end": 4}
    assert "Somebody saved this brief first." in mira.post(f"/briefs/{brief}/evidence", version_hash=read, key=key, **found).text
