"""One account, and a scripted server that reads and drafts it: what every test of the model engine starts from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import prompts
from briefs.brief import AccountResult, BriefBody
from briefs.settings import Settings
from briefs.wiring import Workspace, new_id
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
from tests.servers.chat_server import Reply, ScriptedServer, says

AS_OF = date(2026, 3, 31)
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASK = "We need twelve more seats for the night shift, please send us a quote."
VALUE = "Since we use it, our planning takes one hour instead of six."
ROUTINE = "The printer on the second floor jams again."
COPIED = json.loads(re.findall(r"^Good: (\{.*\})$", prompts.load("draft_sections").system, re.M)[0])["text"]
"""The sentence the drafting prompt shows as a good one, as a model that copies hands it in."""
TRUE = "Dana Ortiz needs twelve more seats for the night shift."
LIE = "Dana Ortiz needs fifteen more seats for the night shift."

ACCOUNT = {
    "id": "m1",
    "name": "Mooring Works",
    "domain": "mooring.example",
    "plan": "pro",
    "seats": 40,
    "renewal_date": "2026-06-30",
    "csm": "kim@vendor.example",
}
CONTACTS = [{"id": "m1-c1", "account_id": "m1", "name": "Dana Ortiz", "title": "Planner", "role": "champion"}]
TICKETS = [
    {
        "id": "m1-t1",
        "account_id": "m1",
        "created_at": "2026-03-20",
        "status": "open",
        "priority": "P3",
        "subject": "Seats",
        "requester": "m1-c1",
        "messages": [{"at": "2026-03-20", "author": "Dana Ortiz", "author_role": "customer", "body": f"Hello. {ASK} Thanks.", "public": True}],
    },
    {
        "id": "m1-t2",
        "account_id": "m1",
        "created_at": "2026-02-02",
        "status": "solved",
        "priority": "P4",
        "subject": "Printer",
        "requester": "m1-c1",
        "messages": [{"at": "2026-02-02", "author": "Dana Ortiz", "author_role": "customer", "body": ROUTINE, "public": True}],
    },
]
NOTES = [
    {
        "id": "m1-n1",
        "account_id": "m1",
        "at": "2026-03-02",
        "author": "m1-c1",
        "kind": "email",
        "title": "Results",
        "body": VALUE,
        "visibility": "customer_safe",
    }
]
CATALOGUE = {
    "products": [
        {
            "sku": "pro",
            "name": "Pro",
            "kind": "tier",
            "rank": 1,
            "features": ["planning"],
            "unit_price": 100,
            "price_unit": "seat_year",
            "currency": "USD",
        },
        {"sku": "seats", "name": "Extra seats", "kind": "seats", "unit_price": 100, "price_unit": "seat_year", "currency": "USD", "route": "csm"},
    ]
}
Json = dict[str, Any]
Script = Callable[[Json], Reply]


@contextmanager
def home(folder: Path, server: ScriptedServer, **changes: Any) -> Generator[Workspace]:
    source = folder / "export"
    if not source.exists():
        source.mkdir(parents=True)
        for name, rows in (("accounts", [ACCOUNT]), ("contacts", CONTACTS), ("tickets", TICKETS), ("notes", NOTES)):
            (source / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        (source / "catalogue.json").write_text(json.dumps(CATALOGUE), "utf-8")
    settings = Settings(
        home=folder / "home",
        model="openai:gpt-4.1-mini",
        openai_base_url=server.url,
        openai_api_key=SecretStr("k"),
        model_retries=0,
        model_timeout=5,
        **changes,
    )
    with Workspace(settings, now=lambda: NOON, new_id=new_id) as opened:
        ingest(source, opened.archive, split, opened.embedder, opened.index, home=opened.home, now=opened.now, new_id=opened.new_id, progress=quiet)
        yield opened


def scanned(opened: Workspace, **limits: Any) -> AccountResult:
    return next(iter(opened.pipeline(opened.engine("llm", **limits)).scan(["m1"], AS_OF))).result


def body_of(opened: Workspace, result: AccountResult) -> BriefBody:
    assert result.brief_id is not None, (result.verdict, result.would_change)
    return BriefBody.model_validate_json(opened.store.version(opened.store.brief(result.brief_id).head))


def shown(request: Json) -> dict[str, str]:
    """What a request fences, by id: the last message only, the examples before it fence things of their own."""
    text = request["messages"][-1]["content"]
    return {found[1]: found[2].strip() for found in re.finditer(r'<(?:evidence|claim|rejected)[^>]*?\bid="?(\w+)"?[^>]*>(.*?)</', text, re.S)}


def asked_for(request: Json) -> str:
    return next(iter(request["response_format"]["json_schema"]["schema"]["properties"]))


def honest(request: Json, draft: Callable[[dict[str, str]], list[Json]] | None = None) -> Reply:
    """Reads what is there, drafts with the first evidence, and finds every claim carried."""
    pieces = shown(request)
    match asked_for(request):
        case "signals":
            said = {"seats_requested": "twelve more seats", "value_stated": "one hour instead of six"}
            return says(
                {
                    "signals": [
                        {
                            "sentence": name,
                            "type": kind,
                            "stance": "asked_now" if kind == "seats_requested" else "stated_fact",
                            "speaks_for": "this_customer",
                            "firmness": "firm",
                        }
                        for kind, words in said.items()
                        for name, text in pieces.items()
                        if words in text
                    ]
                }
            )
        case "sections":
            return says({"sections": draft(pieces) if draft else []})
        case "claims":
            return says({"claims": [{"claim": name, "carried": "yes"} for name in pieces if name.startswith("C")]})
        case _:
            return says({"sentences": []})


def drafting(text: str, words: str, section: str = "need") -> Script:
    """A server whose draft is one sentence on the evidence that holds `words`."""

    def draft(pieces: dict[str, str]) -> list[Json]:
        evidence = [name for name, held in pieces.items() if name.startswith("E") and words in held]
        return [{"section": section, "sentences": [{"text": text, "evidence": evidence[:1]}]}]

    return lambda request: honest(request, draft)
