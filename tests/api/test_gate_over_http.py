"""The gate as a program meets it: which version, once, in the right state, by the right person; and what comes back when not."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.api.pages.visitor import visitor
from tests.api.problems import problem
from tests.api.world import OURS, THEIRS, World
from tests.briefs.reimporting import import_row


def wish(world: World, brief: str, decision: str = "approve", **more: Any) -> dict[str, Any]:
    return {"decision": decision, "version_hash": world.workspace.store.brief(brief).head, **more}


def test_a_decision_needs_to_say_what_it_was_made_on(world: World) -> None:
    brief = world.brief_of(OURS[0])
    path = f"/v1/briefs/{brief}/decisions"
    problem(world.call("mira", "POST", path, json=wish(world, brief)), 428, "precondition-missing")
    problem(world.call("mira", "POST", path, json=wish(world, brief), headers={"If-Match": "*"}), 428, "precondition-missing")
    problem(world.call("mira", "POST", path, json=wish(world, brief), headers={"If-Match": '"1-old"'}), 412, "stale-version")
    stale = wish(world, brief) | {"version_hash": "sha256:" + "0" * 64}
    problem(world.call("mira", "POST", path, json=stale, headers={"If-Match": world.etag(brief)}), 412, "stale-version")
    assert world.workspace.store.brief(brief).state == "draft"


ASKED = 38
"""What one approval may ask of the database, in statements, the beginnings of transactions among them: each is a place to wait at under load."""


def test_an_approval_asks_the_database_little(world: World) -> None:
    world.workspace.serves = True  # its delivery is the background's
    asked: list[str] = []
    read = world.call("mira", "GET", f"/v1/briefs/{world.brief_of(OURS[0])}")
    assert world.decide("mira", world.brief_of(OURS[1])).status_code == 201, "what is loaded once is loaded"

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(world.workspace.database, "before_cursor_execute", count)
    wanted = {"decision": "approve", "version_hash": read.json()["version_hash"]}
    headers = {"If-Match": read.headers["etag"], "Idempotency-Key": "once"}
    answer = world.call("mira", "POST", f"/v1/briefs/{read.json()['id']}/decisions", json=wanted, headers=headers)
    event.remove(world.workspace.database, "before_cursor_execute", count)
    assert answer.status_code == 201
    assert len(asked) <= ASKED, asked


def test_a_decision_tells_the_brief_as_it_stands_now(world: World) -> None:
    for account, decision, more in ((OURS[0], "approve", {}), (OURS[1], "reject", {"reason_code": "too_early"})):
        answer = world.decide("mira", world.brief_of(account), decision, **more)
        told = next(each for each in world.call("mira", "GET", "/v1/briefs").json()["briefs"] if each["account_id"] == account)
        assert answer.json()["brief"] == told
        assert [answer.json()["handoff_id"]] == ([each.id for each in world.workspace.store.handoffs(told["id"])] or [None])
        assert answer.headers["etag"] == world.etag(told["id"])
        assert answer.headers["content-type"] == "application/json"


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
    told = problem(world.decide("mira", brief), 409, "stale-dossier")
    assert told["changes"]
    assert "approve" in told["allowed"]
    assert world.decide("mira", brief, accept_changes=told["changes_digest"]).status_code == 201


def test_what_changed_after_the_difference_was_read_has_to_be_read_too(world: World, tmp_path: Path) -> None:
    brief = world.brief_of(OURS[0])
    outage(world, tmp_path / "one", "p1")
    first = problem(world.decide("mira", brief), 409, "stale-dossier")
    record = json.loads(world.workspace.store.version(world.workspace.store.brief(brief).head))["sources"][0]["record_id"]
    with sqlite3.connect(world.workspace.home / "briefs.db") as db:
        db.execute("DELETE FROM records WHERE id = ?", (record,))
    second = problem(world.decide("mira", brief, accept_changes=first["changes_digest"]), 409, "stale-dossier")
    assert set(second["changes"]) > set(first["changes"])
    assert world.workspace.store.brief(brief).state == "draft"
    assert world.decide("mira", brief, accept_changes=second["changes_digest"]).status_code == 201
    assert set(world.workspace.store.decisions(brief)[-1].accepted_changes) == set(second["changes"])


def test_the_page_accepts_what_it_showed_and_nothing_else(world: World, tmp_path: Path) -> None:
    brief = world.brief_of(OURS[0])
    page, form = visitor(world, "mira"), {"version_hash": world.workspace.store.brief(brief).head}
    record = json.loads(world.workspace.store.version(form["version_hash"]))["sources"][0]["record_id"]
    with sqlite3.connect(world.workspace.home / "briefs.db") as db:
        db.execute("DELETE FROM records WHERE id = ?", (record,))
    first = page.post(f"/briefs/{brief}/approve", **form)
    assert (first.status_code, "The record changed since this was written" in first.text) == (409, True)
    outage(world, tmp_path / "one", "p1")
    second = page.post(f"/briefs/{brief}/approve", **form, accept_changes=shown(first.text))
    assert (second.status_code, "The record changed again while you were reading" in second.text) == (409, True)
    assert "a blocker stands: open critical ticket" in second.text
    assert page.post(f"/briefs/{brief}/approve", **form, accept_changes="1").status_code == 409
    assert page.post(f"/briefs/{brief}/approve", **form, accept_changes=shown(second.text)).status_code == 200
    assert world.workspace.store.brief(brief).state in ("approved", "delivering", "delivered")


def shown(page: str) -> str:
    """The digest the form carries."""
    return page.partition('name="accept_changes" value="')[2].partition('"')[0]


def outage(world: World, folder: Path, ticket: str) -> None:
    """A critical ticket nobody has solved arrives."""
    row = {"created_at": "2026-04-01", "status": "open", "priority": "P1", "subject": "Down since this morning"}
    import_row(world.workspace, folder, "tickets", id=ticket, **row)


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
            decision = {"decision": "approve", "version_hash": head}
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
