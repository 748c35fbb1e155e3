"""Two people edit and one approves the same version at once, on every database: nothing leaves that was not approved."""

from __future__ import annotations

import threading
from collections.abc import Callable

from briefs.canonical import digest
from briefs.errors import MoveRefused, NotAllowed
from briefs.review import Edit, approve, edit
from briefs.store import Store
from tests.briefs.desk_parts import Office, body, carried, office, unchanged

ROUNDS = 50


def race(desk: Office, brief_id: str, n: int) -> dict[str, str]:
    """Two edit and one approves the version all three have read, at once; how it ended for each."""
    seen, start, ends = desk.head(brief_id), threading.Barrier(3), dict[str, str]()
    first, second = (Edit(sentences={"c1": f"Edit {k} of round {n}."}) for k in (1, 2))

    def run(name: str, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            ends[name] = "done"
        except (MoveRefused, NotAllowed) as refused:
            ends[name] = refused.code

    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: edit(desk.desk, desk.dana, brief_id, seen, first, verify_sentence=carried),
        "other edit": lambda: edit(desk.desk, desk.dana, brief_id, seen, second, verify_sentence=carried),
        "approve": lambda: approve(desk.desk, desk.dana, brief_id, seen, current_dossier_check=unchanged),
    }
    threads = [threading.Thread(target=run, args=(name, act)) for name, act in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_an_edit_racing_an_approval_never_sends_what_was_not_approved(store: Store):
    desk = office(store)
    for n in range(ROUNDS):
        brief_id = desk.draft(body(f"a{n}"))
        seen = desk.head(brief_id)
        assert race(desk, brief_id, n).keys() == {"edit", "other edit", "approve"}, "somebody met a fault that is no refusal"
        approved = {d.version_hash for d in store.decisions(brief_id) if d.decision == "approve"}
        assert {h.version_hash for h in store.handoffs(brief_id)} <= approved <= {seen}
    assert {digest(data) for data in desk.shelf.written.values()} == {h.version_hash for h in store.handoffs() if h.delivered_at}
    assert store.verify_audit() > ROUNDS
