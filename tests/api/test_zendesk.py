"""A Zendesk trigger flags a ticket: only with the service's token and Zendesk's signature of a moment ago, and once, however often it is sent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefs import helpdesk
from briefs.settings import Settings
from briefs.wiring import Workspace
from retrieval.records import Ticket
from tests.api.world import OURS, World, serving

SECRET = "dGhpcyBzZWNyZXQgaXMgZm9yIHRlc3Rz"
CALL = "/v1/flags/zendesk"


@pytest.fixture
def world(planted_home: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copytree(planted_home, tmp_path / "planted")
    with serving(tmp_path / "planted", zendesk_secret=SECRET) as there:
        yield there


def _ticket(world: World) -> str:
    return next(record.id for record in world.workspace.archive.records(OURS[0]) if isinstance(record, Ticket))


def _send(
    world: World, body: dict[str, Any], *, who: str | None = "help", age: timedelta = timedelta(0), headers: Mapping[str, str] | None = None
) -> Any:
    data, signed_at = json.dumps(body).encode(), (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%SZ")
    sent = {helpdesk.SIGNATURE: helpdesk.sign(SECRET, signed_at, data), helpdesk.SIGNED_AT: signed_at, "Content-Type": "application/json"}
    sent |= headers or {}
    return world.call(who, "POST", CALL, content=data, headers=sent)


def test_a_signed_call_flags_the_ticket_with_the_agents_name(world: World) -> None:
    answer = _send(world, {"ticket_id": _ticket(world), "agent": "Lena", "reason": "They asked what the next plan holds"})
    assert answer.status_code == 201, answer.text
    (flag,) = world.workspace.store.flags(OURS[0])
    assert (flag.id, flag.reason) == (answer.json()["id"], "Lena: They asked what the next plan holds")
    assert world.call("help", "GET", f"/v1/flags/{flag.id}").status_code == 200


def test_the_same_call_sent_again_is_one_flag(world: World) -> None:
    body = {"ticket_id": _ticket(world)}
    first, again, other = (_send(world, body, headers={helpdesk.INVOCATION: name}) for name in ("one", "one", "two"))
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    assert [flag.reason for flag in world.workspace.store.flags(OURS[0])] == [helpdesk.NO_REASON] * 2


def test_zendesks_number_finds_the_ticket_under_the_prefix_it_was_imported_with(planted_home: Path, tmp_path: Path) -> None:
    shutil.copytree(planted_home, tmp_path / "planted")
    with Workspace(Settings(home=tmp_path / "planted")) as plain:
        ticket = next(record.id for record in plain.archive.records(OURS[0]) if isinstance(record, Ticket))
    prefix = ticket[:-1]
    assert ticket[-1].isdigit()
    with serving(tmp_path / "planted", zendesk_secret=SECRET, zendesk_prefix=prefix) as there:
        answer = _send(there, {"ticket_id": int(ticket[-1])})
    assert answer.status_code == 201, answer.text
    assert answer.json()["ticket_id"] == ticket


@pytest.mark.parametrize(
    ("headers", "age"),
    [
        ({helpdesk.SIGNATURE: ""}, timedelta(0)),
        ({helpdesk.SIGNATURE: "not base64!"}, timedelta(0)),
        ({helpdesk.SIGNATURE: helpdesk.sign("another secret", "2026-01-01T00:00:00Z", b"{}")}, timedelta(0)),
        ({helpdesk.SIGNED_AT: "yesterday"}, timedelta(0)),
        ({}, timedelta(minutes=6)),
        ({}, -timedelta(minutes=6)),
    ],
    ids=["unsigned", "no base64", "another secret", "no moment", "too old", "from the future"],
)
def test_what_zendesk_did_not_sign_a_moment_ago_is_refused(world: World, headers: dict[str, str], age: timedelta) -> None:
    answer = _send(world, {"ticket_id": _ticket(world)}, age=age, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:briefs:problem:not-signed-in")
    assert world.workspace.store.flags(OURS[0]) == []


def test_a_changed_body_is_refused(world: World) -> None:
    data, signed_at = b'{"ticket_id": "%s"}' % _ticket(world).encode(), datetime.now(UTC).isoformat()
    headers = {helpdesk.SIGNATURE: helpdesk.sign(SECRET, signed_at, data), helpdesk.SIGNED_AT: signed_at, "Content-Type": "application/json"}
    assert world.call("help", "POST", CALL, content=data + b" ", headers=headers).status_code == 401
    assert world.call("help", "POST", CALL, content=data, headers=headers).status_code == 201


def test_a_signature_alone_lets_nobody_in(world: World) -> None:
    assert _send(world, {"ticket_id": _ticket(world)}, who=None).status_code == 401
    assert _send(world, {"ticket_id": _ticket(world)}, who="mira").status_code == 403


def test_without_a_signing_secret_the_call_is_closed(planted_home: Path, tmp_path: Path) -> None:
    shutil.copytree(planted_home, tmp_path / "planted")
    with serving(tmp_path / "planted") as there:
        assert _send(there, {"ticket_id": _ticket(there)}).status_code == 403


def test_an_unknown_ticket_and_an_unknown_field_are_refused(world: World) -> None:
    assert _send(world, {"ticket_id": "nowhere"}).status_code == 404
    assert _send(world, {"ticket_id": _ticket(world), "comment": "x"}).status_code == 422
