"""Whatever people, sales, the machine and the clock do in whatever order: nothing reaches sales without an approval of exactly those bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from briefs.deciding import desk_work, expiry, handed, sales, talking, watching
from briefs.errors import BriefsError
from briefs.freshness import Difference
from briefs.gate import State
from briefs.people import Person
from briefs.review import recall, reject
from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine
from tests.briefs.desk_parts import Office, body, office

PEOPLE = ("dana", "otto", "eve", "max")
ACTS = (
    "draft", "edit", "approve", "die_approving", "reject", "recall", "keep", "snooze", "assign", "lapse", "wait", "accept", "decline", "recycle",
    "won", "ask", "change", "remind",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.integers(0, 5)), min_size=1, max_size=25)
SOUND = """
    SELECT h.id FROM handoffs h WHERE NOT EXISTS (
        SELECT 1 FROM decisions d JOIN people p ON p.id = d."by" JOIN versions v ON v.brief_id = h.brief_id AND v.hash = h.version_hash
        WHERE d.id = h.decision_id AND d.decision = 'approve' AND d.version_hash = h.version_hash AND p.role IN ('csm', 'admin')
          AND d."by" IN ('dana1', 'max1') AND d.at <= h.created_at)
"""
ANSWERED = "SELECT a.id FROM answers a LEFT JOIN handoffs h ON h.id = a.handoff_id WHERE a.handoff_id IS NOT NULL AND h.delivered_at IS NULL"


def step(desk: Office, act: str, who: Person, n: int) -> None:
    briefs = sorted(row.id for row in desk.store.list())
    handoffs = [handoff.id for handoff in desk.store.handoffs()]
    brief_id, handoff_id = (briefs[n % len(briefs)] if briefs else "none"), (handoffs[n % len(handoffs)] if handoffs else "none")
    d, today = desk.desk, desk.desk.workdays.day_of(desk.clock.at)
    p1 = Difference("blocker", "open_critical_ticket", f"a blocker stands {n}")
    acts: dict[str, Callable[[], object]] = {
        "draft": lambda: desk.draft(body(f"a{n % 2}", headline=f"Headline {n}")),
        "edit": lambda: desk.edit(brief_id, f"They need {n} more.", who),
        "approve": lambda: desk.approve(brief_id, who),
        "die_approving": lambda: desk.approve_without_delivering(brief_id) if who is desk.dana else None,
        "reject": lambda: reject(d, who, brief_id, desk.head(brief_id), reason_code="stale"),
        "recall": lambda: recall(d, who, brief_id, desk.head(brief_id), reason_code="stale"),
        "keep": lambda: desk_work.keep(d, who, brief_id, desk.head(brief_id)),
        "snooze": lambda: desk_work.snooze(d, who, brief_id, for_evidence=True),
        "assign": lambda: desk_work.assign(d, who, brief_id, "max1"),
        "lapse": lambda: expiry.lapse(d),
        "wait": lambda: setattr(desk.clock, "at", desk.clock.at + timedelta(days=n * 3)),
        "accept": lambda: sales.accept(d, who, handoff_id, first_touch=today),
        "decline": lambda: sales.decline(d, who, handoff_id, code="no_fit"),
        "recycle": lambda: sales.recycle(d, who, handoff_id, day=date(2027, 1, 1)),
        "won": lambda: sales.outcome(d, who, handoff_id, "won", amount=n),
        "ask": lambda: talking.ask(d, who, handoff_id, "Who decides?"),
        "change": lambda: watching.watch(d, lambda written: [p1]),
        "remind": lambda: sales.remind(d),
    }
    acts[act]()


def sound(desk: Office) -> None:
    """In SQL and in what lies on the shelf: every hand-off was approved byte for byte by somebody who may, and only what stands is shown."""
    with desk.store.reading() as connection:
        assert connection.execute(text(SOUND)).all() == []
        assert connection.execute(text(ANSWERED)).all() == []
    for handoff_id, data in desk.shelf.written.items():
        handoff = desk.store.handoff(handoff_id)
        assert data == desk.store.version(handoff.version_hash)
        assert handoff.approval.by in (desk.dana.id, desk.max.id)
    for handoff, row in handed.listed(desk.desk, desk.eve):
        assert handoff.delivered_at is not None
        seen = handed.read(desk.desk, desk.eve, handoff.id)
        assert (seen.body is None) == (handoff.withdrawn_at is not None)
        if row.state in (State.RECALLED, State.IN_REVIEW, State.DRAFT):
            assert seen.body is None
    for person in (desk.otto,):
        assert handed.listed(desk.desk, person) == []
    desk.store.verify_audit()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sequences") / "briefs.db"
    engine = open_engine(f"sqlite:///{path}")
    ensure(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(steps=STEPS)
def test_nothing_reaches_sales_that_was_not_approved(steps: list[tuple[str, str, int]], template: Path, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("one") / "briefs.db"
    path.write_bytes(template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    try:
        desk = office(Store(engine))
        desk.draft(body("a0"))
        for act, name, n in steps:
            try:
                step(desk, act, getattr(desk, name), n)
            except BriefsError:
                continue  # a refusal in words is an answer; anything else is a fault
            finally:
                sound(desk)
    finally:
        engine.dispose()
