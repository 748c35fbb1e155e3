"""Salesforce, over its REST API: the hand-off as an Opportunity with a Task, each known by an external id: a second try makes no second one.

An Opportunity that is there is left as sales keeps it; only the Task is written.

The organisation needs two text fields marked as external id: `Brief_Handoff_Id__c` on Opportunity and `Brief_Delivery_Id__c` on Task (Activity). With
`account_field` set, the Opportunity is put under the Account whose external-id field of that name holds our account id.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote

from briefs.errors import BadInput
from briefs.handoff.parcel import Again, Never, Parcel, Receipt, Sent, Target, Tools, judged
from briefs.handoff.targets import crm
from briefs.handoff.wire import Answer

VERSION = "v62.0"
STAGE = "Qualification"
DEAL_FIELD, TASK_FIELD = "Brief_Handoff_Id__c", "Brief_Delivery_Id__c"
_SETTINGS = {"url", "version", "stage", "account_field"}
_LATER = frozenset({"UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE"})


def check(settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput unless there are the organisation's address and a bearer token."""
    strange = set(settings) - _SETTINGS
    if strange or not isinstance(settings.get("url"), str) or len(secrets) != 1:
        raise BadInput(
            "A Salesforce target needs its address and a bearer token.", "--url https://COMPANY.my.salesforce.com --secret TOKEN [--set stage=STAGE]"
        )
    if not all(part.isidentifier() for part in [settings.get("account_field", "x")]):
        raise BadInput("account_field is the API name of a field, such as Billing_Id__c.")


def send(parcel: Parcel, target: Target, tools: Tools) -> Receipt:
    """An Opportunity with a Task for a hand-off; a Task on that Opportunity for a recall or a change, where there is one."""
    opportunity = parcel.reference
    if parcel.purpose == "handoff" or opportunity is None:
        found = _judged(looked := _look(parcel.envelope.handoff_id, target, tools))
        if not isinstance(found, Sent):
            return found
        opportunity = _first(looked)
    if opportunity is None and parcel.purpose != "handoff":
        return crm.no_deal(parcel, tools)
    if opportunity is None:
        made = _judged(answer := _upsert("Opportunity", DEAL_FIELD, parcel.envelope.handoff_id, _opportunity(parcel, target), target, tools))
        if not isinstance(made, Sent):
            return made
        opportunity = _id(answer)
    task = _judged(_upsert("Task", TASK_FIELD, parcel.delivery_id, _task(parcel, opportunity), target, tools))
    return replace(task, reference=opportunity)


def _opportunity(parcel: Parcel, target: Target) -> dict[str, Any]:
    deal = crm.deal(parcel)
    fields: dict[str, Any] = {
        "Name": deal.name,
        "StageName": target.settings.get("stage", STAGE),
        "CloseDate": deal.close_on.isoformat(),
        "Description": deal.text,
        "NextStep": deal.next_step,
        "LeadSource": "Customer Success",
    }
    if deal.amount is not None:
        fields["Amount"] = deal.amount
    if field := target.settings.get("account_field"):
        fields["Account"] = {field: parcel.body.account_id}
    return fields


def _task(parcel: Parcel, opportunity: str | None) -> dict[str, Any]:
    task = crm.task(parcel)
    fields = {"Subject": task.subject, "Description": task.text, "Status": "Not Started", "Priority": "High", "ActivityDate": task.due_on.isoformat()}
    return fields | ({"WhatId": opportunity} if opportunity else {})


def _look(handoff_id: str, target: Target, tools: Tools) -> Answer:
    """Asks for the Opportunity by its external id. A query, since its answer is short: the record itself may be longer than an answer may be."""
    if not handoff_id.replace("-", "").isalnum():
        raise BadInput("This hand-off's id cannot be asked for.")
    query = f"SELECT Id FROM Opportunity WHERE {DEAL_FIELD} = '{handoff_id}'"  # noqa: S608 - their query language, of letters and digits only
    return _call("GET", f"query?q={quote(query, safe='')}", None, target, tools)


def _upsert(kind: str, field: str, id: str, fields: dict[str, Any], target: Target, tools: Tools) -> Answer:
    return _call("PATCH", f"sobjects/{kind}/{field}/{quote(id, safe='')}", fields, target, tools)


def _call(method: str, path: str, value: dict[str, Any] | None, target: Target, tools: Tools) -> Answer:
    base = str(target.settings["url"]).rstrip("/")
    headers = {"Authorization": f"Bearer {target.secrets[0]}", "Accept": "application/json"}
    if value is not None:
        headers["Content-Type"] = "application/json"
    content = b"" if value is None else json.dumps(value).encode()
    return tools.post(method, f"{base}/services/data/{target.settings.get('version', VERSION)}/{path}", headers, content)


def _judged(answer: Answer) -> Receipt:
    """As for every receiver, with Salesforce's own words for a full or busy organisation. Its error code is kept, its message is not."""
    told = answer.json()
    code = str(told[0].get("errorCode", "")) if isinstance(told, list) and told and isinstance(told[0], dict) else ""  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    if code in _LATER:
        return Again(f"Salesforce answered {code}", answer.status)
    receipt = judged(answer)
    known = code.replace("_", "").isalnum() and code.isupper()
    return Never(f"Salesforce answered {answer.status} {code[:60]}", answer.status) if isinstance(receipt, Never) and known else receipt


def _first(answer: Answer) -> str | None:
    """The id of the record a query found; None where it found none."""
    told = answer.json()
    records = cast(dict[str, Any], told).get("records") if isinstance(told, dict) else None
    found = cast(list[Any], records)[0] if isinstance(records, list) and records else None
    id = cast(dict[str, Any], found).get("Id") if isinstance(found, dict) else None
    return id if isinstance(id, str) else None


def _id(answer: Answer) -> str | None:
    told = answer.json()
    found = told.get("id") if isinstance(told, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) else None
