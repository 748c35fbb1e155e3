"""Deciding: the words the AE will see, who gets them, yes and no with reasons; then the AE's side of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from briefs.people import everybody
from briefs.store import page_rows
from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site
from tests.browser.scenes import drafts_of
from tests.browser.scenes import seller as seller_of

pytestmark = pytest.mark.browser


def ready(site: Site, csm: str, n: int = 0) -> str:
    """The n-th account of a CSM with a brief nobody decided."""
    return sorted(drafts_of(site, csm.lower()))[n]


@WAYS
def test_an_approval_shows_word_for_word_what_the_ae_gets_and_the_ae_answers(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    account = ready(site, "Jonas")
    seller = seller_of(site, account)
    page = visit("Jonas", f"/briefs/{site.brief_of(account)}/decide", scripts=scripts, width=width)
    expect(page.get_by_text(f"It goes to {seller}")).to_be_visible()
    shown = page.locator("#sheet").inner_text()
    page.get_by_role("button", name="Approve these words").click()
    if page.get_by_text("The record changed since this was written").count():
        page.get_by_label("I have read this again").check()
        page.get_by_role("button", name="Approve these words").click()
    expect(page.get_by_text("Approved. It is on its way to the AE.")).to_be_visible()

    call = visit(seller, "/calls", scripts=scripts, width=width)
    call.get_by_role("link", name=site.workspace.archive.account_name(account)).click()
    got = call.locator("#sheet").inner_text()
    assert got.startswith(shown.strip()[:2000])
    call.get_by_label("Your question").fill("Who signs?")
    call.get_by_role("button", name="Ask").click()
    expect(call.get_by_text("Who signs?", exact=True)).to_be_visible()
    call.get_by_role("button", name="Accept").click()
    expect(call.get_by_text("Accepted.", exact=True)).to_be_visible()
    call.get_by_label("Part").select_option("value")
    call.get_by_label("Useful", exact=True).check()
    call.get_by_role("button", name="Tell").click()
    expect(call.get_by_text("Thank you.")).to_be_visible()
    call.get_by_label("How did it end?").select_option("won")
    call.get_by_label("Amount a year").fill("12400")
    call.get_by_role("button", name="Keep the outcome").click()
    expect(call.get_by_text("The outcome is kept.")).to_be_visible()

    page.goto(f"{site.url}/briefs/{site.brief_of(account)}")
    expect(page.get_by_text("Who signs?", exact=True)).to_be_visible()
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_label("Your answer").fill("The finance director.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("The finance director.")).to_be_visible()


def test_there_is_no_way_to_approve_several_at_once(visit: Visit) -> None:
    page = visit("Mira", "/inbox")
    assert page.locator("main input[type=checkbox][name=brief], main form[action*=approve]").count() == 0


def test_a_stale_page_cannot_approve_what_nobody_read(visit: Visit, site: Site) -> None:
    account = ready(site, "Jonas")
    brief = site.brief_of(account)
    page, other = visit("Jonas", f"/briefs/{brief}/decide"), visit("Jonas", f"/briefs/{brief}?edit=first")
    other.get_by_role("textbox", name="The sentence").fill("Words written while the other page was open.")
    other.get_by_role("button", name="Save sentence").click()
    expect(other.get_by_role("status").first).to_contain_text("Saved")
    page.get_by_role("button", name="Approve these words").click()
    expect(page.get_by_role("alert").first).to_contain_text("Somebody changed the brief while you were reading.")
    assert site.workspace.store.brief(brief).state != "approved"


def test_reading_time_and_opened_evidence_are_measured(visit: Visit, site: Site) -> None:
    account = ready(site, "Mira")
    brief = site.brief_of(account)
    page = visit("Mira", f"/briefs/{brief}")
    page.locator(".marks a").first.click()
    page.wait_for_timeout(1300)
    page.goto(f"{site.url}/briefs/{brief}/decide")
    head = site.workspace.store.brief(brief).head
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.get_by_text("You read it for")).to_be_visible()
    expect(page.get_by_text("opened 1 piece of evidence")).to_be_visible()
    with site.workspace.store.reading() as connection:
        mira = next(p.id for p in everybody(site.workspace.store) if p.name == "Mira")
        look = page_rows.looked(connection, brief, [head], mira)
    assert look.seconds >= 1
    assert look.evidence_opened >= 1


def test_the_customers_copy_holds_nothing_internal(visit: Visit, site: Site) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}/customer")
    text = page.locator("#sheet").inner_text()
    assert "a01-n5" not in text
    assert "Do not say" not in text
    assert "ARR" not in text
    with page.expect_download() as _download:
        page.evaluate("() => { const a = document.createElement('a'); a.href = location.pathname + '.pdf'; a.download = 'x.pdf'; a.click(); }")
