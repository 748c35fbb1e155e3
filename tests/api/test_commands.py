"""Every command of this release, called as a person or a script calls it."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.api.conftest import AS_OF, SAMPLE, Command

RESULT_KEYS = {
    "account_id",
    "as_of",
    "verdict",
    "engine",
    "tests",
    "blockers",
    "would_change",
    "lead_type",
    "route",
    "motion",
    "priority",
    "undated_fields",
    "overrides",
    "referrals",
    "arr",
    "signals",
    "brief_id",
    "rubric_version",
    "model",
    "prompt_versions",
    "cost",
}


def token_of(briefs: Command, home: Path, role: str = "csm", email: str = "mira@fieldlane.example") -> str:
    return briefs(home, "users", "add", "Mira", "--role", role, "--email", email, "--json").json["token"]


def a_brief_of(briefs: Command, home: Path, csm: str = "mira@fieldlane.example") -> dict[str, str]:
    accounts = {row["id"]: row.get("csm") for row in map(json.loads, (SAMPLE / "accounts.jsonl").read_text("utf-8").splitlines())}
    return next(row for row in briefs(home, "list", "--json").json if accounts[row["account_id"]] == csm)


def test_importing_the_sample_again_changes_nothing(briefs: Command, home: Path) -> None:
    told = briefs(home, "ingest", str(SAMPLE), "--json").json
    assert set(told) >= {"records", "unchanged", "quarantined", "quarantine_file", "passages"}
    assert told["quarantined"] == 0
    assert told["unchanged"] > 600
    assert not any(told["records"].values())


def test_a_scan_prints_the_contracts_account_results(briefs: Command, home: Path) -> None:
    results = briefs(home, "scan", "--as-of", AS_OF, "--json").json
    assert len(results) == 28
    for result in results:
        assert set(result) >= RESULT_KEYS
        assert (result["brief_id"] is not None) == (result["verdict"] == "qualified")
        assert (result["lead_type"] is not None) == (result["verdict"] == "qualified")
        assert result["would_change"]
        assert result["cost"]["calls"] == 0


def test_every_quote_a_scan_prints_is_the_imported_text_at_its_place(briefs: Command, home: Path) -> None:
    rows = [
        json.loads(line)
        for kind in ("notes", "tickets", "surveys", "scorecards")
        for line in (SAMPLE / f"{kind}.jsonl").read_text("utf-8").splitlines()
    ]
    by_id = {row["id"]: row for row in rows}
    quotes = 0
    for result in briefs(home, "scan", "--as-of", AS_OF, "--json").json:
        for evidence in (e for s in result["signals"] for e in s["evidence"] if e["part"]):
            row = by_id[evidence["record_id"]]
            part = evidence["part"]
            text = row["messages"][int(part[9:-1])]["body"] if part.startswith("messages[") else row[part]
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]
            assert row["account_id"] == result["account_id"]
            quotes += 1
    assert quotes > 50


def test_a_scan_of_one_account_scans_one(briefs: Command, home: Path) -> None:
    assert [r["account_id"] for r in briefs(home, "scan", "--account", "a01", "--as-of", AS_OF, "--json").json] == ["a01"]


def test_a_second_scan_has_nothing_to_look_at(briefs: Command, home: Path) -> None:
    said = briefs(home, "scan", "--as-of", AS_OF)
    assert said.code == 0
    assert "0 of 28 accounts looked at" in said.err


def test_explaining_is_as_of_the_day_the_account_was_last_looked_at(briefs: Command, home: Path) -> None:
    said = briefs(home, "explain", "a01")
    assert said.out.startswith(f"Corrib Lift Services (a01), as of {AS_OF}, the day it was last looked at: qualified")
    listed = {row["account_id"]: row["id"] for row in briefs(home, "list", "--json").json}
    assert briefs(home, "explain", "a01", "--json").json["brief_id"] == listed["a01"]


def test_explaining_what_was_never_looked_at_is_as_of_today(briefs: Command, tmp_path: Path) -> None:
    rows = tmp_path / "rows"
    rows.mkdir()
    (rows / "accounts.jsonl").write_text('{"id": "x1", "name": "Kestrel"}\n', "utf-8")
    briefs(tmp_path / "home", "ingest", str(rows))
    before = datetime.now(UTC).date()
    said = briefs(tmp_path / "home", "explain", "x1")
    begins = [f"Kestrel (x1), as of {day}, today, as it was never looked at: " for day in (before, datetime.now(UTC).date())]
    assert said.out.startswith(tuple(begins))


def test_explaining_says_what_would_change_the_verdict(briefs: Command, home: Path) -> None:
    said = briefs(home, "explain", "a04", "--as-of", AS_OF)
    assert said.code == 0
    assert "What would change it" in said.out
    assert "fit is missing" in said.out


def test_a_search_finds_passages_of_that_account_only(briefs: Command, home: Path) -> None:
    hits = briefs(home, "search", "a01", "single sign-on with the company account", "-k", "5", "--json").json
    assert 0 < len(hits) <= 5
    assert all(hit["record_id"].startswith("a01-") for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


@pytest.mark.parametrize("format", ["text", "json", "md", "html"])
def test_a_brief_is_shown_in_every_format(briefs: Command, home: Path, format: str) -> None:
    brief = a_brief_of(briefs, home)
    said = briefs(home, "show", brief["id"], "--format", format)
    assert said.code == 0
    assert brief["account_name"].split()[0] in said.out


def test_a_pdf_is_written_to_a_file(briefs: Command, home: Path, tmp_path: Path) -> None:
    brief = a_brief_of(briefs, home)
    assert briefs(home, "show", brief["id"], "--format", "pdf", "-o", str(tmp_path / "b.pdf")).code == 0
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


def test_nothing_internal_is_shown_to_a_customer(briefs: Command, home: Path) -> None:
    brief = a_brief_of(briefs, home)
    said = briefs(home, "show", brief["id"], "--audience", "customer")
    assert said.code == 0
    assert "Do not say".upper() not in said.out.upper()
    assert "ARR" not in said.out


def test_an_edit_is_checked_and_an_approval_writes_exactly_the_approved_bytes(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home))
    brief = a_brief_of(briefs, home)
    body = briefs(home, "show", brief["id"], "--format", "json").json
    sentence = next(c for s in body["sections"] for c in s["claims"] if c["evidence"])
    edited = briefs(
        home, "edit", brief["id"], "--sentence", sentence["id"], "--text", "They told me over lunch that the board loves it.", "--json"
    ).json
    assert edited["sentences"][0]["kind"] == "csm_statement"
    approved = briefs(home, "approve", brief["id"], "--json")
    assert approved.code == 0, approved.err
    folder = Path(approved.json["folder"])
    stored = briefs(home, "show", brief["id"], "--format", "json").out
    assert (folder / "body.json").read_text("utf-8") == stored.rstrip("\n")
    assert {p.name for p in folder.iterdir()} == {"body.json", "brief.md", "brief.html", "brief.pdf", "envelope.json"}
    assert json.loads((folder / "envelope.json").read_bytes())["version_hash"] == edited["version_hash"]
    assert briefs(home, "list", "--state", "delivered", "--json").json[0]["id"] == brief["id"]
    assert briefs(home, "audit", "verify", "--json").json["ok"] is True


def test_a_brief_whose_record_changed_is_approved_by_what_was_told_of_it(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home))
    brief = a_brief_of(briefs, home)
    record = briefs(home, "show", brief["id"], "--format", "json").json["sources"][0]["record_id"]
    with sqlite3.connect(home / "briefs.db") as db:
        db.execute("DELETE FROM records WHERE id = ?", (record,))
    refused = briefs(home, "approve", brief["id"])
    assert (refused.code, f"{record} is gone from the record" in refused.err) == (2, True)
    digest = re.findall(r"sha256:[0-9a-f]{64}", refused.err)[-1]
    assert briefs(home, "approve", brief["id"], "--accept-changes", "sha256:" + "0" * 64).code == 2
    assert briefs(home, "approve", brief["id"], "--accept-changes", digest).code == 0


def test_nobody_decides_without_a_token(briefs: Command, home: Path) -> None:
    said = briefs(home, "approve", a_brief_of(briefs, home)["id"])
    assert said.code == 2
    assert said.err.startswith("briefs: ")
    assert "BRIEFS_TOKEN" in said.err
    assert said.err.count("\n") == 1


def test_an_account_executive_does_not_even_see_a_draft(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home, "ae", "ana@fieldlane.example"))
    said = briefs(home, "approve", a_brief_of(briefs, home)["id"])
    assert said.code == 2
    assert "No brief" in said.err


def test_a_rejection_needs_a_code(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home))
    brief = a_brief_of(briefs, home)["id"]
    assert briefs(home, "reject", brief).code == 2
    assert briefs(home, "reject", brief, "--code", "too_early", "--json").json["state"] == "rejected"


def test_changes_can_be_requested(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home))
    brief = a_brief_of(briefs, home)["id"]
    assert briefs(home, "request-changes", brief, "--code", "wrong_product", "--json").json["state"] == "changes_requested"


def test_a_watched_account_is_drafted_when_a_person_says_so(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_TOKEN", token_of(briefs, home, "admin", "ada@fieldlane.example"))
    watched = next(r["account_id"] for r in briefs(home, "scan", "--as-of", AS_OF, "--json").json if r["verdict"] == "watch")
    made = briefs(home, "override", watched, "draft_anyway", "--reason", "They rang me today", "--json")
    assert made.code == 0, made.err
    (drafted,) = [row for row in briefs(home, "list", "--json").json if row["account_id"] == watched]
    result = briefs(home, "explain", watched, "--as-of", AS_OF, "--json").json
    assert (result["verdict"], result["brief_id"]) == ("watch", drafted["id"]), "the account was looked at again without a scan"
    assert result["overrides"][0]["reason"] == "They rang me today"
    back = briefs(home, "override", watched, "--revoke", made.json["id"])
    assert f"{watched} is watch as of {AS_OF}" in back.out
    assert briefs(home, "explain", watched, "--as-of", AS_OF, "--json").json["overrides"] == []


def test_forgetting_a_record_leaves_no_byte_of_it(briefs: Command, home: Path) -> None:
    brief = a_brief_of(briefs, home)
    body = briefs(home, "show", brief["id"], "--format", "json").json
    quoted = next(
        e for s in body["sections"] for c in s["claims"] for e in c["evidence"] if e["quote"] and len(e["quote"]) > 30 and e["quote"].isascii()
    )
    told = briefs(home, "forget", "--record", quoted["record_id"], "--yes", "--json").json
    assert told["briefs_reopened"] >= 1
    wanted = quoted["quote"][:30].encode()
    assert not [path.name for path in home.rglob("*") if path.is_file() and wanted in path.read_bytes()]
    assert briefs(home, "audit", "verify").code == 0


def test_forgetting_an_account_leaves_nothing_to_find(briefs: Command, home: Path) -> None:
    assert briefs(home, "forget", "--account", "a01", "--yes", "--json").code == 0
    assert briefs(home, "search", "a01", "sso").code == 2
    assert "Corrib" not in briefs(home, "list").out
    assert briefs(home, "doctor").code == 0


def test_the_doctor_finds_everything_in_order(briefs: Command, home: Path) -> None:
    said = briefs(home, "doctor", "--json")
    assert said.code == 0, said.out
    assert {f["check"] for f in said.json} >= {"database", "rubric", "embedder", "index", "audit", "deliveries", "model"}


def test_the_rubric_says_itself_in_words(briefs: Command, home: Path) -> None:
    assert "80 % of the seats used" in briefs(home, "rubric").out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("scan", "--account", "nobody"), 2, "No account"),
        (("scan", "--engine", "llm"), 2, "BRIEFS_MODEL"),
        (("scan", "--engine", "magic"), 2, "No engine"),
        (("scan", "--as-of", "31/03/2026"), 2, "2026-03-31"),
        (("ingest", "/no/such/folder"), 2, "/no/such/folder"),
        (("show", "nothing"), 2, "briefs list"),
        (("show", "a01", "--format", "docx"), 2, "--format"),
        (("list", "--state", "lost_in_space"), 2, "No state"),
        (("forget",), 2, "--account"),
        (("audit", "verify", "--head", "sha256:0"), 1, "briefs: "),
    ],
)
def test_a_mistake_gets_one_clear_line_and_never_a_traceback(briefs: Command, home: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    said = briefs(home, *arguments)
    assert said.code == code
    assert words in said.err
    assert "Traceback" not in said.err


def test_an_empty_home_says_what_to_do_next(briefs: Command, tmp_path: Path) -> None:
    assert "briefs ingest" in briefs(tmp_path / "new", "scan").err
    assert "briefs scan" in briefs(tmp_path / "new", "list").out


def test_a_setting_that_is_no_number_is_named(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFS_CONCURRENCY", "many")
    said = briefs(home, "list")
    assert said.code == 2
    assert "BRIEFS_CONCURRENCY" in said.err


def test_a_handoff_is_answered_from_the_command_line(briefs: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = token_of(briefs, home, "admin", "max@fieldlane.example")
    brief = a_brief_of(briefs, home)
    seller = next(
        row["ae"] for row in map(json.loads, (SAMPLE / "accounts.jsonl").read_text("utf-8").splitlines()) if row["id"] == brief["account_id"]
    )
    ae = briefs(home, "users", "add", "Eve", "--role", "ae", "--email", seller, "--days", "30", "--json").json["token"]
    monkeypatch.setenv("BRIEFS_TOKEN", admin)
    assert briefs(home, "snooze", brief["id"], "--for-evidence").code == 0
    assert "put off" not in briefs(home, "snooze", brief["id"], "--wake").out
    assert briefs(home, "approve", brief["id"]).code == 0
    monkeypatch.setenv("BRIEFS_TOKEN", ae)
    (handoff,) = briefs(home, "handoffs", "--json").json
    assert briefs(home, "accept", handoff["id"], "--first-touch", "2020-01-01").code == 2
    today = handoff["delivered_at"][:10]
    assert briefs(home, "accept", handoff["id"], "--first-touch", today, "--json").json["state"] == "accepted"
    assert briefs(home, "outcome", handoff["id"], "drawn").code == 2
    assert briefs(home, "outcome", handoff["id"], "won", "--amount", "1200", "--json").json["state"] == "won"
    assert briefs(home, "decline", handoff["id"], "--code", "no_fit").code == 2
    monkeypatch.setenv("BRIEFS_TOKEN", admin)
    total = briefs(home, "funnel", "--json").json["total"]
    assert (total["delivered"], total["accepted"], total["won"]) == (1, 1, 1)


def test_one_token_of_a_person_is_revoked(briefs: Command, home: Path) -> None:
    token_of(briefs, home)
    (person,) = briefs(home, "users", "list", "--json").json
    briefs(home, "users", "token", person["id"], "--label", "laptop")
    (person,) = briefs(home, "users", "list", "--json").json
    laptop = next(token["id"] for token in person["tokens"] if token["label"] == "laptop")
    assert briefs(home, "users", "revoke", "--token", laptop).code == 0
    (person,) = briefs(home, "users", "list", "--json").json
    assert [token["revoked_at"] is None for token in person["tokens"] if token["id"] == laptop] == [False]
    assert person["revoked_at"] is None
    assert briefs(home, "users", "revoke").code == 2
