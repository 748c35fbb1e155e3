"""Promoters and detractors, sponsors who come and go, and critical tickets: windows, the latest answer, those who left, successors."""

from __future__ import annotations

from typing import Any

import pytest

from briefs.brief import Signal
from briefs.signals import from_data, people, surveys, tickets
from retrieval.records import Contact, Survey
from tests.briefs.account_builders import RUBRIC, a_contact, a_dossier, a_survey, a_ticket, ago, an_account, at, types


def answered(*given: Survey, contacts: tuple[Contact, ...] = (a_contact(),)) -> list[str]:
    return types(surveys.read(a_dossier(surveys=given, contacts=contacts), RUBRIC))


@pytest.mark.parametrize(
    ("score", "expected"),
    [(10, ["nps_promoter"]), (9, ["nps_promoter"]), (8, []), (7, []), (6, ["detractor"]), (0, ["detractor"]), (None, [])],
)
def test_nine_and_ten_promote_and_six_or_less_from_a_sponsor_detracts(score: float | None, expected: list[str]) -> None:
    assert answered(a_survey(score=score)) == expected


@pytest.mark.parametrize(("days", "counts"), [(0, True), (180, True), (181, False)])
def test_an_answer_counts_for_180_days(days: int, counts: bool) -> None:
    assert bool(answered(a_survey(score=10, at=at(ago(days))))) is counts
    assert bool(answered(a_survey(score=2, at=at(ago(days))))) is counts


@pytest.mark.parametrize("role", ["user", "technical", "detractor", "unknown"])
def test_a_low_answer_from_anybody_else_does_not_block(role: str) -> None:
    assert answered(a_survey(score=1), contacts=(a_contact(role=role),)) == []


def test_the_economic_buyer_detracts_too_and_an_unknown_respondent_does_not() -> None:
    assert answered(a_survey(score=6), contacts=(a_contact(role="economic_buyer"),)) == ["detractor"]
    assert answered(a_survey(score=6, respondent=None)) == []
    assert answered(a_survey(score=6, respondent="nobody-we-know")) == []


def test_a_sponsor_who_left_no_longer_detracts() -> None:
    assert answered(a_survey(score=1), contacts=(a_contact(left_at=at(ago(10))),)) == []


def test_only_a_respondents_latest_answer_counts() -> None:
    early, late = at(ago(60)), at(ago(5))

    assert answered(a_survey(score=10, at=early), a_survey("sv2", score=8, at=late)) == []
    assert answered(a_survey(score=2, at=early), a_survey("sv2", score=9, at=late)) == ["nps_promoter"]
    assert answered(a_survey(score=10, at=early), a_survey("sv2", score=3, at=late)) == ["detractor"]


def test_one_person_under_two_names_has_one_latest_answer() -> None:
    early = a_survey(score=10, at=at(ago(60)), respondent="Dana Ruiz")

    assert answered(early, a_survey("sv2", score=8, at=at(ago(5)), respondent="dana")) == []


def test_two_people_have_an_answer_each() -> None:
    buyer = a_contact("Piet Claes", role="economic_buyer")
    given = (a_survey(score=10), a_survey("sv2", score=5, respondent="piet"))

    assert sorted(answered(*given, contacts=(a_contact(), buyer))) == ["detractor", "nps_promoter"]


def test_satisfaction_with_a_ticket_is_no_promotion() -> None:
    assert answered(a_survey(kind="csat", score=10)) == []


def test_a_comment_is_quoted_whole_and_a_blank_one_is_not() -> None:
    (worded,) = surveys.read(a_dossier(surveys=(a_survey(score=9, comment=" Planning works. "),)), RUBRIC)
    (silent,) = surveys.read(a_dossier(surveys=(a_survey(score=9, comment="  "),)), RUBRIC)

    assert [(e.field, e.value, e.quote) for e in worded.evidence] == [("score", 9, None), (None, None, " Planning works. ")]
    assert len(silent.evidence) == 1


def came_and_went(*contacts: Contact) -> list[Signal]:
    return people.read(a_dossier(contacts=contacts), RUBRIC)


@pytest.mark.parametrize(("days", "counts"), [(0, True), (180, True), (181, False)])
def test_a_sponsor_is_new_for_180_days(days: int, counts: bool) -> None:
    assert (types(came_and_went(a_contact(joined_at=at(ago(days))))) == ["new_sponsor"]) is counts


@pytest.mark.parametrize(
    ("role", "counts"), [("champion", True), ("economic_buyer", True), ("technical", False), ("user", False), ("unknown", False)]
)
def test_only_champion_and_economic_buyer_are_sponsors(role: str, counts: bool) -> None:
    assert bool(came_and_went(a_contact(role=role, joined_at=at(ago(9))))) is counts
    assert bool(came_and_went(a_contact(role=role, left_at=at(ago(9))))) is counts


@pytest.mark.parametrize(("days", "counts"), [(0, True), (90, True), (91, False)])
def test_a_sponsor_gone_blocks_for_90_days(days: int, counts: bool) -> None:
    assert (types(came_and_went(a_contact(left_at=at(ago(days))))) == ["sponsor_left"]) is counts


def test_somebody_who_came_and_left_is_no_new_sponsor() -> None:
    assert types(came_and_went(a_contact(joined_at=at(ago(40)), left_at=at(ago(5))))) == ["sponsor_left"]


@pytest.mark.parametrize(
    ("successor", "expected"),
    [
        ({"joined_at": at(ago(10))}, ["new_sponsor"]),
        ({"joined_at": at(ago(60))}, ["new_sponsor"]),
        ({"joined_at": None}, []),
        ({"joined_at": at(ago(400))}, ["sponsor_left"]),
        ({"joined_at": at(ago(10)), "role": "economic_buyer"}, ["new_sponsor", "sponsor_left"]),
        ({"joined_at": None, "role": "user"}, ["sponsor_left"]),
        ({"joined_at": at(ago(10)), "left_at": at(ago(2))}, ["sponsor_left", "sponsor_left"]),
    ],
    ids=["came after", "came before, to take over", "there, undated", "there for years", "another place", "another role", "left as well"],
)
def test_a_successor_in_the_place_clears_it(successor: dict[str, Any], expected: list[str]) -> None:
    assert sorted(types(came_and_went(a_contact(left_at=at(ago(20))), a_contact("Ana Sanz", **successor)))) == expected


@pytest.mark.parametrize(
    ("priority", "status", "blocks"),
    [
        ("P1", "new", True),
        ("P1", "open", True),
        ("P1", "pending", True),
        ("P1", "solved", False),
        ("P1", "closed", False),
        ("P2", "open", False),
        (None, "open", False),
    ],
)
def test_a_critical_ticket_blocks_until_it_is_solved(priority: str | None, status: str, blocks: bool) -> None:
    dossier = a_dossier(tickets=(a_ticket(priority=priority, status=status, created_at=at(ago(700))),))

    assert (types(tickets.read(dossier, RUBRIC)) == ["open_critical_ticket"]) is blocks


def test_an_ordinary_account_has_no_signal_at_all() -> None:
    assert from_data(a_dossier(), RUBRIC) == []


def test_the_same_evidence_always_gives_the_same_signal() -> None:
    dossier = a_dossier(account=an_account(do_not_contact=True), contacts=(a_contact(joined_at=at(ago(3))),), surveys=(a_survey(score=9),))

    assert from_data(dossier, RUBRIC) == from_data(dossier, RUBRIC)
    assert len({s.id for s in from_data(dossier, RUBRIC)}) == 3
