"""Salesforce, over its REST API: the hand-off as an Opportunity with a Task, each upserted by an external id: a second try changes nothing.

The organisation needs two text fields marked as external id: `Brief_Handoff_Id__c` on Opportunity and `Brief_Delivery_Id__c` on Task (Activity). With
`account_field` set, the Opportunity is put under the Account whose external-id field of that name holds our account id.
"""

from __future__ import annotations

import json
from typing import Any
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
    """An Opportunity with a Task for a hand-off; a Task on that Opportunity for a recall or a change."""
    reference = parcel.reference
    if parcel.purpose == "handoff":
        answer = _upsert("Opportunity", DEAL_FIELD, parcel.envelope.handoff_id, _opportunity(parcel, target), target, tools)
        receipt = _judged(answer)
        if not isinstance(receipt, Sent):
            return receipt
        reference = _id(answer) or reference
    task = _judged(_upsert("Task", TASK_FIELD, parcel.delivery_id, _task(parcel, reference), target, tools))
    return Sent(task.status, reference) if isinstance(task, Sent) else task


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


def _upsert(kind: str, field: str, id: str, fields: dict[str, Any], target: Target, tools: Tools) -> Answer:
    base = str(target.settings["url"]).rstrip("/")
    url = f"{base}/services/data/{target.settings.get('version', VERSION)}/sobjects/{kind}/{field}/{quote(id, safe='')}"
    headers = {"Authorization": f"Bearer {target.secrets[0]}", "Content-Type": "application/json", "Accept": "application/json"}
    return tools.post("PATCH", url, headers, json.dumps(fields).encode())


def _judged(answer: Answer) -> Receipt:
    """As for every receiver, with Salesforce's own words for a full or busy organisation. Its error code is kept, its message is not."""
    told = answer.json()
    code = str(told[0].get("errorCode", "")) if isinstance(told, list) and told and isinstance(told[0], dict) else ""  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    if code in _LATER:
        return Again(f"Salesforce answered {code}", answer.status)
    receipt = judged(answer)
    known = code.replace("_", "").isalnum() and code.isupper()
    return Never(f"Salesforce answered {answer.status} {code[:60]}", answer.status) if isinstance(receipt, Never) and known else receipt


def _id(answer: Answer) -> str | None:
    told = answer.json()
    found = told.get("id") if isinstance(told, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) else None
