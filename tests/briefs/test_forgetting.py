"""What is forgotten is gone from every table and from the disk, and what rested on it is opened again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from briefs.brief import Claim, Section
from briefs.canonical import canonical_json, digest
from briefs.errors import NotFound
from briefs.forgetting import NOTE, Erased, forget_account, forget_record
from briefs.gate import State
from briefs.review import override, recall, reject
from briefs.store import Store
from briefs.store.cache import Reading
from briefs.store.judgements import Flag
from tests.briefs.desk_parts import AS_OF, DOSSIER, NOTE_TEXT, Office, body, database_bytes, office, result

WORDS = [b"Lyon", b"before summer"]


def forget(desk: Office, record_id: str = "n1", texts: tuple[str, ...] = (NOTE_TEXT,)) -> Erased:
    return forget_record(desk.store, "a1", record_id, texts, by="max1", now=desk.clock, remove_handoff=desk.shelf.remove)


def forget_all(desk: Office, account_id: str = "a1") -> Erased:
    return forget_account(desk.store, account_id, by="max1", now=desk.clock, remove_handoff=desk.shelf.remove)


def use(desk: Office) -> str:
    """Everything that may hold the customer's words holds them; the delivered brief of a1."""
    brief_id = desk.draft()
    desk.edit(brief_id)
    desk.approve(brief_id)
    told = result(brief_id=brief_id).model_copy(update={"would_change": (NOTE_TEXT,)})
    desk.store.save_result(told, "key", "scan", desk.clock())
    desk.store.readings_put(
        [Reading("k1", "a1", "n1", NOTE_TEXT), Reading("k2", "a1", "n2", "other"), Reading("k3", "a1", None, NOTE_TEXT)], desk.clock()
    )
    desk.store.answer_put("k4", "a1", {"said": NOTE_TEXT}, desk.clock())
    desk.store.add_flag(Flag("f1", "a1", "n1", "Lyon again", "sam", desk.clock()))
    desk.store.add_flag(Flag("f2", "a1", "t2", NOTE_TEXT, "sam", desk.clock()))
    ends = desk.clock().replace(year=2027)
    override(desk.desk, desk.dana, "a1", "draft_anyway", reason=f"As they said: {NOTE_TEXT}", expires_at=ends)
    return brief_id


def other_account(desk: Office) -> str:
    """A brief of a2 that says nothing of a1."""
    quiet = body("a2", headline="Beta").model_copy(update={"sections": ()})
    brief_id = desk.draft(quiet)
    desk.store.save_result(result("a2"), "key", "scan", desk.clock())
    desk.approve(brief_id)
    return brief_id


def test_a_forgotten_record_is_gone_from_every_byte_of_the_database(database: Path, sqlite_store: Store):
    desk = office(sqlite_store)
    use(desk)
    assert any(word in database_bytes(database) for word in WORDS)
    assert forget(desk).off_disk
    assert [word for word in WORDS if word in database_bytes(database)] == []


def test_a_forgotten_account_is_gone_from_every_byte_of_the_database(database: Path, sqlite_store: Store):
    desk = office(sqlite_store)
    use(desk)
    assert forget_all(desk).off_disk
    assert [word for word in [*WORDS, b"Acme is ready"] if word in database_bytes(database)] == []


def test_a_brief_that_cited_the_record_is_opened_again_without_its_words(desk: Office):
    brief_id = use(desk)
    erased = forget(desk)
    row = desk.store.brief(brief_id)
    assert (row.state, row.note, row.headline) == (State.CHANGES_REQUESTED, NOTE, "")
    assert (erased.reopened, erased.versions, erased.dossiers, erased.results, erased.readings) == ((brief_id,), 2, 1, 1, 3)
    assert desk.shelf.written == {}
    assert [h.withdrawn_at is not None for h in desk.store.handoffs(brief_id)] == [True]
    assert [v.erased for v in desk.store.versions(brief_id)] == [True, True]
    with pytest.raises(NotFound, match="erased"):
        desk.store.version(row.head)
    assert desk.store.verify_audit() > 0


@pytest.mark.parametrize(
    ("state", "after"), [("draft", State.DRAFT), ("approved", State.CHANGES_REQUESTED), ("rejected", State.REJECTED), ("recalled", State.RECALLED)]
)
def test_a_brief_goes_back_as_far_as_it_must(desk: Office, state: str, after: State):
    brief_id = desk.draft()
    if state == "approved":
        desk.approve_without_delivering(brief_id)
    if state == "rejected":
        reject(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="other", reason=f"They said: {NOTE_TEXT}")
    if state == "recalled":
        desk.approve(brief_id)
        recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
    forget(desk)
    assert desk.store.brief(brief_id).state is after
    assert [version.erased for version in desk.store.versions(brief_id)] == [True]
    assert {d.reason for d in desk.store.decisions(brief_id)} <= {None}


def test_the_next_draft_takes_the_place_of_the_erased_one(desk: Office):
    brief_id = use(desk)
    forget(desk)
    assert desk.store.last_result("a1") is None, "so the next scan looks at the account again"
    clean = body().model_copy(update={"sections": ()})
    assert desk.draft(clean) == brief_id
    assert desk.approve(brief_id).brief.state is State.DELIVERED


def test_a_delivered_brief_whose_place_is_taken_is_recalled(desk: Office):
    old = use(desk)
    new = desk.draft(body(headline="Acme grew"))
    forget(desk)
    assert [desk.store.brief(b).state for b in (old, new)] == [State.RECALLED, State.DRAFT]


def test_only_what_rests_on_the_record_is_touched(desk: Office):
    brief_id = use(desk)
    other = other_account(desk)
    shelf = dict(desk.shelf.written)
    erased = forget(desk, "n2", ("Nothing new from the weekly call.",))
    assert (erased.reopened, erased.versions, erased.handoffs) == ((), 0, ())
    assert [desk.store.brief(b).state for b in (brief_id, other)] == [State.DELIVERED, State.DELIVERED]
    assert desk.shelf.written == shelf
    assert set(desk.store.readings_get(["k1", "k2", "k3"])) == {"k1"}, "what was read in n2, and of the account as a whole, is gone"
    assert json.loads(desk.store.dossier(digest(DOSSIER)))["notes"] == [{"id": "n1", "body": NOTE_TEXT}]


def test_a_brief_that_repeats_the_words_without_citing_them_is_found_too(desk: Office):
    told = body().model_copy(update={"sections": (Section(key="need", title="Need", claims=(Claim(id="c1", text=f"So:  {NOTE_TEXT} Yes."),)),)})
    brief_id = desk.draft(told)
    assert forget(desk, "n77").reopened == (brief_id,)


def test_a_persons_edit_on_top_of_the_words_goes_with_them_but_a_clean_redraft_stays(desk: Office):
    brief_id = desk.draft()
    desk.edit(brief_id, "Lyon comes on board.")
    desk.draft(body(headline="Clean").model_copy(update={"sections": ()}))
    assert forget(desk).reopened == ()
    assert [v.erased for v in desk.store.versions(brief_id)] == [True, True, False]
    assert desk.store.brief(brief_id).headline == "Clean"


def test_a_usage_row_is_forgotten_by_its_id(desk: Office):
    row = {"account_id": "a1", "period_start": "2026-03-01", "seats_active": 41}
    dossier = canonical_json({"usage": [row, row | {"period_start": "2026-02-01"}]})
    desk.store.save_dossier(digest(dossier), "a1", AS_OF, dossier)
    forget(desk, "usage:a1:2026-03-01", ())
    assert json.loads(desk.store.dossier(digest(dossier)))["usage"] == [row | {"period_start": "2026-02-01"}]


def test_forgetting_an_account_leaves_the_others_as_they_are(desk: Office):
    use(desk)
    other = other_account(desk)
    handoff = desk.store.handoffs(other)[0].id
    erased = forget_all(desk)
    assert (erased.versions, len(erased.handoffs), erased.results) == (2, 1, 1)
    assert [row.id for row in desk.store.list()] == [other]
    assert list(desk.shelf.written) == [handoff]
    assert desk.store.last_result("a1") is None
    assert desk.store.last_result("a2") is not None
    assert desk.store.flags("a1") == []
    assert desk.store.overrides("a1", desk.clock()) == []
    assert desk.store.readings_get(["k1", "k2", "k3"]) == {}
    assert desk.store.verify_audit() > 0


def test_the_audit_chain_says_what_was_erased_by_ids_and_hashes(desk: Office):
    brief_id = use(desk)
    hashes = {v.hash for v in desk.store.versions(brief_id)}
    head = desk.store.audit_head()
    forget(desk)
    forgotten = next(row for row in desk.store.audit_rows() if row.action == "forget")
    said = json.loads(forgotten.details)
    assert (forgotten.object, said["account"], said["briefs"]) == ("record:n1", "a1", [brief_id])
    assert set(said["versions"]) == hashes
    assert said["dossiers"] == [digest(DOSSIER)]
    assert not any("Lyon" in row.details for row in desk.store.audit_rows())
    assert desk.store.verify_audit(head) > 0, "forgetting breaks no head exported before"


def test_forgetting_can_be_repeated(desk: Office):
    brief_id = use(desk)
    forget(desk)
    assert forget(desk).versions == 0
    assert desk.store.brief(brief_id).state is State.CHANGES_REQUESTED
    forget_all(desk)
    assert forget_all(desk).versions == 0


def test_a_folder_left_by_a_crash_is_taken_away_the_next_time(desk: Office):
    use(desk)
    left = dict(desk.shelf.written)
    forget(desk)
    desk.shelf.written.update(left)
    forget(desk)
    assert desk.shelf.written == {}


def test_the_door_is_shut_again(desk: Office):
    use(desk)
    forget(desk)
    desk.draft(body(headline="New words"))
    with pytest.raises(DBAPIError), desk.store.writing() as connection:
        connection.execute(text("DELETE FROM versions"))
