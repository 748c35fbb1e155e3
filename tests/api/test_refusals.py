"""Who is not let in, what is not taken, and how the answer says so: tokens, fields, sizes, too many requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from briefs import people
from tests.api.problems import problem
from tests.api.world import OURS, World


def test_nobody_gets_in_without_a_token_and_the_answer_says_how(world: World) -> None:
    answer = world.call(None, "GET", "/v1/briefs")
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"
    problem(world.call(None, "GET", "/v1/briefs", headers={"Authorization": "Basic YTpi"}), 401, "not-signed-in")
    problem(world.call(None, "GET", "/v1/briefs", headers={"Authorization": "Bearer nonsense"}), 401, "not-signed-in")


def test_a_token_in_the_address_is_refused_even_beside_a_good_one(world: World) -> None:
    told = problem(world.call("ada", "GET", f"/v1/briefs?token={world.tokens['ada']}"), 422, "bad-input")
    assert world.tokens["ada"] not in json.dumps(told)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"decision": "bless", "version_hash": "x"}, "/decision"),
        ({"decision": "approve", "version_hash": "x", "accept_changes": True}, "/accept_changes"),
        ({"decision": "approve"}, "/version_hash"),
        ({"decision": "approve", "version_hash": "x", "surprise": 1}, "/surprise"),
        ({"decision": "approve", "version_hash": "x", "reason": "QZSECRET" * 1000}, "/reason"),
        ([], ""),
    ],
)
def test_a_field_that_is_wrong_is_named_by_a_pointer_and_not_quoted(world: World, body: Any, pointer: str) -> None:
    brief = world.brief_of(OURS[0])
    answer = world.call("mira", "POST", f"/v1/briefs/{brief}/decisions", json=body, headers={"If-Match": world.etag(brief)})
    told = problem(answer, 422, "invalid")
    assert pointer in {each["pointer"] for each in told["errors"]}
    assert "QZSECRET" not in answer.text


def test_what_is_not_json_is_refused_as_the_body(world: World) -> None:
    brief = world.brief_of(OURS[0])
    headers = {"If-Match": world.etag(brief), "Content-Type": "application/json"}
    told = problem(world.call("mira", "POST", f"/v1/briefs/{brief}/decisions", content=b"{", headers=headers), 422, "invalid")
    assert told["errors"][0]["in"] == "body"


def test_a_ten_megabyte_edit_is_too_large_with_and_without_saying_its_length(world: World) -> None:
    path = f"/v1/briefs/{world.brief_of(OURS[0])}"
    problem(world.call("mira", "PATCH", path, content=b"x" * 10_000_000), 413, "too-large")
    problem(world.call("mira", "PATCH", path, content=(b"x" * 1_000_000 for _ in range(10))), 413, "too-large")


def test_a_revoked_person_is_out_at_once(world: World) -> None:
    assert world.call("ada", "DELETE", f"/v1/users/{world.ids['mira']}").status_code == 204
    problem(world.call("mira", "GET", "/v1/briefs"), 401, "not-signed-in")


def test_a_person_there_is_not_has_no_tokens_to_list(world: World) -> None:
    problem(world.call("ada", "GET", "/v1/users/nobody/tokens"), 404, "not-found")


def test_a_person_who_asks_too_often_is_told_to_wait(world: World) -> None:
    from api.rates import Rates

    world.client.app.state.rates = Rates(60)
    answers = [world.call("mira", "GET", "/v1/briefs?limit=1") for _ in range(15)]
    assert answers[0].status_code == 200
    problem(answers[-1], 429, "too-many")
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_each_token_of_a_person_has_requests_of_its_own(world: World) -> None:
    from api.rates import Rates

    world.client.app.state.rates = Rates(60)
    while world.call("mira", "GET", "/v1/briefs?limit=1").status_code != 429:
        pass
    space = world.workspace
    more = people.another_token(space.store, world.ids["mira"], by=None, now=space.now, new_token=lambda: "another-token-of-mira")
    assert world.client.get("/v1/briefs?limit=1", headers={"Authorization": f"Bearer {more.token}"}).status_code == 200


def test_who_sends_too_many_bad_tokens_is_told_to_wait_and_good_ones_go_on(world: World) -> None:
    from api.rates import Rates

    world.client.app.state.refusals = Rates(60)
    answers = [world.client.get("/v1/briefs", headers={"Authorization": f"Bearer guess-{n}"}) for n in range(15)]
    problem(answers[0], 401, "not-signed-in")
    problem(answers[-1], 429, "too-many")
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert world.call("mira", "GET", "/v1/briefs").status_code == 200


def test_every_answer_carries_a_request_id_and_headers_that_protect_a_browser(world: World) -> None:
    answer = world.call("ada", "GET", "/v1/briefs", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert world.call("ada", "GET", "/v1/briefs", headers={"X-Request-ID": "a\tb"}).headers["x-request-id"] != "a\tb"
