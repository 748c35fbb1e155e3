"""Two hundred times an edit and an approval of the same brief at once: what leaves is what was approved, and never an edit after it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from briefs.errors import MoveRefused
from briefs.gate import State
from briefs.store import Store
from briefs.store.schema import ensure
from retrieval.engine import open_engine
from tests.briefs.desk_parts import Office, body, office

ROUNDS = 200


def edit_at_once(desk: Office, brief_id: str, head: str, barrier: Barrier) -> str:
    from briefs.review import Edit, edit
    from tests.briefs.desk_parts import carried

    barrier.wait()
    try:
        change = Edit(sentences={"c1": "They want the Lyon team in by summer."})
        return edit(desk.desk, desk.dana, brief_id, head, change, verify_sentence=carried).head
    except MoveRefused as refused:
        return refused.code


def approve_at_once(desk: Office, brief_id: str, head: str, barrier: Barrier) -> str:
    from briefs.review import approve
    from tests.briefs.desk_parts import unchanged

    barrier.wait()
    try:
        return approve(desk.desk, desk.max, brief_id, head, current_dossier_check=unchanged).decision_id
    except MoveRefused as refused:
        return refused.code


@pytest.mark.chaos
def test_an_edit_and_an_approval_at_once_end_in_one_order_or_the_other(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path / 'briefs.db'}")
    ensure(engine)
    desk, ends = office(Store(engine)), Counter[str]()
    with ThreadPoolExecutor(max_workers=2) as pool:
        for n in range(ROUNDS):
            brief_id = desk.draft(body(f"a{n}"))
            head, barrier = desk.head(brief_id), Barrier(2)
            approving = pool.submit(approve_at_once, desk, brief_id, head, barrier)
            editing = pool.submit(edit_at_once, desk, brief_id, head, barrier)
            approved, edited, row = approving.result(), editing.result(), desk.store.brief(brief_id)
            sent = [handoff for handoff in desk.store.handoffs(brief_id) if handoff.delivered_at is not None and handoff.withdrawn_at is None]
            assert all(handoff.version_hash == head == handoff.approval.version_hash for handoff in sent)
            assert {desk.shelf.written[handoff.id] for handoff in sent} <= {desk.store.version(head)}
            if approved == "stale_version":
                assert (row.head, row.state, sent) == (edited, State.DRAFT, [])
                ends["edited first"] += 1
            elif row.head == head:
                assert (row.state, len(sent)) == (State.DELIVERED, 1)
                ends["approved first"] += 1
            else:
                assert (row.state, sent) == (State.IN_REVIEW, [])
                ends["approved, then edited before it left"] += 1
    desk.store.verify_audit()
    engine.dispose()
    assert sum(ends.values()) == ROUNDS, dict(ends)
