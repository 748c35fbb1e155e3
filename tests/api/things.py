"""One of each thing a path of the service can name, all of one person's: what a call refuses then differs from what is not there."""

from __future__ import annotations

import re
from typing import Any

from briefs import background_jobs
from briefs.store import delivery_rows, notices, scan_rows
from tests.api.conftest import AS_OF
from tests.api.world import World

BROKEN = "QZBROKEN"
"""Stands in a row that could not be read: for those who import, and nobody else."""
LATER = "2099-01-01T00:00:00Z"
BELOW = {"GET /v1/handoffs/{handoff_id}/files/{name}": {"name": "brief.md"}, "GET /static/{version}/{name:path}": {"name": "desk.css"}}
"""Names that mean another thing in another path."""


def filled(path: str, things: dict[str, str], method: str = "GET") -> str:
    """The path with the things put into it; what is not among them is something that is not there."""
    named = things | BELOW.get(f"{method} {path}", {})
    return re.sub(r"{(\w+)(?::path)?}", lambda found: named.get(found[1], "nothing"), path)


def things_of(world: World, csm: str, ae: str, kept: str, given: str) -> dict[str, str]:
    """Ids of things of a CSM and an AE: the account `kept` has an open brief, that of `given` is delivered and asked about."""
    space = world.workspace
    scan = scanned(world, csm, kept)
    handoff = world.delivered(given)
    space.serves = True  # what follows has accounts looked at again: beside the requests, where nothing does it
    ticket = next(record.id for record in space.archive.records(kept) if type(record).__name__ == "Ticket")
    posted(world, ae, f"/v1/handoffs/{handoff}/questions", json={"text": "Who signs?"})
    row = f'{{"id": "{kept}-broken", "account_id": "{kept}", "at": "no day", "body": "{BROKEN}"}}\n'
    sent = posted(world, "ada", "/v1/imports", files={"file": ("notes.jsonl", row.encode())})
    entries = world.call("ada", "GET", f"/v1/quarantine?import_id={sent['id']}").json()["rows"]
    with space.store.reading() as connection:
        delivery = next(each for each in delivery_rows.page(connection) if each.handoff_id == handoff)
        told = notices.of_person(connection, world.ids[csm])
    return {
        "account_id": kept,
        "brief_id": world.brief_of(kept),
        "n": "1",
        "handoff_id": handoff,
        "scan_id": scan,
        "flag_id": posted(world, "help", "/v1/flags", json={"ticket_id": ticket, "reason": "They asked for more"})["id"],
        "override_id": override(world, csm, kept),
        "import_id": sent["id"],
        "entry_id": entries[0]["id"],
        "delivery_id": delivery.id,
        "target_id": target(world),
        "notice_id": told[0].id,
        "user_id": world.ids["spare"],
        "token_id": token(world, world.ids["spare"]),
    }


def posted(world: World, who: str, path: str, **more: Any) -> Any:
    """What came of a call that has to succeed."""
    answer = world.call(who, "POST", path, **more)
    assert answer.status_code < 300, answer.text
    return answer.json()


def scanned(world: World, who: str, account: str) -> str:
    """A scan of one account that somebody asked for, made to its end with the product's own jobs."""
    scan = posted(world, who, "/v1/scans", json={"as_of": AS_OF, "accounts": [account], "force": True})["id"]
    jobs = {job.name: job.run for job in background_jobs.of(world.workspace)[0]}
    jobs["scan"](scan)
    jobs["look"](scan, account)
    with world.workspace.store.reading() as connection:
        assert scan_rows.get(connection, scan).state == "done"
    return scan


def override(world: World, who: str, account: str) -> str:
    """A judgement of somebody's over the machine's."""
    wish = {"kind": "dismiss_signal", "target": "seats_requested", "reason": "They told me otherwise", "expires_at": LATER}
    return posted(world, who, f"/v1/accounts/{account}/overrides", json=wish)["id"]


def target(world: World) -> str:
    """A place for hand-offs, switched off: nothing is sent there."""
    wish = {"kind": "webhook", "name": "Sales", "settings": {"url": "https://93.184.216.34/"}}
    made = posted(world, "ada", "/v1/targets", json=wish)["id"]
    posted(world, "ada", f"/v1/targets/{made}/disable")
    return made


def token(world: World, person_id: str) -> str:
    """One more token of somebody's, by its id."""
    posted(world, "ada", f"/v1/users/{person_id}/tokens", json={})
    return world.call("ada", "GET", f"/v1/users/{person_id}/tokens").json()["tokens"][-1]["id"]


def fresh(world: World, path: str, things: dict[str, str]) -> dict[str, str]:
    """The things for a call that takes one away: that one made anew, so that whoever may, can."""
    if path.endswith("{override_id}"):
        return things | {"override_id": override(world, "ada", things["account_id"])}
    if path.endswith("{token_id}"):
        return things | {"token_id": token(world, things["user_id"])}
    return things | {"user_id": posted(world, "ada", "/v1/users", json={"name": "Soon Gone", "role": "csm"})["id"]}
