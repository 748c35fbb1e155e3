"""Sales reads what was delivered to it, answers it once, asks about it; and the clock reminds and tells, but answers nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from briefs import people
from briefs.deciding import handed, sales, talking
from briefs.deciding.codes import DECLINE_CODES, LOST_CODES
from briefs.errors import BadInput, MoveRefused, NotAllowed, NotFound
from briefs.gate import State
from briefs.people import Person
from briefs.review import Owners, recall
from briefs.store import answers, brief_rows, marks, notices
from tests.briefs.desk_parts import Office, body, counter

TODAY = date(2026, 3, 31)
DAY = timedelta(days=1)


@pytest.fixture
def handoff_id(desk: Office) -> str:
    brief_id = desk.draft()
    desk.approve(brief_id)
    return desk.store.handoffs(brief_id)[0].id


@pytest.fixture
def rival(desk: Office) -> Person:
    """An AE no account names."""
    made = people.add(desk.store, "Rita", "ae", "rita@acme.example", by=None, now=desk.clock, new_id=counter("rita"), new_token=counter("rita-token"))
    return made.person


def told(desk: Office, name: str) -> list[str]:
    with desk.store.reading() as connection:
        return [notice.kind for notice in notices.of_person(connection, getattr(desk, name).id)]


def said(desk: Office, brief_id: str) -> list[answers.Answer]:
    with desk.store.reading() as connection:
        return answers.of_brief(connection, brief_id)


def state(desk: Office, handoff_id: str) -> State:
    return desk.store.brief(desk.store.handoff(handoff_id).brief_id).state


def given_to(desk: Office, handoff_id: str, person: Person) -> None:
    """The hand-off's brief is somebody's whom the account does not name."""
    with desk.store.writing() as connection:
        marks.assign(connection, brief_rows.get(connection, desk.store.handoff(handoff_id).brief_id), person.id)


def test_a_handoff_names_its_reader_and_when_to_answer(desk: Office, handoff_id: str):
    handoff = desk.store.handoff(handoff_id)
    assert handoff.ae == "eve@acme.example"
    assert handoff.delivered_at is not None
    assert handoff.answer_due_at == handoff.delivered_at + DAY
    assert told(desk, "eve") == ["handoff_delivered"]


def test_sales_reads_the_approved_bytes(desk: Office, handoff_id: str):
    seen = handed.read(desk.desk, desk.eve, handoff_id)
    assert seen.body == desk.store.version(seen.handoff.version_hash)
    assert [row.action for row in desk.store.audit_rows()][-1] == "handoff.read"
    assert [handoff.id for handoff, _ in handed.listed(desk.desk, desk.eve)] == [handoff_id]


def test_an_undelivered_handoff_does_not_exist_for_sales(desk: Office):
    brief_id = desk.draft()
    desk.approve_without_delivering(brief_id)
    for handoff in desk.store.handoffs(brief_id):
        with pytest.raises(NotFound):
            handed.read(desk.desk, desk.eve, handoff.id)
    assert handed.listed(desk.desk, desk.eve) == []


@pytest.mark.parametrize("who", ["rival", "otto"])
def test_somebody_elses_handoff_is_not_there(desk: Office, handoff_id: str, rival: Person, who: str):
    person = rival if who == "rival" else desk.otto
    for act in (
        lambda: handed.read(desk.desk, person, handoff_id),
        lambda: sales.accept(desk.desk, person, handoff_id, first_touch=TODAY),
        lambda: sales.decline(desk.desk, person, handoff_id, code="no_fit"),
        lambda: sales.recycle(desk.desk, person, handoff_id, day=TODAY + DAY),
        lambda: sales.outcome(desk.desk, person, handoff_id, "won", amount=1),
        lambda: talking.ask(desk.desk, person, handoff_id, "Who decides?"),
        lambda: talking.reply(desk.desk, person, handoff_id, "q", "Ann."),
        lambda: talking.give_feedback(desk.desk, person, handoff_id, section=None, useful=True),
    ):
        with pytest.raises(NotFound) as refused:
            act()
        assert str(refused.value) == str(handed.no_such_handoff(handoff_id))
    assert handed.listed(desk.desk, person) == []
    assert state(desk, handoff_id) is State.DELIVERED


@pytest.mark.parametrize("role", ["evaluator", "service"])
def test_evaluators_and_services_see_no_handoff(desk: Office, handoff_id: str, role: str):
    person = Person(desk.eve.id, "Eve", role, "eve@acme.example")
    with pytest.raises(NotFound):
        handed.read(desk.desk, person, handoff_id)
    assert handed.listed(desk.desk, person) == []


def test_of_a_handoff_taken_back_sales_sees_only_that_it_was(desk: Office, handoff_id: str):
    brief_id = desk.store.handoff(handoff_id).brief_id
    question = talking.ask(desk.desk, desk.eve, handoff_id, "Who decides?")
    recall(desk.desk, desk.dana, brief_id, desk.head(brief_id), reason_code="stale")
    seen = handed.read(desk.desk, desk.eve, handoff_id)
    assert seen.recalled
    assert (seen.body, seen.said, seen.changes) == (None, (), ())
    assert handed.read(desk.desk, desk.dana, handoff_id).body is not None
    assert "handoff_recalled" in told(desk, "eve")
    for act in (
        lambda: sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY),
        lambda: talking.ask(desk.desk, desk.eve, handoff_id, "And now?"),
        lambda: talking.reply(desk.desk, desk.dana, handoff_id, question.id, "Ann."),
    ):
        with pytest.raises(MoveRefused):
            act()


def test_accepting_promises_a_first_touch(desk: Office, handoff_id: str):
    assert sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY + DAY).state is State.ACCEPTED
    (answer,) = said(desk, desk.store.handoff(handoff_id).brief_id)
    assert (answer.kind, answer.by, answer.day, answer.handoff_id) == ("accept", desk.eve.id, TODAY + DAY, handoff_id)
    assert told(desk, "dana") == ["answered"]


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + 31 * DAY])
def test_a_first_touch_is_soon_and_not_in_the_past(desk: Office, handoff_id: str, day: date):
    with pytest.raises(BadInput):
        sales.accept(desk.desk, desk.eve, handoff_id, first_touch=day)
    assert state(desk, handoff_id) is State.DELIVERED


def test_a_handoff_is_answered_once(desk: Office, handoff_id: str):
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    for act in (
        lambda: sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY),
        lambda: sales.decline(desk.desk, desk.max, handoff_id, code="no_fit"),
    ):
        with pytest.raises(MoveRefused):
            act()
    assert len(said(desk, desk.store.handoff(handoff_id).brief_id)) == 1


@pytest.mark.parametrize(("code", "reason"), [(None, None), ("because", "no"), ("other", None), ("other", "  "), ("low_value", None)])
def test_declining_needs_a_code_of_sales(desk: Office, handoff_id: str, code: str | None, reason: str | None):
    with pytest.raises(BadInput):
        sales.decline(desk.desk, desk.eve, handoff_id, code=code, reason=reason)
    assert state(desk, handoff_id) is State.DELIVERED


@pytest.mark.parametrize("code", DECLINE_CODES)
def test_every_code_declines(desk: Office, handoff_id: str, code: str):
    assert sales.decline(desk.desk, desk.eve, handoff_id, code=code, reason="Spoke with them last week.").state is State.DECLINED


def test_a_deal_is_won_with_its_amount_or_lost_with_a_code(desk: Office, handoff_id: str):
    with pytest.raises(MoveRefused):
        sales.outcome(desk.desk, desk.eve, handoff_id, "won", amount=100)
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    assert sales.outcome(desk.desk, desk.eve, handoff_id, "won", amount=1200, currency="usd").state is State.WON
    answer = said(desk, desk.store.handoff(handoff_id).brief_id)[-1]
    assert (answer.amount, answer.currency) == (1200.0, "USD")


@pytest.mark.parametrize(
    "told",
    [
        {"result": "won"},
        {"result": "won", "amount": -1},
        {"result": "won", "amount": float("nan")},
        {"result": "won", "amount": float("inf")},
        {"result": "won", "amount": 5, "currency": "EURO"},
        {"result": "lost"},
        {"result": "lost", "code": "no_reason"},
        {"result": "lost", "code": "price", "amount": 5},
        {"result": "lost", "code": "other"},
        {"result": "drawn"},
    ],
)
def test_an_outcome_that_says_nothing_is_refused(desk: Office, handoff_id: str, told: dict[str, object]):
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    with pytest.raises(BadInput):
        sales.outcome(desk.desk, desk.eve, handoff_id, **told)  # pyright: ignore[reportArgumentType]
    assert state(desk, handoff_id) is State.ACCEPTED


@pytest.mark.parametrize("code", LOST_CODES)
def test_every_code_loses(desk: Office, handoff_id: str, code: str):
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    assert sales.outcome(desk.desk, desk.eve, handoff_id, "lost", code=code, reason="They said so.").state is State.LOST


@pytest.mark.parametrize("name", ["eve", "dana", "max"])
def test_a_lead_goes_back_until_a_day_or_a_condition(desk: Office, handoff_id: str, name: str):
    row = sales.recycle(desk.desk, getattr(desk, name), handoff_id, day=TODAY + 90 * DAY, condition=" once the budget is set ")
    assert row.state is State.RECYCLED
    (answer,) = said(desk, row.id)
    assert (answer.day, answer.condition) == (TODAY + 90 * DAY, "once the budget is set")


@pytest.mark.parametrize(("day", "condition"), [(None, None), (None, "  "), (TODAY, None), (TODAY + 1000 * DAY, None)])
def test_a_lead_does_not_go_back_for_nothing(desk: Office, handoff_id: str, day: date | None, condition: str | None):
    with pytest.raises(BadInput):
        sales.recycle(desk.desk, desk.eve, handoff_id, day=day, condition=condition)
    assert state(desk, handoff_id) is State.DELIVERED


def test_the_csm_does_not_answer_for_sales(desk: Office, handoff_id: str):
    for act in (
        lambda: sales.accept(desk.desk, desk.dana, handoff_id, first_touch=TODAY),
        lambda: sales.decline(desk.desk, desk.dana, handoff_id, code="no_fit"),
        lambda: sales.outcome(desk.desk, desk.dana, handoff_id, "won", amount=1),
        lambda: talking.ask(desk.desk, desk.dana, handoff_id, "Who decides?"),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_ae_revoked_in_mid_session_cannot_answer(desk: Office, handoff_id: str):
    people.revoke(desk.store, desk.eve.id, by=None, now=desk.clock)
    with pytest.raises(NotAllowed):
        sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    assert state(desk, handoff_id) is State.DELIVERED


def test_a_new_ae_of_the_account_does_not_inherit_what_named_another(desk: Office, handoff_id: str, rival: Person):
    """The hand-off keeps the reader it named when it was approved."""
    with pytest.raises(NotFound):
        handed.read(desk.desk, rival, handoff_id)
    assert handed.read(desk.desk, desk.eve, handoff_id).body is not None


def test_sales_asks_and_the_csm_answers_there(desk: Office, handoff_id: str):
    asked = talking.ask(desk.desk, desk.eve, handoff_id, "  Who decides?  ")
    talking.reply(desk.desk, desk.dana, handoff_id, asked.id, "Ann does.")
    seen = handed.read(desk.desk, desk.eve, handoff_id).said
    assert [(s.text, s.reply_to, s.by_name) for s in seen] == [("Who decides?", None, "Eve"), ("Ann does.", asked.id, "Dana")]
    assert "question" in told(desk, "dana")
    assert "reply" in told(desk, "eve")


def test_whoever_a_brief_was_given_to_hears_what_sales_says_and_not_who_the_account_names(desk: Office, handoff_id: str):
    given_to(desk, handoff_id, desk.otto)
    before = told(desk, "dana")
    talking.ask(desk.desk, desk.eve, handoff_id, "Who signs?")
    talking.give_feedback(desk.desk, desk.eve, handoff_id, section=None, useful=True)
    desk.clock.at += 3 * DAY
    sales.remind(desk.desk)
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY + 4 * DAY)
    assert sorted(told(desk, "otto")) == ["answer_overdue", "answered", "feedback", "question"]
    assert told(desk, "dana") == before


def test_a_question_always_rings_somebody(desk: Office, handoff_id: str):
    given_to(desk, handoff_id, desk.otto)
    people.revoke(desk.store, desk.otto.id, by=None, now=desk.clock)
    talking.ask(desk.desk, desk.eve, handoff_id, "Who signs?")
    assert told(desk, "dana") == ["question"], "who the account names"
    unnamed = replace(desk.desk, owners=lambda account_id: Owners(csm="gone@acme.example", ae="eve@acme.example"))
    talking.ask(unnamed, desk.eve, handoff_id, "When?")
    assert told(desk, "dana") == ["question", "question"], "who approved it"
    people.revoke(desk.store, desk.dana.id, by=None, now=desk.clock)
    talking.ask(desk.desk, desk.eve, handoff_id, "Where?")
    assert told(desk, "max") == ["question"], "the admins"


def test_an_answer_needs_its_question(desk: Office, handoff_id: str):
    asked = talking.ask(desk.desk, desk.eve, handoff_id, "Who decides?")
    answered = talking.reply(desk.desk, desk.dana, handoff_id, asked.id, "Ann does.")
    for question_id in ("nothing", answered.id):
        with pytest.raises(NotFound):
            talking.reply(desk.desk, desk.dana, handoff_id, question_id, "Ann does.")
    with pytest.raises(BadInput):
        talking.reply(desk.desk, desk.eve, handoff_id, asked.id, "I found out.")
    for text in ("", "   ", "x" * 4001):
        with pytest.raises(BadInput):
            talking.ask(desk.desk, desk.eve, handoff_id, text)


def test_feedback_names_a_section_that_is_there(desk: Office, handoff_id: str):
    talking.give_feedback(desk.desk, desk.eve, handoff_id, section="need", useful=False, text="They have it already.")
    talking.give_feedback(desk.desk, desk.eve, handoff_id, section=None, useful=True)
    seen = handed.read(desk.desk, desk.dana, handoff_id).feedback
    assert [(f.section, f.useful, f.text) for f in seen] == [("need", False, "They have it already."), (None, True, None)]
    for section, useful in (("weather", True), ("need", False)):
        with pytest.raises(BadInput):
            talking.give_feedback(desk.desk, desk.eve, handoff_id, section=section, useful=useful)


def test_sales_is_reminded_at_half_the_time_and_told_on_at_its_end(desk: Office, handoff_id: str):
    desk.clock.at += timedelta(hours=11.9)
    assert sales.remind(desk.desk) == {}
    desk.clock.at += timedelta(hours=0.2)
    assert sales.remind(desk.desk) == {handoff_id: "remind"}
    assert sales.remind(desk.desk) == {}
    desk.clock.at += timedelta(hours=12)
    assert sales.remind(desk.desk) == {handoff_id: "escalate"}
    assert sales.remind(desk.desk) == {}
    assert told(desk, "eve") == ["answer_overdue", "answer_due", "handoff_delivered"]
    assert told(desk, "dana") == ["answer_overdue"]
    assert told(desk, "max") == ["answer_overdue"]
    assert state(desk, handoff_id) is State.DELIVERED, "silence is no answer"


def test_a_weekend_does_not_press_sales(desk: Office):
    desk.clock.at = datetime(2026, 4, 3, 17, tzinfo=UTC)
    brief_id = desk.draft(body())
    desk.approve(brief_id)
    desk.clock.at = datetime(2026, 4, 5, 23, tzinfo=UTC)
    assert sales.remind(desk.desk) == {}
    desk.clock.at = datetime(2026, 4, 6, 17, 1, tzinfo=UTC)
    assert list(sales.remind(desk.desk).values()) == ["escalate"]


def test_what_is_answered_is_not_pressed(desk: Office, handoff_id: str):
    sales.accept(desk.desk, desk.eve, handoff_id, first_touch=TODAY)
    desk.clock.at += timedelta(days=30)
    assert sales.remind(desk.desk) == {}
