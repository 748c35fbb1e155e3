"""What customers write is text wherever it is shown: markup, Markdown pictures, template code and words that turn around."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from api.cli import run
from tests.browser.conftest import Visit
from tests.browser.harness import AS_OF, SAMPLE, Site, serving
from tests.browser.scenes import approve, edit

pytestmark = pytest.mark.browser
PLANTED = '<b class="planted">x</b><script>document.title="owned"</script>'
PICTURE = "![pixel](http://attacker.example/p.png)"
ASK = "Does everyone have to move to Enterprise or only some users?"
HOSTILE_ASK = f"Does everyone have to move to Enterprise {PLANTED} {PICTURE} \u202eylno ro\u202c \u05e9\u05dc\u05d5\u05dd or only some users?"
TAKEN_AS_MARKUP = 'document.querySelectorAll(\'.planted, main img, main script, main a[href^="javascript"], main a[href*="attacker"]\').length'
KINDS = ("accounts", "contacts", "notes", "tickets", "surveys", "scorecards", "opportunities", "usage")


def planted(folder: Path) -> Path:
    """One account of the sample, with such text as its name, in its people's titles, its subjects and what it asks for."""
    folder.mkdir()
    (folder / "catalogue.yaml").write_bytes((SAMPLE / "catalogue.yaml").read_bytes())
    for kind in KINDS:
        rows = [json.loads(line) for line in (SAMPLE / f"{kind}.jsonl").read_text("utf-8").splitlines()]
        mine = [hostile(kind, row) for row in rows if row.get("account_id", row["id"] if kind == "accounts" else "") == "a01"]
        (folder / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in mine), "utf-8")
    return folder


def hostile(kind: str, row: dict[str, object]) -> dict[str, object]:
    text = json.dumps(row).replace(json.dumps(ASK)[1:-1], json.dumps(HOSTILE_ASK)[1:-1])
    row = json.loads(text)
    for field in {"accounts": ("name",), "contacts": ("title",), "notes": ("title",), "tickets": ("subject",)}.get(kind, ()):
        row[field] = f"{row[field]} {PLANTED} \u202eeman\u202c"
    return row


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "home"
    for command in (["ingest", str(planted(folder / "export"))], ["scan", "--as-of", AS_OF]):
        assert run(["--home", str(home), *command, "--json"]) == 0
    with serving(home) as running:
        yield running


def checked(page: Page, address: str) -> None:
    """The page shows the text as text: nothing of it became an element, and nothing turns the words around it."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    shown = page.locator("body").inner_text()
    assert page.evaluate(TAKEN_AS_MARKUP) == 0, address
    assert "owned" not in page.title().replace(PLANTED, ""), address
    assert "\u202e" not in shown + page.title(), address
    assert PLANTED in shown, address


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "no scripts"])
def test_text_of_customers_is_text_on_every_page_that_shows_it(visit: Visit, site: Site, scripts: bool) -> None:
    brief = site.brief_of("a01")
    first = not site.workspace.store.handoffs(brief)  # either way may be the first to come here
    asked: list[str] = []
    page = visit("Mira", "/inbox", scripts=scripts)
    page.on("request", lambda request: asked.append(request.url.split("/")[2]))
    inbox = "/inbox" if first else "/inbox?tab=decided"
    for path in (inbox, "/inbox?q=Enterprise", "/accounts/a01", f"/briefs/{brief}", f"/briefs/{brief}?edit=first&find=users"):
        checked(page, site.url + path)
    page.goto(f"{site.url}/briefs/{brief}")
    assert PLANTED in page.locator("#evidence").inner_text()
    assert PICTURE in page.locator("#evidence").inner_text()
    assert PLANTED in page.locator(".refused").inner_text()
    if first:
        edit(site, brief, {"card": {"why_now": f"They wrote {PLANTED} and {PICTURE}."}})
    for path in (f"/briefs/{brief}/changes", f"/briefs/{brief}/decide", f"/briefs/{brief}/customer"):
        checked(page, site.url + path)
    if first:
        approve(site, "Mira", "a01")
    call = site.workspace.store.handoffs(brief)[-1].id
    ana, ada = visit("Ana", "/calls", scripts=scripts), visit("Ada", "/inbox", scripts=scripts)
    for other in (ana, ada):
        other.on("request", lambda request: asked.append(request.url.split("/")[2]))
    for path in ("/calls", f"/calls/{call}", f"/calls/{call}/customer"):
        checked(ana, site.url + path)
    ana.goto(f"{site.url}/calls/{call}")
    ana.emulate_media(media="print")
    assert PLANTED in ana.locator("#sheet").inner_text()
    for path in ("/inbox?tab=decided", "/deliveries", "/calls"):
        checked(ada, site.url + path)
    assert set(asked) == {site.url.split("/")[2]}


def test_what_is_written_while_somebody_saves_is_text_too(visit: Visit, site: Site) -> None:
    page = visit("Mira", "/accounts/a01")
    page.get_by_text("Overrule the verdict").click()
    page.get_by_label("Why, in a sentence").fill(f"Because {PLANTED}")
    page.get_by_role("button", name="Keep my judgement").click()
    page.get_by_role("button", name="Take it back").wait_for()
    assert f"Because {PLANTED}" in page.locator("main").inner_text()
    assert page.evaluate(TAKEN_AS_MARKUP) == 0
