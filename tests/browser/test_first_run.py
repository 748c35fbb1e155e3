"""Whoever opens an empty home is offered the sample, watches it come, may reload, and ends in the inbox, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect

from tests.browser.harness import EVERY_WAY, Site, context, serving, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 300_000


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("empty") / "home") as running:
        yield running


def progress(page: Page, done: str) -> Locator:
    return page.get_by_text(re.compile(f"Reading the accounts: {done}"))


def arrived(page: Page) -> Locator:
    return page.get_by_text("The sample is here.")


def come_by(page: Page, site: Site) -> None:
    """Opens the page of the import under way. A fast machine may be through already, and the page then goes on to the inbox by itself."""
    with suppress(Error):  # a page that goes on by itself takes back the one asked for
        page.goto(f"{site.url}/start")
    expect(page.get_by_role("heading", name="Bringing the sample").or_(arrived(page))).to_be_visible(timeout=PATIENCE)


def test_the_sample_is_offered_watched_and_there_in_the_end(browser: Browser, empty: Site) -> None:
    """Whoever came first imports it; everybody else, in every way one can look, sees how far it is and ends in the inbox."""
    with ExitStack() as stack:

        def arrive(name: str, scripts: bool, width: str) -> Page:
            opened = stack.enter_context(context(browser, width, java_script_enabled=scripts))
            return sign_in(opened.new_page(), empty, name, "/inbox")

        pages = [arrive("Ada", scripts, width) for scripts, width in EVERY_WAY]
        mira = arrive("Mira", False, "phone")
        expect(mira.get_by_text("An admin can import it here")).to_be_visible()
        for page in pages:
            expect(page.get_by_role("button", name="Import the sample")).to_be_visible()
            expect(page.get_by_text("Rows that cannot be read are set aside")).to_be_visible()
        first = pages[-1]
        first.get_by_role("button", name="Import the sample").click()
        expect(first).to_have_url(re.compile("/start$"))
        expect(first.get_by_role("heading", name="Bringing the sample")).to_be_visible()
        for page in (*pages[:-1], mira):
            come_by(page, empty)
        expect(progress(first, "[1-9]").or_(arrived(first))).to_be_visible(timeout=PATIENCE)
        for page in (*pages, mira):
            expect(page).to_have_url(re.compile("/inbox"), timeout=PATIENCE)
            expect(page.get_by_text("The sample is here.")).to_be_visible()
            expect(page.get_by_role("link", name="Corrib Lift Services")).to_be_visible()
