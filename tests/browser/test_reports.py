"""The admin's and the evaluator's pages, walked through as their users do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site
from tests.browser.runs import runs_in
from tests.browser.scenes import work

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def known(site: Site) -> dict[str, str]:
    """The desk after people have worked at it."""
    return work(site)


@WAYS
def test_an_admin_reads_the_funnel_and_the_numbers_behind_each_picture(
    visit: Visit, site: Site, known: dict[str, str], scripts: bool, width: str
) -> None:
    page = visit("Ada", "/funnel", scripts=scripts, width=width)
    total = len(site.workspace.store.list())
    expect(page.locator(".figures > div", has_text="Drafted").first.locator("dd")).to_have_text(str(total))
    pictures = page.get_by_role("figure")
    assert pictures.count() >= 5
    for n in range(pictures.count()):
        picture = pictures.nth(n)
        spoken = picture.get_by_role("img").get_attribute("aria-label") or ""
        picture.get_by_text("The numbers").click()
        for row in picture.get_by_role("rowheader").all_inner_texts():
            assert row in spoken
    expect(page.get_by_role("heading", name="By signal")).to_be_visible()
    declined = page.get_by_role("figure").filter(has_text="Declined because")
    expect(declined.get_by_role("row", name=re.compile("Bad moment 1"))).to_be_visible()


@WAYS
def test_an_admin_adds_a_person_sees_the_token_once_and_takes_the_rights_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page, name = visit("Ada", "/people", scripts=scripts, width=width), f"Nora {scripts} {width}"
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Role").select_option("ae")
    page.get_by_role("button", name="Add").click()
    token = page.get_by_role("status").locator("pre").inner_text()
    theirs = visit(None, "/sign-in", scripts=scripts, width=width)
    theirs.get_by_label("Your token").fill(token)
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs.get_by_role("heading", name="Calls")).to_be_visible()
    page.goto(f"{site.url}/people")
    expect(page.get_by_text(token)).to_have_count(0)
    page.get_by_role("button", name=f"Revoke {name}").click()
    expect(page.get_by_role("row", name=re.compile(f"{name}.*Revoked"))).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_label("Your token")).to_be_visible()


@WAYS
def test_an_admin_looks_at_what_was_given_up_the_audit_and_the_systems_health(
    visit: Visit, site: Site, known: dict[str, str], scripts: bool, width: str
) -> None:
    page = visit("Ada", "/deliveries", scripts=scripts, width=width)
    page.get_by_role("link", name="Given up").click()
    page.locator("a.name").first.click()
    expect(page.get_by_text("the receiver answered 400").first).to_be_visible()
    expect(page.get_by_role("button", name="Send it again")).to_be_visible()
    page.goto(f"{site.url}/audit")
    page.get_by_role("link", name="Check the whole chain").click()
    expect(page.get_by_role("status")).to_contain_text("rows add up")
    page.goto(f"{site.url}/system")
    expect(page.get_by_role("row", name=re.compile("Database well"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Deliveries look here 1 given up"))).to_be_visible()


@WAYS
def test_another_threshold_is_tried_and_names_the_accounts_that_would_change(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = visit("Ada", "/rubric", scripts=scripts, width=width)
    page.get_by_label("Threshold").select_option("seats_used_percent")
    page.get_by_label("would be").fill("99")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("status")).to_contain_text("With “Seats used from (%)” at 99, 1 account of 28 would change.")
    expect(page.get_by_role("row", name="Vanderhoek Koelhuizen B.V. Blocked Blocked Additional seats → none")).to_be_visible()
    page.get_by_role("link", name="Vanderhoek Koelhuizen B.V.").click()
    expect(page.get_by_role("heading", level=1, name="Vanderhoek Koelhuizen B.V.")).to_be_visible()


@WAYS
def test_an_evaluator_compares_two_runs_down_to_the_words_of_one_case(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    ids = runs_in(site.workspace.home)
    page = visit("Eve", "/runs", scripts=scripts, width=width)
    page.get_by_label(f"Compare {ids['before']} as the earlier one").check()
    page.get_by_label(f"Compare {ids['after']} as the later one").check()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", name=re.compile("^1 case stands otherwise"))).to_be_visible()
    page.get_by_role("link", name="seats").click()
    expect(page.get_by_role("region", name="Before")).to_contain_text("We need 12 more seats for our technicians.")
    expect(page.get_by_role("region", name="After")).to_contain_text("missed seats_requested")
    page.get_by_role("link", name=ids["after"], exact=True).click()
    expect(page.get_by_role("heading", name="1 case that did not pass or changed")).to_be_visible()
