"""The gate: which states a brief can be in, and which action leads from which state to which; anything not listed is refused.

Pure: it knows states and actions, not people or storage. Who may act is decided in `review`.
"""

from __future__ import annotations

from enum import StrEnum

from briefs.errors import BadInput, MoveRefused


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    DECLINED = "declined"
    RECYCLED = "recycled"
    RECALLED = "recalled"
    CSM_OWNED = "csm_owned"


class Action(StrEnum):
    SUBMIT = "submit"
    EDIT = "edit"
    REDRAFT = "redraft"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    START_DELIVERY = "start_delivery"
    FINISH_DELIVERY = "finish_delivery"
    ACCEPT = "accept"
    DECLINE = "decline"
    RECYCLE = "recycle"
    WIN = "win"
    LOSE = "lose"
    KEEP = "keep"
    RECALL = "recall"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    REOPEN = "reopen"
    """A source the brief cites was erased: what people decided about it no longer stands."""


BY_ITSELF = frozenset((
    Action.SUBMIT, Action.REDRAFT, Action.START_DELIVERY, Action.FINISH_DELIVERY, Action.EXPIRE, Action.SUPERSEDE, Action.REOPEN,
))  # fmt: skip
"""Moves no call makes."""

MOVES: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.REDRAFT): State.DRAFT,
    (State.DRAFT, Action.APPROVE): State.APPROVED,
    (State.DRAFT, Action.REJECT): State.REJECTED,
    (State.DRAFT, Action.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.DRAFT, Action.KEEP): State.CSM_OWNED,
    (State.DRAFT, Action.EXPIRE): State.EXPIRED,
    (State.DRAFT, Action.SUPERSEDE): State.SUPERSEDED,
    (State.DRAFT, Action.REOPEN): State.DRAFT,
    (State.IN_REVIEW, Action.EDIT): State.IN_REVIEW,
    (State.IN_REVIEW, Action.REDRAFT): State.DRAFT,
    (State.IN_REVIEW, Action.APPROVE): State.APPROVED,
    (State.IN_REVIEW, Action.REJECT): State.REJECTED,
    (State.IN_REVIEW, Action.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.IN_REVIEW, Action.KEEP): State.CSM_OWNED,
    (State.IN_REVIEW, Action.EXPIRE): State.EXPIRED,
    (State.IN_REVIEW, Action.SUPERSEDE): State.SUPERSEDED,
    (State.IN_REVIEW, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.CHANGES_REQUESTED, Action.SUBMIT): State.IN_REVIEW,
    (State.CHANGES_REQUESTED, Action.EDIT): State.IN_REVIEW,
    (State.CHANGES_REQUESTED, Action.REDRAFT): State.DRAFT,
    (State.CHANGES_REQUESTED, Action.REJECT): State.REJECTED,
    (State.CHANGES_REQUESTED, Action.KEEP): State.CSM_OWNED,
    (State.CHANGES_REQUESTED, Action.EXPIRE): State.EXPIRED,
    (State.CHANGES_REQUESTED, Action.SUPERSEDE): State.SUPERSEDED,
    (State.CHANGES_REQUESTED, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.APPROVED, Action.EDIT): State.IN_REVIEW,
    (State.APPROVED, Action.START_DELIVERY): State.DELIVERING,
    (State.APPROVED, Action.RECALL): State.RECALLED,
    (State.APPROVED, Action.EXPIRE): State.EXPIRED,
    (State.APPROVED, Action.SUPERSEDE): State.SUPERSEDED,
    (State.APPROVED, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.DELIVERING, Action.FINISH_DELIVERY): State.DELIVERED,
    (State.DELIVERING, Action.RECALL): State.RECALLED,
    (State.DELIVERING, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.DELIVERED, Action.ACCEPT): State.ACCEPTED,
    (State.DELIVERED, Action.DECLINE): State.DECLINED,
    (State.DELIVERED, Action.RECYCLE): State.RECYCLED,
    (State.DELIVERED, Action.RECALL): State.RECALLED,
    (State.DELIVERED, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.ACCEPTED, Action.WIN): State.WON,
    (State.ACCEPTED, Action.LOSE): State.LOST,
    (State.ACCEPTED, Action.RECYCLE): State.RECYCLED,
    (State.ACCEPTED, Action.RECALL): State.RECALLED,
    (State.ACCEPTED, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.CSM_OWNED, Action.WIN): State.WON,
    (State.CSM_OWNED, Action.LOSE): State.LOST,
    (State.CSM_OWNED, Action.REOPEN): State.CHANGES_REQUESTED,
    (State.RECALLED, Action.EDIT): State.IN_REVIEW,
}

REDRAFTABLE = frozenset(state for state, action in MOVES if action is Action.REDRAFT)
"""A new draft of the machine becomes a new version of the brief that is there."""

LIVE = REDRAFTABLE | {State.APPROVED}
"""On somebody's desk and not yet on its way: at most one brief of an account, motion, product and quarter is live."""

REJECT_CODES = (
    "wrong_account",
    "unsupported_claim",
    "stale",
    "not_incremental",
    "duplicate",
    "already_owned",
    "relationship_sensitive",
    "blocker_open",
    "wrong_product",
    "no_buyer",
    "too_early",
    "low_value",
    "other",
)
"""Why a person rejects a brief or asks for changes."""


def move(state: State, action: Action) -> State:
    """The state `action` leads to. Raises MoveRefused where the table has no such move."""
    try:
        return MOVES[state, action]
    except KeyError:
        allowed = allowed_in(state)
        told = ", ".join(allowed) or "nothing"
        raise MoveRefused(
            f"A brief that is {state.value} cannot take the action {action.value}.", f"What can be done now: {told}.", allowed
        ) from None


def allowed_in(state: State) -> tuple[str, ...]:
    """What people can do in the state, by name: what a scan, the clock, a delivery or an erased source brings about is nobody's to ask for."""
    return tuple(sorted(action.value for at, action in MOVES if at is state and action not in BY_ITSELF))


def check_reason(code: str | None, text: str | None) -> None:
    """Raises BadInput unless `code` is one of REJECT_CODES, with words where it is `other`."""
    if code not in REJECT_CODES:
        raise BadInput("This decision needs a reason code.", f"One of: {', '.join(REJECT_CODES)}.")
    if code == "other" and not (text or "").strip():
        raise BadInput("The reason `other` needs words.", "Say in a sentence what is wrong.")
