"""What a short request was for is told before it; what one is warned of is grave; a note's words are not put into the customer's mouth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from briefs.brief import Section, Signal
from briefs.drafting import against, case, use
from briefs.drafting.background import said_before
from briefs.drafting.facts import sentences_of
from briefs.drafting.quoting import day_named, shortened, tongue
from briefs.drafting.talk import talk_track
from briefs.signals.evidence import data
from briefs.subject import Directory, Subject
from briefs.verify import Court, verify
from briefs.wording import with_the
from retrieval.dossier import Dossier
from retrieval.records import Catalogue, Product
from tests.briefs.account_builders import (
    CORE,
    a_catalogue,
    a_contact,
    a_dossier,
    a_message,
    a_note,
    a_signal,
    a_ticket,
    a_usage_row,
    a_usage_table,
    ago,
    at,
    words_of_record,
)
from tests.briefs.draft_builders import a_material

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


def test_a_short_request_is_preceded_by_what_it_is_for() -> None:
    found = said_before(_request(), a_material(_asking()))
    assert found is not None
    assert found.quote == WISH
    assert MESSAGE[found.start : found.end] == WISH


def test_a_request_that_tells_its_need_stands_alone() -> None:
    whole = "Please quote us the stock module for all nine depots, so that they see what lies elsewhere before ordering."
    body = f"Every depot calls us about what the others still have. {whole}"
    assert said_before(_request(body, whole), a_material(_asking(body))) is None


def test_nobody_elses_words_are_put_before_a_request() -> None:
    body = f"Tom Brand wrote to me:\n> {WISH}\n\n{ASK}"
    found = said_before(_request(body), a_material(_asking(body)))
    assert found is None or found.quote != WISH


def test_the_need_section_tells_why_first_and_the_court_accepts_it() -> None:
    dossier = _asking()
    signal = _request().model_copy(update={"skus": ("analytics",), "explicit_request": True})
    m = a_material(dossier, signal)
    fit = m.bearing("fit")
    assert fit, "the request carries fit, or this test looks at nothing"
    claims = case.need(m)
    assert [claim.evidence[0].quote for claim in claims[:2]] == [WISH, ASK]
    court = Court(dossier, m.subject)
    assert [verify(claim, court).ok for claim in claims[:2]] == [True, True]


def test_an_everyday_ticket_is_listed_and_warns_of_nothing() -> None:
    m = a_material(_asking())
    risks = against.risks(m)
    assert any("t1 is open" in claim.text for claim in risks)
    assert against.gravest(_section(risks)) is None
    assert talk_track(m, _section(risks)).risk_evidence == ()


def test_an_urgent_ticket_is_what_to_be_warned_of() -> None:
    dossier = a_dossier(tickets=(a_ticket("t1", status="open", priority="P1", subject="Down"), a_ticket("t2", status="open", priority="P4")))
    m = a_material(dossier)
    risk = against.gravest(_section(against.risks(m)))
    assert risk is not None
    assert "t1" in risk.text
    assert talk_track(m, _section(against.risks(m))).risk_evidence == risk.evidence


def test_a_ticket_that_holds_the_request_says_so() -> None:
    m = a_material(_asking(), _request().model_copy(update={"skus": ("analytics",), "explicit_request": True}))
    assert any("in which they ask for it" in claim.text for claim in against.risks(m))


def test_the_opener_does_not_put_a_notes_words_into_the_customers_mouth() -> None:
    words = "Since the roll-out they release a batch in two days; it used to be six."
    note = a_note("n1", at=at(ago(20)), body=words, kind="qbr", author="mira@vendor.example", visibility="customer_safe")
    told = a_signal("value_stated", "n1", evidence=(words_of_record("n1", words, speaker=None),))
    m = a_material(a_dossier(notes=(note,)), told)
    opener = talk_track(m, _section(against.risks(m))).opener
    assert opener.startswith("Our notes of")
    spoken = told.model_copy(update={"evidence": (words_of_record("n1", words, speaker="Dana Ruiz"),)})
    m = a_material(a_dossier(notes=(note,)), spoken)
    assert talk_track(m, _section(against.risks(m))).opener.startswith("You told us")


def test_use_that_did_not_move_is_told_in_words() -> None:
    claims = use.usage(a_material(a_dossier(usage=a_usage_table((60, 60, 60, 60)))))
    assert any(claim.text.startswith("Use is unchanged since December") for claim in claims)
    assert not any("+0" in claim.text for claim in claims)


def test_the_figure_in_a_products_name_is_a_name() -> None:
    pack = Product(sku="pack", name="Sample Pack 2000", kind="usage", unit_price=100, price_unit="unit_year", currency="EUR")
    dossier = a_dossier(catalogue=Catalogue(products=(*a_catalogue().products, pack)), usage=(a_usage_row(),))
    court = Court(dossier, Subject(dossier, Directory((dossier.account,))), vendor_words=frozenset({"sample", "pack", "2000"}))
    claim = case.claim("Sample Pack 2000 raises the limit they run into.", "advice")
    assert verify(claim, court).ok
    other = case.claim("Sample Pack 2000 raises the limit they run into by 3000.", "advice")
    assert not verify(other, court).ok


def test_a_reason_that_holds_a_no_is_quoted_and_accepted() -> None:
    words = "We never see what the other depots have left."
    body = f"{words} {ASK}"
    dossier = _asking(body)
    m = a_material(dossier, _request(body).model_copy(update={"skus": ("analytics",), "explicit_request": True}))
    told = case.need(m)[0]
    assert told.evidence[0].quote == words
    assert verify(told, Court(dossier, m.subject)).ok


@pytest.mark.parametrize(("login", "name"), [("d.ruiz", "Dana Ruiz tried"), ("dana", "Dana Ruiz tried"), ("p.nobody", "The user p.nobody tried")])
def test_whoever_tried_a_feature_is_named_as_people_are(login: str, name: str) -> None:
    attempt = {"at": at(ago(14)), "feature": "audit log", "user": login}
    row = a_usage_row(upgrade_attempts=(attempt,))
    dossier = a_dossier(contacts=(a_contact(email="d.ruiz@nordwind.example"),), usage=(row,))
    wants = {"feature": "audit log", "user": login}
    stored = {"at": row.upgrade_attempts[0].at.isoformat(), **wants}
    tried = a_signal("upgrade_attempt", row.id, evidence=(data(row, "upgrade_attempts", stored),), days=14, detector="rule:upgrade", wants=wants)
    told = sentences_of(tried, a_material(dossier).records, dossier.as_of)[0]
    assert told.text.startswith(f"{name} to open the audit log on")
    assert verify(told, Court(dossier, Subject(dossier, Directory((dossier.account,))))).ok


def test_two_people_with_one_login_are_not_told_apart() -> None:
    twins = (a_contact(email="sales@a.example"), a_contact("Tom Brand", email="sales@b.example"))
    assert a_material(a_dossier(contacts=twins)).records.person("sales") is None


@pytest.mark.parametrize(
    ("name", "told"),
    [("audit log", "the audit log"), ("work orders", "work orders"), ("barcode scanning", "barcode scanning"), ("single sign-on (SAML)",) * 2,
     ("cost per asset", "the cost per asset"), ("Fieldlane Analytics",) * 2, ("SSO", "SSO"), ("the map", "the map")],
)  # fmt: skip
def test_a_feature_has_its_article(name: str, told: str) -> None:
    assert with_the(name) == told


def test_a_limit_used_up_is_used_up_whole() -> None:
    row = a_usage_row(metrics={"storage_gb": 250}, limits={"storage_gb": 250})
    full = {"used": 250, "allowed": 250, "percent": 100.0, "limit": "storage_gb"}
    reached = a_signal("limit_reached", row.id, evidence=(data(row, "metrics.storage_gb", 250),), detector="rule:limits", wants=full)
    told = sentences_of(reached, a_material(a_dossier(usage=(row,))).records, row.period_end)[0].text
    assert told == "All of the 250 GB of storage the plan allows were used in March 2026."


@pytest.mark.parametrize(
    ("active", "told"), [((50, 50, 50, 60), "Active seats rose 20 % between"), ((60, 60, 60, 54), "Active seats fell 10 % between")]
)
def test_use_rises_and_falls_in_words(active: tuple[int, ...], told: str) -> None:
    dossier = a_dossier(usage=a_usage_table(active))
    m = a_material(dossier)
    moved = next(claim for claim in use.usage(m) if claim.text.startswith("Active seats"))
    assert moved.text.startswith(told)
    assert verify(moved, Court(dossier, m.subject)).ok


def test_neither_adoption_nor_our_own_score_is_something_they_achieved() -> None:
    row = a_usage_row(features_adopted=CORE[:4])
    adopted = a_signal(
        "feature_adoption",
        row.id,
        evidence=(data(row, "features_adopted", list(CORE[:4])),),
        detector="rule:adoption",
        wants={"percent": 80.0, "adopted": 4, "core": 5},
    )
    m = a_material(a_dossier(usage=(row,)), adopted)
    assert m.bearing("success"), "adoption carries success, or this test looks at nothing"
    assert [claim.kind for claim in case.value(m)] == ["absence"]
    assert any("core features" in claim.text for claim in case.in_use(m))


def test_a_dearer_product_is_named_to_an_account_executive_alone() -> None:
    dossier = _asking()
    m = a_material(dossier, _request().model_copy(update={"skus": ("analytics", "sensor_connect"), "explicit_request": True}))
    for route, named in (("ae", True), ("csm", False), ("tech_touch", False)):
        told = case.recommendation(replace(m, finding=replace(m.finding, route=route)))
        assert any("at a higher price" in claim.text for claim in told) is named


GERMAN = "Wir verlieren jede Woche einen halben Tag, weil die Listen nicht stimmen."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "German"),
        ("Nous perdons une demi-journée par semaine parce que les listes ne sont pas à jour.", "French"),
        ("Perdemos medio día cada semana porque las listas no están al día.", "Spanish"),
        ("We lose half a day every week because the lists differ.", None),
        ("O sistema não permite que os técnicos vejam o estoque, e isso é um problema por causa da auditoria.", None),
        ("Vi vill ha en logg för alla ändringar, den är viktig för oss och det är bråttom.", None),
        ("We hebben de audit log nodig, die is er nu niet en dat was een probleem.", None),
        ("Vogliamo che le squadre vedano il magazzino di tutti i depositi prima di ordinare.", None),
        ("OK", None),
    ],
)
def test_the_language_of_a_quote_is_named_where_the_words_leave_no_doubt(text: str, language: str | None) -> None:
    assert tongue(text) == language


def test_a_quote_in_another_language_says_so_and_the_court_accepts_it() -> None:
    dossier = _asking(f"{GERMAN} {ASK}")
    said = _request(f"{GERMAN} {ASK}", GERMAN)
    m = a_material(dossier, said)
    told = sentences_of(said, m.records, dossier.as_of)[0]
    assert "(in German)" in told.text
    assert verify(told, Court(dossier, m.subject)).ok


def test_a_long_quote_is_cut_to_the_clause_that_names_the_day() -> None:
    words = (
        "Thank you for the kind visit of your colleague and for the long list of answers, it was read by all of us and by the works council too, "
        "the two crews of the southern plant start on 15 June 2026."
    )
    whole = words_of_record("t1", words, "messages[0]", at=ago(10))
    cut = shortened(whole, keep=day_named(whole, date(2026, 6, 15)))
    assert cut.quote is not None
    assert "15 June 2026" in cut.quote
    assert words[cut.start : cut.end] == cut.quote


def _section(claims: list[case.Claim]) -> Section:
    return Section(key="risks", title="Risks", claims=tuple(claims))
