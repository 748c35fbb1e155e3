"""The gate is one table: what it lists is let through, everything else is refused."""

from __future__ import annotations

from itertools import product

import pytest

from briefs.errors import BadInput, MoveRefused
from briefs.gate import BY_ITSELF, LIVE, MOVES, REJECT_CODES, Action, State, allowed_in, check_reason, move

PAIRS = list(product(State, Action))


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_the_gate_lets_through_only_what_the_table_lists(state: State, action: Action):
    if (state, action) in MOVES:
        assert move(state, action) is MOVES[state, action]
    else:
        with pytest.raises(MoveRefused):
            move(state, action)


def test_the_table_has_every_state_of_the_contract():
    assert {state.value for state in State} == {
        "draft", "in_review", "approved", "delivering", "delivered", "accepted", "won", "lost", "changes_requested", "rejected", "superseded",
        "expired", "declined", "recycled", "recalled", "csm_owned",
    }  # fmt: skip


def test_every_state_can_be_reached_from_a_draft():
    reached, open_ends = {State.DRAFT}, [State.DRAFT]
    while open_ends:
        here = open_ends.pop()
        for (state, _), after in MOVES.items():
            if state is here and after not in reached:
                reached.add(after)
                open_ends.append(after)
    assert reached == set(State)


def test_nothing_but_an_approval_leads_to_approved():
    assert {action for (_, action), after in MOVES.items() if after is State.APPROVED} == {Action.APPROVE}


def test_nothing_but_approved_leads_to_sales():
    assert {state for (state, _), after in MOVES.items() if after is State.DELIVERING} == {State.APPROVED}
    assert {state for (state, _), after in MOVES.items() if after is State.DELIVERED} == {State.DELIVERING}


def test_an_edit_never_leaves_a_brief_approved():
    assert State.APPROVED not in {after for (_, action), after in MOVES.items() if action is Action.EDIT}


def test_a_new_draft_of_the_machine_goes_back_to_draft():
    assert {after for (_, action), after in MOVES.items() if action is Action.REDRAFT} == {State.DRAFT}


def test_live_states_are_those_before_a_brief_leaves():
    assert {State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED} == LIVE


def test_a_refused_move_says_what_can_be_done():
    with pytest.raises(MoveRefused, match="A brief that is won cannot take the action approve") as refused:
        move(State.WON, Action.APPROVE)
    assert refused.value.hint == "What can be done now: nothing."


@pytest.mark.parametrize("code", REJECT_CODES)
def test_a_reason_needs_a_code_and_other_needs_words(code: str):
    check_reason(code, "because")
    if code == "other":
        with pytest.raises(BadInput):
            check_reason(code, "  ")
    else:
        check_reason(code, None)


@pytest.mark.parametrize("code", [None, "", "whatever"])
def test_an_unknown_reason_code_is_refused(code: str | None):
    with pytest.raises(BadInput):
        check_reason(code, "because")


def test_a_person_is_told_only_of_what_a_person_can_do() -> None:
    assert allowed_in(State.DRAFT) == ("approve", "edit", "keep", "reject", "request_changes")
    assert allowed_in(State.DELIVERING) == ("recall",)
    assert all(not {each.value for each in BY_ITSELF} & set(allowed_in(state)) for state in State)
