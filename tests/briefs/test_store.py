"""What the store remembers, and how a new draft finds its place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from briefs.brief import BriefBody
from briefs.canonical import canonical, digest
from briefs.errors import NotFound
from briefs.gate import State
from briefs.review import finish_deliveries, recall, reject, request_changes
from briefs.store import Store, brief_rows
from briefs.store.brief_rows import quarter_of
from briefs.store.cache import Reading
from briefs.store.judgements import Flag
from tests.briefs.desk_parts import AS_OF, DOSSIER, NOON, Office, body, canonical_hash, counter, result


def test_a_draft_is_kept_byte_for_byte(desk: Office):
    brief_id = desk.draft(body())
    row = desk.store.brief(brief_id)
    assert desk.store.version(row.head) == canonical(body())
    assert row.head == canonical_hash(body())
    assert (row.state, row.versions, row.quarter, row.account_name, row.headline) == (
        State.DRAFT,
        1,
        "2026Q1",
        "Acme",
        "Acme is ready for Enterprise",
    )
    assert [v.author for v in desk.store.versions(brief_id)] == ["machine"]


def test_the_same_draft_again_is_nothing(desk: Office):
    brief_id = desk.draft()
    rows = len(desk.store.audit_rows())
    assert desk.draft() == brief_id
    assert desk.store.brief(brief_id).versions == 1
    assert len(desk.store.audit_rows()) == rows


def test_a_draft_that_changed_is_a_new_version_of_the_open_brief(desk: Office):
    brief_id = desk.draft()
    assert desk.draft(body(headline="Acme grew")) == brief_id
    first, second = desk.store.versions(brief_id)
    assert (second.parent, second.n) == (first.hash, 2)
    assert desk.store.brief(brief_id).headline == "Acme grew"


def test_a_draft_that_goes_back_to_old_words_is_a_version_too(desk: Office):
    brief_id = desk.draft()
    desk.draft(body(headline="Acme grew"))
    desk.draft()
    hashes = [version.hash for version in desk.store.versions(brief_id)]
    assert len(hashes) == 3
    assert hashes[0] == hashes[2] == desk.head(brief_id)


def test_a_draft_with_nothing_new_leaves_a_persons_edit_on_top(desk: Office):
    brief_id = desk.draft()
    edited = desk.edit(brief_id).head
    assert desk.draft() == brief_id
    assert desk.head(brief_id) == edited


def test_a_new_draft_on_top_of_an_edit_keeps_the_edit_in_its_history(desk: Office):
    brief_id = desk.draft()
    edited = desk.edit(brief_id).head
    desk.draft(body(headline="Acme grew"))
    assert [v.hash for v in desk.store.versions(brief_id)][1] == edited
    assert desk.store.version(edited)


def test_a_rejected_draft_does_not_come_back_with_the_same_words(desk: Office):
    brief_id = desk.draft()
    reject(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="too_early")
    assert desk.draft() == brief_id
    assert desk.store.brief(brief_id).state is State.REJECTED
    assert desk.draft(body(headline="Acme grew")) != brief_id


def test_a_new_draft_answers_a_request_for_changes(desk: Office):
    brief_id = desk.draft()
    request_changes(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
    assert desk.draft(body(headline="Acme grew")) == brief_id
    assert desk.store.brief(brief_id).state is State.DRAFT


def test_a_delivered_brief_is_left_alone_unless_something_changed(desk: Office):
    brief_id = desk.draft()
    desk.approve(brief_id)
    assert desk.draft() == brief_id
    newer = desk.draft(body(headline="Acme grew"))
    assert newer != brief_id
    assert [desk.store.brief(b).state for b in (brief_id, newer)] == [State.DELIVERED, State.DRAFT]


def test_an_approved_brief_that_has_not_set_off_is_superseded_by_a_changed_draft(desk: Office):
    brief_id = desk.draft()
    desk.approve_without_delivering(brief_id)
    newer = desk.draft(body(headline="Acme grew"))
    assert [desk.store.brief(b).state for b in (brief_id, newer)] == [State.SUPERSEDED, State.DRAFT]
    assert finish_deliveries(desk.desk.courier) == []
    assert desk.shelf.written == {}


def test_a_brief_on_its_way_is_not_superseded(desk: Office):
    brief_id = desk.draft()
    desk.shelf.breaks = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        desk.approve(brief_id)
    assert desk.store.brief(brief_id).state is State.DELIVERING
    assert desk.draft(body(headline="Acme grew")) != brief_id
    assert desk.store.brief(brief_id).state is State.DELIVERING


def test_one_brief_of_an_account_motion_product_and_quarter_is_live(desk: Office):
    same = {desk.draft(body(headline=f"Headline {n}")) for n in range(3)}
    others = {desk.draft(body("a2")), desk.draft(body(sku="sso"))}
    assert len(same) == 1
    assert len(same | others) == 3


def test_a_draft_of_a_new_quarter_supersedes_the_open_one_of_the_last(desk: Office):
    old = desk.draft()
    new = desk.draft(body(as_of=date(2026, 4, 1)))
    assert [desk.store.brief(b).state for b in (old, new)] == [State.SUPERSEDED, State.DRAFT]
    assert desk.draft(body(as_of=AS_OF)) == old, "a scan that looks back changes nothing"
    assert desk.store.brief(new).state is State.DRAFT


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 1, 1), "2026Q1"), (date(2026, 6, 30), "2026Q2"), (date(2026, 12, 31), "2026Q4")])
def test_quarters_are_those_of_the_calendar(day: date, quarter: str):
    assert quarter_of(day) == quarter


def test_a_recalled_brief_can_be_mended_unless_another_stands_in_its_place(desk: Office):
    brief_id = desk.draft()
    desk.approve(brief_id)
    recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="unsupported_claim")
    assert desk.edit(brief_id).state is State.IN_REVIEW


def test_a_draft_with_no_product_yet_has_a_place_too(desk: Office):
    bare = body().model_copy(update={"motion": None, "sku": None, "sku_name": None, "lead_type": None, "route": None})
    brief_id = desk.draft(bare)
    assert desk.draft(bare) == brief_id
    assert desk.store.brief(brief_id).sku is None


def test_two_hundred_briefs_are_listed_by_one_query(desk: Office):
    with desk.store.writing() as connection:
        for n in range(200):
            brief_rows.create(connection, f"b{n}", body(f"acc{n}"), "machine", desk.clock())
    asked: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(desk.store.list()) == 200
    assert len(desk.store.list("draft")) == 200
    assert desk.store.list(State.APPROVED) == []
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 3


def test_lists_show_the_newest_first(desk: Office):
    old, new = desk.draft(body("a1")), desk.draft(body("a2"))
    assert [row.id for row in desk.store.list()] == [new, old]
    assert [row.id for row in desk.store.briefs_of("a1")] == [old]


def test_what_is_not_there_is_not_found(store: Store):
    for ask in (lambda: store.brief("b"), lambda: store.version("sha256:0"), lambda: store.dossier("sha256:0"), lambda: store.handoff("h")):
        with pytest.raises(NotFound):
            ask()


def test_a_dossier_is_kept_once_under_its_hash(store: Store):
    store.save_dossier(digest(DOSSIER), "a1", AS_OF, DOSSIER)
    store.save_dossier(digest(DOSSIER), "a1", AS_OF, b"something else")
    assert store.dossier(digest(DOSSIER)) == DOSSIER


def test_results_keep_their_history_and_the_last_one_is_one_read(store: Store):
    for n in range(3):
        store.save_result(result(as_of=AS_OF + timedelta(days=n)), f"key{n}", f"scan{n}", NOON)
    store.save_result(result("a2"), "other", "scan0", NOON)
    last = store.last_result("a1")
    assert last is not None
    assert (last.inputs_key, last.as_of, last.scan_id, last.verdict) == ("key2", AS_OF + timedelta(days=2), "scan2", "qualified")
    assert last.result == result(as_of=AS_OF + timedelta(days=2))
    assert [r.inputs_key for r in store.history("a1")] == ["key0", "key1", "key2"]
    assert {account: r.inputs_key for account, r in store.last_results().items()} == {"a1": "key2", "a2": "other"}
    assert set(store.last_results(["a2", "nobody"])) == {"a2"}
    assert store.last_result("nobody") is None


def test_a_result_saved_again_for_the_same_scan_takes_the_place_of_the_first(store: Store):
    store.save_result(result(), "first", "scan", NOON)
    store.save_result(result(), "again", "scan", NOON)
    assert [r.inputs_key for r in store.history("a1")] == ["again"]


def test_a_scan_is_written_down(store: Store):
    store.start_scan("s1", AS_OF, "dana", NOON)
    store.finish_scan("s1", '{"accounts": 3}', NOON)


def test_readings_and_answers_are_kept_under_their_keys(store: Store):
    store.readings_put([Reading(f"k{n}", "a1", f"r{n}", {"n": n, "said": "ça"}) for n in range(1200)], NOON)
    store.readings_put([Reading("k1", "a2", "r9", "another")], NOON)
    store.readings_put([], NOON)
    found = store.readings_get([*(f"k{n}" for n in range(1200)), "unknown"])
    assert len(found) == 1200
    assert found["k1"] == {"n": 1, "said": "ça"}, "what was there stays"
    assert store.readings_get([]) == {}
    assert store.answer_get("k") is None
    store.answer_put("k", "a1", [1, "x"], NOON)
    store.answer_put("k", "a1", "another", NOON)
    assert store.answer_get("k") == [1, "x"]


def test_a_flag_is_kept_and_audited(store: Store):
    store.add_flag(Flag("f1", "a1", "t1", "asks for more seats", "sam", NOON))
    assert [flag.ticket_id for flag in store.flags("a1")] == ["t1"]
    assert store.flags("a2") == []
    assert "seats" not in store.audit_rows()[-1].details


def test_a_time_without_a_zone_is_refused(store: Store):
    with pytest.raises(ValueError, match="time zone"):
        store.save_result(result(), "k", "s", datetime(2026, 3, 31))


def test_a_version_reads_back_as_the_brief_it_was(desk: Office):
    assert BriefBody.model_validate_json(desk.store.version(desk.head(desk.draft()))) == body()


def test_an_export_is_noted_in_the_chain(desk: Office):
    brief_id = desk.draft()
    desk.store.note(desk.clock(), desk.dana.id, "brief.export", f"brief:{brief_id}", format="pdf", version=desk.head(brief_id))
    assert desk.store.audit_rows()[-1].action == "brief.export"
    assert desk.store.audit_head() == desk.store.audit_rows()[-1].hash


def test_ids_are_handed_in(desk: Office):
    desk.store.save_dossier(digest(DOSSIER), "a1", AS_OF, DOSSIER)
    assert desk.store.save_draft(body(), at=NOON, new_id=counter("brief-")) == "brief-1"
