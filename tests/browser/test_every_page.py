"""What holds of every page in every state it can show: found by routes and templates, so that a new page is not forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.routing import Match, Route

from api.pages.routers import ROUTERS
from tests.browser.catalogue import NO_PAGES, VIEWS, Places, open_places, walk
from tests.browser.harness import Site, serving
from tests.browser.looking import listen, tabbed, too_wide, unguarded_parts, violations_in_both_themes

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEMPLATES = Path(__file__).parents[2] / "api" / "pages" / "templates"


@dataclass
class Seen:
    """What one walk over all pages found."""

    templates: set[str] = field(default_factory=set[str])
    unsafe: list[str] = field(default_factory=list[str])
    axe: list[str] = field(default_factory=list[str])
    wide: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])


@pytest.fixture(scope="module")
def places(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with serving(tmp_path_factory.mktemp("empty") / "home") as empty:
        yield open_places(site, empty)


@pytest.fixture(scope="module")
def seen(browser: Browser, places: Places) -> Seen:
    """Opening a page takes longer than any look at it, so they are walked once."""
    return look_at(browser, places)


def look_at(browser: Browser, places: Places) -> Seen:
    seen, heard, by_tab = Seen(), set[Page](), set[tuple[str, str | None, bool]]()
    hosts = {site.url.split("/")[2] for site in (places.worked, places.empty)}
    for view, page in walk(browser, places):
        if page not in heard:
            heard.add(page)
            listen(page, seen.unsafe, hosts)
            page.reload()
        kind = page.locator("main").get_attribute("data-page") or ""
        seen.templates.add(kind)
        seen.unsafe += [f"{view}: {each}" for each in unguarded_parts(page)]
        seen.axe += [f"{view}: {each}" for each in violations_in_both_themes(page)]
        seen.wide += [f"{view}: {each}" for each in too_wide(page)]
        if (kind, view.who, view.done is None) not in by_tab:
            by_tab.add((kind, view.who, view.done is None))
            seen.keys += [f"{view}: {each}" for each in tabbed(page)]
    return seen


def test_every_page_of_the_app_stands_in_the_catalogue() -> None:
    routes = [each for router in ROUTERS for each in router.routes if isinstance(each, Route) and "GET" in (each.methods or ())]
    paths = {view.path.partition("?")[0].replace("{", "").replace("}", "") for view in VIEWS}
    found = {route.path for route in routes for path in paths if route.matches({"type": "http", "method": "GET", "path": path})[0] is Match.FULL}
    assert {route.path for route in routes} - found - set(NO_PAGES) == set()
    assert set(NO_PAGES) <= {route.path for route in routes}


def test_every_template_was_looked_at(seen: Seen) -> None:
    assert seen.templates == {path.stem for path in TEMPLATES.glob("*.html") if not path.name.startswith("_")} - {"base"}


def test_every_page_has_a_strict_policy_form_values_nothing_inline_and_asks_nobody_else(seen: Seen) -> None:
    assert seen.unsafe == []


def test_no_page_has_an_axe_violation_in_either_theme(seen: Seen) -> None:
    assert seen.axe == []


def test_every_control_is_reached_by_tab_in_order_and_shows_where_one_is(seen: Seen) -> None:
    assert seen.keys == []


def test_no_page_is_wider_than_its_window(seen: Seen) -> None:
    assert seen.wide == []
