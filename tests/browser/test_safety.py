"""What keeps a browser honest: cookies, form values and roles. What holds of every page stands in `test_every_page.py`."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import Site

pytestmark = pytest.mark.browser


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visit: Visit, site: Site) -> None:
    page = visit("Mira", "/inbox")
    cookie = next(each for each in page.context.cookies() if each["name"] == "briefs_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert not cookie["secure"]
    assert "briefs_session" not in page.evaluate("document.cookie")


def test_a_form_without_the_value_or_from_another_site_is_refused(visit: Visit, site: Site) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}/decide")
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    form = {"version_hash": site.workspace.store.brief(site.brief_of("a01")).head}
    where = f"{site.url}/briefs/{site.brief_of('a01')}/approve"
    assert httpx.post(where, data=form, cookies=cookies).status_code == 403
    csrf = page.locator("input[name=csrf]").first.input_value()
    elsewhere = httpx.post(where, data=form | {"csrf": csrf}, cookies=cookies, headers={"Origin": "http://attacker.example"})
    assert elsewhere.status_code == 403
    assert site.workspace.store.brief(site.brief_of("a01")).state == "draft"


def test_somebody_elses_brief_and_account_look_as_if_they_were_not_there(visit: Visit, site: Site) -> None:
    page = visit("Mira")
    strange = [page.goto(f"{site.url}/briefs/{site.brief_of('a02')}"), page.goto(f"{site.url}/accounts/a02")]
    missing = page.goto(f"{site.url}/briefs/nosuchbrief")
    assert [each.status for each in strange if each] == [404, 404]
    assert missing is not None
    assert missing.status == 404
    for path in ("/people", "/audit", "/deliveries", "/system"):
        refused = page.goto(site.url + path)
        assert refused is not None
        assert refused.status == 403, path


def test_nobody_signed_in_is_asked_to_sign_in_and_comes_back(visit: Visit, site: Site) -> None:
    page = visit(None, "/inbox?tab=blocked")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label("Your token").fill("nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not known here")
    page.get_by_label("Your token").fill(site.tokens["Mira"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("tab=blocked"))
    page.get_by_role("button", name="Sign out").click()
    page.goto(site.url + "/inbox")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_colours_can_be_switched_and_stay(visit: Visit, site: Site) -> None:
    page = visit("Mira", "/inbox", scripts=False)
    page.get_by_role("button", name="Colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/inbox"))
