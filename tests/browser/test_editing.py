"""Editing a brief sentence by sentence: checked as one leaves it, saved as versions, undone, compared, and never lost when somebody saved first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site

pytestmark = pytest.mark.browser


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
def test_a_sentence_no_record_carries_is_kept_as_the_csms_own_word(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    account = "a01" if scripts else "a08"
    owner = "Mira" if site.workspace.owners(account).csm == "mira@fieldlane.example" else "Jonas"
    page = open_first(visit(owner, java_script_enabled=scripts, width=width), site, account)
    save(page, "Their chief told me over lunch that they love the colour of the logo.", leave=scripts)
    expect(page.locator(".verdict")).to_contain_text("No record carries this.")
    expect(page.locator(".tag.csm_statement")).to_be_visible()
    page.get_by_role("link", name="What changed").click()
    expect(page.locator("ins").first).to_be_visible()
    expect(page.get_by_text("CSM statement").first).to_be_visible()


@WAYS
def test_a_sentence_the_record_carries_stays_a_fact(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = visit("Mira", java_script_enabled=scripts, width=width)
    brief = site.brief_of("a01")
    page.goto(f"{site.url}/briefs/{brief}?add=usage#add-usage")
    page.get_by_label("A sentence to add").fill("76 of 80 seats were active in March 2026.")
    page.get_by_role("button", name="Add sentence").click()
    expect(page.locator(".verdict")).to_be_visible()


def test_a_record_that_says_otherwise_is_shown_beside_the_sentence(visit: Visit, site: Site) -> None:
    page = visit("Mira")
    page.goto(f"{site.url}/briefs/{site.brief_of('a01')}?edit=first")
    save(page, "Aoife Brennan gave 10 out of 10 and wrote: it does not do what it says on the tin and nobody picks up the phone.")
    expect(page.locator(".verdict.contradicted")).to_contain_text("A record says otherwise.")


@WAYS
def test_undo_brings_the_words_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = open_first(visit("Mira", java_script_enabled=scripts, width=width), site, "c06" if owner_is_mira(site, "c06") else "a01")
    before = page.get_by_role("textbox", name="The sentence").input_value()
    save(page, before + " And more.")
    page.get_by_role("button", name="Undo last change").click()
    expect(page.get_by_text("The last change is undone.")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).first.click()
    expect(page.get_by_role("textbox", name="The sentence")).to_have_value(before)


def owner_is_mira(site: Site, account: str) -> bool:
    return site.workspace.owners(account).csm == "mira@fieldlane.example"


@WAYS
def test_evidence_can_be_found_and_put_under_a_sentence(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    brief = site.brief_of("a01")
    page = visit("Mira", java_script_enabled=scripts, width=width)
    page.goto(f"{site.url}/briefs/{brief}?add=need")
    page.get_by_label("A sentence to add").fill("Nobody at the customer likes purple elephants.")
    page.get_by_role("button", name="Add sentence").click()
    page.locator(".sentence.checked").get_by_role("link", name=re.compile("Edit")).press("Enter")
    page.get_by_label("Find evidence for it").fill("Entra ID with MFA")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".hit").first.get_by_role("button", name="Attach to the sentence").click()
    expect(page.get_by_text("These words do not carry the sentence.")).to_be_visible()


@WAYS
def test_when_two_edit_at_once_the_second_sees_both_texts_and_loses_nothing(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    first, second = visit("Mira", java_script_enabled=scripts, width=width), visit("Mira", java_script_enabled=scripts, width=width)
    open_first(first, site, "a01")
    open_first(second, site, "a01")
    save(first, f"The first one writes this ({scripts}).")
    second.get_by_role("textbox", name="The sentence").fill(f"The second one writes that ({scripts}).")
    second.get_by_role("button", name="Save sentence").click()
    expect(second.get_by_role("heading", name="Somebody saved first")).to_be_visible()
    expect(second.get_by_text(f"The first one writes this ({scripts}).").first).to_be_visible()
    second.get_by_role("button", name="Save mine on top").click()
    expect(second.get_by_text(f"The second one writes that ({scripts}).").first).to_be_visible()


@WAYS
def test_when_the_session_ended_the_words_are_given_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = open_first(visit("Mira", java_script_enabled=scripts, width=width), site, "a01")
    page.get_by_role("textbox", name="The sentence").fill("Words I would hate to lose.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save sentence").click()
    expect(page.get_by_label("Your token")).to_be_visible()
    expect(page.get_by_label("What you were writing")).to_have_value("Words I would hate to lose.")
