"""Who acts is whose token it is; a token is shown once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefs import people
from briefs.errors import BadInput, NotAllowed, NotFound
from briefs.store import Store
from tests.briefs.desk_parts import NOON, Clock, Office, counter, database_bytes


def add(store: Store, name: str = "Ann", role: str = "csm", email: str | None = None, by: people.Person | None = None) -> people.NewPerson:
    return people.add(store, name, role, email, by=by, now=Clock(), new_id=counter(name), new_token=counter(f"secret-of-{name}-"))


def test_a_token_says_who_acts(store: Store):
    new = add(store, "Ann", "csm", "ann@acme.example")
    assert people.whose(store, new.token) == new.person
    assert people.whose(store, f" {new.token}\n") == new.person, "pasted with a line end"
    assert (new.person.name, new.person.role, new.person.email) == ("Ann", "csm", "ann@acme.example")


def test_no_token_is_kept(database: Path, sqlite_store: Store):
    new = add(sqlite_store)
    assert new.token.encode() not in database_bytes(database)


@pytest.mark.parametrize("token", [None, "", "  ", "nonsense", "sha256:0"])
def test_a_missing_or_unknown_token_is_one_clear_line(store: Store, token: str | None):
    add(store)
    with pytest.raises(NotAllowed) as refused:
        people.whose(store, token)
    assert "\n" not in str(refused.value)
    assert refused.value.hint


def test_a_revoked_person_cannot_act(store: Store):
    new = add(store)
    people.revoke(store, new.person.id, by=None, now=Clock())
    people.revoke(store, new.person.id, by=None, now=Clock())
    with pytest.raises(NotAllowed, match="revoked"):
        people.whose(store, new.token)
    with pytest.raises(NotAllowed):
        people.new_token_for(store, new.person.id, by=None, now=Clock(), new_token=counter("t"))
    assert [row.id for row in people.everybody(store) if row.revoked_at] == [new.person.id]


def test_a_new_token_takes_the_place_of_the_old_one(store: Store):
    old = add(store)
    new = people.new_token_for(store, old.person.id, by=None, now=Clock(), new_token=counter("fresh"))
    assert people.whose(store, new.token).id == old.person.id
    with pytest.raises(NotAllowed, match="revoked"):
        people.whose(store, old.token)


def test_somebody_revoked_in_mid_session_cannot_decide(desk: Office):
    brief_id = desk.draft()
    people.revoke(desk.store, desk.dana.id, by=desk.max, now=desk.clock)
    with pytest.raises(NotAllowed, match="revoked"):
        desk.approve(brief_id)


def test_only_an_admin_manages_people(desk: Office):
    add(desk.store, "New", by=desk.max)
    for person in (desk.dana, desk.eve):
        with pytest.raises(NotAllowed):
            add(desk.store, "Other", by=person)
        with pytest.raises(NotAllowed):
            people.revoke(desk.store, desk.max.id, by=person, now=desk.clock)


@pytest.mark.parametrize(("name", "role", "email"), [("", "csm", None), ("Ann", "boss", None), ("Ann", "csm", "nowhere")])
def test_a_person_needs_a_name_a_known_role_and_a_real_address(store: Store, name: str, role: str, email: str | None):
    with pytest.raises(BadInput):
        add(store, name, role, email)


@pytest.mark.parametrize("person_id", ["machine", "console"])
def test_nobody_can_be_called_the_machine(store: Store, person_id: str):
    with pytest.raises(BadInput):
        people.add(store, "Ann", "admin", by=None, now=Clock(), new_id=lambda: person_id, new_token=counter("t"))


def test_two_people_do_not_share_an_address(store: Store):
    first = add(store, "Ann", email="ann@acme.example")
    with pytest.raises(BadInput, match="already"):
        add(store, "Anna", email="Ann@Acme.example")
    people.revoke(store, first.person.id, by=None, now=Clock())
    add(store, "Anna", email="Ann@Acme.example")


def test_an_account_names_a_person_by_id_or_address(store: Store):
    ann = add(store, "Ann", email="ann@acme.example").person
    assert ann.is_named(ann.id)
    assert ann.is_named(" ANN@acme.example ")
    assert not ann.is_named("ann")
    assert not ann.is_named("")
    assert not ann.is_named(None)
    assert not add(store, "Bob").person.is_named("None")


def test_an_unknown_person_is_not_found(store: Store):
    with pytest.raises(NotFound):
        people.revoke(store, "nobody", by=None, now=Clock())


def test_people_and_tokens_stand_in_the_audit_chain_without_names(store: Store):
    new = add(store, "Ann", email="ann@acme.example")
    people.revoke(store, new.person.id, by=None, now=Clock())
    rows = store.audit_rows()
    assert [(row.actor, row.action) for row in rows] == [
        ("console", "person.add"),
        ("console", "token.create"),
        ("console", "person.revoke"),
        ("console", "token.revoke"),
    ]
    assert "ann@" not in "".join(row.details for row in rows)
    assert new.token not in "".join(row.details + row.object for row in rows)


def test_the_demo_can_be_run_twice(store: Store):
    wanted = [("Dana", "csm", "dana@demo.example"), ("Max", "admin", "max@demo.example")]
    first = people.demo_people(store, wanted, now=Clock(), new_id=counter("p"), new_token=counter("one"))
    again = people.demo_people(store, wanted, now=Clock(), new_id=counter("q"), new_token=counter("two"))
    assert [new.person.id for new in first] == [new.person.id for new in again]
    assert [people.whose(store, new.token).name for new in again] == ["Dana", "Max"]
    assert len(people.everybody(store)) == 2


LATER = datetime(2026, 4, 2, tzinfo=UTC)


def test_a_person_may_have_several_tokens_and_lose_one(store: Store):
    first = add(store)
    second = people.another_token(store, first.person.id, label=" laptop ", by=None, now=Clock(), new_token=counter("second"))
    assert {row.label for row in people.tokens(store, first.person.id)} == {None, "laptop"}
    assert second.person.token_id is not None
    people.revoke_token(store, second.person.token_id, by=None, now=Clock())
    people.revoke_token(store, second.person.token_id, by=None, now=Clock())
    with pytest.raises(NotAllowed, match="revoked"):
        people.whose(store, second.token)
    assert people.whose(store, first.token).id == first.person.id
    assert [row.action for row in store.audit_rows()].count("token.revoke") == 1


def test_a_token_ends_when_it_said(store: Store):
    first = add(store)
    short = people.another_token(store, first.person.id, expires_at=LATER, by=None, now=Clock(), new_token=counter("short"))
    assert people.whose(store, short.token, now=lambda: LATER - timedelta(seconds=1)).id == first.person.id
    for clock in (lambda: LATER, None):
        with pytest.raises(NotAllowed, match="expired"):
            people.whose(store, short.token, now=clock)
    with pytest.raises(BadInput):
        people.another_token(store, first.person.id, expires_at=NOON, by=None, now=Clock(), new_token=counter("late"))


def test_a_tokens_last_use_is_kept_to_the_minute(store: Store):
    new = add(store)
    for seconds in (0, 30, 59, 61):
        people.whose(store, new.token, now=lambda seconds=seconds: LATER + timedelta(seconds=seconds))
    assert people.tokens(store, new.person.id)[0].last_used_at == LATER + timedelta(seconds=61)
    people.whose(store, new.token, now=lambda: LATER + timedelta(seconds=100))
    assert people.tokens(store, new.person.id)[0].last_used_at == LATER + timedelta(seconds=61)


def test_whoever_holds_a_token_may_end_that_token_and_no_other(store: Store):
    ann, bea = add(store), add(store, "Bea")
    me = people.whose(store, ann.token)
    assert me.token_id is not None
    assert bea.person.token_id is not None
    with pytest.raises(NotAllowed):
        people.revoke_token(store, bea.person.token_id, by=me, now=Clock())
    people.revoke_token(store, me.token_id, by=me, now=Clock())
    with pytest.raises(NotAllowed):
        people.whose(store, ann.token)


def test_colleagues_are_the_csms_of_ones_team(store: Store):
    ann, bea, cora = add(store, "Ann", email="ann@acme.example"), add(store, "Bea"), add(store, "Cora")
    assert people.colleagues(store, ann.person) == frozenset()
    for new in (ann, bea):
        people.put_in_team(store, new.person.id, "north", by=None, now=Clock())
    people.put_in_team(store, cora.person.id, "south", by=None, now=Clock())
    me = people.whose(store, ann.token)
    assert people.colleagues(store, me) == {"ann1", "ann@acme.example", "bea1"}
    people.revoke(store, bea.person.id, by=None, now=Clock())
    assert people.colleagues(store, me) == {"ann1", "ann@acme.example"}
