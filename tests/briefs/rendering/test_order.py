"""What a brief shows, and in which order."""

from __future__ import annotations

import re

import pytest

from briefs.brief import Claim, Section
from briefs.errors import BadInput
from briefs.rendering import FORMATS, markdown, page, pdf, render, text
from briefs.rendering.compose import document
from briefs.rendering.reading import BRIEF_SECONDS, CARD_SECONDS, CARD_WORDS, card_words, reading_seconds
from tests.briefs.builders import AUDIT, DOWNTIME, a_brief, a_thin_brief, said
from tests.briefs.rendering.readers import Page, pdf_pages

PARTS = [
    "value", "need", "recommendation", "timing", "stakeholders", "usage", "risks", "against", "coverage", "arr", "talk-track", "do-not-say",
    "unknowns", "conflicts", "rejected", "sources", "provenance",
]  # fmt: skip


def test_the_parts_stand_in_the_order_an_executive_asks_for_them() -> None:
    assert [part.anchor for part in document(a_brief(), "csm").parts] == PARTS


def test_the_card_comes_first_and_points_at_the_parts() -> None:
    out = text.render(a_brief(), "ae")
    assert out.index("Why now") < out.index("1. VALUE ACHIEVED")
    assert "Budget waits for the April round §7" in out


def test_the_fixtures_keep_to_the_readers_budget() -> None:
    for body in (a_brief(), a_thin_brief()):
        seconds = reading_seconds(body)
        assert card_words(body) <= CARD_WORDS
        assert seconds.card <= CARD_SECONDS
        assert seconds.brief <= BRIEF_SECONDS


def test_a_longer_brief_takes_longer_to_read() -> None:
    long = Section(key="value", title="Value", claims=(Claim(id="c", text="word " * 220, evidence=(DOWNTIME,)),))
    thin = a_thin_brief()
    assert reading_seconds(a_thin_brief(sections=(*thin.sections, long))).brief - reading_seconds(thin).brief >= 59


def test_every_mark_leads_to_a_source_with_its_exact_words_and_offsets() -> None:
    out = text.render(a_brief(), "csm", width=200)
    body, sources = out.split("SOURCES\n")
    held = dict(re.findall(r"^\[(\d+)\] +(.*\n.*)$", sources, re.M))
    assert set(re.findall(r"\[(\d+)\]", body)) == set(held)
    quote = AUDIT.quote or ""
    assert held["4"].split() == f"Note nw-n1 “QBR March”, 12 Mar 2026, Dana Ruiz “{quote}” (body {AUDIT.start}–{AUDIT.end})".split()


def test_every_sentence_has_a_mark_or_says_why_not() -> None:
    lines = [line for line in text.render(a_brief(), "csm", width=400).splitlines() if line.startswith("  • ")]
    assert len(lines) > 15
    assert [line for line in lines if not re.search(r"\[(\d+|searched, none found|CSM statement, not in the record|computed|advice)\]", line)] == []


def test_a_fact_without_evidence_is_shown_as_such() -> None:
    bare = Section(key="value", title="Value", claims=(Claim(id="c", text="They love it."),))
    assert "They love it. [no evidence]" in text.render(a_brief(sections=(bare,)), "csm")


def test_a_customers_sentence_is_always_in_quotation_marks() -> None:
    out = text.render(a_brief(), "csm", width=300)
    assert f"“{DOWNTIME.quote}” — Dana Ruiz, 12 Mar 2026 [1]" in out
    assert "Piet Claes wrote: “Our auditor asks for it in May.” [7]" in out


def test_a_paraphrase_has_the_words_it_rests_on_below_it() -> None:
    out = text.render(a_brief(), "csm", width=300)
    assert (
        "  • Sign-in with the company directory is missing. [5]\n    │ “Everyone signs in with the company account except here, which IT dislikes.”"
        in out
    )


def test_words_taken_into_a_sentence_are_quoted_there() -> None:
    item = said("nw-n1", "body", "forty technicians on day one")
    claim = Claim(id="c", text="Lyon brings forty technicians on day one.", evidence=(item,))
    assert "Lyon brings “forty technicians on day one”. [1]" in text.render(
        a_brief(sections=(Section(key="value", title="", claims=(claim,)),)), "ae"
    )


def test_risks_and_what_argues_against_are_never_missing_without_a_word() -> None:
    out = text.render(a_thin_brief(), "ae", width=200)
    assert "Nothing was written about risks or tickets." in out
    assert "Nothing was written about what argues against." in out
    assert "No estimate: the catalogue holds no price for Additional seats." in out


def test_an_override_and_a_verdict_short_of_qualified_stand_at_the_top() -> None:
    for out in (text.render(a_thin_brief(), "ae", width=200), markdown.render(a_thin_brief(), "ae"), Page(page.render(a_thin_brief(), "ae")).text):
        assert out.index("verdict is watch") < out.index("Value achieved".upper() if "VALUE ACHIEVED" in out else "Value achieved")
        assert "by Jonas Brandt on 30 Mar 2026, until 30 Apr 2026" in out


def test_a_brief_without_a_product_says_so() -> None:
    out = text.render(a_thin_brief(motion=None, sku=None, sku_name=None, lead_type=None, route=None), "ae", width=200)
    assert "No product recommended" in out
    assert "No qualified lead" in out
    assert "No estimate: no product is recommended." in out


def test_a_section_of_another_key_is_shown_after_what_argues_against() -> None:
    extra = Section(key="history", title="History", claims=(Claim(id="h", text="Customer since 2021.", evidence=(DOWNTIME,)),))
    anchors = [part.anchor for part in document(a_brief(sections=(*a_brief().sections, extra)), "ae").parts]
    assert anchors[anchors.index("against") + 1] == "more-history"


def test_conflicting_sources_stand_side_by_side() -> None:
    out = text.render(a_brief(), "ae")
    assert "120 seats are licensed. [10]  The contract holds 100 seats. [13]" in out


def test_numbers_dates_and_money_are_written_the_british_way() -> None:
    out = text.render(a_brief(), "ae")
    assert "12,400" in out
    assert "EUR 26,880" in out
    assert "Mar 2026" in out
    assert "93% of 120 in Mar 2026" in out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("audience", ["csm", "ae", "customer"])
def test_the_same_brief_gives_the_same_bytes(form: str, audience: str) -> None:
    assert render(a_brief(), form, audience) == render(a_brief(), form, audience)


@pytest.mark.parametrize(("form", "audience"), [("docx", "ae"), ("text", "everyone"), ("pdf", ""), ("html", "CSM")])
def test_an_unknown_format_or_reader_is_refused(form: str, audience: str) -> None:
    with pytest.raises(BadInput):
        render(a_brief(), form, audience)


def test_the_page_is_standalone_and_lets_nothing_but_its_own_style_in() -> None:
    held = Page(page.render(a_brief(), "csm"))
    assert held.tags.count("style") == 1
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(held.tags)
    assert not [name for _, name, _ in held.attributes if name == "style" or name.startswith("on") or name == "src"]
    assert page.policy() in held.values("content")
    assert page.policy().startswith("default-src 'none'; style-src 'sha256-")
    assert "url(" not in held.style
    assert "@import" not in held.style
    assert "prefers-color-scheme: dark" in held.style
    assert "@media print" in held.style


def test_every_link_of_the_page_leads_to_a_place_on_it() -> None:
    held = Page(page.render(a_brief(), "csm"))
    targets = {f"#{value}" for value in held.values("id")}
    assert set(held.values("href")) <= targets
    assert len(targets) == len(held.values("id"))
    assert held.tags.count("h1") == 1
    assert held.tags.count("h2") == len(PARTS)


def test_the_pdf_is_a4_holds_its_fonts_and_carries_the_day_of_the_brief() -> None:
    data = pdf.render(a_brief(), "csm")
    assert b"/FontFile2" in data
    assert b"D:20260331000000" in data
    assert b"595.28 841.89" in data
    pages = pdf_pages(data)
    assert "Nordwind Logistik GmbH" in pages[0]
    assert "sha256:c3c3" in pages[-1]
    assert f"1 of {len(pages)}" in pages[0]
