"""Deliveries to real receivers: at least once with one id, hours of patience, dead letters; and never what no longer stands."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from briefs import deliveries, targets
from briefs.canonical import digest
from briefs.delivery import attempt
from briefs.dispatch import Courier, Outside, announce
from briefs.errors import BadInput, MoveRefused, NotAllowed
from briefs.gate import State
from briefs.handoff.envelope import Envelope
from briefs.handoff.parcel import Parcel, Tools
from briefs.handoff.wire import Wire
from briefs.jobs import Job, Plan
from briefs.jobs_inline import InlineJobs
from briefs.review import recall
from briefs.store import Store, audit_log, delivery_rows
from briefs.store.delivery_rows import DeliveryRow
from briefs.store.delivery_rows import State as Stage
from briefs.store.handoffs import Handoff
from tests.briefs.desk_parts import Died, MortalStore, Office, body, counter, office
from tests.servers.receiver import Given, Receiver, late, reset, status

HOURS = timedelta(hours=48)


@dataclass
class Post:
    """An office whose deliveries go to a real receiver, tried by jobs in memory."""

    office: Office
    jobs: InlineJobs
    keeper: targets.Office

    @property
    def courier(self) -> Courier:
        return self.office.desk.courier

    def webhook(self, url: str) -> targets.Made:
        return targets.add(self.keeper, "webhook", "Sales", {"url": url}, by=None)

    def approved(self, account: str = "a1") -> str:
        brief_id = self.office.draft(body(account))
        self.office.approve(brief_id)
        return brief_id

    def rows(self, purpose: str = "handoff") -> list[DeliveryRow]:
        listed = deliveries.page(self.courier, by=None)
        return [each.row for each in listed if each.row.kind != "folder" and each.row.purpose == purpose]


def recalled(post: Post, brief_id: str) -> None:
    """Takes the approved version back, and lets what is to be told be told."""
    recall(post.office.desk, post.office.dana, brief_id, post.office.head(brief_id), reason_code="stale")
    post.jobs.run(HOURS)


def types(receiver: Receiver) -> list[str]:
    """What a receiver was told, in its order."""
    return [taken.json["type"] for taken in receiver.taken]


@pytest.fixture
def post(sqlite_store: Store) -> Post:
    made = office(sqlite_store)
    holder: list[Courier] = []
    plan = Plan((Job("deliver", "deliveries", lambda delivery_id: attempt(holder[0], delivery_id)),), {"deliveries": 4})  # pyright: ignore[reportArgumentType]
    jobs = InlineJobs(sqlite_store, plan, now=made.clock)

    def parcel(handoff: Handoff, row: DeliveryRow, data: bytes) -> Parcel:
        envelope = Envelope(
            handoff_id=handoff.id,
            brief_id=handoff.brief_id,
            version_hash=handoff.version_hash,
            approver_id=handoff.approval.by,
            approver_name=handoff.approval.by_name,
            approved_at=handoff.approval.at,
            audit_head=handoff.audit_head,
        )
        return Parcel(row.id, row.purpose, envelope, data, body(), at=row.created_at)

    tools = Tools(Wire(allow_private=True, seconds=0.5), made.clock)
    courier = replace(made.desk.courier, jobs=jobs, outside=Outside(tools, parcel), chance=lambda: 0.5, here=lambda kind: False)
    holder.append(courier)
    numbers = itertools.count(1)
    keeper = targets.Office(
        sqlite_store, made.clock, counter("t"), lambda: bytes([next(numbers)]) * 32, lambda host: ["127.0.0.1"], allow_private=True
    )
    return Post(replace(made, desk=replace(made.desk, courier=courier)), jobs, keeper)


def audited(post: Post, action: str) -> list[str]:
    with post.office.store.reading() as connection:
        return [row.object for row in audit_log.rows(connection) if row.action == action]


def test_where_the_audit_chain_stands_is_logged_once_a_handoff(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "briefs.audit")
    post.approved()
    post.jobs.run()
    told = [record for record in caplog.records if record.name == "briefs.audit"]
    assert [vars(record)["when"] for record in told] == ["delivered"]
    assert vars(told[0])["audit_head"] in {row.hash for row in post.courier.store.audit_rows()}


def test_an_approval_sets_off_to_every_active_target_in_its_own_transaction(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        assert post.office.store.brief(brief_id).state is State.APPROVED
        assert sorted((each.row.kind, each.row.state) for each in deliveries.page(post.courier, by=None)) == [
            ("folder", Stage.WAITING),
            ("webhook", Stage.WAITING),
        ]
        post.jobs.run()
    assert post.office.store.brief(brief_id).state is State.DELIVERED
    assert [row.state for row in post.rows()] == [Stage.DELIVERED]
    (taken,) = receiver.taken
    assert digest(taken.json["data"]["body"].encode()) == post.office.head(brief_id)
    assert len(audited(post, "delivery.sent")) == 1


def test_a_transaction_that_dies_leaves_no_delivery_and_no_job(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.office.draft()
        with pytest.raises(Died):
            post.office.mortal(1, committed=False).approve(brief_id)
        post.jobs.run(HOURS)
    assert (receiver.taken, deliveries.page(post.courier, by=None)) == ([], [])
    assert post.office.store.brief(brief_id).state is State.DRAFT


def test_a_receiver_that_fails_in_every_way_gets_it_in_the_end_under_one_id(post: Post):
    bad = [late(5), status(503), reset(), status(429, Retry_After="60"), status(500)]
    with Receiver([*bad, status(200)]) as receiver:
        post.webhook(receiver.url)
        post.approved()
        post.jobs.run(HOURS)
    assert len(receiver.taken) == len(bad) + 1
    assert {taken.headers["webhook-id"] for taken in receiver.taken} == {post.rows()[0].id}
    assert (post.rows()[0].state, post.rows()[0].attempts) == (Stage.DELIVERED, len(bad) + 1)
    told = deliveries.one(post.courier, post.rows()[0].id, by=None)
    assert [each.status for each in told.tries] == [None, 503, None, 429, 500, 200]


def test_the_waits_grow_and_what_is_never_taken_becomes_a_dead_letter_that_can_be_sent_again(post: Post):
    with Receiver([status(503)] * 13 + [status(200)]) as receiver:
        post.webhook(receiver.url)
        post.approved()
        post.jobs.run(HOURS)
        (row,) = post.rows()
        assert (row.state, row.attempts, row.last_status) == (Stage.DEAD, 13, 503)
        with post.office.store.reading() as connection:
            assert len(delivery_rows.tries(connection, row.id)) == 13
        assert audited(post, "delivery.dead") == [f"delivery:{row.id}"]
        assert [each.row.id for each in deliveries.page(post.courier, by=None, state="dead")] == [row.id]
        deliveries.resend(post.courier, row.id, by=post.office.max)
        post.jobs.run()
        assert post.rows()[0].state is Stage.DELIVERED
        assert len(receiver.taken) == 14


def test_the_count_of_tries_is_in_the_database_and_not_in_a_process(post: Post):
    with Receiver([status(503)]) as receiver:
        post.webhook(receiver.url)
        post.approved()
        post.jobs.run()
        later = InlineJobs(post.office.store, Plan((Job("deliver", "d", lambda id: attempt(courier, id)),), {}), now=post.office.clock)  # pyright: ignore[reportArgumentType]
        courier = replace(post.courier, jobs=later)
        assert deliveries.take_up(courier) == 1
        later.run(HOURS)
    assert (post.rows()[0].state, post.rows()[0].attempts, len(receiver.taken)) == (Stage.DEAD, 13, 13)


def test_what_is_taken_back_while_it_is_retried_is_not_sent_again_and_its_recall_is(post: Post):
    with Receiver([status(503)]) as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.jobs.run()
        assert len(receiver.taken) == 1
        recall(post.office.desk, post.office.dana, brief_id, post.office.head(brief_id), reason_code="blocker_open")
        post.jobs.run(HOURS)
        assert {taken.json["type"] for taken in receiver.taken[1:]} == {"handoff.recalled"}
        assert [row.state for row in post.rows()] == [Stage.CANCELLED]
        with pytest.raises(MoveRefused, match="taken back"):
            deliveries.resend(post.courier, post.rows()[0].id, by=None)


def test_who_was_sent_nothing_is_told_of_no_recall(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        recalled(post, brief_id)
    assert receiver.taken == []
    assert post.rows("recall") == []


@pytest.mark.parametrize("first", [late(5), status(400)])
def test_a_receiver_whose_answer_says_no_or_is_lost_may_hold_it_and_is_told_of_its_recall(post: Post, first: Given):
    with Receiver([first, status(200)]) as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.jobs.run()
        recalled(post, brief_id)
    assert types(receiver) == ["handoff.approved", "handoff.recalled"]


def test_what_arrived_and_waits_to_be_sent_again_is_recalled_and_not_sent(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.jobs.run()
        deliveries.resend(post.courier, post.rows()[0].id, by=post.office.max)
        recalled(post, brief_id)
    assert types(receiver) == ["handoff.approved", "handoff.recalled"]


def test_what_was_being_sent_when_the_process_died_is_recalled_too(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        with pytest.raises(Died):
            attempt(replace(post.courier, store=MortalStore(post.office.store.engine, 2, committed=False)), post.rows()[0].id)
        deliveries.take_up(post.courier)
        recalled(post, brief_id)
    assert types(receiver) == ["handoff.approved", "handoff.recalled"]


def test_an_edit_after_the_approval_voids_what_waits(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.office.edit(brief_id)
        post.jobs.run(HOURS)
    assert (receiver.taken, post.office.shelf.written) == ([], {})
    assert [row.state for row in post.rows()] == [Stage.CANCELLED]


def test_every_target_that_got_it_is_told_of_a_recall(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.jobs.run()
        recall(post.office.desk, post.office.dana, brief_id, post.office.head(brief_id), reason_code="stale")
        post.jobs.run()
    first, second = (taken.json for taken in receiver.taken)
    assert (first["type"], second["type"], second["data"]["body"]) == ("handoff.approved", "handoff.recalled", None)
    assert first["data"]["handoff_id"] == second["data"]["handoff_id"]


@pytest.mark.parametrize("answered", [200, 400, 503])
def test_a_handoff_taken_back_while_it_is_being_sent_is_followed_by_its_recall(post: Post, answered: int):
    brief: list[str] = []

    def recalls(_taken: Any):
        if len(receiver.taken) == 1:
            recall(post.office.desk, post.office.dana, brief[0], post.office.head(brief[0]), reason_code="stale")
            return status(answered)
        return status(200)

    with Receiver(recalls) as receiver:
        post.webhook(receiver.url)
        brief.append(post.approved())
        patient = replace(
            post.courier, outside=Outside(replace(post.courier.outside.tools, post=Wire(allow_private=True, seconds=10)), post.courier.outside.parcel)
        )  # pyright: ignore[reportOptionalMemberAccess]
        attempt(patient, post.rows()[0].id)
        post.jobs.run()
    assert types(receiver) == ["handoff.approved", "handoff.recalled"]


def test_a_change_is_told_to_who_got_the_handoff(post: Post):
    with Receiver() as receiver:
        post.webhook(receiver.url)
        brief_id = post.approved()
        post.jobs.run()
        with post.office.store.writing() as connection:
            assert announce(connection, post.courier, post.office.store.handoffs(brief_id)[0].id) == 1
        post.jobs.run()
    assert types(receiver) == ["handoff.approved", "handoff.changed"]


def test_a_receiver_that_is_gone_switches_its_target_off(post: Post):
    with Receiver([status(410)]) as receiver:
        made = post.webhook(receiver.url)
        post.approved()
        post.approved("a2")
        post.jobs.run(HOURS)
        assert len(receiver.taken) == 1
        assert {row.state for row in post.rows()} == {Stage.DEAD}
        shown = next(each for each in targets.everything(post.keeper, by=None) if each.id == made.target.id)
        assert shown.disabled_at is not None
        post.approved("a3")
        assert len(post.rows()) == 2, "nothing new is sent there"


def test_a_target_hears_of_two_secrets_while_they_change_and_of_one_after(post: Post):
    with Receiver() as receiver:
        made = post.webhook(receiver.url)
        first = made.secret
        second = targets.rotate(post.keeper, made.target.id, by=None).secret
        assert first != second
        post.approved()
        post.jobs.run()
        assert len(receiver.taken[0].headers["webhook-signature"].split()) == 2
        targets.rotate(post.keeper, made.target.id, drop_old=True, by=None)
        post.approved("a2")
        post.jobs.run()
        assert len(receiver.taken[1].headers["webhook-signature"].split()) == 1


def test_a_secret_is_shown_once_and_stands_nowhere_else(post: Post):
    made = post.webhook("http://127.0.0.1:1/")
    assert made.secret is not None
    assert made.secret not in repr(targets.everything(post.keeper, by=None))
    with post.office.store.reading() as connection:
        assert all(made.secret not in row.details for row in audit_log.rows(connection))


def test_an_address_inside_is_refused_when_the_target_is_made(post: Post):
    strict = replace(post.keeper, allow_private=False)
    with pytest.raises(BadInput):
        targets.add(strict, "webhook", "Inside", {"url": "https://hooks.example/"}, by=None)


def test_only_an_admin_keeps_targets_and_sees_deliveries(post: Post):
    for person in (post.office.dana, post.office.eve):
        with pytest.raises(NotAllowed):
            targets.everything(post.keeper, by=person)
        with pytest.raises(NotAllowed):
            deliveries.page(post.courier, by=person)
    with pytest.raises(BadInput):
        targets.disable(post.keeper, "folder", by=None)
