"""A report tells the verdict first, is one file, and shows text as text whatever stands in it; a baseline changes by blessing alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.checking import Places, bless_run, compare_runs, rescore, run_suites
from evals.errors import StaleBaseline, SuiteFault
from evals.report import build
from evals.report_files import junit, markdown
from evals.report_page import SCRIPT, page
from evals.runlog import find, read
from evals.running import suites_of
from evals.sides import must_be_fresh, read_baseline, side_of
from evals.wishes import Wish
from tests.evals.suite_builders import ROUTINE, case, ran, suites, workspace

NASTY = "</script><img src=x onerror=alert(1)> | [x](javascript:1) & ]]> We need 12 more seats for our technicians."


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a run of three cases, one of them failing and full of markup."""
    folder = tmp_path_factory.mktemp("reports")
    wrong = case("nasty", NASTY, "", "  why: <b>why</b>\n")
    ran(suites(folder, case("one"), case("two", ROUTINE, ""), wrong), folder / "home")
    return folder


def test_text_of_a_case_stays_text_in_every_form(place: Path) -> None:
    found = read(find(place / "home", "last"))
    told = suites_of(found, place / "suites")
    side = side_of(found, told)
    report = build(found, told, side, found)
    html = page(report)
    tags = Tags()
    tags.feed(html)
    names = [tag for tag, _ in tags.seen]
    assert names.count("script") == 1
    assert "img" not in names
    assert not [attrs for _, attrs in tags.seen if any(name.startswith("on") for name in attrs) or "javascript:" in str(attrs.get("href"))]
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    suite = ElementTree.fromstring(junit(report)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert "<img" not in markdown(report)


def test_the_page_needs_nothing_else_and_reads_without_its_script(place: Path) -> None:
    found = read(find(place / "home", "last"))
    html = page(build(found, suites_of(found, place / "suites")))
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", html)
    assert "nasty" in html.replace(SCRIPT, "")
    assert html.index("<h1") < html.index("<table")


def test_page_and_summary_name_the_lost_cases_first_with_why(place: Path) -> None:
    found = read(find(place / "home", "last"))
    told = suites_of(found, place / "suites")
    side = side_of(found, told)
    better = {name: standing.model_copy(update={"passed": True}) for name, standing in side.cases["signals"].items()}
    report = build(found, told, side.model_copy(update={"cases": {"signals": better}}), found)
    html = page(report)
    assert html.index("<b>nasty</b>") < html.index("<b>one</b>") < html.index("<b>two</b>")
    assert re.search(r"Newly failing:\n\n- signals \*\*nasty\*\*: signal\\_types", markdown(report))


def test_a_run_is_compared_with_what_was_blessed_and_a_loss_is_named(place: Path, tmp_path: Path) -> None:
    at = Places(place / "suites", tmp_path / "baselines")
    with workspace(place / "home") as opened:
        bless_run("last", opened, at)
        report, _ = compare_runs("baseline", "last", opened, tmp_path / "same", at)
        assert (report.word, report.against) == ("PASS", "baseline")
    blessed = read_baseline(tmp_path / "baselines" / "signals.json")
    assert {c.case_id: c.passed for c in blessed.cases} == {"one": True, "two": True, "nasty": False}
    must_be_fresh(tmp_path / "baselines")


def test_a_baseline_of_other_prompts_is_stale_and_says_which(place: Path, tmp_path: Path) -> None:
    with workspace(place / "home") as opened:
        (path,) = bless_run("last", opened, Places(place / "suites", tmp_path))
    told = path.read_text("utf-8")
    version = read_baseline(path).identity.prompts["redraft"]
    path.write_text(told.replace(version, "sha256:0ther"), "utf-8")
    with pytest.raises(StaleBaseline, match=r"signals.json \(offline.*prompt redraft is sha256:.*blessed with sha256:0ther"):
        must_be_fresh(tmp_path)


def test_a_part_of_a_suite_and_a_lost_pin_are_not_blessed(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one", more="  tags: [quick]\n"), case("two"))
    ran(folder, tmp_path / "home", tags=("quick",))
    with workspace(tmp_path / "home") as opened, pytest.raises(SuiteFault, match="Only 1 of 2 cases"):
        bless_run("last", opened, Places(folder, tmp_path / "b"))
    folder = suites(tmp_path, case("one", ROUTINE, "seats_requested", "  pinned: true\n"))
    ran(folder, tmp_path / "other")
    with workspace(tmp_path / "other") as opened, pytest.raises(SuiteFault, match="pinned case one"):
        bless_run("last", opened, Places(folder, tmp_path / "b"))
    assert not (tmp_path / "b").exists()


def test_scoring_anew_gives_the_same_scores_and_asks_the_product_nothing(place: Path) -> None:
    with workspace(place / "home") as opened:
        opened.new_id()  # the clock stands still: another id for another run
        first = read(find(place / "home", "last"))
        report, folder = rescore(first.head.run_id, opened, lambda *_: None, Places(place / "suites", place / "none"))
        again = read(folder)
    assert [r.scores for r in again.results] == [r.scores for r in first.results]
    assert [r.output for r in again.results] == [r.output for r in first.results]
    assert report.run_id != first.head.run_id


def test_a_run_without_a_baseline_is_not_called_a_pass(tmp_path: Path) -> None:
    folder = suites(tmp_path, case("one"))
    with workspace(tmp_path / "home") as opened:
        wish = Wish(suites=("signals",), suites_folder=folder, workers=1)
        report, where = run_suites(wish, opened, lambda *_: None, places=Places(folder, tmp_path / "none"))
    assert report.word == "NOT COMPARED"
    assert {path.name for path in where.iterdir()} == {"log.jsonl", "report.json", "report.html", "junit.xml", "summary.md"}
