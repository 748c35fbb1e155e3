"""A dossier as of a day shows nothing dated after that day, whatever kind of record it stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dossier import Dossier, collect
from retrieval.errors import UnknownAccount
from retrieval.records import Account, Catalogue, Contact, Note, Opportunity, Product, Record, Scorecard, Survey, Ticket, Usage

AS_OF = date(2026, 3, 31)
LAST = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
AFTER = datetime(2026, 4, 1, tzinfo=UTC)


def tier(sku: str, rank: int) -> Product:
    return Product(sku=sku, name=sku.title(), kind="tier", rank=rank)


CATALOGUE = Catalogue(
    products=(tier("essential", 1), tier("professional", 2), tier("enterprise", 3), Product(sku="analytics", name="Analytics", kind="module"))
)


class Shelf:
    """Records of one account, as an archive hands them out."""

    def __init__(self, *records: Record, accounts: tuple[Account, ...] = ()) -> None:
        self.rows = list(accounts) or [account()]
        self.held = list(records)

    def account_rows(self, account_id: str) -> list[Account]:
        return [row for row in self.rows if row.id == account_id]

    def records(self, account_id: str) -> list[Record]:
        return self.held

    def catalogue(self) -> Catalogue:
        return CATALOGUE


def account(**changes: Any) -> Account:
    return Account.model_validate({"id": "a1", "name": "Nordwind", "plan": "professional"} | changes)


def ticket(**changes: Any) -> Ticket:
    return Ticket.model_validate({"id": "t1", "account_id": "a1", "created_at": "2026-03-01", "subject": "Printing"} | changes)


def usage(**changes: Any) -> Usage:
    return Usage.model_validate({"account_id": "a1", "period_start": "2026-03-01", "period_end": "2026-03-31", "seats_licensed": 40} | changes)


def won(sku: str, closed: str, kind: str = "expansion", record_id: str = "o1") -> Opportunity:
    base = {"id": record_id, "account_id": "a1", "kind": kind, "stage": "won", "sku": sku, "created_at": "2025-01-01", "closed_at": closed}
    return Opportunity.model_validate(base)


def seen(*records: Record, accounts: tuple[Account, ...] = (), as_of: date = AS_OF) -> Any:
    return collect(Shelf(*records, accounts=accounts), "a1", as_of)


def test_an_unknown_account_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownAccount):
        collect(Shelf(), "a2", AS_OF)


@pytest.mark.parametrize(
    ("kind", "shape", "fields"),
    [
        ("notes", Note, {"body": "x"}),
        ("surveys", Survey, {"score": 9}),
        ("scorecards", Scorecard, {"goals": "x"}),
    ],
)
def test_a_record_is_seen_until_the_last_minute_of_the_day_and_not_a_minute_after(kind: str, shape: Any, fields: dict[str, Any]) -> None:
    at_night, next_day = (shape(id=name, account_id="a1", at=at, **fields) for name, at in (("in", LAST), ("out", AFTER)))

    assert [r.id for r in getattr(seen(at_night, next_day), kind)] == ["in"]


def test_a_ticket_opened_later_is_not_there() -> None:
    assert [t.id for t in seen(ticket(id="in", created_at=LAST), ticket(id="out", created_at=AFTER)).tickets] == ["in"]


def test_a_contact_who_joins_later_is_not_there_and_one_without_a_date_is() -> None:
    people = (Contact(id="new", account_id="a1", name="New", joined_at=AFTER), Contact(id="old", account_id="a1", name="Old"))

    assert [c.id for c in seen(*people).contacts] == ["old"]


def test_a_contact_who_leaves_later_is_still_there() -> None:
    gone, going = (Contact(id=i, account_id="a1", name=i, left_at=at) for i, at in (("gone", LAST), ("going", AFTER)))
    contacts = {c.id: c.left_at for c in seen(gone, going).contacts}

    assert contacts == {"gone": LAST, "going": None}


def test_an_opportunity_made_later_is_not_there_and_one_closed_later_is_open() -> None:
    later = Opportunity(id="out", account_id="a1", created_at=AFTER)
    lost_later = Opportunity(id="in", account_id="a1", stage="lost", created_at=LAST, closed_at=AFTER)
    (deal,) = seen(later, lost_later).opportunities

    assert (deal.id, deal.stage, deal.closed_at) == ("in", "open", None)


def test_an_opportunity_closed_by_then_is_closed() -> None:
    (deal,) = seen(won("analytics", "2026-03-31")).opportunities

    assert (deal.stage, deal.closed_at) == ("won", datetime(2026, 3, 31, tzinfo=UTC))


def test_a_ticket_solved_later_is_still_open_and_has_no_rating_yet() -> None:
    (shown,) = seen(ticket(status="closed", solved_at=AFTER, updated_at=AFTER, csat="good", priority="P1")).tickets

    assert (shown.status, shown.solved_at, shown.updated_at, shown.csat) == ("open", None, None, None)


def test_a_ticket_solved_by_then_is_solved_whatever_was_written_on_it_later() -> None:
    (shown,) = seen(ticket(status="closed", solved_at=LAST, updated_at=AFTER, csat="good")).tickets

    assert (shown.status, shown.solved_at, shown.updated_at, shown.csat) == ("closed", LAST, None, "good")


def test_a_solved_ticket_that_does_not_say_when_counts_as_open_if_it_was_touched_later() -> None:
    assert seen(ticket(status="solved", updated_at=AFTER)).tickets[0].status == "open"
    assert seen(ticket(status="solved", updated_at=LAST)).tickets[0].status == "solved"
    assert seen(ticket(status="solved")).tickets[0].status == "solved"


def test_a_message_sent_later_leaves_no_trace() -> None:
    first, later = {"at": LAST, "author": "Dana", "body": "Hello?"}, {"at": AFTER, "author": "Agent", "author_role": "agent", "body": "Secret"}

    assert seen(ticket(messages=[first, later])).hash == seen(ticket(messages=[first])).hash


def test_parts_keep_their_numbers_where_a_later_message_stands_between_older_ones() -> None:
    bodies = [{"at": "2026-03-02", "body": "one"}, {"at": AFTER, "author": "Dana", "body": "two"}, {"at": "2026-03-03", "body": "three"}]
    shown = seen(ticket(messages=bodies)).tickets[0].messages

    assert [m.body for m in shown] == ["one", "", "three"]
    assert (shown[1].at, shown[1].author) == (None, None)


def test_a_message_without_a_time_was_sent_no_earlier_than_the_one_before_it() -> None:
    bodies = [{"body": "one"}, {"at": AFTER, "body": "two"}, {"body": "three"}]

    assert [m.body for m in seen(ticket(messages=bodies)).tickets[0].messages] == ["one"]


def test_a_usage_period_that_ends_later_is_not_there() -> None:
    ended, running = usage(), usage(period_start="2026-04-01", period_end="2026-04-30")

    assert [u.period_start for u in seen(ended, running).usage] == [date(2026, 3, 1)]
    assert seen(usage(period_end="2026-04-01")).usage == ()


def test_an_upgrade_attempt_made_later_is_cut_out_of_its_usage_row() -> None:
    row = usage(upgrade_attempts=[{"at": LAST, "feature": "sso"}, {"at": AFTER, "feature": "audit_log"}])

    assert [a.feature for a in seen(row).usage[0].upgrade_attempts] == ["sso"]


def test_fields_we_do_not_know_are_undated_and_stay_out() -> None:
    note = Note(id="n1", account_id="a1", at=LAST, body="x", extra={"crm_stage": "closing"})

    assert seen(note, accounts=(account(extra={"score": 9}),)).hash == seen(note.model_copy(update={"extra": {}})).hash


def test_a_changed_copy_has_the_hash_of_its_own_bytes() -> None:
    before = seen()
    known = before.hash
    copy = before.model_copy(update={"undated_fields": ("arr",)})

    assert copy.hash == Dossier.model_validate_json(copy.canonical()).hash != known


def test_of_dated_account_rows_the_latest_by_then_is_used_and_nothing_is_undated() -> None:
    rows = tuple(account(at=day, health=health) for day, health in (("2026-01-01", 60), ("2026-03-31", 70), ("2026-04-01", 10)))
    dossier = seen(accounts=rows)

    assert (dossier.account.health, dossier.account.health_previous, dossier.undated_fields) == (70, 60, ())


def test_a_dated_row_wins_over_an_undated_one() -> None:
    dossier = seen(accounts=(account(plan="enterprise"), account(at="2026-01-01", plan="essential")))

    assert (dossier.account.plan, dossier.undated_fields) == ("essential", ())


def test_where_every_row_is_later_only_the_name_is_known() -> None:
    dossier = seen(accounts=(account(at=AFTER, health=90, seats=50, renewal_date="2026-06-01"),))

    assert dossier.account == Account(id="a1", name="Nordwind")


def test_an_undated_account_is_rolled_back_over_what_was_won_later() -> None:
    today = account(plan="enterprise", products=["enterprise", "analytics"], seats=90)
    dossier = seen(won("enterprise", "2026-04-02"), won("analytics", "2026-04-03", record_id="o2"), usage(), accounts=(today,))

    assert (dossier.account.plan, dossier.account.products, dossier.account.seats) == ("professional", (), 40)
    assert dossier.undated_fields == ("plan",)


def test_what_was_won_by_then_stays() -> None:
    today = account(plan="enterprise", products=["analytics"])
    dossier = seen(won("enterprise", "2026-03-31"), won("analytics", "2026-03-31", record_id="o2"), accounts=(today,))

    assert (dossier.account.plan, dossier.account.products, dossier.undated_fields) == ("enterprise", ("analytics",), ())


def test_the_plan_before_is_the_last_one_won_by_then() -> None:
    today = account(plan="enterprise")

    assert seen(won("enterprise", "2026-04-02"), won("essential", "2025-01-02", "new", "o2"), accounts=(today,)).account.plan == "essential"


def test_two_upgrades_won_later_are_both_rolled_back() -> None:
    assert (
        seen(won("enterprise", "2026-06-02"), won("professional", "2026-04-02", record_id="o2"), accounts=(account(plan="enterprise"),)).account.plan
        == "essential"
    )


def test_a_renewal_won_later_rolls_nothing_back() -> None:
    today = account(plan="professional", products=["analytics"])
    dossier = seen(won("professional", "2026-04-02", "renewal"), won("analytics", "2026-04-02", "renewal", "o2"), accounts=(today,))

    assert (dossier.account.plan, dossier.account.products, dossier.undated_fields) == ("professional", ("analytics",), ())


def test_before_the_first_purchase_there_was_no_plan() -> None:
    assert seen(won("professional", "2026-04-02", "new")).account.plan is None


def test_undated_fields_name_what_moves_with_time_and_only_what_is_filled() -> None:
    row = account(health=80, renewal_date="2026-06-01", seats=50, arr=1000, billing_status="paid", do_not_contact=True, segment="smb")

    assert set(seen(accounts=(row,)).undated_fields) == {"health", "renewal_date", "seats", "arr", "billing_status", "do_not_contact"}
    assert "seats" not in seen(usage(), accounts=(row,)).undated_fields


def test_a_contact_is_found_by_id_name_or_mail() -> None:
    dossier = seen(Contact(id="c1", account_id="a1", name="Dana Ruiz", email="dana@nordwind.example"))

    assert [dossier.contact(said) is not None for said in ("c1", "dana ruiz", " DANA@nordwind.example ", "Dana", None, "")] == [True, True, True] + [
        False
    ] * 3


def test_the_order_in_which_records_come_does_not_matter() -> None:
    records: list[Record] = [ticket(), usage(), Note(id="n1", account_id="a1", at=LAST, body="x"), Survey(id="s", account_id="a1", at=LAST, score=9)]

    assert seen(*records).hash == seen(*reversed(records)).hash


KNOWN: tuple[Record, ...] = (
    Note(id="n0", account_id="a1", at=LAST, body="x"),
    ticket(messages=[{"at": LAST, "body": "x"}]),
    usage(),
    Contact(id="c0", account_id="a1", name="Dana"),
)
later_instants = st.integers(min_value=0, max_value=10_000).map(lambda hours: AFTER + timedelta(hours=hours))


@st.composite
def later_records(draw: st.DrawFn) -> Record:
    """Any record that is dated after the day: made later, joined later, or a period that ends later."""
    at = draw(later_instants)
    base: dict[str, Any] = {"id": "later", "account_id": "a1"}
    return draw(
        st.sampled_from(
            [
                Note(**base, at=at, body="x"),
                Survey(**base, at=at, score=2),
                Scorecard(**base, at=at, goals="x"),
                Ticket(**base, created_at=at, subject="x", priority="P1"),
                Contact(**base, name="x", joined_at=at, role="champion"),
                Opportunity(**base, created_at=at, sku="analytics"),
                Usage(account_id="a1", period_start=draw(st.dates(date(2026, 1, 2), AS_OF)), period_end=at.date(), seats_active=1),
                account(at=at, name="Other", plan="enterprise", health=1),
            ]
        )
    )


@given(st.lists(later_records(), min_size=1, max_size=4))
def test_no_record_dated_after_the_day_changes_the_dossier(later: list[Record]) -> None:
    rows = (account(health=60), *(r for r in later if isinstance(r, Account)))
    others = [r for r in later if not isinstance(r, Account)]

    assert seen(*KNOWN, *others, accounts=rows).hash == seen(*KNOWN, accounts=rows[:1]).hash
