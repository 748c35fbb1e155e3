"""What a person types as an amount is the number they mean, or is refused; and it is read back to them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.pages.views.amounts import amount_of, read_back
from briefs.errors import BadInput
from tests.api.pages.visitor import visitor
from tests.api.world import World


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", None),
        ("  ", None),
        ("12400", 12400),
        ("12400.5", 12400.5),
        ("12400,5", 12400.5),
        ("12,400", 12400),
        ("12.400", 12400),
        ("12,400.50", 12400.5),
        ("12.400,50", 12400.5),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1,234,567.8", 1234567.8),
        ("1.234.567,8", 1234567.8),
        ("12 400,50", 12400.5),
        ("12\N{NARROW NO-BREAK SPACE}400", 12400),
        ("12'400.50", 12400.5),
        ("12.40", 12.4),
        ("0,5", 0.5),
        ("0", 0),
    ],
)
def test_an_amount_is_read_in_either_custom(typed: str, meant: float | None) -> None:
    assert amount_of(typed) == meant


@pytest.mark.parametrize("typed", ["12,40,0", "1.2.3", "12.400.50", "12,400,50", "1234.567", "0,500", "-5", "1e5", "nan", "12k", "EUR 5", ".", "12."])
def test_an_amount_that_could_mean_two_things_or_none_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        amount_of(typed)


def test_what_was_won_is_read_back_with_its_currency(world: World) -> None:
    handoff = world.delivered("a01")
    ana = visitor(world, "ana")
    assert "Amount a year in <bdi>EUR</bdi>" not in ana.get(f"/calls/{handoff}").text
    ana.post(f"/calls/{handoff}/accept", first_touch=(world.workspace.now() + timedelta(days=1)).date().isoformat())
    assert "Amount a year in <bdi>EUR</bdi>" in ana.get(f"/calls/{handoff}").text
    page = ana.post(f"/calls/{handoff}/outcome", result="won", amount="12.400,50").text
    assert "Won: <strong>EUR 12,400.50</strong> a year." in page
    assert read_back(12.4, "EUR") == "EUR 12.40"
