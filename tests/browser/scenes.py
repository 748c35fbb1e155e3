"""A desk people have worked at: briefs approved, answered, turned down, taken back and edited, a question asked, deliveries refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from briefs import targets
from tests.browser.harness import Site
from tests.servers.receiver import Receiver, status

PATIENCE_S = 300


def work(site: Site) -> dict[str, str]:
    """Plays it; `call` is a hand-off of Ana's that waits for her answer, `taken_back` one of Tom's that is no longer shown."""
    with Receiver([status(204), status(400, "no such account")]) as crm:
        targets.add(site.workspace.targets, "webhook", "Sales system", {"url": crm.url}, by=None)
        first, second, _ = mine = drafts_of(site, "mira")
        calls = {account: approve(site, "Mira", account) for account in (first, second)}
        theirs = drafts_of(site, "jonas")
        back = next(account for account in theirs if seller(site, account) == "Tom")
        taken_back = approve(site, "Jonas", back)
        recall(site, "Jonas", site.brief_of(back))
    answer(site, calls)
    left = next(account for account in theirs if account != back)
    decide(site, "Jonas", site.brief_of(left), {"decision": "reject", "reason_code": "too_early"})
    edited = site.brief_of(mine[-1])
    for words in ("They asked for it twice.", "They asked for it twice, in March."):
        edit(site, edited, {"card": {"why_now": words}})
    delivery = given_up(site)[0]
    return {"call": calls[first], "approved": site.brief_of(first), "edited": edited, "taken_back": taken_back, "delivery": delivery}


def answer(site: Site, calls: dict[str, str]) -> None:
    """The first is taken up and asked about, the second declined."""
    soon = (site.workspace.now() + timedelta(days=3)).date().isoformat()
    no = {"response": "decline", "reason_code": "bad_timing", "reason": "They are moving offices until May."}
    (first, call), (second, other) = calls.items()
    ask(site, seller(site, first), f"/handoffs/{call}/response", {"response": "accept", "first_touch": soon})
    ask(site, seller(site, first), f"/handoffs/{call}/questions", {"text": "Who signs on their side?"})
    ask(site, seller(site, second), f"/handoffs/{other}/response", no)


def drafts_of(site: Site, csm: str) -> list[str]:
    """Accounts whose draft waits for that CSM."""
    return [row.account_id for row in site.workspace.store.list("draft") if (site.workspace.owners(row.account_id).csm or "").startswith(csm)]


def seller(site: Site, account: str) -> str:
    return "Ana" if (site.workspace.owners(account).ae or "").startswith("ana") else "Tom"


def approve(site: Site, who: str, account: str) -> str:
    """The id of the hand-off."""
    brief = site.brief_of(account)
    decide(site, who, brief, {"decision": "approve"})
    return site.workspace.store.handoffs(brief)[-1].id


def given_up(site: Site) -> list[str]:
    """The deliveries the receiver refused for good."""
    seen = httpx.get(f"{site.url}/v1/deliveries?state=dead", headers=bearer(site, "Ada"), timeout=PATIENCE_S)
    return [row["id"] for row in seen.json()["deliveries"]]


def decide(site: Site, who: str, brief: str, wish: dict[str, Any]) -> None:
    to_newest(site, who, brief, "decisions", wish)


def recall(site: Site, who: str, brief: str) -> None:
    to_newest(site, who, brief, "recall", {"reason_code": "too_early", "reason": "Their director left."})


def to_newest(site: Site, who: str, brief: str, act: str, wish: dict[str, Any]) -> None:
    seen = httpx.get(f"{site.url}/v1/briefs/{brief}", headers=bearer(site, who), timeout=PATIENCE_S)
    ask(site, who, f"/briefs/{brief}/{act}", wish | {"version_hash": seen.json()["version_hash"]}, {"If-Match": seen.headers["etag"]})


def edit(site: Site, brief: str, wish: dict[str, Any]) -> None:
    """As Mira, on the newest version."""
    seen = httpx.get(f"{site.url}/v1/briefs/{brief}", headers=bearer(site, "Mira"), timeout=PATIENCE_S)
    headers = bearer(site, "Mira") | {"If-Match": seen.headers["etag"]}
    httpx.patch(f"{site.url}/v1/briefs/{brief}", json=wish, headers=headers, timeout=PATIENCE_S).raise_for_status()


def ask(site: Site, who: str, call: str, wish: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    answer = httpx.post(f"{site.url}/v1{call}", json=wish, headers=bearer(site, who) | (headers or {}), timeout=PATIENCE_S)
    if answer.status_code >= 400:
        raise RuntimeError(f"{call} answered {answer.status_code}: {answer.text[:300]}")


def bearer(site: Site, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.tokens[who]}"}
