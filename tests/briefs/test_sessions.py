"""Signed in to the pages, by a token or by the company's identity provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from briefs import identity, people, sessions
from briefs.errors import NotAllowed
from briefs.identity import Vouched
from briefs.people import Person
from briefs.store import Store
from briefs.store.sessions import Login
from tests.briefs.desk_parts import NOON, Clock, counter, database_bytes

MIRA = Vouched("https://id.example", "sub-1", "Mira@acme.example", email_verified=True)


def person(store: Store, name: str = "mira", role: str = "csm") -> Person:
    made = people.add(store, name, role, f"{name}@acme.example", by=None, now=Clock(), new_id=counter(name), new_token=counter(f"token-of-{name}"))
    return made.person


def at(**later: float) -> Callable[[], datetime]:
    return lambda: NOON + timedelta(**later)


def start(store: Store, who: Person) -> sessions.Session:
    return sessions.start(store, who, now=at(), new_token=counter("value"))


def test_a_session_says_who_is_signed_in(store: Store):
    mira = person(store)
    begun = start(store, mira)
    found = sessions.find(store, begun.value, now=at(hours=1))
    assert (found.person.id, found.csrf, found.expires_at) == (mira.id, begun.csrf, NOON + sessions.LIFE)
    assert begun.csrf != begun.value


def test_no_value_of_a_session_is_kept(database: Path, sqlite_store: Store):
    begun = sessions.start(sqlite_store, person(sqlite_store), now=at(), new_token=counter("very-secret-value"))
    assert begun.value.encode() not in database_bytes(database)


@pytest.mark.parametrize("value", [None, "", "value9", "sha256:0"])
def test_an_unknown_value_opens_nothing(store: Store, value: str | None):
    start(store, person(store))
    with pytest.raises(NotAllowed):
        sessions.find(store, value, now=at())


def test_a_session_ends_by_the_clock(store: Store):
    begun = start(store, person(store))
    for hours in (1, 2.9, 4.8, 6.7, 8.6, 10.5, 11.9):
        sessions.find(store, begun.value, now=at(hours=hours))
    with pytest.raises(NotAllowed):
        sessions.find(store, begun.value, now=at(hours=12))


def test_a_session_left_alone_ends(store: Store):
    begun = start(store, person(store))
    with pytest.raises(NotAllowed):
        sessions.find(store, begun.value, now=at(hours=2))


def test_signing_out_ends_a_session_once(store: Store):
    begun = start(store, person(store))
    sessions.end(store, begun, now=at())
    sessions.end(store, begun, now=at())
    with pytest.raises(NotAllowed):
        sessions.find(store, begun.value, now=at())
    assert [row.action for row in store.audit_rows()].count("session.end") == 1


@pytest.mark.parametrize("value", [None, "", "unknown"])
def test_a_value_that_opens_nothing_ends_nothing(store: Store, value: str | None):
    begun = start(store, person(store))
    sessions.end_by_value(store, value, now=at())
    assert sessions.find(store, begun.value, now=at()).person.id == begun.person.id


def test_revoking_a_person_ends_their_sessions(store: Store):
    mira = person(store)
    begun = start(store, mira)
    people.revoke(store, mira.id, by=None, now=at())
    with pytest.raises(NotAllowed):
        sessions.find(store, begun.value, now=at())
    with pytest.raises(NotAllowed):
        start(store, mira)


def test_the_provider_opens_the_account_of_the_verified_address(store: Store):
    mira = person(store)
    assert identity.sign_in(store, MIRA, now=at()).id == mira.id
    assert identity.sign_in(store, MIRA, now=at()).id == mira.id
    assert [row.action for row in store.audit_rows()].count("person.bind") == 1


@pytest.mark.parametrize(
    "vouched",
    [
        replace(MIRA, email_verified=False),
        replace(MIRA, email="somebody@acme.example"),
        replace(MIRA, email=None),
        replace(MIRA, email="mira1"),
        replace(MIRA, subject=""),
    ],
    ids=["address not verified", "nobody here", "no address", "an id in place of an address", "no subject"],
)
def test_whoever_is_nobody_here_stays_out(store: Store, vouched: Vouched):
    person(store)
    with pytest.raises(NotAllowed):
        identity.sign_in(store, vouched, now=at())
    assert [row.action for row in store.audit_rows()][-1] == "login.refuse"


def test_an_address_given_to_somebody_else_opens_nothing(store: Store):
    """A second subject, or the same one at another provider, with Mira's address after she signed in once."""
    person(store)
    identity.sign_in(store, MIRA, now=at())
    for other in (replace(MIRA, subject="sub-2"), replace(MIRA, issuer="https://other.example")):
        with pytest.raises(NotAllowed):
            identity.sign_in(store, other, now=at())


def test_a_bound_person_signs_in_after_the_address_changed(store: Store):
    mira = person(store)
    identity.sign_in(store, MIRA, now=at())
    assert identity.sign_in(store, replace(MIRA, email="mira.new@acme.example"), now=at()).id == mira.id


def test_a_revoked_person_is_not_let_in_by_the_provider(store: Store):
    mira = person(store)
    identity.sign_in(store, MIRA, now=at())
    people.revoke(store, mira.id, by=None, now=at())
    with pytest.raises(NotAllowed):
        identity.sign_in(store, MIRA, now=at())


def test_a_sign_in_under_way_comes_back_once_and_in_time(store: Store):
    identity.begin(store, Login("state-1", "nonce", "verifier", "/briefs", NOON))
    assert identity.finish(store, "state-1", now=at(minutes=9)).next == "/briefs"
    identity.begin(store, Login("state-2", "nonce", "verifier", "/briefs", NOON))
    for state, later in (("state-1", at()), ("state-2", at(minutes=11)), ("state-3", at())):
        with pytest.raises(NotAllowed):
            identity.finish(store, state, now=later)
