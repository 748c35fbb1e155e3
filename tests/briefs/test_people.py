"""Who acts is whose token it is; a token is shown once."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs import people
from briefs.errors import BadInput, NotAllowed, NotFound
from briefs.store import Store
from tests.briefs.desk_parts import Clock, Office, counter, database_bytes


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
