"""What each kind of target really sends, checked by a receiver that knows the other side's documented shapes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from briefs.errors import BadInput
from briefs.handoff import targets
from briefs.handoff.envelope import Envelope
from briefs.handoff.parcel import Again, Never, Sent
from briefs.handoff.targets import slack, webhook
from tests.briefs.builders import a_brief
from tests.briefs.handoff.parcels import nasty, parcel, target, tools
from tests.servers.receiver import Given, Receiver, status

OLD, NEW = "whsec_" + "QUFB" * 8, "whsec_" + "QkJC" * 8


def test_a_webhook_is_verified_by_the_standards_own_library_and_its_bytes_are_those_approved():
    sent = parcel()
    with Receiver() as receiver:
        assert webhook.send(sent, target("webhook", (NEW,), url=receiver.url), tools()) == Sent(200)
    (taken,) = receiver.taken
    data = Webhook(NEW).verify(taken.body, dict(taken.headers))["data"]
    assert taken.headers["webhook-id"] == "d1"
    assert hashlib.sha256(data["body"].encode()).hexdigest() == data["envelope"]["version_hash"].removeprefix("sha256:")
    assert data["body"].encode() == sent.data
    assert Envelope.model_validate(data["envelope"]) == sent.envelope
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(taken.body.replace(b"Mira", b"Mara"), dict(taken.headers))


def test_while_a_secret_is_rotated_both_open_the_message():
    with Receiver() as receiver:
        webhook.send(parcel(), target("webhook", (NEW, OLD), url=receiver.url), tools())
    (taken,) = receiver.taken
    assert len(taken.headers["webhook-signature"].split(" ")) == 2
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(taken.body, dict(taken.headers))["type"] == "handoff.approved"


def test_a_second_try_says_the_same_under_the_same_id():
    with Receiver([status(503), status(200)]) as receiver:
        for expected in (Again("the receiver answered 503", 503), Sent(200)):
            assert webhook.send(parcel(), target("webhook", (NEW,), url=receiver.url), tools()) == expected
    first, second = receiver.taken
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])


def test_a_recall_carries_no_brief():
    told = json.loads(webhook.payload(parcel(purpose="recall")))
    assert (told["type"], told["data"]["body"], told["data"]["handoff_id"]) == ("handoff.recalled", None, "h1")


@pytest.mark.parametrize(
    ("given", "meaning"),
    [
        (status(204), Sent(204)),
        (status(410), Never("the receiver says it is gone", 410, gone=True)),
        (status(429, Retry_After="7"), Again("the receiver answered 429", 429, 7.0)),
        (status(500), Again("the receiver answered 500", 500)),
        (status(400), Never("the receiver answered 400", 400)),
        (status(301, Location="https://x"), Never("the receiver answered 301: redirects are not followed", 301)),
    ],
)
def test_what_a_receiver_answers_decides_what_happens_next(given: Given, meaning: object):
    with Receiver([given]) as receiver:
        assert webhook.send(parcel(), target("webhook", (NEW,), url=receiver.url), tools()) == meaning


def test_slack_reads_no_markup_in_a_customers_words():
    message = slack.message(nasty())
    said = json.dumps(message)
    assert "<!channel>" not in said
    assert "<script" not in said
    assert "<https://evil" not in said
    words = [block["text"] for block in message["blocks"] if "text" in block]
    assert {text["type"] for text in words if "Acme" in text["text"]} == {"plain_text"}
    assert [text["text"] for text in words if text["type"] == "mrkdwn"] == ["<https://briefs.example/calls/h1|Read it>"]


def test_a_slack_message_says_where_the_audit_chain_stood():
    sent = parcel()
    (context,) = [block for block in slack.message(sent)["blocks"] if block["type"] == "context"]
    assert f"Audit head {sent.envelope.audit_head}." in context["elements"][0]["text"]


def test_a_slack_message_keeps_within_slacks_limits():
    body = a_brief()
    long = body.model_copy(update={"account_name": "a" * 5000, "card": body.card.model_copy(update={"headline": "b" * 9000})})
    message = slack.message(parcel(long))
    assert len(message["blocks"]) <= 50
    assert len(message["blocks"][0]["text"]["text"]) <= 150
    assert all(len(block["text"]["text"]) <= 3000 for block in message["blocks"] if "text" in block)


@pytest.mark.parametrize(("given", "gone"), [(status(404, "no_service"), True), (status(403, "action_prohibited"), False)])
def test_slack_says_in_words_that_a_webhook_is_gone(given: Given, gone: bool):
    with Receiver([given]) as receiver:
        receipt = slack.send(parcel(), target("slack", (receiver.url + "/services/x",)), tools())
    assert isinstance(receipt, Never)
    assert receipt.gone is gone


@pytest.mark.parametrize(
    ("kind", "settings", "secrets"),
    [
        ("webhook", {}, (NEW,)),
        ("webhook", {"url": "https://x", "surplus": 1}, (NEW,)),
        ("webhook", {"url": "https://x"}, ("whsec_",)),
        ("slack", {"url": "https://x"}, ("https://y",)),
        ("slack", {}, ()),
        ("email", {}, ()),
        ("email", {"to": "a@b.example, c@d.example"}, ()),
        ("email", {"to": "a@b.example\r\nBcc: c@d"}, ()),
        ("salesforce", {"url": "https://x"}, ()),
        ("salesforce", {"url": "https://x", "account_field": "a b"}, ("t",)),
        ("hubspot", {}, ()),
        ("pigeon", {}, ()),
        ("folder", {}, ()),
    ],
)
def test_a_target_that_does_not_fit_its_kind_is_refused(kind: str, settings: dict[str, Any], secrets: tuple[str, ...]):
    with pytest.raises(BadInput):
        targets.check(kind, settings, secrets)


def test_a_targets_secrets_stand_in_no_message():
    assert NEW not in repr(target("webhook", (NEW,), url="https://x"))
