"""`make screenshots`: PNGs of every page, on the sample, for people to look at as its users would."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.harness import Site, browsing, chromium, context, prepare, serving, sign_in
from tests.browser.runs import runs_in
from tests.browser.scenes import work

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Shot = tuple[str, str, str, str, str]
"""Name, who looks, at what (accounts in braces stand for their brief), how wide, in which colours."""
FRESH: tuple[Shot, ...] = (
    ("sign-in", "", "/sign-in", "laptop", "light"),
    ("sign-in-phone-dark", "", "/sign-in?ended=1", "phone", "dark"),
    ("inbox", "Mira", "/inbox", "laptop", "light"),
    ("inbox-dark", "Mira", "/inbox", "laptop", "dark"),
    ("inbox-phone", "Mira", "/inbox", "phone", "light"),
    ("inbox-wide", "Ada", "/inbox", "wide", "light"),
    ("almost", "Mira", "/inbox?tab=almost", "laptop", "light"),
    ("blocked", "Mira", "/inbox?tab=blocked", "laptop", "light"),
    ("quiet-dark", "Mira", "/inbox?tab=quiet", "laptop", "dark"),
    ("decided-empty", "Mira", "/inbox?tab=decided", "laptop", "light"),
    ("search", "Mira", "/inbox?q=enterprise", "laptop", "light"),
    ("search-phone", "Mira", "/inbox?q=enterprise", "phone", "light"),
    ("brief", "Mira", "/briefs/{a01}#e-3", "laptop", "light"),
    ("brief-dark", "Mira", "/briefs/{a01}#e-3", "laptop", "dark"),
    ("brief-phone", "Mira", "/briefs/{a01}", "phone", "light"),
    ("records-that-disagree", "Ada", "/briefs/{b01}", "wide", "light"),
    ("usage", "Mira", "/briefs/{a01}#c-usage", "laptop", "light"),
    ("editing", "Mira", "/briefs/{a01}?edit=first&find=single+sign-on", "laptop", "light"),
    ("adding-phone", "Mira", "/briefs/{a01}?add=need#add-need", "phone", "light"),
    ("decide", "Mira", "/briefs/{a01}/decide", "laptop", "light"),
    ("decide-phone", "Mira", "/briefs/{a01}/decide", "phone", "light"),
    ("customers-copy", "Mira", "/briefs/{a01}/customer", "laptop", "light"),
    ("account", "Mira", "/accounts/a03", "laptop", "light"),
    ("account-phone-dark", "Mira", "/accounts/a03", "phone", "dark"),
    ("calls-empty", "Ana", "/calls", "phone", "light"),
    ("what-if", "Ada", "/rubric?field=seats_used_percent&value=99", "laptop", "light"),
    ("rubric-phone", "Mira", "/rubric", "phone", "light"),
)
WORKED: tuple[Shot, ...] = (
    ("decided", "Mira", "/inbox?tab=decided", "laptop", "light"),
    ("decide-after", "Mira", "/briefs/{approved}/decide", "laptop", "light"),
    ("changes", "Mira", "/briefs/{edited}/changes", "laptop", "light"),
    ("calls", "Ana", "/calls", "laptop", "light"),
    ("calls-phone-dark", "Ana", "/calls", "phone", "dark"),
    ("call", "Ana", "/calls/{call}", "laptop", "light"),
    ("call-phone", "Ana", "/calls/{call}", "phone", "light"),
    ("notices", "Mira", "/notices", "laptop", "light"),
    ("notices-phone", "Ana", "/notices", "phone", "light"),
    ("funnel", "Ada", "/funnel", "laptop", "light"),
    ("funnel-phone-dark", "Ada", "/funnel", "phone", "dark"),
    ("people", "Ada", "/people", "laptop", "light"),
    ("people-phone", "Ada", "/people", "phone", "light"),
    ("deliveries", "Ada", "/deliveries", "laptop", "light"),
    ("audit", "Ada", "/audit?check=1", "laptop", "light"),
    ("audit-phone", "Ada", "/audit", "phone", "light"),
    ("system", "Ada", "/system", "laptop", "dark"),
    ("runs", "Eve", "/runs", "laptop", "light"),
    ("runs-compared", "Eve", "/runs?a={before}&b={after}", "laptop", "light"),
    ("run", "Eve", "/runs/{after}", "laptop", "light"),
    ("case", "Eve", "/runs/{after}/cases/signals/seats?before={before}", "laptop", "light"),
    ("case-phone-dark", "Eve", "/runs/{after}/cases/signals/seats?before={before}", "phone", "dark"),
    ("not-here", "Mira", "/no/such/page", "laptop", "light"),
    ("not-yours-phone", "Mira", "/people", "phone", "light"),
)
EMPTY: tuple[Shot, ...] = (("first-run", "Ada", "/inbox", "laptop", "light"), ("first-run-phone", "Mira", "/inbox", "phone", "light"))


def main(folder: Path, prepared: Path | None = None) -> int:
    """Writes them into the folder; 3 where there is no Chromium. `prepared` is a home with the scanned sample, copied first."""
    if chromium() is None:
        sys.stderr.write("No Chromium on this machine: install one, then run this again.\n")
        return 3
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, browsing() as browser:
        home = Path(place) / "home"
        if prepared is None:
            prepare(home, Path(place) / "extra")
        else:
            shutil.copytree(prepared, home)
        with serving(home) as site:
            known = {row.account_id: row.id for row in site.workspace.store.list()}
            take(browser, site, folder, FRESH, known)
            known |= work(site) | runs_in(home)
            take(browser, site, folder, WORKED, known)
            conflict(browser, site, folder, known["edited"])
            on_paper(browser, site, folder, known["call"])
        with serving(Path(place) / "empty") as site:
            take(browser, site, folder, EMPTY, {})
            progress(browser, site, folder)
    return 0


def take(browser: Browser, site: Site, folder: Path, shots: Iterable[Shot], known: dict[str, str]) -> None:
    for name, who, path, width, colours in shots:
        opened = context(browser, width, color_scheme=colours)
        page = opened.new_page()
        if who:
            sign_in(page, site, who)
        page.goto(site.url + path.format(**known))
        page.wait_for_timeout(400)
        keep(page, folder, name)
        opened.close()


def conflict(browser: Browser, site: Site, folder: Path, brief: str) -> None:
    """Two people at the same sentence; the second sees both texts."""
    pages = [sign_in(context(browser).new_page(), site, "Mira", f"/briefs/{brief}?edit=first") for _ in range(2)]
    for page, words in zip(pages, ("They asked for it in March.", "They asked for it twice, in March and in April."), strict=True):
        page.get_by_role("textbox", name="The sentence").fill(words)
        page.get_by_role("button", name="Save sentence").click()
        page.wait_for_timeout(1500)
    keep(pages[0], folder, "saved")
    keep(pages[1], folder, "somebody-saved-first")


def on_paper(browser: Browser, site: Site, folder: Path, call: str) -> None:
    """The AE's brief as it prints."""
    page = sign_in(context(browser).new_page(), site, "Ana", f"/calls/{call}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    keep(page, folder, "call-on-paper")


def progress(browser: Browser, site: Site, folder: Path) -> None:
    """The sample as it is brought in."""
    page = sign_in(context(browser).new_page(), site, "Ada", "/inbox")
    page.get_by_role("button", name="Import the sample").click()
    page.get_by_text("Reading the accounts: ").wait_for(timeout=120_000)
    keep(page, folder, "progress")


def keep(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png")
    sys.stderr.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    sys.exit(main(*(Path(given) for given in (sys.argv[1:3] or ["screenshots"]))))
