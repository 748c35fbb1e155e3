"""What a person does with a brief: edit, approve, reject, ask for changes, recall; and what a person says over the machine's verdict.

Each act is one transaction that checks the role, the version and the gate's table, and writes its row of the audit chain. Slow work (verifying a
sentence, comparing the dossier) is done before it opens, and the version is checked again inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

from briefs import dispatch, editing, gate
from briefs.brief import BLOCKER_CODES, BriefBody, Claim, Evidence, Override
from briefs.canonical import canonical, canonical_json, digest
from briefs.deciding import notices
from briefs.delivery import Delivery, deliver, finish_deliveries
from briefs.desk import Desk, decide, newest, open_brief, see, still_works, visible
from briefs.editing import Edit
from briefs.errors import BadInput, NotAllowed, NotFound, StaleDossier
from briefs.gate import Action
from briefs.people import CONSOLE, Person
from briefs.store import Store, Transaction, audit_log, brief_rows, handoffs, judgements, person_rows
from briefs.store.brief_rows import BriefRow
from briefs.store.target_rows import FOLDER
from briefs.visibility import Owners, may_see

__all__ = [
    "Desk",
    "Edit",
    "Outcome",
    "Owners",
    "approve",
    "edit",
    "finish_deliveries",
    "may_see",
    "override",
    "recall",
    "reject",
    "request_changes",
    "see",
    "visible",
]

OverrideKind = Literal["draft_anyway", "dismiss_signal", "clear_blocker"]


class VerifySentence(Protocol):
    """Whether a record carries a sentence: `evidence` is what the sentence rested on, `dossier` the bytes it may rest on."""

    def __call__(self, text: str, dossier: bytes, evidence: tuple[Evidence, ...]) -> Claim: ...


@dataclass(frozen=True)
class Outcome:
    """A decision taken, where the brief stands now, the hand-off an approval set off, and how the delivery went where this process tried it."""

    brief: BriefRow
    decision_id: str
    handoff_id: str | None = None
    delivery: Delivery | None = None


def edit(desk: Desk, person: Person, brief_id: str, version_hash: str, change: Edit, *, verify_sentence: VerifySentence) -> BriefRow:
    """A new version on top of `version_hash`; without a difference, nothing. An approval that was not delivered yet is void by it.

    Raises NotFound, NotAllowed (no CSM), StaleVersion, MoveRefused, BadInput.
    """
    return revise(
        desk,
        person,
        brief_id,
        version_hash,
        lambda body, dossier: editing.apply(body, change, lambda text, evidence: verify_sentence(text, dossier, evidence)),
    )


def revise(desk: Desk, person: Person, brief_id: str, version_hash: str, change: Callable[[BriefBody, bytes], BriefBody]) -> BriefRow:
    """As `edit`, with any change of the body: `change` is given the version's body and the dossier's bytes, before the transaction opens."""
    store, row = desk.courier.store, see(desk, person, brief_id)
    if person.role != "csm":
        raise NotAllowed("Only a CSM words a brief.", "An admin decides on it, or gives it to a CSM with `briefs assign`.")
    newest(row, version_hash)
    gate.move(row.state, Action.EDIT)
    body = BriefBody.model_validate_json(store.version(version_hash))
    changed = change(body, store.dossier(body.provenance.dossier_hash))
    if digest(canonical(changed)) == version_hash:
        return row
    with store.writing() as connection:
        row = open_brief(connection, desk, person, brief_id, version_hash)
        dispatch.withdraw(connection, desk.courier, brief_id)
        return brief_rows.add_version(connection, row, changed, Action.EDIT, by=person.id, at=desk.courier.now(), token=person.token_id)


def approve(
    desk: Desk,
    person: Person,
    brief_id: str,
    version_hash: str,
    *,
    current_dossier_check: Callable[[BriefBody], list[str]],
    accept_changes: str | None = None,
    reason: str | None = None,
    seen: BriefRow | None = None,
) -> Outcome:
    """Approves exactly that version and sends it on its way.

    `current_dossier_check` says in words what changed in the record since the brief was written. StaleDossier tells it with a digest;
    `accept_changes` is that digest: the person has read exactly these, and they are kept with the decision. One more since is told first.
    `seen` is the brief as `see` has just given it to this person; the transaction reads it again.
    Raises NotFound, StaleVersion, MoveRefused, StaleDossier, NotAllowed (four eyes).
    """
    store = desk.courier.store
    row = newest(seen or see(desk, person, brief_id), version_hash)
    gate.move(row.state, Action.APPROVE)
    changes = tuple(current_dossier_check(BriefBody.model_validate_json(store.version(version_hash))))
    if changes and accept_changes != changes_digest(changes):
        raise _stale(row, changes, again=accept_changes is not None)
    with store.writing() as connection:
        row = open_brief(connection, desk, person, brief_id, version_hash)
        author = brief_rows.versions_of(connection, brief_id)[-1].author
        if desk.four_eyes and author == person.id:
            raise NotAllowed("Four eyes: whoever edited a version last cannot approve it.", "Ask a colleague.")
        own = author == person.id
        decision_id, changed = decide(connection, desk, person, row, Action.APPROVE, None, reason, accepted_changes=changes, self_approved=own)
        handoff = dispatch.set_off(connection, desk.courier, changed)
    return _delivered(desk, Outcome(changed, decision_id, handoff.id if handoff else None))


def changes_digest(changes: Sequence[str]) -> str:
    """What names exactly these differences, in whatever order they are told."""
    return digest(canonical_json(sorted(changes)))


def _stale(row: BriefRow, changes: tuple[str, ...], *, again: bool) -> StaleDossier:
    since = "you read it" if again else "this brief was written"
    words = f"The record changed since {since}. What is otherwise now:\n" + "\n".join(changes)
    name = changes_digest(changes)
    return StaleDossier(words, f"Read this; approve with accept_changes (--accept-changes) {name}.", gate.allowed_in(row.state), changes, name)


def reject(desk: Desk, person: Person, brief_id: str, version_hash: str, *, reason_code: str | None, reason: str | None = None) -> Outcome:
    """Says no to that version, with a code of gate.REJECT_CODES (`other` needs words). Raises NotFound, StaleVersion, MoveRefused, BadInput."""
    return _refuse(desk, person, brief_id, version_hash, Action.REJECT, reason_code, reason)


def request_changes(desk: Desk, person: Person, brief_id: str, version_hash: str, *, reason_code: str | None, reason: str | None = None) -> Outcome:
    """Sends that version back, as `reject` with the same codes, but the brief stays open."""
    return _refuse(desk, person, brief_id, version_hash, Action.REQUEST_CHANGES, reason_code, reason)


def recall(desk: Desk, person: Person, brief_id: str, version_hash: str, *, reason_code: str | None, reason: str | None = None) -> Outcome:
    """Takes an approved or delivered version back: its hand-off is withdrawn and its folder removed. Raises as `reject`."""
    outcome = _refuse(desk, person, brief_id, version_hash, Action.RECALL, reason_code, reason)
    for handoff in desk.courier.store.handoffs(brief_id):
        if handoff.withdrawn_at is not None:
            desk.courier.remove(handoff.id)
    return outcome


def override(
    desk: Desk, person: Person, account_id: str, kind: OverrideKind, *, reason: str, expires_at: datetime, target: str | None = None
) -> Override:
    """A person's judgement over the machine's on one account, until `expires_at`. `target` is the signal dismissed or the blocker code cleared.

    Raises NotFound (not the person's account), BadInput.
    """
    _own_account(desk, person, account_id)
    at = desk.courier.now()
    _check_override(kind, target, reason, expires_at, at)
    made = Override(
        id=desk.courier.new_id(),
        account_id=account_id,
        kind=kind,
        target=target,
        reason=reason.strip(),
        by=person.id,
        created_at=at,
        expires_at=expires_at,
    )
    with desk.courier.store.writing() as connection:
        still_works(connection, person)
        judgements.add_override(connection, made)
        audit_log.append(
            connection, at, person.id, "override.add", f"override:{made.id}", account=account_id, kind=kind, target=target, token=person.token_id
        )
    return made


def revoke_override(desk: Desk, person: Person, override_id: str, *, account_id: str | None = None) -> Override:
    """Takes an override back; what it was. Raises NotFound where none stands, or not on an account of the person's (or on `account_id`)."""
    with desk.courier.store.writing() as connection:
        found = judgements.override(connection, override_id)
        if account_id not in (None, found.account_id) or not desk.may_see(person, found.account_id):
            raise judgements.no_such_override(override_id)
        still_works(connection, person)
        at = desk.courier.now()
        judgements.revoke_override(connection, override_id, person.id, at)
        audit_log.append(connection, at, person.id, "override.revoke", f"override:{override_id}", account=found.account_id, token=person.token_id)
    return found


def note_export(store: Store, row: BriefRow, person: Person | None, form: str, audience: str, at: datetime) -> None:
    """Writes down that the newest version leaves as a file. None is whoever holds the home folder."""
    details = {"version": row.head, "format": form, "audience": audience, "token": person.token_id if person else None}
    store.note(at, person.id if person else CONSOLE, "brief.export", f"brief:{row.id}", **details)


def _refuse(desk: Desk, person: Person, brief_id: str, version_hash: str, action: Action, code: str | None, reason: str | None) -> Outcome:
    gate.move(newest(see(desk, person, brief_id), version_hash).state, action)
    gate.check_reason(code, reason)
    with desk.courier.store.writing() as connection:
        row = open_brief(connection, desk, person, brief_id, version_hash)
        decision_id, changed = decide(connection, desk, person, row, action, code, reason)
        if action is Action.RECALL:
            _tell_sales(connection, desk, row)
            dispatch.withdraw(connection, desk.courier, brief_id)
    return Outcome(changed, decision_id)


def _tell_sales(connection: Transaction, desk: Desk, row: BriefRow) -> None:
    """Whoever was given a hand-off of the brief hears that it is taken back."""
    for handoff in handoffs.of_brief(connection, row.id):
        if handoff.delivered_at is not None and handoff.withdrawn_at is None:
            people, at = person_rows.named(connection, handoff.ae), desk.courier.now()
            notices.tell(connection, desk, people, "handoff_recalled", f"handoff:{handoff.id}", account_id=row.account_id, at=at)


def _delivered(desk: Desk, outcome: Outcome) -> Outcome:
    """Where this process writes folders itself; a service leaves that to its background work, where it is queued."""
    if not desk.courier.here(FOLDER):
        return outcome
    delivery = deliver(desk.courier, outcome.brief.id)
    return Outcome(desk.courier.store.brief(outcome.brief.id), outcome.decision_id, outcome.handoff_id, delivery)


def _own_account(desk: Desk, person: Person, account_id: str) -> None:
    if not desk.may_see(person, account_id):
        raise NotFound(f"No account {account_id[:64]!r}.", "`briefs scan` lists the accounts you can see.")


def _check_override(kind: str, target: str | None, reason: str, expires_at: datetime, at: datetime) -> None:
    if kind not in get_args(OverrideKind):
        raise BadInput(f"No override {kind[:40]!r}.", f"One of: {', '.join(get_args(OverrideKind))}.")
    if kind == "clear_blocker" and target not in BLOCKER_CODES:
        raise BadInput("clear_blocker needs the code of a blocker.", f"One of: {', '.join(BLOCKER_CODES)}.")
    if kind == "dismiss_signal" and not target:
        raise BadInput("dismiss_signal needs the signal it dismisses.", "`briefs explain ACCOUNT` lists the signals.")
    if kind == "draft_anyway" and target:
        raise BadInput("draft_anyway is about the account and has no target.")
    if not reason.strip():
        raise BadInput("An override needs a reason.", "Say in a sentence what you know that the record does not.")
    if expires_at <= at:
        raise BadInput("An override ends in the future.", "Give a later expiry.")
