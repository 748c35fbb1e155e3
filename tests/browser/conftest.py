"""A running desk and a browser for each test that needs them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness import Site, browsing, context, prepare, serving, sign_in
from tests.sharing import made_once, scanned_sample

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scanned sample with what the pages are tried with, made once."""
    sample = scanned_sample(tmp_path_factory)

    def make(folder: Path) -> None:
        shutil.copytree(sample, folder / "home")
        prepare(folder / "home", folder / "extra")

    return made_once(tmp_path_factory, "desk", make) / "home"


@pytest.fixture(scope="module")
def site(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service on a copy of the prepared home, one a file of tests."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(prepared_home, home)
    with serving(home) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed when the tests of this folder end: as long as Playwright is open, its event loop counts as running in this thread, for every test."""
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """Who signed in before in this file, with the cookies they got: nobody signs in twice."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: Site, sessions: dict[str, Any]) -> Iterator[Visit]:
    """Opens a page as somebody, in a browser of their own: `visit("Mira", "/inbox", width="phone", scripts=False)`."""
    opened: list[Any] = []

    def go(name: str | None, to: str = "/", *, width: str = "laptop", scripts: bool = True, **options: Any) -> Page:
        made = context(browser, width, java_script_enabled=scripts, **options)
        opened.append(made)
        page = made.new_page()
        if name in sessions:
            made.add_cookies(sessions[name])
        elif name is not None:
            sign_in(page, site, name, to)
            sessions[name] = made.cookies()
            return page
        page.goto(site.url + to)
        return page

    yield go
    for each in opened:
        each.close()
