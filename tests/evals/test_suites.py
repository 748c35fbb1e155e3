"""Cases are read strictly: a slip is named with its file and case, and every suite that is there can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import loading
from evals.errors import SuiteFault
from evals.suite import SHAPES, Item, Text

ABOUT = "title: t\nwhy: w\nscorers: [signal_types]\n"
CASE = """- id: signals-x-1
  cluster: a01
  source: hand
  input:
    account: sample/a01
    as_of: 2026-03-31
    item: {kind: note, text: We need more seats., at: 2026-03-20}
  expect: {types: [seats_requested]}
"""


def suites(folder: Path, cases: str = CASE, about: str = ABOUT) -> Path:
    (folder / "signals").mkdir()
    (folder / "signals" / "suite.yaml").write_text(about, "utf-8")
    (folder / "signals" / "cases.yaml").write_text(cases, "utf-8")
    return folder


@pytest.mark.parametrize("name", loading.names())
def test_every_suite_that_ships_can_be_read(name: str) -> None:
    suite = loading.load(name)
    assert suite.cases
    assert all(isinstance(case.input, SHAPES[suite.name][0]) and isinstance(case.expect, SHAPES[suite.name][1]) for case in suite.cases)


def test_a_case_is_read_with_its_text(tmp_path: Path) -> None:
    (case,) = loading.load("signals", suites(tmp_path)).cases
    assert isinstance(case.input, Text)
    assert isinstance(case.input.item, Item)
    assert case.input.item.text == "We need more seats."
    assert not case.pinned


@pytest.mark.parametrize(
    ("slip", "named"),
    [
        (("seats_requested", "seats_wanted"), "seats_wanted"),
        (("source: hand", "source: nowhere"), "nowhere"),
        (("cluster: a01", "clutser: a01"), "clutser"),
        (("    item:", "    itme:"), "itme"),
        (("expect: {types", "expect: {verdict"), "verdict"),
        (("    item: {kind: note, text: We need more seats., at: 2026-03-20}\n", ""), "passage or an item"),
    ],
)
def test_a_slip_is_named_with_file_and_case(tmp_path: Path, slip: tuple[str, str], named: str) -> None:
    with pytest.raises(SuiteFault, match=named) as fault:
        loading.load("signals", suites(tmp_path, CASE.replace(*slip)))
    assert "signals/cases.yaml: signals-x-1" in str(fault.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(SuiteFault, match="used twice"):
        loading.load("signals", suites(tmp_path, CASE + CASE))


def test_a_suite_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SuiteFault, match="nonsense"):
        loading.load("nonsense", suites(tmp_path))


def test_the_hash_follows_the_cases_and_nothing_else(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    for folder in (one, two, three):
        folder.mkdir()
    first = loading.load("signals", suites(one)).hash
    assert loading.load("signals", suites(two, "# a remark\n" + CASE)).hash == first
    assert loading.load("signals", suites(three, CASE.replace("more seats", "12 more seats"))).hash != first
