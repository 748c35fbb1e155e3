"""The verdict table of the contract, row by row, with every settled case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from briefs.brief import BLOCKER_CODES, SIGNAL_TYPES, WARNING_TYPES, Override, Signal
from briefs.qualify import CLEARS_WHEN, Finding, lead_type_of, qualify, too_little
from briefs.signals import from_data
from briefs.signals.serve import serve
from retrieval.dossier import Dossier
from tests.briefs.account_builders import (
    AS_OF,
    RUBRIC,
    a_contact,
    a_dossier,
    a_message,
    a_note,
    a_shelf,
    a_signal,
    a_survey,
    a_ticket,
    a_usage_row,
    a_usage_table,
    ago,
    ahead,
    an_account,
    an_override,
    at,
    words_of_record,
)

SUCCESS = a_signal("value_stated", "n1")
FIT = a_signal("higher_tier_feature_requested", "n1", skus=("enterprise",), wants={"feature": "audit log"})
TIMING = a_signal("dated_plan", "n1", due=ahead(60))
FROM_TICKET = a_signal("higher_tier_feature_requested", "t1", skus=("enterprise",), evidence=(words_of_record("t1", part="messages[0]"),))
ALL = (SUCCESS, FROM_TICKET, TIMING)


def judge(*signals: Signal, dossier: Dossier | None = None, overrides: Sequence[Override] = ()) -> Finding:
    dossier = dossier or a_dossier()
    return qualify(dossier, signals, RUBRIC, a_shelf(dossier.account, dossier.catalogue), overrides)


@pytest.mark.parametrize(
    ("signals", "verdict"),
    [
        ((), "quiet"),
        ((SUCCESS,), "quiet"),
        ((FIT,), "quiet"),
        ((TIMING,), "quiet"),
        ((SUCCESS, FIT), "watch"),
        ((SUCCESS, TIMING), "watch"),
        ((FIT, TIMING), "watch"),
        ((SUCCESS, FIT, TIMING), "watch"),
        (ALL, "qualified"),
    ],
    ids=["nothing", "success", "fit", "timing", "no timing", "no fit", "no success", "one kind of evidence", "three tests, two kinds"],
)
def test_the_verdict_follows_from_the_tests_met(signals: tuple[Signal, ...], verdict: str) -> None:
    assert judge(*signals).verdict == verdict


@pytest.mark.parametrize("code", BLOCKER_CODES)
def test_every_blocker_blocks_names_its_evidence_and_says_what_clears_it(code: str) -> None:
    found = judge(*ALL, a_signal(code, "t9", days=5))
    (blocker,) = found.blockers

    assert (found.verdict, found.lead_type, found.arr) == ("blocked", None, None)
    assert (blocker.code, blocker.evidence[0].record_id, blocker.observed_at) == (code, "t9", ago(5))
    assert "{" not in blocker.clears_when
    assert f"{code} stands until {blocker.clears_when}" in found.would_change


def test_every_blocker_of_the_contract_has_words_for_what_clears_it() -> None:
    assert set(CLEARS_WHEN) == set(BLOCKER_CODES)


@pytest.mark.parametrize("warning", WARNING_TYPES)
def test_a_warning_neither_blocks_nor_qualifies(warning: str) -> None:
    assert judge(*ALL, a_signal(warning, "t9")).verdict == "qualified"
    assert judge(SUCCESS, a_signal(warning, "t9")).verdict == "quiet"


@pytest.mark.parametrize(("signals", "verdict"), [((SUCCESS, FIT), "blocked"), ((SUCCESS,), "quiet"), ((), "quiet")])
def test_a_blocker_on_a_quiet_account_is_listed_and_the_account_stays_quiet(signals: tuple[Signal, ...], verdict: str) -> None:
    found = judge(*signals, a_signal("churn_intent", "n2"))

    assert (found.verdict, [b.code for b in found.blockers]) == (verdict, ["churn_intent"])


def test_too_little_to_tell_comes_before_every_other_verdict() -> None:
    two = a_dossier(notes=(a_note(),), tickets=(a_ticket(),), usage=())
    found = judge(*ALL, a_signal("churn_intent", "n2"), dossier=two)

    assert (found.verdict, found.lead_type, found.arr) == ("insufficient_data", None, None)
    assert found.tests.success.met
    assert found.tests.fit.met
    assert found.would_change[0] == "too little to tell: 2 records in all; more than 2 are needed"


def test_notes_tickets_surveys_and_usage_rows_are_what_is_counted() -> None:
    few: dict[str, Any] = {
        "notes": (a_note(),),
        "tickets": (),
        "usage": (a_usage_row(),),
        "surveys": (),
        "contacts": (a_contact(), a_contact("Piet Claes")),
    }

    assert too_little(a_dossier(**few), RUBRIC) is not None
    assert too_little(a_dossier(**few | {"surveys": (a_survey(),)}), RUBRIC) is None


@pytest.mark.parametrize(("days", "enough"), [(365, True), (366, False)])
def test_text_and_usage_older_than_a_year_are_too_little(days: int, enough: bool) -> None:
    old = tuple(a_note(f"n{i}", at=at(ago(800))) for i in range(3))
    text = a_dossier(notes=(*old, a_note("n9", at=at(ago(days)))), tickets=(), usage=())
    end = ago(days)
    usage = a_dossier(notes=old, tickets=(), usage=(a_usage_row(period_start=end.replace(day=1), period_end=end),))

    assert (too_little(text, RUBRIC) is None) is enough
    assert (too_little(usage, RUBRIC) is None) is enough


def test_an_answer_without_a_comment_is_no_text_and_a_late_message_in_an_old_ticket_is() -> None:
    old = tuple(a_note(f"n{i}", at=at(ago(800))) for i in range(3))
    late = a_ticket(created_at=at(ago(700)), messages=(a_message(at=at(ago(700))), a_message(at=at(ago(3)))))

    assert too_little(a_dossier(notes=old, tickets=(), usage=(), surveys=(a_survey(comment=None),)), RUBRIC) is not None
    assert too_little(a_dossier(notes=old, tickets=(), usage=(), surveys=(a_survey(comment="Good."),)), RUBRIC) is None
    assert too_little(a_dossier(notes=old, tickets=(late,), usage=()), RUBRIC) is None


def test_account_fields_are_a_kind_of_evidence() -> None:
    dossier = a_dossier(account=an_account(renewal_date=ahead(60)))

    assert judge(SUCCESS, FIT, *from_data(dossier, RUBRIC), dossier=dossier).verdict == "qualified"


def test_one_kind_of_evidence_is_said_to_be_what_is_missing() -> None:
    assert judge(SUCCESS, FIT, TIMING).would_change == ("a second kind of record is missing: all evidence is from one kind (note)",)


@pytest.mark.parametrize(
    ("signals", "words"),
    [
        ((SUCCESS, FIT), "timing is missing: no dated event in the next 180 days"),
        ((SUCCESS, TIMING), "fit is missing: "),
        ((FIT, TIMING), "success is missing: "),
    ],
)
def test_every_missing_test_is_said(signals: tuple[Signal, ...], words: str) -> None:
    assert any(sentence.startswith(words) for sentence in judge(*signals).would_change)


def test_a_qualified_account_too_is_told_what_would_change_it() -> None:
    said = judge(*ALL).would_change

    assert any("critical ticket" in s for s in said)
    assert sum("rests on one signal" in s for s in said) == 3


@pytest.mark.parametrize(
    ("kind", "last", "changes"),
    [
        ("value_stated", 180, {}),
        ("advocacy", 365, {}),
        ("nps_promoter", 180, {}),
        ("new_sponsor", 180, {}),
        ("growth_event", 180, {}),
        ("budget_event", 180, {}),
        ("seats_requested", 180, {"skus": ("seats",)}),
        ("seat_saturation", 180, {"skus": ("seats",)}),
        ("limit_reached", 180, {"skus": ("enterprise",)}),
        ("upgrade_attempt", 180, {"skus": ("enterprise",)}),
        ("churn_intent", 180, {}),
        ("contested_renewal", 180, {}),
        ("competitor_evaluation", 180, {}),
        ("budget_freeze", 180, {}),
        ("detractor", 180, {}),
        ("sponsor_left", 90, {}),
    ],
)
def test_what_was_said_counts_for_so_many_days_and_never_ahead_of_time(kind: str, last: int, changes: dict[str, Any]) -> None:
    counted = [judge(a_signal(kind, days=days, **changes)).signals for days in (0, last, last + 1, -1)]

    assert [len(found) for found in counted] == [1, 1, 0, 0]


def test_what_a_table_says_of_today_has_no_age() -> None:
    old = a_signal("open_critical_ticket", "t1", days=900, detector="rule:ticket")

    assert [b.code for b in judge(old).blockers] == ["open_critical_ticket"]


@pytest.mark.parametrize(
    ("kind", "timing"), [("limit_reached", True), ("upgrade_attempt", True), ("seats_requested", False), ("seat_saturation", False)]
)
def test_a_limit_or_an_attempt_is_timing_for_90_days(kind: str, timing: bool) -> None:
    met = [judge(a_signal(kind, days=days, skus=("enterprise",))).tests.timing.met for days in (90, 91)]

    assert met == [timing, False]


def test_an_explicit_request_is_timing_for_30_days_and_fit_for_180() -> None:
    met = [judge(a_signal("seats_requested", days=days, skus=("seats",), explicit_request=True)).tests for days in (30, 31, 180)]

    assert [(t.fit.met, t.timing.met) for t in met] == [(True, True), (True, False), (True, False)]


@pytest.mark.parametrize("kind", ["dated_plan", "budget_event"])
@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (180, True), (181, False)])
def test_a_plan_or_a_budget_date_lies_0_to_180_days_ahead(kind: str, days: int, counts: bool) -> None:
    assert judge(a_signal(kind, due=ahead(days))).tests.timing.met is counts


def test_a_plan_needs_a_date_and_money_granted_does_not() -> None:
    assert not judge(a_signal("dated_plan", due=None)).tests.timing.met
    assert judge(a_signal("budget_event", due=None)).tests.timing.met


def test_a_renewal_gives_timing_and_never_fit() -> None:
    dossier = a_dossier(account=an_account(renewal_date=ahead(10)))
    tests = judge(*from_data(dossier, RUBRIC), dossier=dossier).tests

    assert (tests.timing.met, tests.fit.met) == (True, False)


def test_a_renewal_date_counts_where_the_renewal_is_contested_and_the_blocker_decides() -> None:
    dossier = a_dossier(account=an_account(renewal_date=ahead(10)))
    found = judge(SUCCESS, FROM_TICKET, *from_data(dossier, RUBRIC), a_signal("contested_renewal"), dossier=dossier)

    assert (found.tests.timing.met, found.verdict) == (True, "blocked")


def test_what_the_catalogue_does_not_sell_to_this_account_is_no_fit() -> None:
    top = a_dossier(account=an_account(plan="enterprise", products=["analytics"]))

    for skus in ((), ("enterprise",), ("professional",), ("analytics",), ("not_in_the_catalogue",)):
        found = judge(a_signal("higher_tier_feature_requested", skus=skus), dossier=top)
        assert (found.tests.fit.met, found.tests.fit.signals, found.motion) == (False, (), None)


def test_full_seats_on_the_top_tier_offer_seats_and_no_tier() -> None:
    dossier = a_dossier(account=an_account(plan="enterprise"), usage=a_usage_table((90, 90, 90, 90)))
    found = judge(*serve(from_data(dossier, RUBRIC), a_shelf(dossier.account)), dossier=dossier)

    assert (found.tests.fit.sku, found.tests.fit.also, found.motion) == ("seats", (), "seats")


def test_the_cheapest_that_closes_the_whole_need_is_chosen_and_the_others_are_named() -> None:
    full = a_signal("seat_saturation", "u1", skus=("seats", "enterprise"), wants={"active": 90, "licensed": 100})
    seats_only = judge(full).tests.fit
    with_sign_on = judge(full, FIT).tests.fit

    assert (seats_only.sku, seats_only.also) == ("seats", ("enterprise",))
    assert (with_sign_on.sku, with_sign_on.also) == ("enterprise", ("seats",))


def test_text_about_another_account_gives_nothing_here() -> None:
    strange = tuple(s.model_copy(update={"subject_account_id": "a2"}) for s in ALL)

    assert judge(*strange, a_signal("churn_intent", subject_account_id="a2")).signals == ()


def test_a_lead_is_born_in_service_where_fit_rests_on_a_customers_words_in_a_ticket() -> None:
    assert judge(*ALL).lead_type == "service"


def test_other_words_and_other_tests_make_it_a_lead_of_customer_success() -> None:
    from_survey = a_signal("value_stated", "sv1")
    table = a_signal(
        "limit_reached", "t1", skus=("enterprise",), evidence=(words_of_record("t1").model_copy(update={"quote": None, "field": "status"}),)
    )

    assert judge(from_survey, FIT, TIMING).lead_type == "customer_success"
    assert judge(from_survey, FIT, a_signal("budget_event", "t1")).lead_type == "customer_success"
    assert judge(from_survey, FIT, table, TIMING).lead_type == "customer_success"


@pytest.mark.parametrize(
    ("message", "lead"),
    [({"author_role": "customer"}, "service"), ({"author_role": "agent"}, "customer_success"), ({"public": False}, "customer_success")],
)
def test_an_agents_words_in_a_ticket_do_not_make_it_a_lead_of_service(message: dict[str, Any], lead: str) -> None:
    dossier = a_dossier(tickets=(a_ticket(messages=(a_message(**message),)),))
    limit = a_signal("limit_reached", "t1", skus=("enterprise",), evidence=(words_of_record("t1", part="messages[0]"),))

    assert judge(SUCCESS, limit, dossier=dossier).lead_type == lead
    assert lead_type_of([limit], dossier) == lead


def test_lead_type_and_arr_are_for_qualified_accounts_only() -> None:
    for signals in ((SUCCESS, FIT), (SUCCESS, FIT, TIMING), (*ALL, a_signal("budget_freeze"))):
        found = judge(*signals)
        assert (found.lead_type, found.arr, found.motion) == (None, None, "tier")
    assert judge(*ALL).arr is not None


def test_without_a_price_there_is_a_lead_and_no_figure() -> None:
    found = judge(
        SUCCESS, a_signal("module_interest", "t1", skus=("sensor_connect",)), TIMING, dossier=a_dossier(account=an_account(plan="enterprise"))
    )

    assert (found.verdict, found.arr, found.motion, found.route) == ("qualified", None, "module", "ae")


@pytest.mark.parametrize(("role", "blocked"), [("champion", False), ("economic_buyer", True), (None, False)])
def test_a_successor_told_in_words_clears_a_sponsor_gone_unless_it_is_another_role(role: str | None, blocked: bool) -> None:
    gone = a_signal("sponsor_left", "c1", days=20, detector="rule:people", wants={"role": "champion"})
    came = a_signal("new_sponsor", "n3", days=15, wants={"role": role} if role else {})

    assert bool(judge(gone, came).blockers) is blocked


def test_a_sponsor_who_came_long_before_is_no_successor() -> None:
    assert judge(a_signal("sponsor_left", "c1", days=20), a_signal("new_sponsor", "n3", days=111)).blockers
    assert not judge(a_signal("sponsor_left", "c1", days=20), a_signal("new_sponsor", "n3", days=110)).blockers


def test_a_person_can_dismiss_a_signal_by_id_or_by_type() -> None:
    for target in (SUCCESS.id, SUCCESS.type):
        found = judge(*ALL, overrides=[an_override("dismiss_signal", target)])
        assert (found.verdict, found.tests.success.met) == ("watch", False)


def test_a_dismissed_successor_leaves_the_place_empty() -> None:
    signals = (a_signal("sponsor_left", "c1"), a_signal("new_sponsor", "n3"))

    assert judge(*signals, overrides=[an_override("dismiss_signal", "new_sponsor")]).blockers


def test_a_person_can_clear_one_blocker_and_no_other() -> None:
    signals = (*ALL, a_signal("budget_freeze"), a_signal("churn_intent"))
    one = judge(*signals, overrides=[an_override("clear_blocker", "budget_freeze")])
    both = judge(*signals, overrides=[an_override("clear_blocker", "budget_freeze"), an_override("clear_blocker", "churn_intent")])

    assert ([b.code for b in one.blockers], one.verdict) == (["churn_intent"], "blocked")
    assert both.verdict == "qualified"


def test_a_blocker_that_appears_after_it_was_cleared_stands() -> None:
    first, second = a_signal("open_critical_ticket", "t1", days=6), a_signal("open_critical_ticket", "t2", days=1)
    cleared = an_override("clear_blocker", "open_critical_ticket", created_at=at(ago(5)))

    assert judge(*ALL, first, overrides=[cleared]).verdict == "qualified"
    found = judge(*ALL, first, second, overrides=[cleared])
    assert found.verdict == "blocked"
    assert [e.record_id for b in found.blockers for e in b.evidence] == ["t2"]


def test_a_wish_to_draft_anyway_changes_no_verdict() -> None:
    assert judge(SUCCESS, FIT, overrides=[an_override("draft_anyway")]).verdict == "watch"


def test_an_override_that_expired_or_belongs_to_another_account_does_nothing() -> None:
    signals = (*ALL, a_signal("budget_freeze"))

    for changes in ({"expires_at": at(ago(1))}, {"account_id": "a2"}):
        assert judge(*signals, overrides=[an_override("clear_blocker", "budget_freeze", **changes)]).verdict == "blocked"
    assert judge(*signals, overrides=[an_override("clear_blocker", "budget_freeze", expires_at=at(AS_OF))]).verdict == "qualified"


def test_a_qualified_account_comes_before_a_watched_one_and_that_before_a_blocked_one() -> None:
    priorities = [judge(*s).priority for s in (ALL, (*ALL, a_signal("churn_intent")), ())]

    assert priorities == sorted(priorities, reverse=True)
    assert priorities[-1] == 0


def test_priority_rises_with_the_nearness_of_the_date() -> None:
    near = [judge(SUCCESS, FROM_TICKET, a_signal("dated_plan", due=ahead(days))).priority for days in (0, 30, 90, 180)]

    assert near == sorted(near, reverse=True)
    assert len(set(near)) == 4


def test_priority_rises_with_strength_and_size() -> None:
    weak = SUCCESS.model_copy(update={"strength": "weak"})
    sizes = [judge(*ALL, dossier=a_dossier(account=an_account(seats=n))).priority for n in (1, 50, 5000)]

    assert judge(weak, FROM_TICKET, TIMING).priority < judge(*ALL).priority
    assert sizes == sorted(set(sizes))
    assert sizes[-1] <= 1


def test_a_request_of_the_last_30_days_is_as_near_as_today() -> None:
    asked = a_signal("seats_requested", "t1", days=29, skus=("seats",), explicit_request=True, due=ahead(170), wants={"quantity": 5})
    plain = asked.model_copy(update={"explicit_request": False})
    other = a_signal("dated_plan", due=ahead(0))

    assert judge(SUCCESS, asked).priority == judge(SUCCESS, plain, other).priority


def test_the_signal_types_are_those_of_the_contract() -> None:
    assert len(SIGNAL_TYPES) == len(set(SIGNAL_TYPES)) == 34
