"""Editing a brief sentence by sentence: checked as one leaves it, saved as versions, undone, compared, and never lost when somebody saved first."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from briefs.people import everybody, put_in_team
from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A desk where Mira and Jonas see each other's accounts."""
    home = tmp_path_factory.mktemp("team") / "home"
    shutil.copytree(prepared_home, home)
    with serving(home, {"team_access": "team"}) as running:
        space = running.workspace
        for person in everybody(space.store):
            put_in_team(space.store, person.id, "north", by=None, now=space.now)
        yield running


def open_first(page: Page, site: Site, account: str) -> Page:
    page.goto(f"{site.url}/briefs/{site.brief_of(account)}?edit=first")
    return page


def save(page: Page, words: str, *, leave: bool = False) -> None:
    page.get_by_role("textbox", name="The sentence").fill(words)
    if leave:
        page.get_by_role("heading", level=1).click()
    else:
        page.get_by_role("button", name="Save sentence").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as a new version.")


@WAYS
def test_a_sentence_is_checked_shown_as_a_change_and_taken_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = open_first(visit("Jonas", scripts=scripts, width=width), site, "a08")
    before = page.get_by_role("textbox", name="The sentence").input_value()
    save(page, f"Their chief told me over lunch ({scripts}, {width}) that they love the logo.", leave=scripts)
    expect(page.locator(".verdict")).to_contain_text("No record carries this.")
    expect(page.locator(".tag.csm_statement")).to_be_visible()
    page.get_by_role("link", name="What changed").click()
    expect(page.locator("ins").first).to_be_visible()
    expect(page.get_by_text("CSM statement").first).to_be_visible()
    page.get_by_role("link", name="Back to the brief").click()
    page.get_by_role("button", name="Undo last change").click()
    expect(page.get_by_text("The last change is undone.")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).first.click()
    expect(page.get_by_role("textbox", name="The sentence")).to_have_value(before)


def test_a_sentence_the_record_carries_stays_a_fact(visit: Visit, site: Site) -> None:
    page = open_first(visit("Mira"), site, "a01")
    save(page, "Aoife Brennan gave 10 out of 10 on 19 Feb 2026.")
    expect(page.locator(".verdict.fact")).to_be_visible()


def test_a_record_that_says_otherwise_is_shown_beside_the_sentence(visit: Visit, site: Site) -> None:
    page = visit("Mira")
    page.goto(f"{site.url}/briefs/{site.brief_of('a01')}?edit=first")
    save(page, "Aoife Brennan gave 10 out of 10 and wrote: it does not do what it says on the tin and nobody picks up the phone.")
    expect(page.locator(".verdict.contradicted")).to_contain_text("A record says otherwise.")


@WAYS
def test_evidence_can_be_found_and_put_under_a_sentence(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    brief = site.brief_of("a01")
    page = visit("Mira", scripts=scripts, width=width)
    page.goto(f"{site.url}/briefs/{brief}?add=need")
    page.get_by_label("A sentence to add").fill(f"Nobody at the customer likes purple elephants ({scripts}, {width}).")
    page.get_by_role("button", name="Add sentence").click()
    page.locator(".sentence.checked").get_by_role("link", name=re.compile("Edit")).press("Enter")
    page.get_by_label("Find evidence for it").fill("Entra ID with MFA")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".hit").first.get_by_role("button", name="Attach to the sentence").click()
    expect(page.get_by_text("These words do not carry the sentence.")).to_be_visible()


@WAYS
def test_when_two_edit_at_once_the_second_sees_both_texts_and_loses_nothing(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    first, second = visit("Jonas", scripts=scripts, width=width), visit("Mira", scripts=scripts, width=width)
    open_first(first, site, "a01")
    open_first(second, site, "a01")
    save(first, f"The first one writes this ({scripts}, {width}).")
    second.get_by_role("textbox", name="The sentence").fill(f"The second one writes that ({scripts}, {width}).")
    second.get_by_role("button", name="Save sentence").click()
    expect(second.get_by_role("heading", name="Somebody saved first")).to_be_visible()
    expect(second.get_by_text("Jonas saved this brief on")).to_be_visible()
    expect(second.get_by_text(f"The first one writes this ({scripts}, {width}).").first).to_be_visible()
    second.get_by_role("button", name="Save mine on top").click()
    expect(second.get_by_text(f"The second one writes that ({scripts}, {width}).").first).to_be_visible()


@WAYS
def test_when_the_session_ended_the_words_are_given_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = open_first(visit("Mira", scripts=scripts, width=width), site, "a01")
    page.get_by_role("textbox", name="The sentence").fill("Words I would hate to lose.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save sentence").click()
    expect(page.get_by_label("Your token")).to_be_visible()
    expect(page.get_by_label("What you were writing")).to_have_value("Words I would hate to lose.")
