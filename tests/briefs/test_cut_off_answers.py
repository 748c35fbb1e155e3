"""A reading that was cut off at the output limit is used as far as it goes; the rest is read offline, said, and not remembered."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.briefs.model_account import ASK, NOTES, VALUE, Json, asked_for, home, honest, scanned, shown
from tests.servers.chat_server import Reply, ScriptedServer, says

LEAVING = "We have decided to cancel our contract at the end of June."


def entry(sentence: str, kind: str = "seats_requested") -> Json:
    return {"sentence": sentence, "type": kind, "stance": "asked_now", "speaks_for": "this_customer", "firmness": "firm"}


def cut_after(*words: str, rest: str = ', {"sentence": "S', finish: str = "length") -> Any:
    """A server that names the sentences with these words as requests for seats, and is then cut off."""

    def reply(request: Json) -> Reply:
        if asked_for(request) != "signals":
            return honest(request)
        named = [entry(name) for piece in words for name, text in shown(request).items() if piece in text]
        return says('{"signals": [' + ", ".join(map(json.dumps, named)) + rest, finish=finish)

    return reply


def with_note(folder: Path, body: str) -> None:
    with ScriptedServer(honest) as server, home(folder, server):
        pass
    (folder / "export" / "notes.jsonl").write_text(json.dumps(NOTES[0] | {"body": body}) + "\n", "utf-8")


def test_what_the_model_did_not_come_to_is_read_offline_and_said(tmp_path: Path) -> None:
    with ScriptedServer(cut_after("twelve more seats")) as server, home(tmp_path, server) as opened:
        result = scanned(opened)
        asked = [r for r in server.requests if asked_for(r) == "signals"]
    assert len(asked) == 1
    count = len([name for name in shown(asked[0]) if name.startswith("S")])
    assert result.engine == "llm"
    assert result.left_out == (
        f"{count - 1} of {count} sentences: the model's answer was cut off at its output limit before it came to them, and they were read offline",
    )
    assert any(s.explicit_request and s.wants["quantity"] == 12 for s in result.signals)
    assert VALUE in [e.quote for s in result.signals if s.type == "value_stated" for e in s.evidence]


def test_what_speaks_against_a_sale_is_heard_in_a_sentence_the_model_may_not_have_been_done_with(tmp_path: Path) -> None:
    with_note(tmp_path, LEAVING)
    with ScriptedServer(cut_after("twelve more seats", "cancel our contract")) as server, home(tmp_path, server) as opened:
        result = scanned(opened)
    assert result.engine == "llm"
    assert result.verdict == "blocked"


def test_nothing_is_added_to_a_whole_answer(tmp_path: Path) -> None:
    with_note(tmp_path, LEAVING)
    script = cut_after("twelve more seats", "cancel our contract", rest="]}", finish="stop")
    with ScriptedServer(script) as server, home(tmp_path, server) as opened:
        result = scanned(opened)
    assert (result.engine, result.left_out, result.blockers) == ("llm", (), ())


def test_a_cut_off_answer_without_a_whole_entry_leaves_the_account_to_the_offline_reader(tmp_path: Path) -> None:
    with ScriptedServer(cut_after()) as server, home(tmp_path, server) as opened:
        result = scanned(opened)
        assert [asked_for(r) for r in server.requests].count("signals") == 2
    assert result.engine == "offline"
    assert "output limit" in (result.engine_note or "")
    assert not result.left_out
    assert any(ASK in (e.quote or "") for s in result.signals for e in s.evidence)


@pytest.mark.parametrize(("script", "again"), [(cut_after("twelve more seats"), 2), (honest, 1)], ids=["cut off", "whole"])
def test_only_a_whole_answer_is_remembered(tmp_path: Path, script: Any, again: int) -> None:
    with ScriptedServer(script) as server, home(tmp_path, server) as opened:
        scanned(opened)
        list(opened.pipeline(opened.engine("llm")).scan(["m1"], date(2026, 4, 1)))
        assert [asked_for(r) for r in server.requests].count("signals") == again
