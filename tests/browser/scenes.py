"""A desk people have worked at: briefs approved, answered, turned down and edited, a question asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from tests.browser.harness import Site

PATIENCE_S = 300


def work(site: Site) -> dict[str, str]:
    """Plays it; `call` is a hand-off of Ana's that waits for her answer."""
    mine = [row.account_id for row in site.workspace.store.list("draft") if is_of(site, row.account_id, "mira")]
    first, second = mine[0], mine[1]
    edited = site.brief_of(mine[-1])
    calls = [approve(site, account) for account in (first, second)]
    sellers = [seller(site, account) for account in (first, second)]
    soon = (site.workspace.now() + timedelta(days=3)).date().isoformat()
    ask(site, sellers[0], f"/handoffs/{calls[0]}/response", {"response": "accept", "first_touch": soon})
    ask(site, sellers[0], f"/handoffs/{calls[0]}/questions", {"text": "Who signs on their side?"})
    no = {"response": "decline", "reason_code": "bad_timing", "reason": "They are moving offices until May."}
    ask(site, sellers[1], f"/handoffs/{calls[1]}/response", no)
    theirs = next(row.account_id for row in site.workspace.store.list("draft") if is_of(site, row.account_id, "jonas"))
    decide(site, "Jonas", site.brief_of(theirs), {"decision": "reject", "reason_code": "too_early"})
    for words in ("They asked for it twice.", "They asked for it twice, in March."):
        edit(site, edited, {"card": {"why_now": words}})
    return {"call": calls[0], "approved": site.brief_of(first), "edited": edited}


def is_of(site: Site, account: str, csm: str) -> bool:
    return (site.workspace.owners(account).csm or "").startswith(csm)


def seller(site: Site, account: str) -> str:
    return "Ana" if (site.workspace.owners(account).ae or "").startswith("ana") else "Tom"


def approve(site: Site, account: str) -> str:
    """The id of the hand-off."""
    brief = site.brief_of(account)
    decide(site, "Mira", brief, {"decision": "approve"})
    return site.workspace.store.handoffs(brief)[-1].id


def decide(site: Site, who: str, brief: str, wish: dict[str, Any]) -> None:
    seen = httpx.get(f"{site.url}/v1/briefs/{brief}", headers=bearer(site, who), timeout=PATIENCE_S)
    wish = wish | {"version_hash": seen.json()["version_hash"], "accept_changes": True}
    ask(site, who, f"/briefs/{brief}/decisions", wish, {"If-Match": seen.headers["etag"]})


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
