"""A store where two CSMs and two account executives share nothing, with a word planted in everything that is somebody's, and people to call as."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.cli import run
from briefs import people
from briefs.settings import Settings
from briefs.wiring import Workspace, new_token
from tests.api.conftest import AS_OF, SAMPLE

ROLES = ("csm", "ae", "evaluator", "admin", "service")
MIRA, JONAS, ANA, BOB = "mira@fieldlane.example", "jonas@fieldlane.example", "ana@fieldlane.example", "bob@fieldlane.example"
PEOPLE = {
    "mira": ("csm", MIRA),
    "jonas": ("csm", JONAS),
    "ana": ("ae", ANA),
    "bob": ("ae", BOB),
    "eve": ("evaluator", "eve@fieldlane.example"),
    "ada": ("admin", "ada@fieldlane.example"),
    "help": ("service", None),
    "spare": ("csm", None),
}
OURS, THEIRS = ("a01", "c01"), ("a10", "b06")
"""Accounts of Mira and Ana, and of Jonas and Bob; all four qualify."""
PLANTED = {**dict.fromkeys(OURS, "QZOURS"), **dict.fromkeys(THEIRS, "QZTHEIRS")}


def plant(folder: Path) -> Path:
    """The sample cut down to four accounts, each text and name with a word that tells whose it is."""
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "catalogue.yaml", folder)
    for kind in ("accounts", "contacts", "notes", "tickets", "surveys", "scorecards", "opportunities", "usage"):
        rows = [json.loads(line) for line in (SAMPLE / f"{kind}.jsonl").read_text("utf-8").splitlines()]
        kept = [_marked(kind, row) for row in rows if row.get("account_id", row["id"] if kind == "accounts" else None) in PLANTED]
        (folder / f"{kind}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), "utf-8")
    return folder


def _marked(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    account = row["id"] if kind == "accounts" else row["account_id"]
    word = PLANTED[account]
    if kind == "accounts":
        return row | {"name": f"{row['name']} {word}", "csm": MIRA if account in OURS else JONAS, "ae": ANA if account in OURS else BOB}
    if kind == "contacts":
        return row | {"title": f"{row.get('title') or 'Staff'} {word}"}
    if kind == "notes":
        return row | {"body": f"{row['body']}\n\nRef {word}."}
    if kind == "tickets":
        return row | {"subject": f"{row['subject']} {word}"}
    return row


def make_home(folder: Path) -> Path:
    """A home with the planted portfolio imported and scanned."""
    home = folder / "home"
    assert run(["--home", str(home), "ingest", str(plant(folder / "export")), "--json"]) == 0
    assert run(["--home", str(home), "scan", "--as-of", AS_OF, "--json"]) == 0
    return home


@dataclass
class World:
    """The service over such a home, called in this process. `tokens` by name, `ids` of people by name."""

    client: TestClient
    workspace: Workspace
    tokens: dict[str, str]
    ids: dict[str, str]

    def call(self, who: str | None, method: str, path: str, **more: Any) -> Any:
        """One request as somebody (None: as nobody)."""
        headers = {**({"Authorization": f"Bearer {self.tokens[who]}"} if who else {}), **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def brief_of(self, account_id: str) -> str:
        """The newest brief of an account."""
        return self.workspace.store.briefs_of(account_id)[0].id

    def etag(self, brief_id: str) -> str:
        return self.call("ada", "GET", f"/v1/briefs/{brief_id}").headers["etag"]

    def decide(self, who: str, brief_id: str, decision: str = "approve", **more: Any) -> Any:
        """A decision on the newest version, with what it needs."""
        read = self.call(who, "GET", f"/v1/briefs/{brief_id}")
        assert read.status_code == 200, read.text
        wish = {"decision": decision, "version_hash": read.json()["version_hash"], **more}
        return self.call(who, "POST", f"/v1/briefs/{brief_id}/decisions", json=wish, headers={"If-Match": read.headers["etag"]})

    def delivered(self, account_id: str) -> str:
        """The hand-off of that account's brief, approved by its CSM and delivered."""
        answer = self.decide("mira" if account_id in OURS else "jonas", self.brief_of(account_id))
        assert answer.status_code == 201, answer.text
        return self.workspace.store.handoffs(self.brief_of(account_id))[-1].id


@contextmanager
def serving(home: Path, **settings: Any) -> Iterator[World]:
    """The service over a home, with a person of each kind."""
    with Workspace(Settings(home=home, **settings)) as workspace:
        tokens, ids = {}, {}
        for name, (role, email) in PEOPLE.items():
            made = people.add(workspace.store, name.title(), role, email, by=None, now=workspace.now, new_id=workspace.new_id, new_token=new_token)
            tokens[name], ids[name] = made.token, made.person.id
        with TestClient(create_app(workspace), base_url="http://127.0.0.1") as client:
            yield World(client, workspace, tokens, ids)
