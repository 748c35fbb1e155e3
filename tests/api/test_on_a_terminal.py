"""At a terminal the demo is styled and long work shows a bar; in a pipe there are only plain words, and nothing of the bar."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.api.conftest import Command
from tests.api.terminal import at_a_terminal
from tests.demo_words import lacks

STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
BAR = "━"


def an_export(folder: Path) -> Path:
    folder.mkdir()
    (folder / "accounts.jsonl").write_text(json.dumps({"id": "m1", "name": "Mooring Works"}) + "\n", "utf-8")
    notes = [{"id": f"n{i}", "account_id": "m1", "at": "2026-03-02", "body": f"Depot {i} counts its pallets with it."} for i in range(40)]
    (folder / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in notes), "utf-8")
    return folder


def test_the_demo_at_a_terminal_shows_the_table_a_whole_brief_and_what_to_do_next_in_style(home: Path) -> None:
    seen = at_a_terminal(home, "demo")
    assert seen.code == 0, seen.screen
    assert "\x1b[1m" in seen.screen
    assert lacks(STYLE.sub("", seen.screen)) == []


def test_an_import_shows_its_bar_on_the_terminal_and_nothing_of_it_in_the_result(tmp_path: Path) -> None:
    seen = at_a_terminal(tmp_path / "home", "ingest", str(an_export(tmp_path / "export")), only_stderr=True)
    assert seen.code == 0, seen.screen
    assert "Importing" in seen.screen
    assert BAR in seen.screen
    assert "40" in seen.piped
    assert not STYLE.search(seen.piped)
    assert "Importing" not in seen.piped
    assert BAR not in seen.piped


def test_an_import_in_a_script_shows_no_bar_at_all(briefs: Command, tmp_path: Path) -> None:
    said = briefs(tmp_path / "home", "ingest", str(an_export(tmp_path / "export")))
    assert said.code == 0
    assert "Importing" not in said.out + said.err
    assert BAR not in said.out + said.err
