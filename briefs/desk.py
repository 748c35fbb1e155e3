"""The desk people act at: what acting needs, who sees which brief, and the checks every act makes inside its transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from briefs.delivery import Courier
from briefs.errors import NotAllowed, StaleVersion
from briefs.gate import Action
from briefs.people import Person
from briefs.policy import DEFAULTS, Policy
from briefs.store import Transaction, brief_rows, decisions, person_rows
from briefs.store.brief_rows import BriefRow
from briefs.visibility import Colleagues, Owners, alone, may_see
from briefs.workdays import WEEKDAYS, Workdays


@dataclass(frozen=True)
class Desk:
    """What reviewing needs. `owners` answers for an account id, `roster` for all of them (it may lag a second behind: no right rests on it alone);
    `four_eyes` refuses an approval by whoever wrote the version.

    `colleagues` says whose accounts a CSM sees beside their own; `policy` and `workdays` say how long things may take.
    """

    courier: Courier
    owners: Callable[[str], Owners]
    roster: Callable[[], Mapping[str, Owners]] = dict
    four_eyes: bool = False
    colleagues: Colleagues = alone
    policy: Policy = DEFAULTS
    workdays: Workdays = WEEKDAYS

    def may_see(self, person: Person, account_id: str) -> bool:
        """Whether the account's briefs are the person's to see."""
        if person.role != "csm":
            return may_see(person, Owners())  # whom the account names matters to CSMs only
        return may_see(person, self.owners(account_id), self.colleagues(person))


def visible(desk: Desk, person: Person, rows: Iterable[BriefRow]) -> list[BriefRow]:
    """Those of the briefs the person may see, in the order given."""
    rows = list(rows)
    if person.role == "admin":
        return rows
    others = desk.colleagues(person) if person.role == "csm" else ()
    accounts = {row.account_id for row in rows} if person.role == "csm" else ()
    allowed = {account: may_see(person, desk.owners(account), others) for account in accounts}
    return [row for row in rows if allowed.get(row.account_id, False)]


def see(desk: Desk, person: Person, brief_id: str) -> BriefRow:
    """The brief. Raises NotFound, with the same words, where there is none and where it is not the person's to see."""
    row = desk.courier.store.brief(brief_id)
    if not desk.may_see(person, row.account_id):
        raise brief_rows.no_such_brief(brief_id)
    return row


def open_brief(connection: Transaction, desk: Desk, person: Person, brief_id: str, version_hash: str) -> BriefRow:
    """The brief, held to the end of the transaction, if the person may still act on it and the version is still the newest."""
    row = brief_rows.get(connection, brief_id, lock=True)
    still_works(connection, person)
    return newest(row, version_hash)


def still_works(connection: Transaction, person: Person) -> None:
    """Raises NotAllowed where the person was revoked, or changed their role, since they came in."""
    row = person_rows.get(connection, person.id)
    if row.revoked_at is not None or row.role != person.role:
        raise NotAllowed("This token was revoked.", "Ask an admin for a new one.")


def newest(row: BriefRow, version_hash: str) -> BriefRow:
    """The brief, if that is its newest version. Raises StaleVersion."""
    if row.head != version_hash:
        raise StaleVersion(f"The newest version is {row.head}, not the one named.", "Read the newest version, then decide on that.")
    return row


def decide(
    connection: Transaction,
    desk: Desk,
    person: Person,
    row: BriefRow,
    action: Action,
    code: str | None,
    reason: str | None,
    *,
    accepted_changes: tuple[str, ...] = (),
    self_approved: bool = False,
) -> tuple[str, BriefRow]:
    """Writes a decision on the brief's newest version down and moves the brief by it: the decision's id and the brief. Raises MoveRefused."""
    decision_id, at = desk.courier.new_id(), desk.courier.now()
    decisions.add(
        connection,
        decision_id,
        brief_id=row.id,
        version_hash=row.head,
        decision=action.value,
        by=person.id,
        at=at,
        reason_code=code,
        reason=(reason or "").strip() or None,
        self_approved=self_approved,
        accepted_changes=accepted_changes,
    )
    details: dict[str, Any] = {
        "decision": decision_id,
        "code": code,
        "token": person.token_id,
        "accepted_changes": len(accepted_changes),
        "self": self_approved,
    }
    return decision_id, brief_rows.change(connection, row, action, by=person.id, at=at, **details)
