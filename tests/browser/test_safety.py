"""What keeps a browser honest: content policy, cookies, form values, roles, and no request to anywhere else."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import Site
from tests.browser.runs import runs_in

pytestmark = pytest.mark.browser
CSM_PAGES = ("/inbox", "/inbox?tab=blocked", "/inbox?tab=decided", "/accounts/a03", "/rubric", "/funnel", "/notices")
ADMIN_PAGES = ("/people", "/audit?check=1", "/deliveries", "/system", "/calls", "/runs")
BARE = "[...document.forms].filter(f => f.method === 'post' && f.action.indexOf('/sign-in') < 0 && !f.elements.csrf?.value).map(f => f.action)"
"""Forms that would be refused, or worse, should not be."""


def evaluators(site: Site) -> list[str]:
    """The runs, two compared, one of them, and a case of both."""
    ids = runs_in(site.workspace.home)
    before, after = ids["before"], ids["after"]
    return ["/runs", f"/runs?a={before}&b={after}", f"/runs/{after}", f"/runs/{after}/cases/signals/seats?before={before}"]


def paths(site: Site) -> list[tuple[str, str]]:
    """Every page and who may open it."""
    brief = site.brief_of("a01")
    mine = [*CSM_PAGES, f"/briefs/{brief}", f"/briefs/{brief}?edit=first", f"/briefs/{brief}/decide", f"/briefs/{brief}/customer"]
    return [
        *(("Mira", path) for path in mine),
        *(("Ada", path) for path in ADMIN_PAGES),
        ("Ana", "/calls"),
        ("Ana", "/notices"),
        *(("Eve", path) for path in evaluators(site)),
    ]


def test_every_page_has_a_strict_policy_loads_clean_and_asks_nobody_else(visit: Visit, site: Site) -> None:
    host = site.url.split("/")[2]
    for name in ("Mira", "Ada", "Ana", "Eve"):
        page = visit(name)
        wrong: list[str] = []
        page.on("console", lambda message, wrong=wrong: wrong.append(message.text) if message.type in ("error", "warning") else None)
        page.on("request", lambda request, wrong=wrong: wrong.append(request.url) if request.url.split("/")[2] != host else None)
        for path in [path for who, path in paths(site) if who == name]:
            answer = page.goto(site.url + path)
            assert answer is not None
            assert answer.status == 200, path
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            page.wait_for_load_state("networkidle")
        assert wrong == []


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visit: Visit, site: Site) -> None:
    page = visit("Mira", "/inbox")
    cookie = next(each for each in page.context.cookies() if each["name"] == "briefs_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert not cookie["secure"]
    assert "briefs_session" not in page.evaluate("document.cookie")


def test_every_form_that_changes_something_carries_the_sessions_value(visit: Visit, site: Site) -> None:
    for name in ("Mira", "Ada", "Ana"):
        page = visit(name)
        for path in [path for who, path in paths(site) if who == name]:
            page.goto(site.url + path)
            bare = page.evaluate(BARE)
            assert bare == [], path


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
    page = visit("Mira", "/inbox", java_script_enabled=False)
    page.get_by_role("button", name="Colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/inbox"))
