"""Whoever opens an empty home is offered the sample, watches it come, may reload, and ends in the inbox, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.harness import Site, context, serving, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 300_000


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("empty") / "home") as running:
        yield running


def test_the_sample_is_offered_watched_and_there_in_the_end(browser: Browser, empty: Site) -> None:
    with context(browser) as scripts, context(browser, "phone", java_script_enabled=False) as bare:
        page = sign_in(scripts.new_page(), empty, "Ada", "/inbox")
        page.get_by_role("button", name="Import the sample").click()
        expect(page).to_have_url(re.compile("/start$"))
        other = sign_in(bare.new_page(), empty, "Mira", "/start")
        expect(other.get_by_role("link", name="Reload")).to_be_visible()
        expect(page.get_by_text(re.compile("Reading the accounts: [1-9]"))).to_be_visible(timeout=PATIENCE)
        page.reload()
        expect(page.get_by_role("heading", name="Bringing the sample")).to_be_visible()
        expect(page).to_have_url(re.compile("/inbox"), timeout=PATIENCE)
        expect(page.get_by_text("The sample is here.")).to_be_visible()
        expect(other).to_have_url(re.compile("/inbox"), timeout=PATIENCE)
        expect(other.get_by_role("link", name="Corrib Lift Services")).to_be_visible()
