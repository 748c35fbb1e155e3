"""After delivery: what changed since the approval is told once, at once, outside the approved body; the rest waits for the weekly digest."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from briefs import people
from briefs.brief import BriefBody
from briefs.deciding import digest, handed, sales, watching
from briefs.deciding.desk_work import snooze
from briefs.deciding.notices import IMMEDIATE, KINDS, WEEKLY, at_once
from briefs.freshness import Difference
from briefs.review import approve, changes_digest, recall
from briefs.settings import Settings
from briefs.store import brief_rows, marks, notices
from briefs.wiring import Workspace, new_token
from retrieval.records import record_id
from tests.api.world import MIRA
from tests.briefs.desk_parts import AS_OF, Office, body
from tests.briefs.reimporting import ACCOUNT, import_again
from tests.sharing import planted

P1 = Difference("blocker", "open_critical_ticket", "a blocker stands: open critical ticket, until it is solved")
FELL = Difference("verdict", "blocked", "the verdict is blocked now, it was qualified")
CHANGED = Difference("record_changed", "n1", "n1 does not read as it did")


@pytest.fixture
def handoff_id(desk: Office) -> str:
    brief_id = desk.draft()
    desk.approve(brief_id)
    return desk.store.handoffs(brief_id)[0].id


def watch(desk: Office, *present: Difference) -> list[watching.Told]:
    return watching.watch(desk.desk, lambda written: present)


def told(desk: Office, name: str) -> list[str]:
    with desk.store.reading() as connection:
        return [notice.kind for notice in notices.of_person(connection, getattr(desk, name).id)]


def test_sales_and_the_csm_hear_at_once_what_changed(desk: Office, handoff_id: str):
    before = handed.read(desk.desk, desk.eve, handoff_id).body
    (seen,) = watch(desk, P1, FELL)
    assert seen.new == (P1, FELL)
    read = handed.read(desk.desk, desk.eve, handoff_id)
    assert [(c.kind, c.subject, c.over) for c in read.changes] == [("blocker", "open_critical_ticket", False), ("verdict", "blocked", False)]
    assert read.body == before, "the approved bytes stay as they are"
    assert told(desk, "eve")[0] == "handoff_changed"
    assert told(desk, "dana")[0] == "handoff_changed"


def test_whoever_the_brief_was_given_to_hears_of_a_change(desk: Office, handoff_id: str):
    with desk.store.writing() as connection:
        marks.assign(connection, brief_rows.get(connection, desk.store.handoff(handoff_id).brief_id), desk.otto.id)
    watch(desk, P1)
    assert told(desk, "otto") == ["handoff_changed"]
    assert "handoff_changed" not in told(desk, "dana")


def test_a_change_is_told_once(desk: Office, handoff_id: str):
    watch(desk, P1)
    assert watch(desk, P1) == []
    assert told(desk, "eve").count("handoff_changed") == 1


def test_a_change_that_is_over_is_marked_and_told_again_when_it_comes_back(desk: Office, handoff_id: str):
    watch(desk, P1)
    (seen,) = watch(desk)
    assert [change.subject for change in seen.over] == ["open_critical_ticket"]
    assert told(desk, "eve").count("handoff_changed") == 1, "good news rings nobody"
    (again,) = watch(desk, P1)
    assert again.new == (P1,)
    assert [c.over for c in handed.read(desk.desk, desk.eve, handoff_id).changes] == [False, True, False]


def test_a_value_that_changes_again_is_told_again(desk: Office, handoff_id: str):
    watch(desk, Difference("record_changed", "usage:a1", "seats_active of usage:a1 was 180, is 150"))
    fewer = Difference("record_changed", "usage:a1", "seats_active of usage:a1 was 180, is 90")
    (seen,) = watch(desk, fewer)
    assert (seen.new, [change.words for change in seen.over]) == ((fewer,), ["seats_active of usage:a1 was 180, is 150"])


def test_a_cited_record_imported_with_another_value_is_told_beside_the_handoff(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path):
    shutil.copytree(planted(tmp_path_factory), tmp_path / "home")
    with Workspace(Settings(home=tmp_path / "home")) as space:
        mira = people.add(space.store, "Mira", "csm", MIRA, by=None, now=space.now, new_id=space.new_id, new_token=new_token).person
        row = space.store.briefs_of(ACCOUNT)[0]
        space.jobs.ready()
        approve(space.desk, mira, row.id, row.head, current_dossier_check=space.changes_since)
        assert watching.watch(space.desk, space.differences) == []
        written = BriefBody.model_validate_json(space.store.version(row.head))
        cited = next(e for claim in written.claims() for e in claim.evidence if e.field == "seats_active")
        record = next(each for each in space.archive.records(ACCOUNT) if record_id(each) == cited.record_id)
        import_again(space, tmp_path / "again", record, seats_active=cited.value - 1)
        (told,) = watching.watch(space.desk, space.differences)
    said = f"seats_active of {cited.record_id} was {cited.value}, is {cited.value - 1}"
    assert said in [difference.words for difference in told.new]


def test_what_the_csm_accepted_at_approval_is_no_news(desk: Office):
    brief_id = desk.draft()
    approve(
        desk.desk,
        desk.dana,
        brief_id,
        desk.head(brief_id),
        current_dossier_check=lambda written: [CHANGED.words],
        accept_changes=changes_digest([CHANGED.words]),
    )
    assert watch(desk, CHANGED) == []
    assert watch(desk, CHANGED, P1)[0].new == (P1,)


def test_nobody_watches_what_is_recalled_declined_or_not_delivered(desk: Office, handoff_id: str):
    other = desk.draft(body("a2"))
    desk.approve_without_delivering(other)
    brief_id = desk.store.handoff(handoff_id).brief_id
    recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
    asked: list[BriefBody] = []
    watching.watch(desk.desk, lambda written: asked.append(written) or [P1])
    assert asked == []


def test_an_accepted_handoff_is_watched_to_its_end(desk: Office, handoff_id: str):
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=AS_OF)
    assert watch(desk, P1) != []
    sales.outcome(desk.desk, desk.eve, handoff_id, "lost", code="price")
    assert watch(desk, P1, FELL) == []


def test_only_the_accounts_asked_for_are_compared(desk: Office, handoff_id: str):
    assert watching.watch(desk.desk, lambda written: [P1], ["a2"]) == []
    assert len(watching.watch(desk.desk, lambda written: [P1], ["a1"])) == 1


def test_a_recall_while_comparing_wins(desk: Office, handoff_id: str):
    brief_id = desk.store.handoff(handoff_id).brief_id

    def slow(written: BriefBody) -> list[Difference]:
        recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
        return [P1]

    assert watching.watch(desk.desk, slow) == []
    assert handed.read(desk.desk, desk.dana, handoff_id).changes == ()


def test_every_kind_of_notice_is_sent_at_once_or_in_the_digest():
    assert set(IMMEDIATE) & set(WEEKLY) == set()
    assert [at_once(kind) for kind in KINDS] == [kind in IMMEDIATE for kind in KINDS]
    with pytest.raises(KeyError):
        at_once("weather")


def test_the_digest_says_what_waits_lapses_and_happened(desk: Office):
    ids = [desk.draft(body(f"a{n}")) for n in range(1, 9)]
    with desk.store.writing() as connection:
        for n, brief_id in enumerate(ids):
            marks.rank(connection, desk.store.brief(brief_id), n / 10, None)
        marks.hold(connection, desk.store.brief(ids[0]))
        marks.release(connection, desk.store.brief(ids[1]), desk.clock.at, desk.clock.at + timedelta(days=3))
    snooze(desk.desk, desk.dana, ids[2], for_evidence=True)
    desk.approve(ids[3])
    sales.decline(desk.desk, desk.eve, desk.store.handoffs(ids[3])[0].id, code="no_fit")
    week = digest.weekly(desk.desk, desk.dana)
    assert [row.id for row in week.top] == [ids[7], ids[6], ids[5], ids[4], ids[1]]
    assert (week.more, week.waiting, week.asleep) == (0, 1, 1)
    assert [row.id for row in week.lapsing] == [ids[1]]
    assert week.happened == (("decline", 1),)
    words = digest.in_words(week)
    assert words.startswith("5 briefs to decide.\n")
    assert "1 wait for their week." in words
    assert "decline: 1" in words


def test_a_digest_of_a_quiet_week_is_empty(desk: Office):
    desk.draft()
    assert digest.weekly(desk.desk, desk.otto).empty
    assert not digest.weekly(desk.desk, desk.dana).empty
