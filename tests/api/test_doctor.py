"""`briefs doctor` as a command: it says where the index is torn, mends it when asked, and a home that lost its index whole makes it anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from briefs.settings import Settings
from briefs.wiring import Workspace
from tests.api.conftest import Command


@pytest.fixture(autouse=True)
def _every_account_has_a_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_COLLECTION_FROM", "1")


def test_the_doctor_says_where_the_index_lost_passages_and_mends_it(briefs: Command, home: Path) -> None:
    with Workspace(Settings(home=home)) as opened:
        lost = sorted(opened.archive.passage_ids("a01"))[:3]
        opened.index.delete("a01", lost)
    sick = briefs(home, "doctor")
    assert sick.code == 1
    (line,) = [line for line in sick.out.splitlines() if line.startswith("no ")]
    assert "index: store and index differ for 1 of 28 accounts: 3 passages missing" in line
    assert "briefs doctor --repair" in line
    assert [f["check"] for f in briefs(home, "doctor", "--json").json if not f["ok"]] == ["index"]
    assert briefs(home, "doctor", "--repair").code == 0
    well = briefs(home, "doctor")
    assert (well.code, [line for line in well.out.splitlines() if line.startswith("no ")]) == (0, [])


def test_a_home_without_its_index_makes_it_anew_when_it_is_opened(briefs: Command, home: Path) -> None:
    shutil.rmtree(home / "chroma")
    assert briefs(home, "doctor").code == 0
    assert (home / "chroma").is_dir()
    assert briefs(home, "search", "a01", "single sign-on", "--json").json
