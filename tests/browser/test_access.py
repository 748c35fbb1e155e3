"""Motion only where it is welcome, a way past the bar, and paper. What holds of every page stands in `test_every_page.py`."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.harness import Site

pytestmark = pytest.mark.browser


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
