"""Everybody can use it: no axe violation in either theme, everything by keyboard, focus seen, motion only where it is welcome, nothing cut off."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.harness import WIDTHS, Site
from tests.browser.scenes import work
from tests.browser.test_safety import paths

pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.fixture(scope="module")
def worked(site: Site) -> list[tuple[str, str]]:
    """Pages that show something only after people have worked: who looks, at what. Faults are among them."""
    known = work(site)
    mira = ("/inbox?tab=decided", "/notices", f"/briefs/{known['edited']}/changes", f"/briefs/{known['approved']}/decide", "/no/such/page", "/people")
    return [*(("Mira", path) for path in mira), ("Ana", f"/calls/{known['call']}"), ("Ada", "/deliveries"), ("Ada", "/funnel")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_an_axe_violation(visit: Visit, site: Site, worked: list[tuple[str, str]], theme: str) -> None:
    found: list[str] = []
    for name in ("Mira", "Ada", "Ana", "Eve"):
        page = visit(name, color_scheme=theme, bypass_csp=True)
        for path in [path for who, path in [*paths(site), *worked] if who == name]:
            page.goto(site.url + path)
            found += [f"{path} {each}" for each in violations(page)]
    signed_out = visit(None, "/sign-in", color_scheme=theme, bypass_csp=True)
    found += [f"/sign-in {each}" for each in violations(signed_out)]
    assert found == []


def test_a_sentence_in_the_light_still_has_contrast(visit: Visit, site: Site) -> None:
    for theme in ("light", "dark"):
        page = visit("Mira", f"/briefs/{site.brief_of('a01')}", color_scheme=theme, bypass_csp=True)
        page.locator("#c-need .marks a").first.click()
        page.keyboard.press("j")
        page.locator("a.back").first.click()
        assert violations(page) == []


@pytest.mark.parametrize("width", list(WIDTHS))
def test_no_page_is_wider_than_its_window(visit: Visit, site: Site, worked: list[tuple[str, str]], width: str) -> None:
    for name in ("Mira", "Ada", "Ana", "Eve"):
        page = visit(name, width=width)
        for path in [path for who, path in [*paths(site), *worked] if who == name]:
            page.goto(site.url + path)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{path} at {width}: {over} px"


def test_every_control_can_be_reached_by_tab_and_shows_where_one_is(visit: Visit, site: Site) -> None:
    for path in ("/inbox", f"/briefs/{site.brief_of('a01')}/decide", f"/briefs/{site.brief_of('a01')}?edit=first"):
        page = visit("Mira", path)
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]"
            ".filter(n => n.tabIndex >= 0 && n.checkVisibility({visibilityProperty: true})).length"
        )
        page.evaluate("document.activeElement.blur()")
        reached: set[str] = set()
        for _ in range(wanted + 40):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "(() => { const n = document.activeElement; if (!n || n === document.body) return null;"
                " const s = getComputedStyle(n); n.dataset.stop ??= String(Math.random());"
                " return [n.dataset.stop, n.matches('a[href], button, input, select, textarea, summary'),"
                " s.outlineStyle !== 'none' && s.outlineWidth !== '0px']; })()"
            )
            if here is None:
                continue
            stop, control, outlined = here
            assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 150)")
            if control:
                reached.add(stop)
        assert len(reached) >= wanted, path


def test_reduced_motion_is_respected(visit: Visit, site: Site) -> None:
    still = visit("Mira", f"/briefs/{site.brief_of('a01')}", reduced_motion="reduce")
    assert still.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = visit("Mira", f"/briefs/{site.brief_of('a01')}", reduced_motion="no-preference")
    assert moving.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "smooth"


def test_the_skip_link_is_the_first_stop(visit: Visit) -> None:
    page = visit("Mira", "/inbox")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"


def test_a_printed_brief_has_no_buttons_and_fits_the_sheet(visit: Visit, site: Site) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}/customer")
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert not page.locator(".acts").first.is_visible()
