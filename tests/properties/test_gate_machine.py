"""Whatever people, the machine and crashes do in whatever order: nothing reaches sales that somebody allowed to did not approve byte for byte."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from briefs.canonical import digest
from briefs.deciding import expiry, sales
from briefs.errors import BriefsError
from briefs.forgetting import forget_record
from briefs.gate import LIVE
from briefs.review import approve, finish_deliveries, recall, reject, request_changes
from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine
from tests.briefs.desk_parts import NOTE_TEXT, Died, Office, body, office, unchanged

UNAPPROVED = """
    SELECT h.id FROM handoffs h WHERE NOT EXISTS (
        SELECT 1 FROM decisions d JOIN people p ON p.id = d."by" JOIN versions v ON v.brief_id = d.brief_id AND v.hash = d.version_hash
        WHERE d.id = h.decision_id AND d.decision = 'approve' AND d.brief_id = h.brief_id AND d.version_hash = h.version_hash
          AND p.role IN ('csm', 'admin') AND p.id <> 'machine'
    )
"""
TWICE_REDEEMED = "SELECT decision_id FROM handoffs GROUP BY decision_id HAVING count(*) > 1"
DELIVERED_WITHOUT_HANDOFF = """
    SELECT b.id FROM briefs b WHERE b.state IN ('delivering', 'delivered') AND NOT EXISTS (
        SELECT 1 FROM handoffs h WHERE h.brief_id = b.id AND h.version_hash = b.head AND h.withdrawn_at IS NULL
    )
"""
HEADS_ASTRAY = """
    SELECT b.id FROM briefs b LEFT JOIN versions v ON v.brief_id = b.id AND v.n = b.versions WHERE v.hash IS NULL OR v.hash <> b.head
"""
LAPSED_BY_A_PERSON = """
    SELECT b.id FROM briefs b WHERE b.state = 'expired' AND (
        EXISTS (SELECT 1 FROM handoffs h WHERE h.brief_id = b.id AND h.withdrawn_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.object = 'brief:' || b.id AND a.action = 'brief.expire' AND a.actor = 'machine')
        OR EXISTS (SELECT 1 FROM decisions d WHERE d.brief_id = b.id AND d.decision = 'reject' AND d.version_hash = b.head)
    )
"""
ANSWERED_WITHOUT_HANDOFF = """
    SELECT b.id FROM briefs b WHERE b.state IN ('accepted', 'declined') AND NOT EXISTS (
        SELECT 1 FROM handoffs h JOIN answers s ON s.handoff_id = h.id JOIN people p ON p.id = s."by"
        WHERE h.brief_id = b.id AND h.version_hash = b.head AND h.withdrawn_at IS NULL AND h.delivered_at IS NOT NULL AND p.role IN ('ae', 'admin')
    )
"""
OPEN_DOORS = "SELECT brief_id FROM erasures"
VERSIONS = "SELECT brief_id, n, hash, parent, author, at, body FROM versions"

PERSON = st.sampled_from(["dana", "otto", "eve", "max"])
WORDS = st.sampled_from([NOTE_TEXT, "They want more seats.", "The Lyon team is next."])
HEADLINE = st.sampled_from(["Acme is ready", "Acme grew", "Acme asks"])
ACCOUNT = st.sampled_from(["a1", "a2"])
WHICH = st.integers(0, 9)
LIVES = st.integers(1, 4)
DAYS = st.sampled_from([1, 4, 16])
"""A day, enough to be escalated, and enough to lapse."""


class Gate(RuleBasedStateMachine):
    template: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="gate-"))
        self.engine = open_engine(f"sqlite:///{shutil.copy(_template(), self.folder / 'briefs.db')}")
        self.office = office(Store(self.engine))
        self.versions: dict[tuple[str, int], tuple[object, ...]] = {}
        self.head = self.office.store.audit_head()
        self.forgot = False

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    @property
    def some(self) -> list[str]:
        return sorted(row.id for row in self.office.store.list())

    @contextlib.contextmanager
    def perhaps(self):
        """Refusals are right answers; a crash is survived."""
        with contextlib.suppress(BriefsError, Died, KeyboardInterrupt):
            yield

    def brief(self, which: int) -> str:
        return self.some[which % len(self.some)]

    @initialize(account=ACCOUNT, headline=HEADLINE)
    def first_draft(self, account: str, headline: str) -> None:
        self.office.draft(body(account, headline=headline))

    @rule(account=ACCOUNT, headline=HEADLINE)
    def new_draft(self, account: str, headline: str) -> None:
        self.office.draft(body(account, headline=headline))

    @rule(which=WHICH, who=PERSON, words=WORDS)
    def edits(self, which: int, who: str, words: str) -> None:
        with self.perhaps():
            self.office.edit(self.brief(which), words, person=getattr(self.office, who))

    @rule(which=WHICH, who=PERSON, four_eyes=st.booleans())
    def approves(self, which: int, who: str, four_eyes: bool) -> None:
        at = self.office.four_eyes() if four_eyes else self.office
        with self.perhaps():
            at.approve(self.brief(which), getattr(self.office, who))

    @rule(which=WHICH, old=WHICH)
    def approves_a_version_read_earlier(self, which: int, old: int) -> None:
        versions = self.office.store.versions(self.brief(which))
        with self.perhaps():
            approve(
                self.office.desk,
                self.office.dana,
                self.brief(which),
                versions[old % len(versions)].hash,
                current_dossier_check=unchanged,
            )

    @rule(which=WHICH, who=PERSON, act=st.sampled_from([reject, request_changes, recall]))
    def refuses(self, which: int, who: str, act: object) -> None:
        brief_id = self.brief(which)
        with self.perhaps():
            act(self.office.desk, getattr(self.office, who), brief_id, self.office.head(brief_id), reason_code="stale")  # pyright: ignore[reportCallIssue]

    @rule(which=WHICH, lives=LIVES, committed=st.booleans())
    def dies_while_approving(self, which: int, lives: int, committed: bool) -> None:
        with self.perhaps():
            self.office.mortal(lives, committed=committed).approve(self.brief(which))

    @rule(which=WHICH, after=st.booleans(), kind=st.sampled_from([KeyboardInterrupt(), OSError(28, "disk full")]))
    def dies_while_writing_the_folder(self, which: int, after: bool, kind: BaseException) -> None:
        self.office.shelf.breaks, self.office.shelf.breaks_after = kind, after
        with self.perhaps():
            self.office.approve(self.brief(which))
        self.office.shelf.breaks = None

    @rule(which=WHICH, committed=st.booleans(), account=ACCOUNT, headline=HEADLINE)
    def dies_while_drafting_or_editing(self, which: int, committed: bool, account: str, headline: str) -> None:
        with self.perhaps():
            self.office.mortal(1, committed=committed).edit(self.brief(which), "Half an edit.")
        with self.perhaps():
            self.office.mortal(2, committed=committed).draft(body(account, headline=headline))

    @rule(lives=LIVES, committed=st.booleans())
    def dies_while_finishing(self, lives: int, committed: bool) -> None:
        with self.perhaps():
            finish_deliveries(self.office.mortal(lives, committed=committed).desk.courier)

    @rule()
    def next_run(self) -> None:
        finish_deliveries(self.office.desk.courier)
        assert {row.state.value for row in self.office.store.list()} & {"approved", "delivering"} == set()

    @rule(days=DAYS)
    def days_go_by(self, days: int) -> None:
        self.office.clock.at += timedelta(days=days)

    @rule(days=DAYS)
    def the_clock_looks_at_what_is_due(self, days: int) -> None:
        """What lapses was not on its way: an approval that set off stays, whatever the day."""
        self.office.clock.at += timedelta(days=days)
        before = {row.id: row.state.value for row in self.office.store.list()}
        done = expiry.lapse(self.office.desk)
        assert {before[id] for id in done} <= {"draft", "in_review", "changes_requested", "approved"}
        for row in self.office.store.list():
            lapsed = done.get(row.id) == "expire"
            assert row.state.value == ("expired" if lapsed else before[row.id])

    @rule(lives=LIVES, committed=st.booleans())
    def dies_while_the_clock_looks(self, lives: int, committed: bool) -> None:
        with self.perhaps():
            expiry.lapse(self.office.mortal(lives, committed=committed).desk)

    @rule(which=WHICH, who=PERSON, accepts=st.booleans())
    def sales_answers(self, which: int, who: str, accepts: bool) -> None:
        handoffs = self.office.store.handoffs()
        if handoffs:
            desk, person, handoff = self.office.desk, getattr(self.office, who), handoffs[which % len(handoffs)].id
            with self.perhaps():
                if accepts:
                    sales.accept(desk, person, handoff, first_touch=self.office.clock.at.date())
                else:
                    sales.decline(desk, person, handoff, code="no_budget")

    @rule(account=ACCOUNT)
    def forgets(self, account: str) -> None:
        courier = self.office.desk.courier
        forget_record(courier.store, account, "n1", [NOTE_TEXT], by="max1", now=courier.now, remove_handoff=courier.remove)
        self.forgot = True

    @invariant()
    def nothing_unapproved_leaves(self) -> None:
        with self.office.store.reading() as connection:
            for query in (
                UNAPPROVED,
                TWICE_REDEEMED,
                DELIVERED_WITHOUT_HANDOFF,
                HEADS_ASTRAY,
                LAPSED_BY_A_PERSON,
                ANSWERED_WITHOUT_HANDOFF,
                OPEN_DOORS,
            ):
                assert connection.execute(text(query)).all() == [], query
        approved = {handoff.id: handoff.version_hash for handoff in self.office.store.handoffs()}
        assert {handoff_id: digest(data) for handoff_id, data in self.office.shelf.written.items()}.items() <= approved.items()

    @invariant()
    def versions_never_change(self) -> None:
        with self.office.store.reading() as connection:
            now = {(row[0], row[1]): tuple(row[2:]) for row in connection.execute(text(VERSIONS))}
        for key, then in self.versions.items():
            assert now[key][:-1] == then[:-1]
            assert now[key][-1] == then[-1] or (self.forgot and now[key][-1] is None)
        assert all(row[-1] is None or digest(row[-1]) == row[0] for row in now.values())
        self.versions, self.forgot = now, False

    @invariant()
    def the_audit_chain_only_grows(self) -> None:
        self.office.store.verify_audit(self.head)
        self.head = self.office.store.audit_head()

    @invariant()
    def one_brief_of_a_kind_is_open(self) -> None:
        keys = [(row.account_id, row.motion, row.sku, row.quarter) for row in self.office.store.list() if row.state in LIVE]
        assert len(keys) == len(set(keys))


def _template() -> Path:
    if Gate.template is None:
        Gate.template = Path(tempfile.mkdtemp(prefix="gate-template-")) / "briefs.db"
        engine = open_engine(f"sqlite:///{Gate.template}")
        ensure(engine)
        engine.dispose()
    return Gate.template


TestGate = Gate.TestCase
TestGate.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_the_machine_gets_as_far_as_a_delivery():
    """The rules above can reach what they are there to watch."""
    machine = Gate()
    machine.first_draft("a1", "Acme is ready")
    machine.edits(0, "dana", "They want more seats.")
    machine.approves(0, "dana", False)
    assert isinstance(machine.office, Office)
    assert len(machine.office.shelf.written) == 1
    machine.nothing_unapproved_leaves()
    machine.sales_answers(0, "eve", True)
    assert machine.office.store.brief(machine.brief(0)).state == "accepted"
    machine.new_draft("a2", "Acme grew")
    machine.the_clock_looks_at_what_is_due(16)
    assert {row.state.value for row in machine.office.store.list()} == {"accepted", "expired"}
    machine.nothing_unapproved_leaves()
    machine.teardown()


def test_the_walls_of_the_machine_can_be_seen_broken():
    """Each question of the invariant has an answer where somebody changed what it asks for: otherwise it could not fail."""
    for query, change in (
        (UNAPPROVED, "UPDATE handoffs SET version_hash = 'sha256:other'"),
        (DELIVERED_WITHOUT_HANDOFF, "UPDATE briefs SET state = 'delivered' WHERE account_id = 'a2'"),
        (LAPSED_BY_A_PERSON, "UPDATE briefs SET state = 'expired' WHERE account_id = 'a2'"),
        (ANSWERED_WITHOUT_HANDOFF, "UPDATE briefs SET state = 'accepted' WHERE account_id = 'a2'"),
        (HEADS_ASTRAY, "UPDATE briefs SET head = 'sha256:other' WHERE account_id = 'a2'"),
    ):
        machine = Gate()
        machine.first_draft("a1", "Acme is ready")
        machine.approves(0, "dana", False)
        machine.new_draft("a2", "Acme grew")
        with sqlite3.connect(machine.folder / "briefs.db") as db:
            assert db.execute(query).fetchall() == []
            db.execute("PRAGMA foreign_keys=OFF")
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                db.execute(f"DROP TRIGGER {name}")
            db.execute(change)
            assert len(db.execute(query).fetchall()) == 1, query
        machine.teardown()
