"""What a short request was for is told before it; what one is warned of is grave; a note's words are not put into the customer's mouth."""

from __future__ import annotations

from briefs.brief import Section, Signal
from briefs.drafting import against, case, use
from briefs.drafting.background import said_before
from briefs.drafting.material import Material
from briefs.drafting.talk import talk_track
from briefs.qualify import qualify
from briefs.reading.forwarded import read_all
from briefs.reading.speakers import People
from briefs.subject import Directory, Subject
from briefs.verify import Court, verify
from retrieval.dossier import Dossier
from retrieval.records import Catalogue, Product
from tests.briefs.account_builders import (
    RUBRIC,
    a_catalogue,
    a_dossier,
    a_message,
    a_note,
    a_shelf,
    a_signal,
    a_ticket,
    a_usage_row,
    a_usage_table,
    ago,
    at,
    words_of_record,
)

WISH = "We want our depots to see the stock of all the others before they order anything."
ASK = "Could you send us a price?"
MESSAGE = f"Good morning,\n\nEvery depot calls us. {WISH} Do you have this? {ASK}\n\nDana"


def _asking(body: str = MESSAGE) -> Dossier:
    message = a_message(body, author="Dana Ruiz")
    return a_dossier(tickets=(a_ticket("t1", status="open", priority="P3", subject="Stock elsewhere?", requester="Dana Ruiz", messages=(message,)),))


def _request(body: str = MESSAGE, quote: str = ASK) -> Signal:
    start = body.index(quote)
    evidence = words_of_record("t1", quote, "messages[0]", start=start, end=start + len(quote), speaker="Dana Ruiz", at=ago(10))
    return a_signal("module_interest", "t1", evidence=(evidence,), detector="offline:module_interest")


def _material(dossier: Dossier, *signals: Signal) -> Material:
    shelf = a_shelf(dossier.account)
    sentences = tuple(read_all(dossier.texts, People.of(dossier)))
    finding = qualify(dossier, signals, RUBRIC, shelf)
    return Material(dossier, finding, shelf, RUBRIC, Subject(dossier, Directory((dossier.account,))), sentences)


def test_a_short_request_is_preceded_by_what_it_is_for() -> None:
    found = said_before(_request(), _material(_asking()))
    assert found is not None
    assert found.quote == WISH
    assert MESSAGE[found.start : found.end] == WISH


def test_a_request_that_tells_its_need_stands_alone() -> None:
    whole = "Please quote us the stock module for all nine depots, so that they see what lies elsewhere before ordering."
    body = f"Every depot calls us about what the others still have. {whole}"
    assert said_before(_request(body, whole), _material(_asking(body))) is None


def test_nobody_elses_words_are_put_before_a_request() -> None:
    body = f"Tom Brand wrote to me:\n> {WISH}\n\n{ASK}"
    found = said_before(_request(body), _material(_asking(body)))
    assert found is None or found.quote != WISH


def test_the_need_section_tells_why_first_and_the_court_accepts_it() -> None:
    dossier = _asking()
    signal = _request().model_copy(update={"skus": ("analytics",), "explicit_request": True})
    m = _material(dossier, signal)
    fit = m.bearing("fit")
    assert fit, "the request carries fit, or this test looks at nothing"
    claims = case.need(m)
    assert [claim.evidence[0].quote for claim in claims[:2]] == [WISH, ASK]
    court = Court(dossier, m.subject)
    assert [verify(claim, court).ok for claim in claims[:2]] == [True, True]


def test_an_everyday_ticket_is_listed_and_warns_of_nothing() -> None:
    m = _material(_asking())
    risks = against.risks(m)
    assert any("t1 is open" in claim.text for claim in risks)
    assert against.gravest(_section(risks)) is None
    assert talk_track(m, _section(risks)).risk_evidence == ()


def test_an_urgent_ticket_is_what_to_be_warned_of() -> None:
    dossier = a_dossier(tickets=(a_ticket("t1", status="open", priority="P1", subject="Down"), a_ticket("t2", status="open", priority="P4")))
    m = _material(dossier)
    risk = against.gravest(_section(against.risks(m)))
    assert risk is not None
    assert "t1" in risk.text
    assert talk_track(m, _section(against.risks(m))).risk_evidence == risk.evidence


def test_a_ticket_that_holds_the_request_says_so() -> None:
    m = _material(_asking(), _request().model_copy(update={"skus": ("analytics",), "explicit_request": True}))
    assert any("in which they ask for it" in claim.text for claim in against.risks(m))


def test_the_opener_does_not_put_a_notes_words_into_the_customers_mouth() -> None:
    words = "Since the roll-out they release a batch in two days; it used to be six."
    note = a_note("n1", at=at(ago(20)), body=words, kind="qbr", author="mira@vendor.example", visibility="customer_safe")
    told = a_signal("value_stated", "n1", evidence=(words_of_record("n1", words, speaker=None),))
    m = _material(a_dossier(notes=(note,)), told)
    opener = talk_track(m, _section(against.risks(m))).opener
    assert opener.startswith("Our notes of")
    spoken = told.model_copy(update={"evidence": (words_of_record("n1", words, speaker="Dana Ruiz"),)})
    m = _material(a_dossier(notes=(note,)), spoken)
    assert talk_track(m, _section(against.risks(m))).opener.startswith("You told us")


def test_use_that_did_not_move_is_told_in_words() -> None:
    claims = use.usage(_material(a_dossier(usage=a_usage_table((60, 60, 60, 60)))))
    assert any(claim.text.startswith("Use is in") for claim in claims)
    assert not any("+0" in claim.text for claim in claims)


def test_the_figure_in_a_products_name_is_a_name() -> None:
    pack = Product(sku="pack", name="Sample Pack 2000", kind="usage", unit_price=100, price_unit="unit_year", currency="EUR")
    dossier = a_dossier(catalogue=Catalogue(products=(*a_catalogue().products, pack)), usage=(a_usage_row(),))
    court = Court(dossier, Subject(dossier, Directory((dossier.account,))), vendor_words=frozenset({"sample", "pack", "2000"}))
    claim = case.claim("Sample Pack 2000 raises the limit they run into.", "advice")
    assert verify(claim, court).ok
    other = case.claim("Sample Pack 2000 raises the limit they run into by 3000.", "advice")
    assert not verify(other, court).ok


def _section(claims: list[case.Claim]) -> Section:
    return Section(key="risks", title="Risks", claims=tuple(claims))
