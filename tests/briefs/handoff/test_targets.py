"""What each kind of target really sends, checked by a receiver that knows the other side's documented shapes."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import urllib.parse
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from briefs.canonical import canonical
from briefs.errors import BadInput
from briefs.handoff import targets
from briefs.handoff.envelope import Envelope
from briefs.handoff.mail import Server
from briefs.handoff.parcel import Again, Never, Parcel, Sent
from briefs.handoff.targets import email, hubspot, salesforce, slack, webhook
from tests.briefs.builders import a_brief
from tests.briefs.handoff.parcels import parcel, target, tools
from tests.servers.receiver import Given, Receiver, Taken, status

OLD, NEW = "whsec_" + "QUFB" * 8, "whsec_" + "QkJC" * 8
NASTY = "Acme <script>alert(1)</script> & <!channel> *bold* <https://evil.example|click>\r\nBcc: all@example.com"


def nasty() -> Parcel:
    body = a_brief()
    card = body.card.model_copy(update={"headline": NASTY, "why_now": NASTY})
    return parcel(body.model_copy(update={"account_name": NASTY, "card": card}))


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


class Mailbox:
    """Takes mail on loopback; what it says to the whole message is set by the test."""

    def __init__(self, says: str = "250 OK") -> None:
        self.says, self.taken = says, list[EmailMessage]()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return self.says


def mailed(mailbox: Mailbox, sent: Parcel, to: str = "sales@vendor.example", tls: Any = "none") -> Any:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        return email.send(sent, target("email", to=to), tools(mail=Server("127.0.0.1", port, tls)))
    finally:
        controller.stop()


def test_an_email_has_plain_and_html_parts_and_the_approved_bytes():
    mailbox, sent = Mailbox(), parcel()
    assert mailed(mailbox, sent) == Sent()
    (message,) = mailbox.taken
    assert message["To"] == "sales@vendor.example"
    assert message["Message-ID"] == "<d1@vendor.example>"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Mira Hoff" in plain.get_content()
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert attached["body.json"] == sent.data
    assert attached["envelope.json"] == canonical(sent.envelope)


def test_a_customers_words_cannot_add_a_header_or_a_tag():
    mailbox = Mailbox()
    assert mailed(mailbox, nasty()) == Sent()
    (message,) = mailbox.taken
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Approved for sales: Acme")
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>alert" not in html.get_content()


def test_an_email_goes_to_the_accounts_own_account_executive():
    mailbox = Mailbox()
    assert mailed(mailbox, parcel(), to="ae") == Sent()
    assert mailbox.taken[0]["To"] == "eve@vendor.example"
    assert isinstance(mailed(Mailbox(), parcel(ae=None), to="ae"), Never)


@pytest.mark.parametrize(("says", "kind"), [("451 later", Again), ("554 no", Never)])
def test_a_mail_server_that_refuses_is_asked_again_or_not(says: str, kind: type):
    assert isinstance(mailed(Mailbox(says), parcel()), kind)


def test_mail_waits_where_no_server_answers_and_a_server_without_tls_gets_nothing():
    assert isinstance(email.send(parcel(), target("email", to="a@b.example"), tools()), Again)
    mailbox = Mailbox()
    assert isinstance(mailed(mailbox, parcel(), tls="starttls"), Again)
    assert mailbox.taken == []


def test_a_password_is_never_sent_in_the_clear():
    with pytest.raises(BadInput, match="in the clear"):
        Server("127.0.0.1", 1, "none", "user", "secret", context=ssl.create_default_context())(EmailMessage())


def salesforce_server(told: dict[str, Any]) -> Callable[[Taken], Given]:
    """Query, and upsert by external id, as the REST API documents them."""

    def answer(taken: Taken) -> Given:
        assert taken.headers["authorization"] == "Bearer token-1"
        if taken.method == "GET":
            return queried(taken)
        assert taken.method == "PATCH"
        services, data, version, sobjects, kind, field, id = taken.path.strip("/").split("/")
        assert (services, data, sobjects) == ("services", "data", "sobjects")
        assert version.startswith("v")
        new = (kind, field, id) not in told
        told[kind, field, id] = taken.json
        return status(201 if new else 200, {"id": f"006{kind[:3]}", "success": True, "errors": [], "created": new})

    def queried(taken: Taken) -> Given:
        path, _, asked = taken.path.partition("?q=")
        assert path.startswith("/services/data/v")
        assert path.endswith("/query")
        assert "content-type" not in taken.headers
        words, quoted = urllib.parse.unquote(asked).removesuffix("'").split(" = '")
        assert words == "SELECT Id FROM Opportunity WHERE Brief_Handoff_Id__c"
        there = ("Opportunity", "Brief_Handoff_Id__c", quoted) in told
        records = (
            [{"attributes": {"type": "Opportunity", "url": "/services/data/v62.0/sobjects/Opportunity/006Opp"}, "Id": "006Opp"}] if there else []
        )
        return status(200, {"totalSize": len(records), "done": True, "records": records})

    return answer


def test_salesforce_gets_an_opportunity_and_a_task_and_a_second_try_changes_nothing():
    told: dict[Any, Any] = {}
    with Receiver(salesforce_server(told)) as receiver:
        to = target("salesforce", ("token-1",), url=receiver.url, account_field="Billing_Id__c", stage="Discovery")
        assert salesforce.send(parcel(), to, tools()) == Sent(201, "006Opp")
        assert salesforce.send(parcel(), to, tools()) == Sent(200, "006Opp")
    assert len(told) == 2
    deal, task = told["Opportunity", "Brief_Handoff_Id__c", "h1"], told["Task", "Brief_Delivery_Id__c", "d1"]
    assert {"Name", "StageName", "CloseDate"} <= deal.keys(), "what Salesforce requires of an Opportunity"
    assert (deal["StageName"], deal["Account"], date.fromisoformat(deal["CloseDate"])) == (
        "Discovery",
        {"Billing_Id__c": a_brief().account_id},
        date(2026, 6, 30),
    )
    assert deal["Amount"] == a_brief().arr.base  # pyright: ignore[reportOptionalMemberAccess]
    assert len(deal["Name"]) <= 120
    assert (task["WhatId"], task["Status"]) == ("006Opp", "Not Started")
    assert parcel().envelope.version_hash in deal["Description"]


def test_a_change_or_a_recall_is_a_task_on_the_same_opportunity():
    told: dict[Any, Any] = {}
    with Receiver(salesforce_server(told)) as receiver:
        to = target("salesforce", ("token-1",), url=receiver.url)
        salesforce.send(parcel(purpose="recall", delivery_id="d2", reference="006Opp"), to, tools())
        salesforce.send(parcel(purpose="change", delivery_id="d3", reference="006Opp", changes=("a P1 is open",)), to, tools())
    assert [kind for kind, _, _ in told] == ["Task", "Task"]
    assert told["Task", "Brief_Delivery_Id__c", "d3"]["WhatId"] == "006Opp"
    assert "a P1 is open" in told["Task", "Brief_Delivery_Id__c", "d3"]["Description"]
    assert "do not act" in told["Task", "Brief_Delivery_Id__c", "d2"]["Description"]


def test_what_sales_did_with_an_opportunity_is_left_alone_when_the_handoff_is_sent_again():
    told: dict[Any, Any] = {}
    with Receiver(salesforce_server(told)) as receiver:
        to = target("salesforce", ("token-1",), url=receiver.url)
        salesforce.send(parcel(), to, tools())
        deal = told["Opportunity", "Brief_Handoff_Id__c", "h1"]
        deal |= {"StageName": "Closed Won", "Amount": 99.0, "NextStep": "Signed"}
        kept = dict(deal)
        assert salesforce.send(parcel(reference="006Opp"), to, tools()) == Sent(200, "006Opp")
    assert told["Opportunity", "Brief_Handoff_Id__c", "h1"] == kept
    assert [taken.method for taken in receiver.taken] == ["GET", "PATCH", "PATCH", "GET", "PATCH"]


def test_an_opportunity_whose_task_failed_is_named_and_its_recall_finds_it_even_without_the_name():
    told: dict[Any, Any] = {}
    answer = salesforce_server(told)

    def no_tasks(taken: Taken) -> Given:
        given = answer(taken)
        return status(400, [{"errorCode": "INVALID_FIELD", "message": "x"}]) if "/Task/" in taken.path else given

    with Receiver(no_tasks) as receiver:
        to = target("salesforce", ("token-1",), url=receiver.url)
        failed = salesforce.send(parcel(), to, tools())
    assert failed == Never("Salesforce answered 400 INVALID_FIELD", 400, reference="006Opp")
    with Receiver(salesforce_server(told)) as receiver:
        to = target("salesforce", ("token-1",), url=receiver.url)
        assert salesforce.send(parcel(purpose="recall", delivery_id="d2"), to, tools()) == Sent(201, "006Opp")
    assert told["Task", "Brief_Delivery_Id__c", "d2"]["WhatId"] == "006Opp"


@pytest.mark.parametrize("purpose", ["recall", "change"])
def test_a_crm_that_has_no_deal_is_looked_at_for_a_while_and_then_there_is_nobody_to_tell(purpose: Any):
    salesforces: dict[Any, Any] = {}
    hubspots: list[Any] = []
    sent = parcel(purpose=purpose, delivery_id="d2")
    soon, later = (tools(now=lambda wait=wait: sent.at + wait) for wait in (timedelta(minutes=1), timedelta(hours=1)))
    with Receiver(salesforce_server(salesforces)) as one, Receiver(hubspot_server(hubspots)) as two:
        for send, to in (
            (salesforce.send, target("salesforce", ("token-1",), url=one.url)),
            (hubspot.send, target("hubspot", ("pat-1",), url=two.url)),
        ):
            assert isinstance(send(sent, to, soon), Again)
            assert send(sent, to, later) == Sent()
    assert salesforces == {}
    assert {method for method, _, _ in hubspots} == {"GET"}


@pytest.mark.parametrize(
    ("given", "meaning"),
    [
        (status(400, [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "Acme's words"}]), Again("Salesforce answered UNABLE_TO_LOCK_ROW", 400)),
        (status(401, [{"errorCode": "INVALID_SESSION_ID", "message": "x"}]), Never("Salesforce answered 401 INVALID_SESSION_ID", 401)),
        (status(503), Again("the receiver answered 503", 503)),
    ],
)
def test_salesforces_error_codes_are_told_and_its_words_are_not(given: Given, meaning: object):
    with Receiver([given]) as receiver:
        assert salesforce.send(parcel(), target("salesforce", ("token-1",), url=receiver.url), tools()) == meaning


def hubspot_server(told: list[tuple[str, str, Any]], deals: dict[str, dict[str, Any]] | None = None) -> Callable[[Taken], Given]:
    """Batch upsert, read by a unique property, default associations, as the CRM API documents them. `deals` are those there, by our id."""
    deals = {} if deals is None else deals

    def answer(taken: Taken) -> Given:
        assert taken.headers["authorization"] == "Bearer pat-1"
        told.append((taken.method, taken.path, taken.json if taken.body else None))
        if taken.path.endswith("/batch/upsert"):
            (given,) = taken.json["inputs"]
            assert given.keys() == {"idProperty", "id", "properties"}
            assert all(isinstance(value, str) for value in given["properties"].values())
            kind = taken.path.split("/")[4]
            if kind == "deals":
                deals[given["id"]] = {"id": "deals-9", "properties": given["properties"]}
            return status(200, {"status": "COMPLETE", "results": [{"id": f"{kind}-9", "properties": {}, "new": True}]})
        if taken.path.startswith("/crm/v3/objects/deals/"):
            id, _, asked = taken.path.removeprefix("/crm/v3/objects/deals/").partition("?")
            assert (taken.method, asked) == ("GET", "idProperty=brief_handoff_id&associations=companies")
            return status(200, deals[id]) if id in deals else status(404, {"status": "error", "category": "OBJECT_NOT_FOUND"})
        return status(200, {"id": "77"} if taken.method == "GET" else {"status": "COMPLETE", "results": []})

    return answer


def test_hubspot_gets_a_deal_under_its_company_with_a_task_on_it():
    told: list[tuple[str, str, Any]] = []
    with Receiver(hubspot_server(told)) as receiver:
        to = target("hubspot", ("pat-1",), url=receiver.url, company_property="billing_id", stage="qualifiedtobuy")
        assert hubspot.send(parcel(), to, tools()) == Sent(200, "deals-9")
    account = a_brief().account_id
    assert [(method, path) for method, path, _ in told] == [
        ("GET", "/crm/v3/objects/deals/h1?idProperty=brief_handoff_id&associations=companies"),
        ("POST", "/crm/v3/objects/deals/batch/upsert"),
        ("GET", f"/crm/v3/objects/companies/{account}?idProperty=billing_id"),
        ("PUT", "/crm/v4/objects/deals/deals-9/associations/default/companies/77"),
        ("POST", "/crm/v3/objects/tasks/batch/upsert"),
        ("PUT", "/crm/v4/objects/tasks/tasks-9/associations/default/deals/deals-9"),
    ]
    deal = told[1][2]["inputs"][0]
    assert (deal["idProperty"], deal["id"], deal["properties"]["dealstage"]) == ("brief_handoff_id", "h1", "qualifiedtobuy")
    assert told[4][2]["inputs"][0]["properties"]["hs_timestamp"].endswith("Z")


def test_what_sales_did_with_a_deal_is_left_alone_when_the_handoff_is_sent_again():
    told: list[tuple[str, str, Any]] = []
    companies = {"companies": {"results": [{"id": "5", "type": "deal_to_company"}]}}
    there = {"h1": {"id": "deals-9", "properties": {"dealstage": "closedwon"}, "associations": companies}}
    with Receiver(hubspot_server(told, there)) as receiver:
        to = target("hubspot", ("pat-1",), url=receiver.url, company_property="billing_id")
        assert hubspot.send(parcel(), to, tools()) == Sent(200, "deals-9")
    assert [method for method, _, _ in told] == ["GET", "POST", "PUT"]
    assert told[1][1] == "/crm/v3/objects/tasks/batch/upsert"


def test_a_deal_whose_company_is_not_there_is_named_and_put_under_it_once_it_is():
    told: list[tuple[str, str, Any]] = []
    deals: dict[str, dict[str, Any]] = {}
    answer = hubspot_server(told, deals)
    with Receiver(lambda taken: status(404) if "/companies/" in taken.path else answer(taken)) as receiver:
        to = target("hubspot", ("pat-1",), url=receiver.url, company_property="billing_id")
        assert hubspot.send(parcel(), to, tools()) == Never("the receiver answered 404", 404, reference="deals-9")
    told.clear()
    with Receiver(answer) as receiver:
        to = target("hubspot", ("pat-1",), url=receiver.url, company_property="billing_id")
        assert hubspot.send(parcel(), to, tools()) == Sent(200, "deals-9")
    assert [method for method, _, _ in told] == ["GET", "GET", "PUT", "POST", "PUT"]


def test_hubspot_stops_at_the_first_call_that_fails():
    with Receiver([status(404), status(200, {"results": [{"id": "1"}]}), status(502)]) as receiver:
        failed = Again("the receiver answered 502", 502, reference="1")
        assert hubspot.send(parcel(), target("hubspot", ("pat-1",), url=receiver.url), tools()) == failed
    with Receiver([status(404), status(207, {"results": [], "errors": [{}]})]) as receiver:
        assert isinstance(hubspot.send(parcel(), target("hubspot", ("pat-1",), url=receiver.url), tools()), Never)


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
