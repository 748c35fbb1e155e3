"""After delivery: what is otherwise since the approval is written beside the hand-off, and sales and the CSM hear of it at once.

The approved body stays as it was approved; what changed stands outside it. A change that is no longer so is marked over, without ringing anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from briefs import dispatch
from briefs.brief import BriefBody
from briefs.deciding import notices
from briefs.desk import Desk
from briefs.errors import NotFound
from briefs.freshness import Difference
from briefs.store import Transaction, answers, audit_log, brief_rows, conversation, person_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.conversation import Change
from briefs.store.drafts import MACHINE
from briefs.store.handoffs import Handoff


@dataclass(frozen=True)
class Told:
    """What was written beside one hand-off: changes that are new, and changes that are over."""

    handoff_id: str
    new: tuple[Difference, ...]
    over: tuple[Change, ...]


def watch(desk: Desk, compare: Callable[[BriefBody], Iterable[Difference]], account_ids: Collection[str] | None = None) -> list[Told]:
    """Compares the hand-offs sales is working on (of these accounts; None: of all) with the record, and tells what is new.

    `compare` is asked before a transaction opens: it is slow. Safe to repeat: what was told is not told again.
    """
    store, found = desk.courier.store, list[Told]()
    with store.reading() as connection:
        at_work = answers.at_work(connection, account_ids)
    for handoff in at_work:
        try:
            present = list(compare(BriefBody.model_validate_json(store.version(handoff.version_hash))))
        except NotFound:
            continue
        told = tell(desk, handoff.id, present)
        if told is not None and (told.new or told.over):
            found.append(told)
    return found


def tell(desk: Desk, handoff_id: str, present: Iterable[Difference]) -> Told | None:
    """Writes down what differs now and was not told; None where the hand-off was taken back or ended meanwhile."""
    with desk.courier.store.writing() as connection:
        handoff = next(iter(answers.at_work(connection, only=handoff_id)), None)
        if handoff is None:
            return None
        row = brief_rows.get(connection, handoff.brief_id, lock=True)
        new, over = news(handoff.approval.accepted_changes, conversation.changes_on(connection, handoff_id), list(present))
        if new or over:
            _write(connection, desk, handoff, row, new, over)
    return Told(handoff_id, tuple(new), tuple(over))


def news(accepted: Collection[str], told: Iterable[Change], present: Collection[Difference]) -> tuple[list[Difference], list[Change]]:
    """Of what differs now: what nobody was told (nor accepted at approval); and of what was told: what no longer differs. Pure."""
    standing = {_key(change): change for change in told}
    standing = {key: change for key, change in standing.items() if not change.over}
    now = {_key(difference) for difference in present}
    new = [d for d in present if _key(d) not in standing and d.words not in accepted]
    return new, [change for key, change in standing.items() if key not in now]


def _key(told: Change | Difference) -> tuple[str, str, str]:
    """What makes two the same piece of news. A record can change in two fields, and again to another value."""
    return told.kind, told.subject, told.words if told.kind == "record_changed" else ""


def _write(connection: Transaction, desk: Desk, handoff: Handoff, row: BriefRow, new: Collection[Difference], over: Collection[Change]) -> None:
    at, new_id, object = desk.courier.now(), desk.courier.new_id, f"handoff:{handoff.id}"
    for change in over:
        conversation.add_change(connection, Change(new_id(), handoff.id, change.kind, change.subject, change.words, True, at))
    for difference in new:
        change = Change(new_id(), handoff.id, difference.kind, difference.subject, difference.words, False, at)
        conversation.add_change(connection, change)
    kinds = sorted({difference.kind for difference in new})
    audit_log.append(connection, at, MACHINE, "handoff.change", object, kinds=kinds, new=len(new), over=len(over))
    if new:
        people = [*person_rows.named(connection, handoff.ae), *notices.csms(connection, desk, row)]
        notices.tell(connection, desk, people, "handoff_changed", object, account_id=handoff.account_id, at=at, kinds=kinds)
        dispatch.announce(connection, desk.courier, handoff.id)
