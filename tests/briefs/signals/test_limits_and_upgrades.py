"""Limits nearly used up and attempts to open what the plan lacks: thresholds, windows, test traffic, recovery, and what the catalogue answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from briefs.brief import Signal
from briefs.signals import limits, upgrades
from briefs.signals.serve import serve
from retrieval.records import Usage
from tests.briefs.account_builders import AS_OF, RUBRIC, a_catalogue, a_dossier, a_shelf, a_signal, a_usage_row, ago, an_account, at, types


def calls(used: float, month: str = "2026-03", **changes: Any) -> Usage:
    return a_usage_row(month, metrics={"api_calls_month": used}, **changes)


def reached(*rows: Usage, as_of: date = AS_OF) -> list[Signal]:
    return limits.read(a_dossier(usage=rows, as_of=as_of), RUBRIC)


@pytest.mark.parametrize(("used", "counts"), [(90000, True), (89999, False), (250000, True), (0, False)])
def test_a_limit_is_reached_from_90_percent(used: float, counts: bool) -> None:
    assert bool(reached(calls(used))) is counts


def test_fractions_do_not_push_a_limit_below_90_percent() -> None:
    assert reached(a_usage_row(metrics={"storage_tb": 0.63}, limits={"storage_tb": 0.7}))


@pytest.mark.parametrize(("share", "counts"), [(None, True), (0.49, True), (0.5, False), (0.9, False)])
def test_test_traffic_reaches_no_limit(share: float | None, counts: bool) -> None:
    assert bool(reached(calls(97000, test_traffic_share=share))) is counts


def test_a_full_period_below_the_limit_takes_it_back_and_half_a_month_does_not() -> None:
    over = calls(95000, "2026-01")

    assert reached(over, calls(50000, "2026-02")) == []
    assert reached(over, calls(50000, "2026-02"), calls(95000))[0].observed_at == AS_OF
    assert reached(calls(95000, "2025-12"), over, calls(9000, "2026-02", period_end="2026-02-08"))[0].observed_at == date(2026, 1, 31)


def test_half_a_month_that_is_over_the_limit_already_reaches_it() -> None:
    assert reached(calls(50000, "2026-01"), calls(50000, "2026-02"), calls(95000, period_end="2026-03-12"))[0].observed_at == date(2026, 3, 12)


@pytest.mark.parametrize(("days", "counts"), [(180, True), (181, False)])
def test_a_limit_reached_counts_for_180_days(days: int, counts: bool) -> None:
    end = ago(days)
    row = calls(95000, period_start=end.replace(day=1), period_end=end)

    assert bool(reached(row)) is counts


def test_a_limit_that_is_not_measured_or_is_none_is_not_reached() -> None:
    assert reached(a_usage_row(metrics={}, limits={"api_calls_month": 10})) == []
    assert reached(a_usage_row(metrics={"api_calls_month": 50}, limits={"api_calls_month": 0})) == []


def test_each_limit_is_a_signal_of_its_own_with_both_numbers_as_evidence() -> None:
    found = reached(a_usage_row(metrics={"api_calls_month": 99000, "assets": 4900}))

    assert len({s.id for s in found}) == 2
    assert [(e.field, e.value) for e in found[0].evidence] in (
        [("metrics.api_calls_month", 99000), ("limits.api_calls_month", 100000)],
        [("metrics.assets", 4900), ("limits.assets", 5000)],
    )


def tried(*attempts: tuple[str, date], as_of: date = AS_OF, **changes: Any) -> list[Signal]:
    row = a_usage_row(upgrade_attempts=[{"at": at(day), "feature": feature, "user": "dana"} for feature, day in attempts], **changes)
    return upgrades.read(a_dossier(usage=(row,), as_of=as_of), RUBRIC)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (90, True), (180, True), (181, False)])
def test_an_attempt_counts_for_180_days(days: int, counts: bool) -> None:
    assert bool(tried(("sso", ago(days)))) is counts


def test_attempts_at_two_features_are_two_signals_and_attempts_at_one_are_counted() -> None:
    found = tried(("sso", ago(9)), ("audit_log", ago(8)), ("SSO", ago(7)))

    assert len({s.id for s in found}) == 2
    assert {(s.wants["feature"].casefold(), s.wants["tries"], s.observed_at) for s in found} == {("sso", 2, ago(7)), ("audit_log", 1, ago(8))}


def test_attempts_of_test_traffic_do_not_count() -> None:
    assert tried(("sso", ago(9)), test_traffic_share=0.5) == []


def test_an_attempt_is_answered_by_the_product_that_holds_the_feature() -> None:
    (found,) = serve(tried(("single_sign_on", ago(9))), a_shelf())

    assert found.skus == ("enterprise",)


def test_opening_what_the_plan_holds_is_no_attempt_to_upgrade() -> None:
    assert serve(tried(("rest_api", ago(9))), a_shelf()) == []
    assert serve(tried(("audit_log", ago(9))), a_shelf(an_account(plan="enterprise"))) == []


def test_an_attempt_at_something_the_catalogue_does_not_know_fits_nothing() -> None:
    (found,) = serve(tried(("holographic_manuals", ago(9))), a_shelf())

    assert found.skus == ()


def test_a_limit_is_answered_by_packs_and_by_tiers_that_hold_more() -> None:
    assert set(serve(reached(calls(95000)), a_shelf())[0].skus) == {"api_pack", "enterprise"}
    assert serve(reached(calls(95000)), a_shelf(an_account(plan="enterprise")))[0].skus == ("api_pack",)


def test_full_seats_fit_only_where_seats_or_a_tier_are_for_sale() -> None:
    full = a_signal("seat_saturation", "u1", skus=())
    nothing = a_catalogue(without=("seats", "enterprise"))
    top = an_account(plan="enterprise")

    assert serve([full], a_shelf())[0].skus == ("seats", "enterprise")
    assert serve([full], a_shelf(top))[0].skus == ("seats",)
    assert serve([full], a_shelf(top, a_catalogue(without=("seats",))))[0].skus == ("enterprise",), "more of the plan, which is priced by the seat"
    assert serve([full], a_shelf(an_account(plan=None), nothing)) == []


def test_other_signals_pass_untouched() -> None:
    said = a_signal("value_stated")

    assert types(serve([said], a_shelf())) == ["value_stated"]
