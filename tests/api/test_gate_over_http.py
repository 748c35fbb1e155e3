"""The gate as a program meets it: which version, once, in the right state, by the right person; and what comes back when not."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from briefs import people
from tests.api.world import OURS, THEIRS, World, serving

TYPE = "urn:briefs:problem:"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == TYPE + code
    assert told["status"] == status
    return told


def wish(world: World, brief: str, decision: str = "approve", **more: Any) -> dict[str, Any]:
    return {"decision": decision, "version_hash": world.workspace.store.brief(brief).head, "accept_changes": True, **more}


def test_nobody_gets_in_without_a_token_and_the_answer_says_how(world: World) -> None:
    answer = world.call(None, "GET", "/v1/briefs")
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"
    problem(world.call(None, "GET", "/v1/briefs", headers={"Authorization": "Basic YTpi"}), 401, "not-signed-in")
    problem(world.call(None, "GET", "/v1/briefs", headers={"Authorization": "Bearer nonsense"}), 401, "not-signed-in")


def test_a_token_in_the_address_is_refused_even_beside_a_good_one(world: World) -> None:
    told = problem(world.call("ada", "GET", f"/v1/briefs?token={world.tokens['ada']}"), 422, "bad-input")
    assert world.tokens["ada"] not in json.dumps(told)


def test_a_decision_needs_to_say_what_it_was_made_on(world: World) -> None:
    brief = world.brief_of(OURS[0])
    path = f"/v1/briefs/{brief}/decisions"
    problem(world.call("mira", "POST", path, json=wish(world, brief)), 428, "precondition-missing")
    problem(world.call("mira", "POST", path, json=wish(world, brief), headers={"If-Match": "*"}), 428, "precondition-missing")
    problem(world.call("mira", "POST", path, json=wish(world, brief), headers={"If-Match": '"1-old"'}), 412, "stale-version")
    stale = wish(world, brief) | {"version_hash": "sha256:" + "0" * 64}
    problem(world.call("mira", "POST", path, json=stale, headers={"If-Match": world.etag(brief)}), 412, "stale-version")
    assert world.workspace.store.brief(brief).state == "draft"


def test_a_wrong_state_says_what_is_allowed_now(world: World) -> None:
    brief = world.brief_of(OURS[0])
    assert world.decide("mira", brief, "reject", reason_code="too_early").status_code == 201
    told = problem(world.decide("mira", brief), 409, "move-refused")
    assert told["allowed"] == []
    other = world.brief_of(OURS[1])
    assert world.decide("mira", other).json()["brief"]["state"] in ("approved", "delivering", "delivered")
    told = problem(world.decide("mira", other, "reject", reason_code="too_early"), 409, "move-refused")
    assert "recall" in told["allowed"]


def test_a_dossier_that_changed_has_to_be_read_again(world: World) -> None:
    brief = world.brief_of(OURS[0])
    with sqlite3.connect(world.workspace.home / "briefs.db") as db:
        record = json.loads(world.workspace.store.version(world.workspace.store.brief(brief).head))["sources"][0]["record_id"]
        db.execute("DELETE FROM records WHERE id = ?", (record,))
    told = problem(world.decide("mira", brief, accept_changes=False), 409, "stale-dossier")
    assert told["changes"]
    assert "approve" in told["allowed"]
    assert world.decide("mira", brief, accept_changes=True).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"decision": "bless", "version_hash": "x"}, "/decision"),
        ({"decision": "approve"}, "/version_hash"),
        ({"decision": "approve", "version_hash": "x", "surprise": 1}, "/surprise"),
        ({"decision": "approve", "version_hash": "x", "reason": "QZSECRET" * 1000}, "/reason"),
        ([], ""),
    ],
)
def test_a_field_that_is_wrong_is_named_by_a_pointer_and_not_quoted(world: World, body: Any, pointer: str) -> None:
    brief = world.brief_of(OURS[0])
    answer = world.call("mira", "POST", f"/v1/briefs/{brief}/decisions", json=body, headers={"If-Match": world.etag(brief)})
    told = problem(answer, 422, "invalid")
    assert pointer in {each["pointer"] for each in told["errors"]}
    assert "QZSECRET" not in answer.text


def test_what_is_not_json_is_refused_as_the_body(world: World) -> None:
    brief = world.brief_of(OURS[0])
    headers = {"If-Match": world.etag(brief), "Content-Type": "application/json"}
    told = problem(world.call("mira", "POST", f"/v1/briefs/{brief}/decisions", content=b"{", headers=headers), 422, "invalid")
    assert told["errors"][0]["in"] == "body"


def test_a_ten_megabyte_edit_is_too_large_with_and_without_saying_its_length(world: World) -> None:
    path = f"/v1/briefs/{world.brief_of(OURS[0])}"
    problem(world.call("mira", "PATCH", path, content=b"x" * 10_000_000), 413, "too-large")
    problem(world.call("mira", "PATCH", path, content=(b"x" * 1_000_000 for _ in range(10))), 413, "too-large")


def test_markup_in_an_edit_is_kept_as_text(world: World) -> None:
    brief = world.brief_of(OURS[0])
    read = world.call("mira", "GET", f"/v1/briefs/{brief}").json()
    claim = read["body"]["sections"][0]["claims"][0]["id"]
    text = '<script>alert("x")</script> **bold** [link](javascript:alert(1))'
    answer = world.call("mira", "PATCH", f"/v1/briefs/{brief}", json={"sentences": {claim: text}}, headers={"If-Match": world.etag(brief)})
    assert answer.status_code == 200, answer.text
    changed = next(c for s in answer.json()["body"]["sections"] for c in s["claims"] if c["id"] == claim)
    assert (changed["text"], changed["kind"]) == (text, "csm_statement")
    assert world.decide("mira", brief).status_code == 201
    handoff = world.workspace.store.handoffs(brief)[-1].id
    page = world.call("ana", "GET", f"/v1/handoffs/{handoff}/files/brief.html")
    assert page.status_code == 200, page.text
    assert "<script>alert" not in page.text
    assert page.headers["content-disposition"].startswith("attachment")


def test_sales_reads_exactly_the_bytes_that_were_approved(world: World) -> None:
    handoff = world.delivered(OURS[0])
    answer = world.call("ana", "GET", f"/v1/handoffs/{handoff}")
    told = answer.json()
    stored = world.workspace.store.version(told["version_hash"])
    assert stored in answer.content
    assert told["approved_by"] == "Mira"
    assert told["audit_head"].startswith("sha256:")
    problem(world.call("bob", "GET", f"/v1/handoffs/{handoff}"), 404, "not-found")
    assert [each["id"] for each in world.call("ana", "GET", "/v1/handoffs").json()["handoffs"]] == [handoff]
    assert world.call("bob", "GET", "/v1/handoffs").json()["handoffs"] == []


def test_what_is_recalled_is_no_longer_shown_but_that_it_was(world: World) -> None:
    handoff, brief = world.delivered(OURS[0]), world.brief_of(OURS[0])
    row = world.workspace.store.brief(brief)
    body = {"version_hash": row.head, "reason_code": "stale"}
    assert world.call("mira", "POST", f"/v1/briefs/{brief}/recall", json=body, headers={"If-Match": world.etag(brief)}).status_code == 200
    told = world.call("ana", "GET", f"/v1/handoffs/{handoff}").json()
    assert (told["body"], told["headline"], bool(told["recalled_at"])) == (None, None, True)
    problem(world.call("ana", "GET", f"/v1/handoffs/{handoff}/files/body.json"), 404, "not-found")


def test_sales_answers_and_asks(world: World) -> None:
    handoff = world.delivered(OURS[0])
    at = f"/v1/handoffs/{handoff}"
    assert world.call("ana", "POST", f"{at}/questions", json={"text": "Who signs?"}).status_code == 201
    question = world.call("ana", "GET", at).json()["questions"][0]
    assert world.call("mira", "POST", f"{at}/questions", json={"text": "Aoife.", "reply_to": question["id"]}).status_code == 201
    problem(world.call("jonas", "POST", f"{at}/questions", json={"text": "Hm.", "reply_to": question["id"]}), 404, "not-found")
    problem(world.call("ana", "POST", f"{at}/response", json={"response": "accept"}), 422, "bad-input")
    soon = world.workspace.now().date().isoformat()
    accepted = world.call("ana", "POST", f"{at}/response", json={"response": "accept", "first_touch": soon})
    assert accepted.json()["state"] == "accepted", accepted.text
    won = world.call("ana", "POST", f"{at}/outcome", json={"outcome": "won", "amount": 1200, "currency": "EUR"})
    assert won.json()["state"] == "won", won.text
    assert [each["kind"] for each in world.call("ana", "GET", at).json()["answers"]] == ["accept", "won"]


def test_twelve_equal_posts_at_once_have_one_effect(world: World) -> None:
    brief = world.brief_of(OURS[0])
    headers = {"If-Match": world.etag(brief), "Idempotency-Key": "twelve"}
    body = wish(world, brief, "reject", reason_code="too_early")

    def send(_: int) -> Any:
        return world.call("mira", "POST", f"/v1/briefs/{brief}/decisions", json=body, headers=headers)

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(12)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert sum("idempotency-replayed" in each.headers for each in answers) == 11
    assert len(world.workspace.store.decisions(brief)) == 1


def test_a_key_with_another_body_is_refused_and_belongs_to_one_person_and_call(world: World) -> None:
    headers = {"Idempotency-Key": "k"}
    made = world.call("ada", "POST", "/v1/users", json={"name": "Nils", "role": "csm"}, headers=headers)
    again = world.call("ada", "POST", "/v1/users", json={"role": "csm", "name": "Nils"}, headers=headers)
    assert again.json() == made.json()
    assert again.headers["idempotency-replayed"] == "true"
    problem(world.call("ada", "POST", "/v1/users", json={"name": "Nora", "role": "csm"}, headers=headers), 422, "idempotency-key-reused")
    other = world.call("ada", "POST", f"/v1/users/{made.json()['id']}/tokens", json={}, headers=headers)
    assert other.status_code == 201
    with sqlite3.connect(world.workspace.home / "briefs.db") as db:
        kept = db.execute("SELECT * FROM idempotency").fetchall()
    assert len(kept) == 2
    assert made.json()["token"] not in repr(kept)


ROUNDS, DELIVERED_EVERY = 200, 10
"""Delivering inside the request writes a PDF, most of a round's time: the other rounds leave it to the worker, as a served home does."""
OTHER_WORDS = (
    "SELECT h.id FROM handoffs h JOIN briefs b ON b.id = h.brief_id WHERE h.withdrawn_at IS NULL "
    "AND b.state IN ('approved', 'delivering', 'delivered') AND h.version_hash <> b.head"
)
UNAPPROVED = (
    "SELECT h.id FROM handoffs h WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = h.decision_id "
    "AND d.decision = 'approve' AND d.version_hash = h.version_hash AND d.brief_id = h.brief_id)"
)


def on_the_desk(world: World, who: str, brief: str, n: int) -> tuple[dict[str, str], str, str]:
    """The brief open for a decision, taken back and edited if it has one: what names its version, its hash, and a sentence of it."""
    read = world.call(who, "GET", f"/v1/briefs/{brief}")
    if read.json()["state"] not in ("draft", "in_review", "changes_requested"):
        body = {"version_hash": read.json()["version_hash"], "reason_code": "stale"}
        world.call(who, "POST", f"/v1/briefs/{brief}/recall", json=body, headers={"If-Match": read.headers["etag"]})
        read = world.call(who, "GET", f"/v1/briefs/{brief}")
        edit = {"sentences": {read.json()["body"]["sections"][0]["claims"][0]["id"]: f"Once more {n}."}}
        world.call(who, "PATCH", f"/v1/briefs/{brief}", json=edit, headers={"If-Match": read.headers["etag"]})
        read = world.call(who, "GET", f"/v1/briefs/{brief}")
    return {"If-Match": read.headers["etag"]}, read.json()["version_hash"], read.json()["body"]["sections"][0]["claims"][0]["id"]


@pytest.mark.slow
@pytest.mark.chaos
def test_an_edit_racing_an_approval_never_ships_unapproved_words(world: World) -> None:
    """Whoever is second is refused, or the approval is void; whatever was delivered was approved byte for byte."""
    seen: Counter[tuple[int, int]] = Counter()
    chance, took = random.Random(7), 0.2
    with ThreadPoolExecutor(2) as pool:
        for n in range(ROUNDS):
            brief, who = world.brief_of((*OURS, *THEIRS)[n % 4]), "mira" if n % 4 < 2 else "jonas"
            headers, head, claim = on_the_desk(world, who, brief, n)
            world.workspace.serves = n % DELIVERED_EVERY != 0
            decision = {"decision": "approve", "version_hash": head, "accept_changes": True}
            began = time.perf_counter()
            one = pool.submit(world.call, who, "POST", f"/v1/briefs/{brief}/decisions", json=decision, headers=dict(headers))
            time.sleep(chance.uniform(0, 1.5 * took))
            two = pool.submit(world.call, who, "PATCH", f"/v1/briefs/{brief}", json={"sentences": {claim: f"Round {n}."}}, headers=dict(headers))
            approved = one.result()
            took = time.perf_counter() - began
            seen[approved.status_code, two.result().status_code] += 1
            with sqlite3.connect(world.workspace.home / "briefs.db") as db:
                assert db.execute(UNAPPROVED).fetchall() == db.execute(OTHER_WORDS).fetchall() == []
    assert sum(seen.values()) == ROUNDS
    assert set(seen) <= {(201, 200), (201, 409), (201, 412), (412, 200), (409, 200)}, seen
    assert len(seen) > 1, "the race never went both ways"


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


def test_a_revoked_person_is_out_at_once(world: World) -> None:
    assert world.call("ada", "DELETE", f"/v1/users/{world.ids['mira']}").status_code == 204
    problem(world.call("mira", "GET", "/v1/briefs"), 401, "not-signed-in")


def test_a_person_there_is_not_has_no_tokens_to_list(world: World) -> None:
    problem(world.call("ada", "GET", "/v1/users/nobody/tokens"), 404, "not-found")


def test_a_person_who_asks_too_often_is_told_to_wait(world: World) -> None:
    from api.rates import Rates

    world.client.app.state.rates = Rates(60)
    answers = [world.call("mira", "GET", "/v1/briefs?limit=1") for _ in range(15)]
    assert answers[0].status_code == 200
    problem(answers[-1], 429, "too-many")
    assert int(answers[-1].headers["retry-after"]) >= 1


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


def test_every_answer_carries_a_request_id_and_headers_that_protect_a_browser(world: World) -> None:
    answer = world.call("ada", "GET", "/v1/briefs", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert world.call("ada", "GET", "/v1/briefs", headers={"X-Request-ID": "a\tb"}).headers["x-request-id"] != "a\tb"


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
