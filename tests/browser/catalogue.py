"""Every page of the desk, in every state that looks different: who opens it, at what address, and what they do there first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from api.pages.first_run import Progress, Start
from tests.browser.harness import Site, context, sign_in
from tests.browser.runs import runs_in
from tests.browser.scenes import edit, work

Act = Callable[[Page, "Places"], None]
SENDS = """([action, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    const csrf = document.querySelector("input[name=csrf]").value;
    for (const [name, value] of Object.entries({ csrf, ...fields }))
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
}"""
"""A form no page offers: one that is out of date, or put together by somebody."""


@dataclass(frozen=True)
class Places:
    """A desk people have worked at, another nobody filled, and the ids that addresses need."""

    worked: Site
    empty: Site
    ids: dict[str, str]


@dataclass(frozen=True)
class View:
    """One page in one state. `path` holds ids in braces; `done` is what is done at that address before one looks; `on_empty`: at the empty desk."""

    who: str | None
    path: str
    done: Act | None = None
    on_empty: bool = False

    def __str__(self) -> str:
        after = f" after {self.done.__name__}" if self.done else ""
        return f"{self.who or 'nobody'} at {self.path}{after}{' (empty desk)' if self.on_empty else ''}"


def open_places(worked: Site, empty: Site) -> Places:
    """Plays the work at the first desk, and knows what can be looked at then."""
    known = {row.account_id: row.id for row in worked.workspace.store.list()}
    return Places(worked, empty, known | work(worked) | runs_in(worked.workspace.home))


def somebody_saves_first(page: Page, places: Places) -> None:
    edit(places.worked, places.ids["edited"], {"card": {"next_step": f"Call them, then write ({places.worked.workspace.new_id()})."}})
    page.get_by_role("textbox", name="The sentence").fill("They asked for it twice, in March and in April.")
    page.get_by_role("button", name="Save sentence").click()
    page.get_by_role("heading", name="Somebody saved first").wait_for()


def a_save(page: Page, places: Places) -> None:
    page.get_by_role("textbox", name="The sentence").fill(f"No record carries this one ({places.worked.workspace.new_id()}).")
    page.get_by_role("button", name="Save sentence").click()
    page.locator(".verdict").wait_for()


def the_session_ended(page: Page, _: Places) -> None:
    """Its cookies are put back once the answer is there, for whoever looks on."""
    kept = page.context.cookies()
    page.get_by_role("textbox", name="The sentence").fill("Words I would hate to lose.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save sentence").click()
    page.get_by_label("What you were writing").wait_for()
    page.context.add_cookies(kept)  # pyright: ignore[reportArgumentType]  # what `cookies` gives is what `add_cookies` takes


def a_mark_is_followed(page: Page, _: Places) -> None:
    page.locator("#c-need .marks a").first.click()
    page.keyboard.press("j")
    page.locator("a.back").first.click()


def a_rejection_without_words(page: Page, _: Places) -> None:
    page.get_by_label("What is wrong").select_option("other")
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("alert").first.wait_for()


def a_decision_on_an_older_version(page: Page, places: Places) -> None:
    sent(page, f"/briefs/{places.ids['edited']}/approve", version_hash="sha256:0")


def a_move_the_gate_refuses(page: Page, places: Places) -> None:
    sent(page, f"/briefs/{places.ids['approved']}/keep", version_hash=places.worked.workspace.store.brief(places.ids["approved"]).head)


def a_form_of_nonsense(page: Page, _: Places) -> None:
    sent(page, "/accounts/a03/overrides", what="clear_blocker:open_critical_ticket", reason="They told me it is mended.", days="0")


def a_form_of_another_session(page: Page, places: Places) -> None:
    sent(page, f"/briefs/{places.ids['edited']}/sentences", csrf="of another", key="need", text="Words I would hate to lose.")


def a_new_token(page: Page, _: Places) -> None:
    page.get_by_role("button", name="New token for Jonas").click()
    page.get_by_text("shown this once").wait_for()


def a_token_nobody_knows(page: Page, _: Places) -> None:
    page.get_by_label("Your token").fill("nonsense")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def the_sample_is_being_read(page: Page, places: Places) -> None:
    told(places, Progress("reading", 3, 28))
    page.reload()


def the_sample_could_not_be_read(page: Page, places: Places) -> None:
    told(places, Progress("failed", fault="The disk is full. Make room."))
    page.goto(page.url.rsplit("/", 1)[0] + "/start")


class Told(Start):
    """A first run that stands still."""

    def __init__(self, progress: Progress | None) -> None:
        super().__init__()
        self._progress = progress

    def told(self) -> Progress | None:
        return self._progress


def told(places: Places, progress: Progress | None) -> None:
    places.empty.app.state.start = Told(progress)


def sent(page: Page, action: str, **fields: str) -> None:
    with page.expect_navigation():
        page.evaluate(SENDS, [action, fields])


VIEWS: tuple[View, ...] = (
    View(None, "/sign-in"),
    View(None, "/sign-in?ended=1"),
    View(None, "/sign-in", a_token_nobody_knows),
    *(View("Mira", f"/inbox{query}") for query in ("", "?tab=almost", "?tab=blocked", "?tab=quiet", "?tab=decided", "?motion=seats&sort=renewal")),
    View("Mira", "/inbox?q=enterprise"),
    View("Mira", "/inbox?q=nobodyeverwrotethis"),
    View("Ada", "/inbox"),
    View("Mira", "/accounts/a03"),
    View("Mira", "/briefs/{a01}"),
    View("Mira", "/briefs/{a01}", a_mark_is_followed),
    View("Mira", "/briefs/{a01}?edit=first&find=single+sign-on"),
    View("Mira", "/briefs/{a01}?add=need"),
    View("Ada", "/briefs/{b01}"),
    View("Mira", "/briefs/{approved}"),
    View("Mira", "/briefs/{edited}/changes"),
    View("Mira", "/briefs/{edited}?edit=first", a_save),
    View("Mira", "/briefs/{edited}?edit=first", somebody_saves_first),
    View("Mira", "/briefs/{edited}?edit=first", the_session_ended),
    View("Mira", "/briefs/{a01}/customer"),
    View("Mira", "/briefs/{a01}/decide"),
    View("Mira", "/briefs/{a01}/decide", a_rejection_without_words),
    View("Mira", "/briefs/{edited}/decide", a_decision_on_an_older_version),
    View("Mira", "/briefs/{approved}/decide?done=approved"),
    View("Mira", "/notices"),
    View("Mira", "/funnel"),
    View("Mira", "/rubric"),
    View("Mira", "/calls/{call}"),
    View("Mira", "/no/such/page"),
    View("Mira", "/people"),
    View("Mira", "/inbox", a_move_the_gate_refuses),
    View("Mira", "/inbox", a_form_of_nonsense),
    View("Mira", "/inbox", a_form_of_another_session),
    View("Ana", "/calls"),
    View("Ana", "/calls/{call}"),
    View("Ana", "/calls/{call}/customer"),
    View("Ana", "/notices"),
    View("Tom", "/calls"),
    View("Tom", "/calls/{taken_back}"),
    View("Ada", "/funnel"),
    View("Ada", "/rubric?field=seats_used_percent&value=99"),
    View("Ada", "/rubric?field=seats_used_percent&value=many"),
    View("Ada", "/people"),
    View("Ada", "/people", a_new_token),
    View("Ada", "/deliveries"),
    View("Ada", "/deliveries?state=dead"),
    View("Ada", "/deliveries/{delivery}"),
    View("Ada", "/audit?check=1"),
    View("Ada", "/system"),
    View("Eve", "/runs"),
    View("Eve", "/runs?a={before}&b={after}"),
    View("Eve", "/runs/{after}"),
    View("Eve", "/runs/{after}?every=1"),
    View("Eve", "/runs/{after}/cases/signals/seats?before={before}"),
    *(View("Ada", path, on_empty=True) for path in ("/inbox", "/funnel", "/notices", "/calls", "/deliveries", "/runs", "/audit", "/system")),
    View("Ada", "/inbox", the_sample_is_being_read, on_empty=True),
    View("Ada", "/inbox", the_sample_could_not_be_read, on_empty=True),
    View("Mira", "/inbox", on_empty=True),
    View("Mira", "/start", the_sample_could_not_be_read, on_empty=True),
)
NO_PAGES = {
    "/": "leads on to each role's first page",
    "/notices/{notice_id}": "leads on to what the notice is about",
    "/handoffs/{handoff_id}": "leads on to the hand-off's page, for links of earlier releases",
    "/static/{version}/{name:path}": "files of the pages",
    "/calls/{handoff_id}/brief.pdf": "a file",
    "/calls/{handoff_id}/customer.pdf": "a file",
    "/briefs/{brief_id}/customer.pdf": "a file",
}
"""Addresses a browser can open that show no page of their own, and why."""


def walk(browser: Browser, places: Places, width: str = "laptop") -> Iterator[tuple[View, Page]]:
    """Every view, open before one; each person has one browser for all of theirs. Whoever goes on may leave the page as they like."""
    for on_empty in (False, True):
        site = places.empty if on_empty else places.worked
        mine = [view for view in VIEWS if view.on_empty is on_empty]
        for who in dict.fromkeys(view.who for view in mine):
            with context(browser, width) as opened:
                page = opened.new_page()
                if who:
                    sign_in(page, site, who)
                for view in [view for view in mine if view.who == who]:
                    yield view, opening(page, site, places, view)


def opening(page: Page, site: Site, places: Places, view: View) -> Page:
    told(places, None)
    page.goto(site.url + view.path.format(**places.ids))
    if view.done:
        view.done(page, places)
    return page
