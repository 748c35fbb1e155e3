"""Saying no or not yet: a code and words, changes asked for, and sleep until a day."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site
from tests.browser.scenes import drafts_of

pytestmark = pytest.mark.browser


@WAYS
def test_a_rejection_needs_a_code_and_other_needs_words(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    account = drafts_of(site, "jonas")[0]
    page = visit("Jonas", f"/briefs/{site.brief_of(account)}/decide#turn-down", scripts=scripts, width=width)
    page.get_by_label("What is wrong").select_option("other")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert").first).to_contain_text("needs words")
    page.get_by_label("What is wrong").select_option("too_early")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected. Your reason is kept with it.")).to_be_visible()
    expect(page.get_by_text("Too early").last).to_be_visible()
    expect(page.get_by_role("button", name="Approve these words")).to_have_count(0)


@WAYS
def test_changes_can_be_asked_for_and_a_brief_put_to_sleep_and_called_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    csm = "Mira" if drafts_of(site, "mira") else "Jonas"
    account = drafts_of(site, csm.lower())[0]
    brief, name = site.brief_of(account), site.workspace.archive.account_name(account)
    page = visit(csm, f"/briefs/{brief}/decide", scripts=scripts, width=width)
    page.get_by_label("What is wrong").select_option("unsupported_claim")
    page.get_by_label("In your words").fill(f"Who named the date ({scripts}, {width})?")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_text("Changes are asked for.")).to_be_visible()
    expect(page.get_by_text(f"Who named the date ({scripts}, {width})?").first).to_be_visible()
    page.get_by_role("button", name="Snooze").click()
    expect(page.get_by_role("link", name=name)).to_have_count(0)
    page.get_by_label("Snoozed").check()
    if not scripts:
        page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.goto(f"{site.url}/briefs/{brief}/decide")
    page.get_by_role("button", name="Bring it back now").click()
    expect(page.get_by_text("It is back on your list.")).to_be_visible()
