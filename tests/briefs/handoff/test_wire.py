"""One message to one checked address: no second look-up, no redirects, and limits on time and size however the receiver behaves."""

from __future__ import annotations

import time

import pytest

from briefs.errors import BadInput
from briefs.handoff.wire import Unreachable, Wire
from tests.servers.receiver import Given, Receiver, drip, late, reset, status


def wire(**changes: object) -> Wire:
    return Wire(**({"allow_private": True, "seconds": 1.0, "resolve": lambda host: ["127.0.0.1"]} | changes))  # pyright: ignore[reportArgumentType]


def test_a_message_arrives_with_its_headers_and_its_bytes():
    with Receiver([status(201, {"id": "x"})]) as receiver:
        answer = wire()("POST", receiver.url + "/a?b=c", {"X-One": "1"}, b"bytes")
    assert (answer.status, answer.json()) == (201, {"id": "x"})
    (taken,) = receiver.taken
    assert (taken.method, taken.path, taken.body, taken.headers["x-one"]) == ("POST", "/a?b=c", b"bytes", "1")
    assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_the_connection_goes_to_the_address_that_was_checked_whatever_the_name_means_by_then():
    answers = iter([["127.0.0.1"], ["10.255.255.1"], ["10.255.255.1"]])
    with Receiver() as receiver:
        answer = wire(resolve=lambda host: next(answers))("POST", f"http://hooks.example:{receiver.port}/", {}, b"")
    assert answer.status == 200
    assert receiver.taken[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert next(answers) == ["10.255.255.1"], "the name was looked up once"


def test_a_private_address_is_refused_before_anything_is_sent():
    with Receiver() as receiver, pytest.raises(BadInput):
        wire(allow_private=False)("POST", receiver.url, {}, b"secret")
    assert receiver.taken == []


def test_a_redirect_is_an_answer_and_is_not_followed():
    with Receiver([status(302, Location="http://127.0.0.1:1/")]) as receiver:
        assert wire()("POST", receiver.url, {}, b"").status == 302
    assert len(receiver.taken) == 1


@pytest.mark.parametrize("given", [late(30), drip(0.05)], ids=["silent", "drop by drop"])
def test_a_slow_receiver_is_given_up_in_time(given: Given):
    with Receiver([given]) as receiver:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            wire()("POST", receiver.url, {}, b"")
        assert time.monotonic() - began < 5


def test_an_answer_too_long_is_given_up():
    with Receiver([Given(body=b"x" * 200_000)]) as receiver, pytest.raises(Unreachable, match="too long"):
        wire()("POST", receiver.url, {}, b"")


def test_a_broken_connection_is_named():
    with Receiver([reset()]) as receiver, pytest.raises(Unreachable, match="broke"):
        wire()("POST", receiver.url, {}, b"")


def test_nobody_listening_is_named():
    with Receiver() as receiver:
        port = receiver.port
    with pytest.raises(Unreachable, match="refused"):
        wire()("POST", f"http://127.0.0.1:{port}/", {}, b"")


def test_a_name_that_is_not_known_is_named():
    def nobody(host: str) -> list[str]:
        raise OSError(host)

    with pytest.raises(Unreachable, match="looked up"):
        wire(resolve=nobody)("POST", "https://hooks.example/", {}, b"")


def test_a_receiver_says_when_to_come_back():
    with Receiver([status(429, Retry_After="120")]) as receiver:
        assert wire()("POST", receiver.url, {}, b"").retry_after == 120.0
