"""A day's work as a program does it: imports mended, tickets flagged, judgements, cases, and whose briefs are whose."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pydantic import SecretStr

from api.cli import run
from briefs import people
from briefs.governing import note_settings
from briefs.settings import Settings
from briefs.wiring import Workspace
from tests.api.pages.visitor import visitor
from tests.api.problems import problem
from tests.api.world import OURS, THEIRS, World, serving


def test_lists_come_in_pages_that_meet(world: World) -> None:
    whole = [each["id"] for each in world.call("ada", "GET", "/v1/briefs").json()["briefs"]]
    found: list[str] = []
    cursor = ""
    while cursor is not None:
        page = world.call("ada", "GET", "/v1/briefs?limit=1" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [each["id"] for each in page["briefs"]]
        cursor = page["next_cursor"]
    assert found == whole
    problem(world.call("ada", "GET", "/v1/briefs?cursor=nonsense"), 422, "bad-input")
    problem(world.call("ada", "GET", "/v1/briefs?limit=101"), 422, "invalid")


def test_the_chain_tells_of_settings_of_files_that_leave_and_of_refused_sign_ins(world: World) -> None:
    space, brief = world.workspace, world.brief_of(OURS[0])
    note_settings(space)
    note_settings(space)
    with Workspace(Settings(home=space.home, review_mode="four_eyes", zendesk_secret=SecretStr("QZSECRET"))) as changed:
        note_settings(changed)
    page = visitor(world, "mira")
    assert page.get(f"/briefs/{brief}/customer.pdf").status_code == 200
    page.post("/sign-in", token="QZTOKEN", next="/")
    assert run(["--home", str(space.home), "show", brief, "--format", "md", "--output", str(space.home / "brief.md")]) == 0
    rows = space.store.audit_rows()
    settings = [json.loads(row.details) for row in rows if row.action == "settings.changed"]
    assert len(settings) == 2
    assert (settings[1]["changed"], settings[1]["values"]["review_mode"]) == (["review_mode"], "four_eyes")
    exports = [(row.actor, json.loads(row.details)["format"], row.object) for row in rows if row.action == "brief.export"]
    assert exports == [(world.ids["mira"], "pdf", f"brief:{brief}"), ("console", "md", f"brief:{brief}")]
    assert [row.details for row in rows if row.action == "login.refuse"] == ['{"how":"token"}']
    assert not any("QZSECRET" in row.details or "QZTOKEN" in row.details for row in rows)


def test_a_row_in_quarantine_is_mended_and_a_zip_is_imported(world: World) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../notes.jsonl", '{"id": "n-new", "account_id": "a01", "at": "not a day", "body": "Hello."}\n')
    made = world.call("ada", "POST", "/v1/imports", files={"file": ("export.zip", packed.getvalue())})
    assert made.status_code == 201, made.text
    assert made.json()["quarantined"] == 1
    assert world.call("ada", "GET", f"/v1/imports/{made.json()['id']}").json() == made.json()
    row = world.call("ada", "GET", "/v1/quarantine").json()["rows"][0]
    still_bad = world.call("ada", "POST", f"/v1/quarantine/{row['id']}", json={"row": {"id": "n-new"}})
    problem(still_bad, 422, "bad-input")
    good = {"id": "n-new", "account_id": "a01", "at": "2026-03-01", "body": "Hello."}
    assert world.call("ada", "POST", f"/v1/quarantine/{row['id']}", json={"row": good}).json()["stored"] is True
    assert world.call("ada", "GET", "/v1/quarantine").json()["rows"] == []


def test_support_flags_a_ticket_and_reads_what_came_of_it(world: World) -> None:
    ticket = next(r.id for r in world.workspace.archive.records(OURS[0]) if type(r).__name__ == "Ticket")
    made = world.call("help", "POST", "/v1/flags", json={"ticket_id": ticket, "reason": "They asked for ten more seats"})
    assert made.status_code == 201, made.text
    told = world.call("help", "GET", f"/v1/flags/{made.json()['id']}").json()
    assert told["stage"] in ("received", "looked_at", "drafted")
    assert "QZ" not in json.dumps(told)
    problem(world.call("jonas", "GET", f"/v1/flags/{made.json()['id']}"), 404, "not-found")
    problem(world.call("jonas", "POST", "/v1/flags", json={"ticket_id": ticket, "reason": "x"}), 404, "not-found")


def test_a_rejection_can_be_proposed_as_a_case_and_nobody_elses_brief_can(world: World) -> None:
    brief = world.brief_of(OURS[0])
    path = f"/v1/briefs/{brief}/cases"
    assert world.call("mira", "POST", path).json() == {"cases": []}
    assert world.decide("mira", brief, "reject", reason_code="too_early").status_code == 201
    answer = world.call("mira", "POST", path)
    assert answer.status_code == 201, answer.text
    (case,) = answer.json()["cases"]
    assert brief in case["case_id"]
    assert list((world.workspace.home / "evals" / "proposed").glob(f"{case['case_id']}*"))
    problem(world.call("mira", "POST", f"/v1/briefs/{world.brief_of(THEIRS[0])}/cases"), 404, "not-found")


def test_an_override_and_its_end_show_without_a_scan(world: World) -> None:
    account = OURS[0]
    before = world.call("mira", "GET", f"/v1/accounts/{account}").json()
    kinds = {signal["type"] for signal in before["result"]["signals"] if signal["id"] in before["result"]["tests"]["success"]["signals"]}
    made: list[str] = []
    for kind in sorted(kinds):
        wish = {"kind": "dismiss_signal", "target": kind, "reason": "They told me otherwise", "expires_at": "2099-01-01T00:00:00Z"}
        answer = world.call("mira", "POST", f"/v1/accounts/{account}/overrides", json=wish)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    after = world.call("mira", "GET", f"/v1/accounts/{account}").json()
    assert (before["verdict"], after["verdict"], after["as_of"]) == ("qualified", "watch", before["as_of"])
    assert {o["id"] for o in after["result"]["overrides"]} == set(made)
    for override in made:
        assert world.call("mira", "DELETE", f"/v1/accounts/{account}/overrides/{override}").status_code == 204
    assert world.call("mira", "GET", f"/v1/accounts/{account}").json()["verdict"] == "qualified"


def test_a_flag_stands_in_the_account_as_evidence_and_changes_no_verdict(world: World) -> None:
    ticket = next(r.id for r in world.workspace.archive.records(OURS[1]) if type(r).__name__ == "Ticket")
    world.call("help", "POST", "/v1/flags", json={"ticket_id": ticket, "reason": "They asked for ten more seats"})
    result = world.call("mira", "GET", f"/v1/accounts/{OURS[1]}").json()["result"]
    assert [(f["ticket_id"], f["by"], f["reason"]) for f in result["flags"]] == [(ticket, "Help", "They asked for ten more seats")]
    assert result["flags"][0]["evidence"][0] | {"at": None} == {
        "record_id": result["flags"][0]["evidence"][0]["record_id"],
        "kind": "flag",
        "field": "reason",
        "value": "They asked for ten more seats",
        **dict.fromkeys(("part", "start", "end", "quote", "speaker", "at")),
    }
    assert not any(e["kind"] == "flag" for s in result["signals"] for e in s["evidence"])


def test_mine_is_what_names_the_caller_and_what_was_given_to_them(planted_home: Path, tmp_path: Path) -> None:
    shutil.copytree(planted_home, tmp_path / "team")
    with serving(tmp_path / "team", team_access="team") as world:
        space = world.workspace
        for name in ("mira", "jonas"):
            people.put_in_team(space.store, world.ids[name], "north", by=None, now=space.now)
        given, kept = world.brief_of(THEIRS[0]), world.brief_of(THEIRS[1])

        def listed(who: str, query: str) -> set[str]:
            return {row["id"] for row in world.call(who, "GET", f"/v1/briefs{query}").json()["briefs"]}

        ours = {world.brief_of(account) for account in OURS}
        assert listed("mira", "") == ours | {given, kept}
        assert listed("mira", "?mine=true") == ours
        etag = world.etag(given)
        made = world.call("jonas", "POST", f"/v1/briefs/{given}/assign", json={"to": world.ids["mira"]}, headers={"If-Match": etag})
        assert made.status_code == 200, made.text
        assert listed("mira", "?mine=true") == ours | {given}
        assert listed("mira", f"?mine=true&account={THEIRS[0]}") == {given}
        assert listed("jonas", "?mine=true") == {given, kept}, "it names Jonas still"
        assert listed("ada", "?mine=true") == set()
