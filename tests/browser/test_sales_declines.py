"""Sales says no to a call: with a code, in words, and the CSM reads why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import WAYS, Site
from tests.browser.scenes import approve, drafts_of, seller

pytestmark = pytest.mark.browser


@WAYS
def test_sales_declines_with_a_code_and_words_and_the_csm_reads_why(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    csm, account = next((csm, account) for csm in ("Jonas", "Mira") for account in sorted(drafts_of(site, csm.lower())))
    handoff = approve(site, csm, account)
    call = visit(seller(site, account), f"/calls/{handoff}", scripts=scripts, width=width)
    answer = call.get_by_role("region", name="Your answer")
    answer.locator("summary", has_text="Decline").click()
    answer.get_by_label("Why").select_option("bad_timing")
    answer.get_by_label("In your words").fill("They move offices until May.")
    answer.get_by_role("button", name="Decline").click()
    expect(call.get_by_text("Declined. The CSM is told why.")).to_be_visible()
    expect(call.get_by_role("button", name="Accept")).to_have_count(0)

    page = visit(csm, f"/briefs/{site.brief_of(account)}", scripts=scripts, width=width)
    expect(page.get_by_text("Declined by the AE").first).to_be_visible()
    expect(page.get_by_text("They move offices until May.").first).to_be_visible()
