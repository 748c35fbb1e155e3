"""What is looked for on a page: what a browser complains of, forms and scripts as they should not be, axe, the way by Tab, and width."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.harness import WIDTHS

LOUD = ("error", "warning")
EXPECTED = "Failed to load resource: the server responded with a status of 4"
"""A browser says so of every page that is a fault."""
BARE = "[...document.forms].filter(f => f.method === 'post' && !f.elements.csrf?.value).map(f => f.action)"
"""Forms that would be refused, or worse, should not be."""
INLINE = (
    "[...document.querySelectorAll('*')].filter(n => n.matches('style, [style], script:not([src])')"
    " || n.getAttributeNames().some(name => name.startsWith('on') || name.startsWith('hx-on'))).map(n => n.outerHTML.slice(0, 120))"
)
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary"
STOPS = (
    f"() => [...document.querySelectorAll('{CONTROLS}')]"
    ".filter(n => n.tabIndex >= 0 && !n.disabled && n.checkVisibility({visibilityProperty: true}))"
    ".filter(n => n.type !== 'radio' || n.checked"
    " || ![...document.getElementsByName(n.name)].some(m => m.checked || m.compareDocumentPosition(n) & 4))"
    ".map((n, i) => { n.dataset.stop = i; return n.outerHTML.slice(0, 120); })"
)
"""Everything one can act on, numbered in the order of the page. Of radio buttons of one name, Tab stops at one."""
EXTRA = 3
"""A date is a day, a month, a year and a calendar to Tab."""
LISTENS = (
    "() => { window.stops = []; document.addEventListener('focusin', ({target}) => {"
    " if (target === document.body) return; const s = getComputedStyle(target);"
    " const seen = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;"
    " window.stops.push([target.dataset.stop ?? null, seen, target.outerHTML.slice(0, 120)]); });"
    " document.activeElement.blur(); scrollTo(0, 0); getSelection().removeAllRanges();"
    " document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
)
OVER = "document.documentElement.scrollWidth - innerWidth"


def listen(page: Page, wrong: list[str], hosts: set[str]) -> None:
    """Writes down what the browser says of the page from now on, what it asks elsewhere, and which page comes unguarded."""
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type in LOUD and not said.text.startswith(EXPECTED) else None)
    page.on("pageerror", lambda fault: wrong.append(f"{page.url}: {fault}"))
    page.on("request", lambda asked: wrong.append(f"{page.url} asked {asked.url}") if asked.url.split("/")[2] not in hosts else None)
    page.on("response", lambda given: wrong.extend(f"{given.url}: {fault}" for fault in unguarded(given)))


def unguarded(given: Response) -> list[str]:
    """What the headers of a page leave open."""
    headers = given.headers
    if "text/html" not in headers.get("content-type", ""):
        return []
    policy = headers.get("content-security-policy", "")
    wanted = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'")
    faults = [f"no {each} in the policy" for each in wanted if each not in policy.split("; ")]
    faults += ["unsafe words in the policy"] if "unsafe" in policy or "data:" in policy or "http" in policy else []
    faults += ["types are guessed"] if headers.get("x-content-type-options") != "nosniff" else []
    return faults + (["the page is kept"] if headers.get("cache-control") != "no-store" else [])


def unguarded_parts(page: Page) -> list[str]:
    """Scripts and styles written into the page, and forms without the session's value."""
    inline, bare = page.evaluate(INLINE), page.evaluate(BARE)
    return [*(f"inline: {each}" for each in inline), *(f"a form without the session's value: {each}" for each in bare)]


def violations(page: Page) -> list[str]:
    """What axe finds, rule by rule and place by place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


def violations_in_both_themes(page: Page) -> list[str]:
    found: list[str] = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {each}" for each in violations(page)]
    page.emulate_media(color_scheme=None)
    return found


def too_wide(page: Page) -> list[str]:
    """The widths at which one has to scroll sideways."""
    found: list[str] = []
    before = page.viewport_size
    for name, (wide, high) in WIDTHS.items():
        page.set_viewport_size({"width": wide, "height": high})
        over = page.evaluate(OVER)
        found += [f"{over} px too wide for a {name}"] if over > 0 else []
    if before:
        page.set_viewport_size(before)
    return found


def tabbed(page: Page) -> list[str]:
    """Goes through the page by Tab from its top to its end: what was passed by, came out of order, or did not show that one stood there."""
    controls: list[str] = page.evaluate(STOPS)
    page.evaluate(LISTENS)
    presses = len(controls) + page.locator("[tabindex='0']").count() + EXTRA * page.locator("input[type=date]").count()
    for _ in range(presses):
        page.keyboard.press("Tab")
    stops: list[tuple[str | None, bool, str]] = page.evaluate("window.stops")
    reached = list(dict.fromkeys(int(number) for number, _, _ in stops if number is not None))
    unseen = [f"does not show that one is at {what}" for _, outlined, what in stops if not outlined]
    missed = [f"Tab never comes to {what}" for n, what in enumerate(controls) if n not in reached]
    return missed + unseen + ([] if reached == sorted(reached) else [f"Tab goes in the order {reached}"])
