"""What each reader may see, and above all what a customer may not."""

from __future__ import annotations

import re

import pytest

from briefs.brief import BriefBody, Claim, Evidence, Factor, Section, Source
from briefs.canonical import canonical
from briefs.rendering import FORMATS, render, text
from briefs.rendering.audience import view
from tests.briefs.builders import AS_OF, AUDIT, DOWNTIME, SECTIONS, SIGN_IN, SLOW, SOURCES, a_brief, measured, quoting
from tests.briefs.rendering.readers import pdf_pages

NEVER_FOR_A_CUSTOMER = (
    "Mira", "Helios", "90k", "Inés", "procurement", "26,880", "38,400", "24,000", "sha256", "EUR 2 million", "champion",
    "Listen for", "CSM", "internal", "P3", "Offline", "AE", "Do not say", "ARR", "Risk", "BANT", "trade fair",
    "nw-n2", "nw-n3", "April round",
)  # fmt: skip


def seen(form: str, audience: str, body: object = None) -> str:
    out = render(body or a_brief(), form, audience)  # type: ignore[arg-type]
    return "\n".join(pdf_pages(out)) if form == "pdf" else re.sub(r"<head>.*?</head>", "", out.decode(), flags=re.S)


def saying(claim: Claim, key: str = "value", **changes: object) -> str:
    return text.render(a_brief(sections=(Section(key=key, title="A title of our own", claims=(claim,)),), **changes), "customer")


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_internal_reaches_a_customer(form: str) -> None:
    out = seen(form, "customer")
    found = [word for word in NEVER_FOR_A_CUSTOMER if re.search(rf"\b{re.escape(word)}\b", out, re.I)]
    assert found == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_customer_sees_value_need_and_use(form: str) -> None:
    out = " ".join(seen(form, "customer").split())
    assert "cut unplanned downtime at Ghent by 31%" in out
    assert "Fieldlane Enterprise" in out
    assert "112" in out
    assert "you need" in out.lower()


def test_what_a_customer_may_not_see_is_gone_before_anything_is_laid_out() -> None:
    held = canonical(view(a_brief(), "customer")).decode()
    assert not [word for word in ("Mira", "Helios", "90k", "Inés", "EUR", "c3c3", "2 million") if word in held]


def test_the_executive_sees_all_but_rejected_sentences_with_internal_ones_marked() -> None:
    out = text.render(a_brief(), "ae", width=300)
    assert "Nordwind saved EUR 2 million" not in out
    assert "Procurement is said to stop at EUR 90k. [12] [internal]" in out
    assert "“Anything above the current contract" in out
    assert "Nordwind saved EUR 2 million" in text.render(a_brief(), "csm", width=300)


def with_private(record_id: str, *parts: str) -> tuple[Source, ...]:
    """The sources, with parts of one the customer never saw."""
    return tuple(source.model_copy(update={"private_parts": parts}) if source.record_id == record_id else source for source in SOURCES)


@pytest.mark.parametrize("audience", ["ae", "csm"])
def test_a_message_that_was_not_public_is_marked_wherever_its_words_are_shown(audience: str) -> None:
    factor = Factor(name="Need", state="met", text="The app was slow.", evidence=(SLOW,))
    changes = {"coverage": (factor,), "sources": with_private("nw-t9", "messages[0]")}
    marked, plain = (text.render(a_brief(**each), audience, width=300) for each in (changes, {"coverage": (factor,)}))
    for words in ("the app was slow on 24 Mar 2026.", "The app was slow.", "Ticket nw-t9"):
        assert any(words in line and "[internal]" in line for line in marked.splitlines()), words
        assert not any(words in line and "[internal]" in line for line in plain.splitlines()), words


def test_public_messages_of_the_same_ticket_are_not_marked() -> None:
    out = text.render(a_brief(sources=with_private("nw-t9", "messages[1]")), "ae", width=300)
    assert "the app was slow on 24 Mar 2026. [" in out
    assert not any("nw-t9" in line and "[internal]" in line for line in out.splitlines())


def test_private_words_a_person_attached_later_are_marked_in_the_list_of_sources() -> None:
    words = quoting("They will pay.", record_id="nw-t40", kind="ticket", part="messages[2]")
    section = Section(key="value", title="Value", claims=(Claim(id="x", text="They will pay.", evidence=(words,), internal=True),))
    out = text.render(a_brief(sections=(section,)), "ae", width=300)
    assert any("nw-t40" in line and "[internal]" in line for line in out.splitlines())


def test_a_message_that_was_not_public_never_reaches_a_customer_whatever_its_ticket_says() -> None:
    claim = Claim(id="1", text="Secretly so.", kind="customer_said", evidence=(SIGN_IN,))
    assert "Secretly so" in saying(claim)
    assert "Secretly so" not in saying(claim, sources=with_private("nw-t7", "messages[0]"))


def test_a_brief_without_private_parts_is_written_as_it_always_was() -> None:
    held = canonical(a_brief())
    assert b"private_parts" not in held
    assert canonical(BriefBody.model_validate_json(held)) == held
    private = canonical(a_brief(sources=with_private("nw-t9", "messages[0]")))
    assert canonical(BriefBody.model_validate_json(private)) == private
    assert b'"private_parts":["messages[0]"]' in private


def test_a_note_that_nobody_marked_safe_is_internal() -> None:
    assert "Procurement does not promise the budget. [9] [internal]" in text.render(a_brief(), "ae", width=300)


@pytest.mark.parametrize(
    "claim",
    [
        Claim(id="1", text="Secretly so.", evidence=(AUDIT,), internal=True),
        Claim(id="2", text="Secretly so.", kind="csm_statement", evidence=(AUDIT,)),
        Claim(id="3", text="Secretly so.", kind="absence"),
        Claim(id="4", text="Secretly so."),
        Claim(id="5", text="Secretly so.", evidence=(AUDIT, quoting("x", record_id="nobody-knows"))),
        Claim(id="6", text="Secretly so.", evidence=(AUDIT, measured("account:nw", "account", "health", 81))),
        Claim(id="7", text="Secretly so.", evidence=(quoting("x", record_id="nw-t9", kind="ticket"),)),
        Claim(id="8", text="Secretly so.", evidence=(quoting("x", record_id="nw-n1", kind="survey"),)),
        Claim(id="9", text="Secretly so, said Mira.", evidence=(AUDIT,)),
        Claim(id="10", text="Secretly so, as at Helios.", evidence=(AUDIT,)),
    ],
    ids=lambda claim: claim.id,
)
def test_a_sentence_that_is_not_known_to_be_the_customers_is_left_out(claim: Claim) -> None:
    do_not_say = next(section for section in SECTIONS if section.key == "do_not_say")
    body = a_brief(sections=(Section(key="value", title="", claims=(claim, Claim(id="ok", text="Openly so.", evidence=(AUDIT,)))), do_not_say))
    out = text.render(body, "customer")
    assert "Secretly" not in out
    assert "Openly so. [1]" in out


def test_contract_fields_they_signed_and_their_own_use_are_theirs() -> None:
    contract = measured("account:nw", "account", "renewal_date", "2026-08-31")
    assert "It renews in August. [1]" in saying(Claim(id="r", text="It renews in August.", evidence=(contract,)), "timing")


@pytest.mark.parametrize("key", ["risks", "against", "stakeholders", "unknowns", "do_not_say", "anything_new"])
def test_a_section_that_is_not_known_to_be_for_customers_is_left_out(key: str) -> None:
    out = saying(Claim(id="c", text="Harmless.", evidence=(DOWNTIME,)), key)
    assert "Harmless" not in out
    assert "A title of our own" not in out


def test_our_own_titles_of_sections_never_reach_a_customer() -> None:
    assert "A title of our own" not in saying(Claim(id="c", text="Harmless.", evidence=(DOWNTIME,)))


def test_a_safe_record_with_a_secret_name_in_its_title_is_left_out() -> None:
    sources = (
        *(s for s in SOURCES if s.record_id != "nw-n1"),
        Source(record_id="nw-n1", kind="note", title="As at Helios", at=AS_OF, visibility="customer_safe"),
    )
    assert "downtime" not in text.render(a_brief(sources=sources), "customer")


def test_internal_use_is_not_drawn() -> None:
    sources = tuple(source.model_copy(update={"visibility": "internal"}) for source in SOURCES)
    assert "112" not in text.render(a_brief(sources=sources), "customer")


def test_use_of_a_kind_the_customer_does_not_know_is_not_shown() -> None:
    body = a_brief(sources=tuple(Source(record_id=row.record_id, kind="usage", title="", at=AS_OF) for row in a_brief().usage))
    assert "Work orders" in text.render(body, "ae")
    assert "Work orders" not in text.render(body, "customer")
    assert "Mar 2026" in text.render(body, "customer")


def test_a_value_in_evidence_is_data_of_any_shape() -> None:
    for value in (None, True, 12400, 0.5, "2026-06-30", ["a", 1], {"b": 2.25}, {}):
        item = Evidence(record_id="account:nw", kind="account", field="x", value=value, at=AS_OF)
        out = text.render(a_brief(sections=(Section(key="value", title="", claims=(Claim(id="c", text="So.", evidence=(item,)),)),)), "csm")
        assert "x = " in out


def test_a_customer_is_told_what_is_suggested_and_spoken_to() -> None:
    evidence = (measured("usage:nw:2026-03-01", "usage", "seats_active", 112),)
    claims = (
        Claim(id="c1", text="Fieldlane Enterprise holds the audit log.", kind="advice", evidence=evidence),
        Claim(id="c2", text="It brings audit log and barcode scanning.", kind="advice", derived={"features": ["audit log", "barcode scanning"]}),
        Claim(id="c3", text='In March 2026 they used 112 of their seats; "they wait" stands as it was.', kind="fact", evidence=evidence),
    )
    out = " ".join(text.render(a_brief(sections=(Section(key="recommendation", title="Ours", claims=claims),)), "customer", width=300).split())
    assert "We suggest Fieldlane Enterprise. It brings the audit log and barcode scanning." in out
    assert 'In March 2026 you used 112 of your seats; "they wait" stands as it was.' in out.replace("“", '"').replace("”", '"')


def test_a_customer_is_suggested_nothing_where_nothing_is_recommended() -> None:
    claim = Claim(id="c1", text="No product of the catalogue is named.", kind="absence")
    body = a_brief(sections=(Section(key="recommendation", title="Ours", claims=(claim,)),), sku_name=None)
    assert "suggest" not in text.render(body, "customer").lower()
