"""A hand-off as a deal with a task, checked by receivers that know what Salesforce and HubSpot document."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from briefs.handoff.parcel import Again, Never, Sent
from briefs.handoff.targets import hubspot, salesforce
from tests.briefs.builders import a_brief
from tests.briefs.handoff.parcels import parcel, target, tools
from tests.servers.receiver import Given, Receiver, Taken, status


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
