"""What the account's own fields and its opportunities say, at the edge of every threshold."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.signals.account import read
from tests.briefs.account_builders import RUBRIC, a_dossier, ago, ahead, an_account, an_opportunity, types


def found(*opportunities: Any, **fields: Any) -> list[str]:
    return types(read(a_dossier(account=an_account(**fields), opportunities=opportunities), RUBRIC))


def test_an_ordinary_account_says_nothing() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("before", "now", "rises"), [(70, 75, True), (70, 74.9, False), (70.1, 75.1, True), (75, 70, False), (None, 90, False), (70, None, False)]
)
def test_health_rises_by_five_points_or_more(before: float | None, now: float | None, rises: bool) -> None:
    assert (found(health=now, health_previous=before) == ["health_rising"]) is rises


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True), (180, True), (181, False)])
def test_a_renewal_counts_from_today_to_180_days_ahead(days: int, counts: bool) -> None:
    signals = read(a_dossier(account=an_account(renewal_date=ahead(days))), RUBRIC)

    assert (types(signals) == ["renewal_window"]) is counts
    assert [s.due for s in signals] == ([ahead(days)] if counts else [])


@pytest.mark.parametrize(("days", "young"), [(0, True), (59, True), (60, False), (61, False), (-10, True)])
def test_onboarding_lasts_less_than_60_days_and_covers_a_contract_that_has_not_begun(days: int, young: bool) -> None:
    assert (found(start_date=ago(days)) == ["onboarding"]) is young


def test_an_account_without_dates_is_neither_onboarding_nor_up_for_renewal() -> None:
    assert found(start_date=None, renewal_date=None) == []


@pytest.mark.parametrize(("status", "expected"), [("overdue", ["overdue_invoice"]), ("paid", []), (None, [])])
def test_only_an_overdue_invoice_blocks(status: str | None, expected: list[str]) -> None:
    assert found(billing_status=status) == expected


def test_a_contact_ban_blocks() -> None:
    assert found(do_not_contact=True) == ["do_not_contact"]


@pytest.mark.parametrize(
    ("kind", "stage", "blocks"),
    [("expansion", "open", True), ("expansion", "won", False), ("expansion", "lost", False), ("renewal", "open", False), ("new", "open", False)],
)
def test_only_an_open_expansion_is_a_deal_under_way(kind: str, stage: str, blocks: bool) -> None:
    assert (found(an_opportunity(kind=kind, stage=stage)) == ["open_expansion_opportunity"]) is blocks


def test_evidence_names_the_account_the_field_and_the_value_as_stored() -> None:
    (signal,) = read(a_dossier(account=an_account(health=80, health_previous=70)), RUBRIC)

    assert [(e.record_id, e.kind, e.field, e.value) for e in signal.evidence] == [
        ("account:a1", "account", "health", 80),
        ("account:a1", "account", "health_previous", 70),
    ]
    assert (signal.test, signal.detector, signal.subject_account_id) == ("success", "rule:health_rising", "a1")
