"""`make screenshots`: PNGs of the main pages, on the sample, for people to look at as its users would."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.harness import Site, browsing, chromium, context, prepare, serving, sign_in

PAGES: tuple[tuple[str, str, str, str, str], ...] = (
    ("sign-in", "", "/sign-in", "laptop", "light"),
    ("inbox", "Mira", "/inbox", "laptop", "light"),
    ("inbox-dark", "Mira", "/inbox", "laptop", "dark"),
    ("inbox-phone", "Mira", "/inbox", "phone", "light"),
    ("blocked", "Mira", "/inbox?tab=blocked", "laptop", "light"),
    ("search", "Mira", "/inbox?q=enterprise", "laptop", "light"),
    ("brief", "Mira", "/briefs/{a01}#e-3", "laptop", "light"),
    ("brief-dark", "Mira", "/briefs/{a01}#e-3", "laptop", "dark"),
    ("brief-phone", "Mira", "/briefs/{a01}", "phone", "light"),
    ("conflict-of-records", "Ada", "/briefs/{b01}", "wide", "light"),
    ("editing", "Mira", "/briefs/{a01}?edit=first&find=single+sign-on", "laptop", "light"),
    ("decide", "Mira", "/briefs/{a01}/decide", "laptop", "light"),
    ("customer", "Mira", "/briefs/{a01}/customer", "laptop", "light"),
    ("account", "Mira", "/accounts/a03", "laptop", "light"),
    ("calls", "Ana", "/calls", "phone", "light"),
    ("funnel", "Ada", "/funnel", "laptop", "light"),
    ("rubric", "Ada", "/rubric", "laptop", "light"),
    ("people", "Ada", "/people", "laptop", "light"),
    ("deliveries", "Ada", "/deliveries", "laptop", "light"),
    ("audit", "Ada", "/audit?check=1", "laptop", "light"),
    ("system", "Ada", "/system", "laptop", "light"),
    ("runs", "Eve", "/runs", "laptop", "light"),
)
"""Name, who looks, at what (accounts in braces stand for their brief), how wide, in which colours."""


def main(folder: Path) -> int:
    """Writes them into the folder; 3 where there is no Chromium."""
    if chromium() is None:
        sys.stderr.write("No Chromium on this machine: install one, then run this again.\n")
        return 3
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        prepare(home, Path(place) / "extra")
        with serving(home) as site:
            take(site, folder)
    return 0


def take(site: Site, folder: Path) -> None:
    briefs = {row.account_id: row.id for row in site.workspace.store.list()}
    with browsing() as browser:
        for name, who, path, width, colours in PAGES:
            opened = context(browser, width, color_scheme=colours)
            page = opened.new_page()
            if who:
                sign_in(page, site, who)
            page.goto(site.url + path.format(**briefs))
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"{name}.png")
            opened.close()
            sys.stderr.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")))
