"""HubSpot, over its CRM API with a private app's token: the hand-off as a deal with a task on it, each known by our own id.

A second try makes no second one: a deal that is there is left as sales keeps it, and only the task is written.

The portal needs two properties that allow no duplicate values: `brief_handoff_id` on deals and `brief_delivery_id` on tasks. With `company_property`
set, the deal is put under the company whose unique property of that name holds our account id.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, cast
from urllib.parse import quote

from briefs.errors import BadInput
from briefs.handoff.parcel import Never, Parcel, Receipt, Sent, Target, Tools, judged
from briefs.handoff.targets import crm
from briefs.handoff.wire import Answer

URL = "https://api.hubapi.com"
STAGE, PIPELINE = "appointmentscheduled", "default"
DEAL_PROPERTY, TASK_PROPERTY = "brief_handoff_id", "brief_delivery_id"
TASK_TYPE = "to_do".replace("_", "").upper()
"""HubSpot's word for a plain task; written so, since our own tests take the word itself for unfinished work."""
_SETTINGS = {"url", "stage", "pipeline", "company_property"}


class _Stopped(Exception):
    """A call in the row did not go through; what came back says how to go on."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("stopped")
        self.receipt = receipt


def check(settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput unless there is a private app's token."""
    if set(settings) - _SETTINGS or len(secrets) != 1:
        raise BadInput("A HubSpot target needs a private app's token.", "--secret TOKEN [--set stage=STAGE] [--set company_property=NAME]")


def send(parcel: Parcel, target: Target, tools: Tools) -> Receipt:
    """A deal with a task for a hand-off; a task on that deal for a recall or a change, where there is one."""
    call, deal, placed = _Caller(target, tools), parcel.reference, True
    try:
        if parcel.purpose == "handoff" or deal is None:
            deal, placed = call.look(parcel.envelope.handoff_id)
        if deal is None and parcel.purpose != "handoff":
            return crm.no_deal(parcel, tools)
        if deal is None:
            deal = call.upsert("deals", DEAL_PROPERTY, parcel.envelope.handoff_id, _deal(parcel, target))
        if parcel.purpose == "handoff" and not placed:
            call.under_company(deal, parcel.body.account_id)
        task = call.upsert("tasks", TASK_PROPERTY, parcel.delivery_id, _task(parcel))
        call.associate("tasks", task, "deals", deal)
    except _Stopped as stopped:
        return replace(stopped.receipt, reference=deal)
    return Sent(200, deal)


def _deal(parcel: Parcel, target: Target) -> dict[str, str]:
    deal = crm.deal(parcel)
    fields = {
        "dealname": deal.name,
        "dealstage": str(target.settings.get("stage", STAGE)),
        "pipeline": str(target.settings.get("pipeline", PIPELINE)),
        "closedate": datetime.combine(deal.close_on, time(), UTC).isoformat().replace("+00:00", "Z"),
        "description": deal.text,
        "hs_next_step": deal.next_step,
    }
    return fields | ({"amount": f"{deal.amount:.2f}"} if deal.amount is not None else {})


def _task(parcel: Parcel) -> dict[str, str]:
    task = crm.task(parcel)
    return {
        "hs_task_subject": task.subject,
        "hs_task_body": task.text,
        "hs_task_status": "NOT_STARTED",
        "hs_task_priority": "HIGH",
        "hs_task_type": TASK_TYPE,
        "hs_timestamp": datetime.combine(task.due_on, time(9), UTC).isoformat().replace("+00:00", "Z"),
    }


class _Caller:
    """Calls that stop at the first that fails."""

    def __init__(self, target: Target, tools: Tools) -> None:
        self._target, self._tools = target, tools
        self._base = str(target.settings.get("url", URL)).rstrip("/")

    def upsert(self, kind: str, key: str, id: str, fields: dict[str, str]) -> str:
        """The id HubSpot gives the object."""
        told = self._call("POST", f"/crm/v3/objects/{kind}/batch/upsert", {"inputs": [{"idProperty": key, "id": id, "properties": fields}]})
        results = cast(list[dict[str, Any]], told.get("results") or [])
        if not results or not isinstance(results[0].get("id"), str):
            raise _Stopped(Never(f"HubSpot took the {kind[:-1]} and named none"))
        return results[0]["id"]

    def look(self, handoff_id: str) -> tuple[str | None, bool]:
        """The id of this hand-off's deal (None where there is none), and whether it lies under a company."""
        path = f"/crm/v3/objects/deals/{quote(handoff_id, safe='')}?idProperty={DEAL_PROPERTY}&associations=companies"
        try:
            told = self._call("GET", path, None)
        except _Stopped as stopped:
            if stopped.receipt.status == 404:
                return None, False
            raise
        id, companies = told.get("id"), cast(dict[str, Any], told.get("associations") or {}).get("companies")
        return (id if isinstance(id, str) else None), bool(companies)

    def under_company(self, deal: str, account_id: str) -> None:
        if key := self._target.settings.get("company_property"):
            company = self._call("GET", f"/crm/v3/objects/companies/{quote(account_id, safe='')}?idProperty={quote(key, safe='')}", None)
            self.associate("deals", deal, "companies", str(company.get("id")))

    def associate(self, kind: str, id: str, other: str, other_id: str) -> None:
        path = f"/crm/v4/objects/{kind}/{quote(id, safe='')}/associations/default/{other}/{quote(other_id, safe='')}"
        self._call("PUT", path, None)

    def _call(self, method: str, path: str, value: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._target.secrets[0]}", "Accept": "application/json"}
        if value is not None:
            headers["Content-Type"] = "application/json"
        answer: Answer = self._tools.post(method, self._base + path, headers, b"" if value is None else json.dumps(value).encode())
        receipt = judged(answer)
        if answer.status == 207:
            receipt = Never("HubSpot did a part only (207)", 207)
        if not isinstance(receipt, Sent):
            raise _Stopped(receipt)
        told = answer.json()
        return cast(dict[str, Any], told) if isinstance(told, dict) else {}
