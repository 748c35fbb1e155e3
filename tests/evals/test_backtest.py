"""Flags of past month ends against expansions won later: four customers over fourteen months, whose figures were worked out by hand."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefs.errors import BadInput
from briefs.settings import Settings
from briefs.wiring import Workspace, new_id
from evals.life.backtest import Backtest, Flag, Past, Win, judged, look_back, month_ends
from evals.results import Metric
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet

MONTHS = [(year, month) for year in (2025, 2026) for month in range(1, 13) if (year, month) < (2026, 4)]
CATALOGUE = {
    "products": [
        {"sku": "pro", "name": "Pro", "kind": "tier", "rank": 1, "features": ["planning"], "unit_price": 100, "price_unit": "seat_year",
         "currency": "USD"},
        {"sku": "seats", "name": "Extra seats", "kind": "seats", "unit_price": 100, "price_unit": "seat_year", "currency": "USD", "route": "csm"},
    ]
}  # fmt: skip
Json = dict[str, Any]


def accounts() -> Iterator[Json]:
    """A file a month, as an export of every month end gives them. All renew on 30 September 2025: 180 days before, that is timing."""
    for year, month in MONTHS:
        at = f"{year}-{month:02d}-{monthrange(year, month)[1]}T00:00:00Z"
        for name in ("early", "false", "missed", "late"):
            bought = {"early": (2025, 9), "missed": (2025, 11), "late": (2025, 6)}.get(name)
            more = bought is not None and (year, month) >= bought
            yield {
                "id": name, "name": f"{name.title()} Works", "plan": "pro", "seats": 150 if more else 100, "at": at,
                "start_date": "2022-10-01", "renewal_date": "2025-09-30" if (year, month) < (2025, 10) else "2027-09-30", "billing_status": "paid",
            }  # fmt: skip


def usage() -> Iterator[Json]:
    """Seats taken, of a hundred: `early` and `false` are full from April 2025 on, `late` from August; after its purchase `early` has room."""
    for year, month in MONTHS:
        for name in ("early", "false", "missed", "late"):
            full = {"early": (2025, 4), "false": (2025, 4), "late": (2025, 8)}.get(name, (9999, 1))
            licensed = 150 if name == "early" and (year, month) >= (2025, 9) else 100
            yield {
                "account_id": name, "period_start": f"{year}-{month:02d}-01", "period_end": f"{year}-{month:02d}-{monthrange(year, month)[1]}",
                "seats_licensed": licensed, "seats_active": 90 if (year, month) >= full else 55, "features_core": ["planning"],
            }  # fmt: skip


def sale(name: str, account: str, created: str, closed: str, kind: str = "expansion", stage: str = "won") -> Json:
    return {"id": name, "account_id": account, "kind": kind, "stage": stage, "sku": "seats", "created_at": created, "closed_at": closed}


ROWS: dict[str, list[Json]] = {
    "accounts": list(accounts()),
    "usage": list(usage()),
    "contacts": [
        {"id": f"{name}-c", "account_id": name, "name": "Robin Hale", "role": "champion"} for name in ("early", "false", "missed", "late")
    ],
    "surveys": [
        {"id": "s1", "account_id": "early", "at": "2025-03-10", "kind": "nps", "score": 9, "respondent": "early-c"},
        {"id": "s2", "account_id": "false", "at": "2025-01-20", "kind": "nps", "score": 10, "respondent": "false-c"},
        {"id": "s3", "account_id": "late", "at": "2025-08-05", "kind": "nps", "score": 9, "respondent": "late-c"},
    ],
    "opportunities": [
        sale("o1", "early", "2025-07-10", "2025-08-20"),
        sale("o2", "missed", "2025-10-01", "2025-10-15"),
        sale("o3", "late", "2025-05-01", "2025-05-20"),
        sale("o4", "false", "2025-08-01", "2025-09-20", kind="renewal"),
        sale("o5", "false", "2025-10-01", "2025-10-20", stage="lost"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    folder = tmp_path_factory.mktemp("backtest")
    source = folder / "export"
    source.mkdir()
    for kind, rows in ROWS.items():
        (source / f"{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (source / "catalogue.json").write_text(json.dumps(CATALOGUE), "utf-8")
    with Workspace(Settings(home=folder / "home"), now=lambda: datetime(2026, 6, 10, tzinfo=UTC), new_id=new_id) as opened:
        ingest(source, opened.archive, split, opened.embedder, opened.index, home=opened.home, now=opened.now, new_id=opened.new_id, progress=quiet)
        return look_back(opened, 13, lambda stage, done, total: None)


def by_name(found: Backtest) -> dict[str, Metric]:
    return {metric.name: metric for metric in found.metrics}


def test_the_past_ends_with_the_newest_record_and_not_today(looked: Backtest) -> None:
    assert looked.known_until == date(2026, 3, 31)
    assert (looked.days[0], looked.days[-1], len(looked.days)) == (date(2025, 2, 28), date(2026, 2, 28), 13)


def test_flags_are_those_of_the_days_on_which_all_three_tests_were_met(looked: Backtest) -> None:
    """Full, and at most 180 days before the renewal: from the end of April 2025.

    `early`: April to June; in July its opportunity is open, which blocks; in August it is sold and the seats come in September: flagged again (4).
    `false`: April to June, then its promoter's answer is older than 180 days (3). `late`: August, and September, whose last day is the renewal's (2).
    """
    assert looked.flags == 9
    assert by_name(looked)["precision_at_5"].n == 9


def test_precision_counts_the_days_whose_half_year_is_over_and_stands_beside_chance(looked: Backtest) -> None:
    """Over: the eight month ends to 30 September 2025. `early` came true three times of four; `late` had bought before it was flagged.

    Anybody: `early` in the half year before 20 August 6 times, `missed` before 15 October 6 times, `late` before 20 May 3 times, of 4 x 8.
    """
    told = by_name(looked)
    assert told["precision_at_5"].value == pytest.approx(3 / 9)
    assert "of 3 accounts" in told["precision_at_5"].note
    assert (told["any_account"].value, told["any_account"].n) == (pytest.approx(15 / 32), 32)


def test_a_win_is_found_by_the_first_flag_before_it_was_in_the_books(looked: Backtest) -> None:
    told = by_name(looked)
    assert (looked.wins, looked.found) == (3, 1)
    assert looked.lead_days == ((date(2025, 8, 20) - date(2025, 4, 30)).days,) == (112,)
    assert told["wins_found"].value == pytest.approx(1 / 3)
    assert (told["product_right"].value, told["product_right"].n) == (1.0, 1)
    assert told["lead_days_median"].value == 112


def test_wins_nobody_would_have_been_told_of_are_named(looked: Backtest) -> None:
    assert looked.missed == ("late o3 (2025-05-20)", "missed o2 (2025-10-15)")


def test_small_counts_are_said_to_be_small(looked: Backtest) -> None:
    assert looked.warning == "9 flags and 3 wins are few: below 30 of each these figures are a hint, no measurement"


def test_a_home_without_accounts_says_so_and_what_to_do(tmp_path: Path) -> None:
    with Workspace(Settings(home=tmp_path / "home")) as opened, pytest.raises(BadInput, match="no accounts") as caught:
        look_back(opened, 12, lambda stage, done, total: None)
    assert "briefs ingest" in caught.value.hint


def past(*wins: Win, until: date = date(2026, 12, 31)) -> Past:
    return Past(("a", "b", "c"), wins, until)


def won(account: str, closed: date, *, name: str = "o", created: date | None = None) -> Win:
    return Win(account, name, closed, created, "x")


def test_flags_are_held_against_wins_of_the_half_year_after() -> None:
    days = [date(2025, 1, 31), date(2025, 2, 28)]
    flags = {days[0]: [Flag("a", days[0], 0.9, None), Flag("b", days[0], 0.8, None)], days[1]: [Flag("a", days[1], 0.9, None)]}
    wins = (won("a", date(2025, 4, 1), name="o1"), won("c", date(2025, 5, 1), name="o2"), won("b", date(2025, 12, 1), name="o3"))
    found = judged(flags, past(*wins), days)
    assert by_name(found)["precision_at_5"].value == pytest.approx(2 / 3)
    assert found.lead_days == (60,)
    assert found.missed == ("c o2 (2025-05-01)",)


def test_only_the_first_k_flags_of_a_day_count_for_precision_at_k() -> None:
    day = date(2025, 1, 31)
    flags = [Flag(f"n{place}", day, priority=place, sku=None) for place in range(20)]
    wins = [won(f"n{place}", date(2025, 3, 1), name=f"o{place}") for place in (19, 18, 11, 3)]
    told = by_name(judged({day: flags}, past(*wins), [day]))
    assert (told["precision_at_5"].value, told["precision_at_10"].value) == (2 / 5, 3 / 10)


def test_days_without_any_later_win_count_as_false_alarms_too() -> None:
    """The books are full until the end of the year: that nothing was won after May makes the flag of June wrong, and not unknown."""
    may, june = date(2025, 1, 31), date(2025, 6, 30)
    flags = {day: [Flag("a", day, 0.9, None)] for day in (may, june)}
    told = by_name(judged(flags, past(won("a", date(2025, 5, 1)), until=date(2025, 12, 31)), [may, june]))
    assert (told["precision_at_5"].value, told["precision_at_5"].n) == (1 / 2, 2)


def test_a_flag_whose_time_is_not_over_counts_for_no_precision() -> None:
    day = date(2025, 3, 31)
    found = judged({day: [Flag("a", day, 0.9, None)]}, past(won("z", date(2025, 5, 1)), until=date(2025, 9, 26)), [day])
    assert by_name(found)["precision_at_5"].value is None
    assert "no precision can be told" in found.warning


def test_a_flag_after_the_opportunity_was_in_the_books_found_nothing_new() -> None:
    day = date(2025, 3, 31)
    flags = {day: [Flag("a", day, 0.9, "x")]}
    assert judged(flags, past(won("a", date(2025, 5, 1), created=date(2025, 3, 1))), [day]).found == 0
    assert judged(flags, past(won("a", date(2025, 5, 1), created=date(2025, 4, 1))), [day]).found == 1


def test_many_flags_and_wins_carry_no_warning() -> None:
    day = date(2025, 3, 31)
    names = [f"n{place}" for place in range(30)]
    found = judged({day: [Flag(n, day, 0.5, None) for n in names]}, past(*(won(n, date(2025, 6, 1), name=f"o{n}") for n in names)), [day])
    assert found.warning == ""
    assert (by_name(found)["wins_found"].value, by_name(found)["precision_at_10"].n) == (1.0, 10)


def test_month_ends_are_the_past_ones_oldest_first() -> None:
    assert month_ends(date(2026, 3, 31), 3) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28)]
