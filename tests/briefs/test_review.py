"""What a person may do with a brief, and that nothing reaches sales that a person did not approve word for word."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from briefs import dispatch, editing
from briefs.brief import BriefBody
from briefs.canonical import digest
from briefs.delivery import deliver
from briefs.desk import decide
from briefs.errors import AuditBroken, BadInput, BriefsError, MoveRefused, NotAllowed, NotFound, StaleDossier, StaleVersion
from briefs.gate import Action, State
from briefs.people import Person
from briefs.review import Edit, approve, edit, finish_deliveries, may_see, override, recall, reject, request_changes, see, visible
from briefs.review import Owners as Named
from briefs.store import brief_rows
from tests.briefs.desk_parts import NOTE_TEXT, Office, body, carried, unchanged


def test_an_approved_version_is_delivered_byte_for_byte(desk: Office):
    brief_id = desk.draft()
    outcome = desk.approve(brief_id)
    assert outcome.brief.state is State.DELIVERED
    assert outcome.delivery is not None
    assert list(desk.shelf.written) == [outcome.delivery.handoff_id]
    assert digest(next(iter(desk.shelf.written.values()))) == outcome.brief.head
    handoff = desk.store.handoffs(brief_id)[0]
    assert (handoff.version_hash, handoff.account_id, handoff.approval.by, handoff.approval.by_name) == (outcome.brief.head, "a1", "dana1", "Dana")
    assert handoff.delivered_at is not None
    assert handoff.files == {"body.json": outcome.brief.head}
    assert handoff.audit_head in [row.hash for row in desk.store.audit_rows()]


def test_the_csm_who_edited_may_approve_and_it_is_said(desk: Office):
    brief_id = desk.draft()
    desk.edit(brief_id)
    desk.approve(brief_id)
    assert [d.self_approved for d in desk.store.decisions(brief_id)] == [True]


def test_with_four_eyes_whoever_edited_last_cannot_approve(desk: Office):
    desk = desk.four_eyes()
    brief_id = desk.draft()
    desk.edit(brief_id)
    with pytest.raises(NotAllowed, match="Four eyes"):
        desk.approve(brief_id)
    assert desk.approve(brief_id, desk.max).brief.state is State.DELIVERED


def test_with_four_eyes_a_draft_of_the_machine_needs_one_person(desk: Office):
    desk = desk.four_eyes()
    assert desk.approve(desk.draft()).brief.state is State.DELIVERED


def test_the_machine_cannot_approve(desk: Office):
    brief_id = desk.draft()
    with pytest.raises(NotFound):
        desk.approve(brief_id, Person("machine", "machine", "admin"))
    assert desk.store.brief(brief_id).state is State.DRAFT


@pytest.mark.parametrize("who", ["otto", "eve"])
def test_what_you_may_not_see_is_not_found(desk: Office, who: str):
    brief_id, stranger = desk.draft(), getattr(desk, who)
    head = desk.head(brief_id)
    acts = [
        lambda: see(desk.desk, stranger, brief_id),
        lambda: desk.approve(brief_id, stranger),
        lambda: desk.edit(brief_id, person=stranger),
        lambda: reject(desk.desk, stranger, brief_id, head, reason_code="stale"),
        lambda: request_changes(desk.desk, stranger, brief_id, head, reason_code="stale"),
        lambda: recall(desk.desk, stranger, brief_id, head, reason_code="stale"),
        lambda: override(desk.desk, stranger, "a1", "draft_anyway", reason="r", expires_at=desk.clock() + timedelta(days=1)),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound) as hidden:
        see(desk.desk, stranger, brief_id)
    with pytest.raises(NotFound) as absent:
        see(desk.desk, stranger, "nothing")
    assert str(hidden.value).replace(brief_id, "X") == str(absent.value).replace("nothing", "X")
    assert visible(desk.desk, stranger, desk.store.list()) == []
    assert desk.store.brief(brief_id).state is State.DRAFT


def test_an_admin_and_the_csm_see_a_brief(desk: Office):
    desk.draft()
    for person in (desk.max, desk.dana):
        assert len(visible(desk.desk, person, desk.store.list())) == 1


@pytest.mark.parametrize(("role", "sees"), [("csm", True), ("admin", True), ("ae", False), ("evaluator", False), ("service", False)])
def test_only_csms_and_admins_see_drafts(role: str, sees: bool):
    assert may_see(Person("p", "P", role), Named(csm="p", ae="p")) is sees


def test_a_decision_names_the_newest_version(desk: Office):
    brief_id = desk.draft()
    old = desk.head(brief_id)
    desk.edit(brief_id)
    for act in (
        lambda: approve(desk.desk, desk.dana, brief_id, old, current_dossier_check=unchanged),
        lambda: edit(desk.desk, desk.dana, brief_id, old, Edit(), verify_sentence=carried),
        lambda: reject(desk.desk, desk.dana, brief_id, old, reason_code="stale"),
    ):
        with pytest.raises(StaleVersion):
            act()


@pytest.mark.parametrize("act", [reject, request_changes])
def test_a_refusal_needs_a_coded_reason(desk: Office, act: object):
    brief_id = desk.draft()
    head = desk.head(brief_id)
    for code, words in ((None, "no"), ("because", "no"), ("other", None), ("other", "  ")):
        with pytest.raises(BadInput):
            act(desk.desk, desk.dana, brief_id, head, reason_code=code, reason=words)  # pyright: ignore[reportCallIssue]
    act(desk.desk, desk.dana, brief_id, head, reason_code="other", reason="The buyer left.")  # pyright: ignore[reportCallIssue]
    made = desk.store.decisions(brief_id)[0]
    assert (made.reason_code, made.reason, made.version_hash, made.by_role) == ("other", "The buyer left.", head, "csm")


def test_a_brief_sent_back_must_change_before_it_is_approved(desk: Office):
    brief_id = desk.draft()
    request_changes(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="unsupported_claim")
    with pytest.raises(MoveRefused):
        desk.approve(brief_id)
    desk.edit(brief_id)
    assert desk.approve(brief_id).brief.state is State.DELIVERED


def test_a_record_that_changed_stops_an_approval_until_it_was_read_again(desk: Office):
    brief_id = desk.draft()
    changes = ["Ticket t9 (P1) was opened on 2 April.", "Seats are 40, not 50."]
    with pytest.raises(StaleDossier) as refused:
        approve(desk.desk, desk.dana, brief_id, desk.head(brief_id), current_dossier_check=lambda body: changes)
    assert all(change in str(refused.value) for change in changes)
    assert desk.store.brief(brief_id).state is State.DRAFT
    read = refused.value.changes_digest
    more = [*changes, "A blocker stands."]
    with pytest.raises(StaleDossier, match="A blocker stands"):
        approve(desk.desk, desk.dana, brief_id, desk.head(brief_id), current_dossier_check=lambda body: more, accept_changes=read)
    approve(desk.desk, desk.dana, brief_id, desk.head(brief_id), current_dossier_check=lambda body: changes, accept_changes=read)
    assert desk.store.decisions(brief_id)[0].accepted_changes == tuple(changes)


def test_an_edit_is_a_new_version_and_says_whose_words_it_holds(desk: Office):
    brief_id = desk.draft()
    first = desk.head(brief_id)
    row = desk.edit(brief_id, "They want thirty seats more.")
    version = desk.store.versions(brief_id)[-1]
    assert (version.parent, version.author, row.versions) == (first, desk.dana.id, 2)
    claim = BriefBody.model_validate_json(desk.store.version(row.head)).claims()[0]
    assert (claim.id, claim.text, claim.kind, claim.internal) == ("c1", "They want thirty seats more.", "csm_statement", True)


def test_only_a_csm_words_a_brief_whatever_door_they_come_through(desk: Office):
    brief_id = desk.draft()
    with pytest.raises(NotAllowed, match="Only a CSM"):
        desk.edit(brief_id, "The admin knows better.", desk.max)
    assert len(desk.store.versions(brief_id)) == 1


def test_an_edit_that_the_record_carries_keeps_its_evidence(desk: Office):
    brief_id = desk.draft()
    row = desk.edit(brief_id, NOTE_TEXT)
    claim = BriefBody.model_validate_json(desk.store.version(row.head)).claims()[0]
    assert claim.kind == "fact"
    assert claim.evidence[0].record_id == "n1"


def test_an_edit_without_a_difference_is_nothing(desk: Office):
    brief_id = desk.draft()
    row = edit(desk.desk, desk.dana, brief_id, desk.head(brief_id), Edit(sentences={"c2": "The plan has 50 seats."}), verify_sentence=carried)
    assert row.versions == 1


def test_sentences_can_be_added_and_taken_out(desk: Office):
    brief_id = desk.draft()
    change = Edit(
        sentences={"c2": None},
        added={"need": ("Nothing new from the weekly call.", "The budget is set.")},
        card={"next_step": "Call on Monday"},
        talk_track={"opener": NOTE_TEXT},
    )
    row = edit(desk.desk, desk.dana, brief_id, desk.head(brief_id), change, verify_sentence=carried)
    written = BriefBody.model_validate_json(desk.store.version(row.head))
    assert [(c.id, c.kind) for c in written.claims()] == [("c1", "customer_said"), ("csm1", "fact"), ("csm2", "csm_statement")]
    assert written.card.next_step == editing.LABEL + "Call on Monday"
    assert written.talk_track.opener == NOTE_TEXT
    again = edit(desk.desk, desk.dana, brief_id, row.head, Edit(card={"next_step": "Call on Monday"}), verify_sentence=carried)
    assert again.head == row.head, "the label is not put twice"


@pytest.mark.parametrize(
    "change", [Edit(sentences={"c9": "x"}), Edit(added={"nowhere": ("x",)}), Edit(sentences={"c1": " "}), Edit(card={"headline": "x" * 2001})]
)
def test_an_edit_of_nothing_known_is_refused(desk: Office, change: Edit):
    brief_id = desk.draft()
    with pytest.raises(BadInput):
        edit(desk.desk, desk.dana, brief_id, desk.head(brief_id), change, verify_sentence=carried)
    assert desk.store.brief(brief_id).versions == 1


def test_a_decision_tells_what_was_written_as_the_store_tells_it(desk: Office):
    rejected = desk.draft()
    told = reject(desk.desk, desk.dana, rejected, desk.head(rejected), reason_code="too_early").brief
    assert told == desk.store.brief(rejected)

    approved = desk.draft(body(sku="scale"))
    with desk.store.writing() as connection:
        row = brief_rows.get(connection, approved)
        _, row = decide(connection, desk.desk, desk.dana, row, Action.APPROVE, None, None)
        handoff = dispatch.set_off(connection, desk.desk.courier, row)
    assert row == desk.store.brief(approved)
    assert [handoff] == desk.store.handoffs(approved)


def test_the_brief_seen_before_is_looked_at_again_as_it_is_decided(desk: Office):
    brief_id = desk.draft()
    seen = see(desk.desk, desk.dana, brief_id)
    desk.edit(brief_id)
    with pytest.raises(StaleVersion):
        approve(desk.desk, desk.dana, brief_id, seen.head, current_dossier_check=unchanged, seen=seen)
    with pytest.raises(StaleVersion):
        approve(desk.desk, desk.dana, brief_id, desk.head(brief_id), current_dossier_check=unchanged, seen=seen)
    assert desk.store.decisions(brief_id) == []


def test_an_edit_voids_an_approval_that_has_not_set_off(desk: Office):
    brief_id = desk.draft()
    approved = desk.head(brief_id)
    desk.approve_without_delivering(brief_id)
    assert desk.store.brief(brief_id).state is State.APPROVED
    assert desk.edit(brief_id).state is State.IN_REVIEW
    assert finish_deliveries(desk.desk.courier) == []
    assert desk.shelf.written == {}
    desk.edit(brief_id, f"They said: {NOTE_TEXT}")
    assert [(h.delivered_at, h.withdrawn_at is not None) for h in desk.store.handoffs(brief_id)] == [(None, True)]
    assert desk.store.decisions(brief_id)[0].version_hash == approved, "the decision stays on record"


def test_what_left_the_house_is_not_edited(desk: Office):
    brief_id = desk.draft()
    desk.approve(brief_id)
    with pytest.raises(MoveRefused):
        desk.edit(brief_id)
    with pytest.raises(MoveRefused):
        desk.approve(brief_id)


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_while_the_folder_is_written_is_finished_by_the_next_run(desk: Office, after: bool):
    brief_id = desk.draft()
    desk.shelf.breaks, desk.shelf.breaks_after = KeyboardInterrupt(), after
    with pytest.raises(KeyboardInterrupt):
        desk.approve(brief_id)
    assert desk.store.brief(brief_id).state is State.DELIVERING
    done = finish_deliveries(desk.desk.courier)
    assert [d.brief_id for d in done] == [brief_id]
    assert desk.store.brief(brief_id).state is State.DELIVERED
    assert len(desk.store.handoffs(brief_id)) == len(desk.shelf.written) == 1
    assert finish_deliveries(desk.desk.courier) == []


def test_a_crash_right_after_the_decision_is_finished_by_the_next_run(desk: Office):
    brief_id = desk.draft()
    desk.approve_without_delivering(brief_id)
    assert finish_deliveries(desk.desk.courier)[0].handoff_id in desk.shelf.written


def test_a_full_disk_leaves_the_approval_and_says_so(desk: Office):
    brief_id = desk.draft()
    desk.shelf.breaks = OSError(28, "No space left on device")
    outcome = desk.approve(brief_id)
    assert outcome.brief.state is State.DELIVERING
    assert outcome.delivery is not None
    assert "No space left on device" in (outcome.delivery.fault or "")
    assert finish_deliveries(desk.desk.courier)[0].fault is None


def test_bytes_changed_behind_the_walls_are_not_delivered(desk: Office):
    brief_id = desk.draft()
    desk.approve_without_delivering(brief_id)
    postgres = desk.store.engine.dialect.name == "postgresql"
    with desk.store.writing() as connection:
        connection.execute(text("DROP TRIGGER versions_stay" + (" ON versions" if postgres else "")))
        connection.execute(text("UPDATE versions SET body = :b"), {"b": b"{}"})
    other = desk.draft(body("a2"))
    desk.approve_without_delivering(other)
    with pytest.raises(AuditBroken, match="not those approved"):
        deliver(desk.desk.courier, brief_id)
    faults = {done.brief_id: done.fault for done in finish_deliveries(desk.desk.courier)}
    assert "not those approved" in (faults[brief_id] or "")
    assert faults[other] is None, "the others are not held up"
    assert [h.brief_id for h in desk.store.handoffs() if h.id in desk.shelf.written] == [other]


def test_a_brief_that_cannot_be_rendered_stays_on_its_way_and_says_so(desk: Office):
    brief_id = desk.draft()
    desk.shelf.breaks = BadInput("The approved bytes are not a brief this release can read.")
    outcome = desk.approve(brief_id)
    assert outcome.delivery is not None
    assert "not a brief" in (outcome.delivery.fault or "")
    assert outcome.brief.state is State.DELIVERING


def test_a_recalled_handoff_is_withdrawn_and_its_folder_goes(desk: Office):
    brief_id = desk.draft()
    desk.approve(brief_id)
    outcome = recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="blocker_open")
    assert outcome.brief.state is State.RECALLED
    assert desk.shelf.written == {}
    assert [h.withdrawn_at is not None for h in desk.store.handoffs(brief_id)] == [True]
    desk.edit(brief_id)
    desk.approve(brief_id)
    assert len(desk.shelf.written) == 1
    assert len(desk.store.handoffs(brief_id)) == 2


def test_a_handoff_withdrawn_while_its_folder_is_written_does_not_come_back(desk: Office):
    brief_id = desk.draft()
    desk.shelf.breaks = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        desk.approve(brief_id)
    slow = desk.shelf.write

    def recalled_meanwhile(handoff: object, data: bytes):
        files = slow(handoff, data)  # pyright: ignore[reportArgumentType]
        recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
        slow(handoff, data)  # pyright: ignore[reportArgumentType]
        return files

    assert finish_deliveries(replace(desk.desk.courier, write=recalled_meanwhile))[0].handoff_id is None
    assert desk.shelf.written == {}
    assert desk.store.brief(brief_id).state is State.RECALLED


def test_every_act_stands_in_the_audit_chain_with_its_token(desk: Office):
    brief_id = desk.draft()
    desk.edit(brief_id)
    desk.approve(brief_id)
    rows = [row for row in desk.store.audit_rows() if row.object == f"brief:{brief_id}"]
    assert [(row.actor, row.action) for row in rows] == [
        ("machine", "brief.create"),
        ("dana1", "brief.edit"),
        ("dana1", "brief.approve"),
        ("machine", "brief.start_delivery"),
        ("machine", "brief.finish_delivery"),
    ]
    approval = json.loads(rows[2].details)
    assert approval["token"] == desk.dana.token_id
    assert approval["version"] == desk.head(brief_id)
    assert (approval["before"], approval["after"]) == ("draft", "approved")


def test_a_refused_act_leaves_no_trace(desk: Office):
    brief_id = desk.draft()
    before = desk.store.audit_head()
    desk = desk.four_eyes()
    for act in (lambda: desk.approve(brief_id, desk.otto), lambda: reject(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code=None)):
        with pytest.raises(BriefsError):
            act()
    assert desk.store.audit_head() == before
