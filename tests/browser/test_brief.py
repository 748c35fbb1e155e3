"""A brief beside its evidence: from a sentence to the exact words and back, and everything a reviewer must not miss."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.harness import NASTY, WAYS, Site

pytestmark = pytest.mark.browser
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
QUOTE = "So we do need SSO on this, it's not a nice to have for me."


@WAYS
def test_a_mark_leads_to_the_exact_words_in_the_record_and_back(visit: Visit, site: Site, scripts: bool, width: str) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}", width=width, scripts=scripts)
    sentence = page.locator("#c-need [data-sentence]").first
    mark = sentence.locator(".marks a").first
    number = mark.inner_text()
    mark.click()
    words = page.locator(f"#e-{number} mark")
    expect(words).to_have_text(QUOTE)
    expect(words).to_be_in_viewport()
    lit = words.evaluate("node => getComputedStyle(node).outlineStyle")
    assert lit == "solid"
    page.locator(f"a.back[aria-label*='evidence {number}']").first.click()
    expect(page.locator(".sentence:target")).to_be_in_viewport()


def test_a_click_on_a_sentence_lights_its_words(visit: Visit, site: Site) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}")
    page.locator("#c-need .say").first.click(position={"x": 4, "y": 8})
    expect(page.locator("mark.lit")).to_have_text(QUOTE)


@SCRIPTS
def test_a_usage_row_is_marked_where_a_figure_rests_on_it(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}", scripts=scripts)
    row = page.locator("table.use tr.cited", has=page.get_by_role("rowheader", name="Mar 2026"))
    expect(row.locator("mark").first).to_have_text("80")


def test_conflicts_the_case_against_rejected_sentences_and_pictures_are_all_there(visit: Visit, site: Site) -> None:
    page = visit("Ada", f"/briefs/{site.brief_of('b01')}")
    expect(page.get_by_role("heading", name="Two records disagree")).to_be_visible()
    expect(page.locator(".sides > div")).to_have_count(2)
    expect(page.get_by_role("heading", name="What argues against")).to_be_attached()
    expect(page.get_by_role("heading", name="Left out, with the reason")).to_be_attached()
    picture = page.get_by_role("img").first
    expect(picture).to_have_attribute("aria-label", re.compile("Mar 2026: 42"))
    page.get_by_text("The numbers").first.click()
    expect(page.locator("figure table").first.get_by_role("rowheader", name="Mar 2026")).to_be_visible()


@SCRIPTS
def test_what_a_ticket_holds_is_shown_as_text_and_nothing_else(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit("Ada", "/inbox", scripts=scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/briefs/{site.brief_of('c05')}")
    text = page.locator(".paper", has_text="c05-nasty").locator(".text")  # the brief names the open ticket, so its paper lies open
    shown = text.inner_text()
    assert '<script>document.title="owned"</script>' in shown
    assert "![pixel](http://attacker.example/p.png)" in shown
    assert "{{ 7*7 }} {% raw %} &lt;b&gt;" in shown
    assert "\u202e" not in shown
    assert NASTY.splitlines()[2][:4] in shown
    assert page.locator("#evidence script, #evidence img, #evidence a[href^='javascript']").count() == 0
    assert page.title() != "owned"
    assert {url.split("/")[2] for url in asked} == {site.url.split("/")[2]}


def test_search_inside_the_account_finds_what_means_the_same(visit: Visit, site: Site) -> None:
    page = visit("Mira", f"/briefs/{site.brief_of('a01')}")
    page.locator("#find").fill("logging in with the company account")
    page.locator("#find").press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".hit").first.get_by_role("link", name="Show the record").click()
    expect(page.locator(".paper:target")).to_be_in_viewport()
