"""What a brief tells of use, money, days and records: tests are no use, money is quoted, the renewal stays, and a record can be found again."""

from __future__ import annotations

from datetime import timedelta

from briefs.brief import Signal
from briefs.drafting import against, case, facts, use
from briefs.drafting.assemble import assemble
from briefs.drafting.coverage import coverage
from briefs.drafting.offline import sections
from briefs.drafting.talk import talk_track
from briefs.rendering.audience import view
from briefs.rendering.markdown import render
from briefs.verify import Court
from retrieval.dossier import Dossier
from tests.briefs.account_builders import (
    AS_OF,
    a_dossier,
    a_message,
    a_note,
    a_signal,
    a_ticket,
    a_usage_row,
    a_usage_table,
    ago,
    ahead,
    an_account,
    at,
    words_of_record,
)
from tests.briefs.draft_builders import a_material, a_result, refused, the_risks

TESTED = (*a_usage_table((50, 50, 51))[:3], a_usage_row("2026-03", seats_active=90, test_traffic_share=0.6))


def test_a_month_of_tests_is_no_use() -> None:
    rows = (a_usage_row("2025-12"), a_usage_row("2026-01"), a_usage_row("2026-02", seats_active=51), TESTED[-1])
    m = a_material(a_dossier(usage=rows))
    told = use.usage(m)
    assert told[0].text == "The figures of March 2026 are mostly test traffic and are left out here."
    assert told[0].internal, "the customer is not told of our tests"
    assert any(c.text == "51 of 100 seats were active in February 2026." for c in told)
    assert not any("90" in c.text for c in (*told, *against.against(m)))
    assert not refused(m, *told)


def test_a_table_with_tests_in_it_is_marked_and_not_shown_on_the_call() -> None:
    m = a_material(a_dossier(usage=(a_usage_row("2026-02"), TESTED[-1])))
    assert [row.test_traffic for row in use.usage_rows(m.dossier, m.rubric)] == [False, True]
    assert "not the usage table" in talk_track(m, the_risks(m)).show
    clean = a_material(a_dossier())
    assert talk_track(clean, the_risks(clean)).show == "The usage table and their own words."


def test_the_page_marks_tests_and_the_customers_copy_does_not_hold_them() -> None:
    m = a_material(a_dossier(usage=(a_usage_row("2026-01"), a_usage_row("2026-02"), TESTED[-1])))
    body = assemble(m, a_result(m), sections(m), (), Court(m.dossier, m.subject))
    assert "Mar 2026 (test traffic)" in render(body, "ae")
    assert not any(row.test_traffic for row in view(body, "customer").usage)


def test_only_tests_on_file_are_no_usage() -> None:
    told = use.usage(a_material(a_dossier(usage=(TESTED[-1],))))
    assert [c.kind for c in told] == ["computed", "absence"]
    assert told[1].text.startswith("No other usage")


def test_a_row_of_ordinary_use_is_written_as_ever() -> None:
    row = use.usage_rows(a_dossier(), a_material(a_dossier()).rubric)[0]
    assert "test_traffic" not in row.model_dump(mode="json")


MONEY = "I have put 12,000 for reporting on the list for the board of 28 May."


def test_the_money_spoken_of_is_quoted() -> None:
    note = a_note("n1", body=f"Dana: {MONEY}\n", at=at(ago(20)), visibility="customer_safe")
    said = a_signal("budget_event", "n1", evidence=(words_of_record("n1", MONEY, speaker="Dana Ruiz", at=ago(20), start=6, end=6 + len(MONEY)),))
    budget = coverage(a_material(a_dossier(notes=(note,)), said))[0]
    assert (budget.name, budget.state) == ("Budget", "partial")
    assert budget.text == f'Dana Ruiz, 11 Mar 2026: "{MONEY}"'
    assert [e.quote for e in budget.evidence] == [MONEY]


def _planned() -> tuple[Dossier, Signal, Signal]:
    words = "The new depot opens on 1 June and needs it by then."
    note = a_note("n1", body=words, at=at(ago(20)))
    dossier = a_dossier(account=an_account(renewal_date=ahead(60).isoformat()), notes=(note,))
    plan = a_signal("dated_plan", "n1", due=ahead(62), evidence=(words_of_record("n1", words, speaker="Dana Ruiz"),))
    return dossier, plan, a_signal("renewal_window", "account:a1", due=ahead(60), detector="rule:account")


def test_the_renewal_is_told_in_the_shortest_brief_too() -> None:
    dossier, plan, renewal = _planned()
    told = case.timing(a_material(dossier, plan, renewal, most_stated=1))
    assert sum("renews" in c.text or "Renewal" in c.text for c in told) == 1
    assert any("depot" in c.text for c in told)


def test_fields_without_a_day_stand_in_the_provenance_and_take_no_reading_time() -> None:
    m = a_material(a_dossier(undated_fields=("health", "renewal_date")))
    body = assemble(m, a_result(m), sections(m), (), Court(m.dossier, m.subject))
    assert body.provenance.undated == ("health", "renewal_date")
    assert not any("today" in c.text for section in body.sections if section.key == "unknowns" for c in section.claims)
    assert "As of today" in render(body, "ae")
    assert "undated" not in a_material_body(a_dossier()).provenance.model_dump(mode="json")


def a_material_body(dossier: Dossier):
    m = a_material(dossier)
    return assemble(m, a_result(m), sections(m), (), Court(m.dossier, m.subject))


def test_what_must_not_be_said_is_found_by_its_title() -> None:
    kept = a_note("n2", kind="internal", title="After the audit", body="They are nervous.", at=at(ago(5)))
    nameless = a_note("n3", kind="internal", body="They are calm.", at=at(ago(4)))
    m = a_material(a_dossier(notes=(a_note(), kept, nameless)))
    told = against.do_not_say(m)
    assert [c.text for c in told] == ['Internal notes, not for the customer: "After the audit" of 26 Mar 2026 and 27 Mar 2026 (n3).']
    assert not refused(m, *told)


def test_the_features_they_asked_for_come_first() -> None:
    words = "We need custom roles and an audit log before the summer."
    asked = a_signal(
        "higher_tier_feature_requested",
        "t1",
        evidence=(words_of_record("t1", words, "messages[0]", speaker="Dana Ruiz"),),
        wants={"feature": "custom roles"},
        skus=("enterprise",),
    )
    ticket = a_ticket("t1", messages=(a_message(words),), created_at=at(ago(15) + timedelta(0)))
    m = a_material(a_dossier(tickets=(ticket,)), asked)
    brings = next(c.text for c in case.recommendation(m) if c.text.startswith("It brings"))
    assert brings.startswith("It brings custom roles, audit log,")


def test_one_day_ahead_is_a_day() -> None:
    words = words_of_record("t1", "We start with the new crew tomorrow.", "messages[0]", at=ago(3))
    plan = a_signal("dated_plan", "t1", evidence=(words,), detector="offline:dated_plan", due=ahead(1))
    told = " ".join(c.text for c in facts.sentences_of(plan, a_material(a_dossier(), plan).records, AS_OF))
    assert ", 1 day from 31 Mar 2026." in told
