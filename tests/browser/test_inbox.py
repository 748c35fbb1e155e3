"""The inbox as a CSM uses it: by keyboard, by filter, by search, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site

pytestmark = pytest.mark.browser


@WAYS
def test_a_csm_sees_own_accounts_only_and_moves_between_the_tabs(visit: Visit, scripts: bool, width: str) -> None:
    page = visit("Mira", "/inbox", scripts=scripts, width=width)
    expect(page.get_by_role("link", name="Corrib Lift Services")).to_be_visible()
    expect(page.get_by_text("Kessler")).to_have_count(0)
    page.get_by_role("link", name="Blocked").click()
    expect(page.get_by_text("A critical ticket is open.")).to_be_visible()
    expect(page.get_by_text("Clears when the ticket is solved.")).to_be_visible()
    page.get_by_role("link", name="Almost").click()
    expect(page.get_by_text("is missing").first).to_be_visible()


@WAYS
def test_filters_narrow_the_list_and_can_be_kept_as_a_view(visit: Visit, scripts: bool, width: str) -> None:
    page = visit("Jonas" if scripts else "Ada", "/inbox", scripts=scripts, width=width)
    page.get_by_label("Growth").select_option("module")
    if not scripts:
        page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("motion=module"))
    products = page.locator("tr[data-row] .sub")
    assert products.count() >= 1
    assert "Fieldlane Enterprise" not in products.all_inner_texts()
    page.get_by_label("Name of the view").fill(f"Modules {width}")
    page.get_by_role("button", name="Save view").click()
    page.goto(page.url.split("?")[0])
    page.get_by_role("link", name=f"Modules {width}", exact=True).click()
    expect(page.get_by_label("Growth")).to_have_value("module")


@WAYS
def test_search_finds_briefs_and_records_of_own_accounts(visit: Visit, scripts: bool, width: str) -> None:
    page = visit("Mira", "/inbox", scripts=scripts, width=width)
    page.get_by_role("searchbox").fill("Entra MFA")
    page.get_by_role("searchbox").press("Enter")
    found = page.locator(".found li")
    expect(found.first).to_contain_text("Corrib Lift Services")
    expect(found.first.locator("mark").first).to_have_text("Entra")
    found.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="Corrib Lift Services")).to_be_visible()
    page.goto(page.url.split("/briefs")[0] + "/inbox?q=nobodyeverwrotethis")
    expect(page.get_by_text("Nothing on file holds these words.")).to_be_visible()


def test_keys_walk_the_list_open_a_brief_and_lead_to_each_act(visit: Visit) -> None:
    page = visit("Mira", "/inbox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]").nth(1).locator("a.name")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("tr[data-row]").nth(0).locator("a.name")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_text("next, previous")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/decide$"))
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve these words")).to_be_focused()
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/decide#turn-down$"))
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="The sentence")).to_be_focused()
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/briefs/"))


def test_what_was_seen_is_no_longer_new(visit: Visit, site: Site) -> None:
    page = visit("Jonas", "/inbox")
    row = page.locator("tr[data-row]", has_text="Kessler")
    expect(row.get_by_text("New to you")).to_be_visible()
    row.get_by_role("link", name="Kessler").click()
    page.goto(site.url + "/inbox")
    expect(page.locator("tr[data-row]", has_text="Kessler").get_by_text("New to you")).to_have_count(0)


def test_an_account_page_says_why_and_takes_a_dated_judgement(visit: Visit) -> None:
    page = visit("Mira", "/accounts/a03")
    expect(page.get_by_text("A critical ticket is open.")).to_be_visible()
    page.get_by_text("Overrule the verdict").click()
    page.get_by_label("What do you know").select_option("clear_blocker:open_critical_ticket")
    page.get_by_label("Why, in a sentence").fill("They told me it is mended")
    page.get_by_role("button", name="Keep my judgement").click()
    expect(page.get_by_text("They told me it is mended")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("They told me it is mended")).to_have_count(0)
