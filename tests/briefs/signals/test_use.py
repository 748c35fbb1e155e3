"""Growth, decline, adoption and full seats, at the edge of every threshold."""

from __future__ import annotations

import pytest

from briefs.brief import Signal
from briefs.signals import seats, use
from briefs.signals.series import move
from retrieval.records import Usage
from tests.briefs.account_builders import AS_OF, CORE, RUBRIC, a_dossier, a_usage_row, a_usage_table, an_account, types


def moved(*rows: Usage) -> list[str]:
    return types(use.read(a_dossier(usage=rows), RUBRIC))


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ((100, 100, 100, 110), ["usage_growth"]),
        ((100, 100, 100, 109), []),
        ((100, 100, 100, 80), ["usage_decline"]),
        ((100, 100, 100, 81), []),
        ((30, 30, 30, 33), ["usage_growth"]),
        ((100, 120, 114, 130), ["usage_growth"]),
        ((100, 120, 113, 130), []),
        ((0, 10, 20, 30), []),
        ((100, 100, 110), []),
        ((100, 100, None, 110), []),
    ],
    ids=["10 % up", "9 % up", "20 % down", "19 % down", "10 % of thirty", "a drop of 5 %", "a drop above 5 %", "from nothing", "too few", "a gap"],
)
def test_the_latest_period_is_held_against_the_third_before_it(active: tuple[float | None, ...], expected: list[str]) -> None:
    assert moved(*a_usage_table(active)) == expected


def test_older_periods_play_no_part() -> None:
    assert moved(*a_usage_table((10, 500, 100, 100, 100, 100))) == []


def test_a_month_that_is_not_over_yet_is_not_read_as_a_decline() -> None:
    half = a_usage_row("2026-03", period_end="2026-03-15", seats_active=40)

    assert moved(*a_usage_table((100, 100, 100, 100, 100))[:-1], half) == []


def test_february_is_a_full_month() -> None:
    rows = a_usage_table((100, 100, 100, 100, 150, 1))[:5]

    assert moved(*rows) == ["usage_growth"]


def test_test_traffic_raises_no_growth_and_hides_no_decline() -> None:
    *real, last = a_usage_table((100, 100, 100, 100, 150))

    assert moved(*real, last.model_copy(update={"test_traffic_share": 0.5})) == []
    assert moved(*real, last.model_copy(update={"test_traffic_share": 0.49})) == ["usage_growth"]


def test_an_old_usage_table_says_nothing_of_today() -> None:
    rows = a_usage_table((100, 100, 100, 150))
    fresh, old = (a_dossier(usage=rows, as_of=day) for day in (AS_OF.replace(month=9, day=27), AS_OF.replace(month=9, day=28)))

    assert types(use.read(fresh, RUBRIC)) == ["usage_growth"]
    assert use.read(old, RUBRIC) == []


def test_where_seats_are_not_counted_the_metric_the_rubric_names_is_use() -> None:
    rows = [
        a_usage_row(m, seats_active=None, metrics={"jobs": n})
        for m, n in zip(("2025-12", "2026-01", "2026-02", "2026-03"), (10, 11, 12, 13), strict=True)
    ]

    assert moved(*rows) == []
    (found,) = use.read(a_dossier(usage=rows), RUBRIC.model_copy(update={"use_metric": "jobs"}))
    assert (found.type, found.evidence[0].field, found.evidence[0].value, found.wants["percent"]) == ("usage_growth", "jobs", 13, 30.0)


def test_seats_and_a_metric_are_never_compared_with_each_other() -> None:
    rubric = RUBRIC.model_copy(update={"use_metric": "assets"})
    first, *rest = a_usage_table((100, 100, 100, 150))

    assert move((first.model_copy(update={"seats_active": None}), *rest), AS_OF, rubric) is None


@pytest.mark.parametrize(("adopted", "counts"), [(CORE[:3], True), (CORE[:2], False), ((*CORE[:2], "something else"), False), (CORE, True)])
def test_three_core_features_of_five_are_adoption(adopted: tuple[str, ...], counts: bool) -> None:
    assert (moved(a_usage_row(features_adopted=adopted)) == ["feature_adoption"]) is counts


def test_without_a_list_of_core_features_there_is_no_adoption() -> None:
    assert moved(a_usage_row(features_core=(), features_adopted=CORE)) == []


def full(account_seats: int | None = 100, **changes: object) -> list[Signal]:
    return seats.read(a_dossier(account=an_account(seats=account_seats), usage=(a_usage_row(**changes),)), RUBRIC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("active", "licensed", "counts"), [(80, 100, True), (79, 100, False), (4, 5, True), (120, 100, True), (0, 100, False), (5, 0, False)]
)
def test_seats_are_full_from_80_percent(active: int, licensed: int, counts: bool) -> None:
    assert bool(full(seats_active=active, seats_licensed=licensed)) is counts


def test_where_usage_does_not_say_how_many_seats_are_paid_for_the_account_does() -> None:
    (found,) = full(seats_active=80, seats_licensed=None)

    assert [(e.record_id, e.field, e.value) for e in found.evidence] == [("usage:a1:2026-03-01", "seats_active", 80), ("account:a1", "seats", 100)]
    assert full(None, seats_active=80, seats_licensed=None) == []


def test_a_half_month_does_not_hide_full_seats() -> None:
    rows = (*a_usage_table((90, 90, 90))[:-1], a_usage_row(period_end="2026-03-10", seats_active=20))

    assert types(seats.read(a_dossier(usage=rows), RUBRIC)) == ["seat_saturation"]
