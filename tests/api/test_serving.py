"""The service as a process: who may start it, what a scan beside it does, and what is left when it is killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import AS_OF
from tests.api.world import MIRA
from tests.servers.receiver import Receiver, status

pytestmark = pytest.mark.slow
COMMAND = [sys.executable, "-m", "api.cli"]
STARTS_WITHIN = 90.0


def briefs(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, "--home", str(home), *arguments], capture_output=True, text=True, check=False, timeout=200)


def token(home: Path, role: str = "admin") -> str:
    return json.loads(briefs(home, "users", "add", "Ada", "--role", role, "--json").stdout)["token"]


@contextmanager
def serve(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service on a free port, ready; killed at the end if it still runs."""
    log = (home / "serve.log").open("w")
    environment = os.environ | {"BRIEFS_ALLOW_PRIVATE_TARGETS": "true"}
    process = subprocess.Popen([*COMMAND, "--home", str(home), "serve", "--port", "0"], stderr=log, stdout=log, text=True, env=environment)
    try:
        yield process, address(home, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        log.close()


def address(home: Path, process: subprocess.Popen[str]) -> str:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", (home / "serve.log").read_text())
        if found:
            try:
                if httpx.get(found[0] + "/readyz").status_code == 200:
                    return found[0]
            except httpx.TransportError:
                pass
        time.sleep(0.2)
    raise AssertionError((home / "serve.log").read_text())


@pytest.fixture
def home(planted_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(planted_home, tmp_path / "home")
    return tmp_path / "home"


def events(base: str, scan: str, headers: dict[str, str], after: int | None = None) -> list[tuple[int, str, Any]]:
    """The steps of a scan to its end, as a client reads them."""
    found: list[tuple[int, str, Any]] = []
    more = {"Last-Event-ID": str(after)} if after is not None else {}
    with httpx.stream("GET", f"{base}/v1/scans/{scan}/events", headers=headers | more, timeout=120) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        step: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if not line and "id" in step:
                found.append((int(step["id"]), step["event"], json.loads(step["data"])))
                step = {}
            elif name in ("id", "event", "data"):
                step[name] = value
    return found


def use(base: str, admin: dict[str, str], receiver: Receiver) -> None:
    """A day at the desk, each act with a customer's word in it, those that go wrong too: an edit, an approval whose delivery fails, a row that
    cannot be read, and requests that are refused."""
    with httpx.Client(base_url=base, timeout=60) as http:
        made = http.post("/v1/users", json={"name": "Mira", "role": "csm", "email": MIRA}, headers=admin).json()
        mira = {"Authorization": f"Bearer {made['token']}"}
        assert (
            http.post("/v1/targets", json={"kind": "webhook", "name": "Sales", "settings": {"url": receiver.url}}, headers=admin).status_code == 201
        )
        path = f"/v1/briefs/{http.get('/v1/briefs', headers=mira).json()['briefs'][0]['id']}"
        read = http.get(path, headers=mira)
        claim = read.json()["body"]["sections"][0]["claims"][0]["id"]
        edited = http.patch(path, json={"sentences": {claim: "QZ told me so."}}, headers=mira | {"If-Match": read.headers["etag"]})
        assert edited.status_code == 200, edited.text
        wish = {"decision": "approve", "version_hash": edited.json()["version_hash"], "reason": "QZ asked"}
        approved = http.post(f"{path}/decisions", json=wish, headers=mira | {"If-Match": http.get(path, headers=mira).headers["etag"]})
        assert approved.status_code == 201, approved.text
        row = b'{"id": "QZ-1", "account_id": "a01", "at": "QZ", "body": "QZ"}\n{"QZ'
        sent = http.post("/v1/imports", files={"file": ("QZ-notes.jsonl", row)}, headers=admin)
        named = http.post("/v1/imports", files={"file": ("notes.jsonl", row)}, headers=admin)
        assert (sent.status_code, named.json()["quarantined"]) == (422, 2)
        refused = (
            http.post(f"{path}/decisions", json={"decision": "QZ"}, headers=mira),
            http.post("/v1/flags", content=b'{"QZ', headers=mira | {"Content-Type": "application/json"}),
            http.post("/v1/flags", json={"ticket_id": "QZ", "reason": "QZ wants more"}, headers=mira),
            http.get("/v1/accounts/QZ", headers=mira | {"X-Request-ID": "Q Z"}),
            http.get("/QZ?QZ=QZ", headers=mira),
            http.get("/v1/briefs?cursor=QZ", headers=mira),
        )
        assert {answer.status_code for answer in refused} == {404, 422, 428}
        until = time.monotonic() + 60
        while not receiver.taken and time.monotonic() < until:
            time.sleep(0.1)
        assert receiver.taken


def test_a_second_service_is_refused_and_a_scan_is_handed_over(home: Path) -> None:
    headers = {"Authorization": f"Bearer {token(home)}"}
    with serve(home) as (process, base), Receiver([status(500)]) as receiver:
        second = briefs(home, "serve", "--port", "0")
        assert second.returncode == 3, second.stderr
        assert second.stderr.strip().splitlines()[-1].startswith("briefs: Process ")
        assert "Traceback" not in second.stderr
        scanned = briefs(home, "scan", "--as-of", AS_OF, "--force", "--json")
        assert scanned.returncode == 0, scanned.stderr
        assert {each["verdict"] for each in json.loads(scanned.stdout)} == {"qualified"}
        asked = httpx.post(f"{base}/v1/scans", json={"as_of": AS_OF, "force": True}, headers=headers)
        assert asked.status_code == 202, asked.text
        assert asked.headers["location"] == f"/v1/scans/{asked.json()['id']}"
        steps = events(base, asked.json()["id"], headers)
        assert steps[-1][1] == "done"
        assert sum(kind == "account" for _, kind, _ in steps) == 4
        assert [number for number, _, _ in steps] == list(range(1, len(steps) + 1))
        assert events(base, asked.json()["id"], headers, after=2) == steps[2:]
        use(base, headers, receiver)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert (home / "index.lock").read_text() == "", "the home was not closed properly"
    log = [json.loads(line) for line in (home / "serve.log").read_text().splitlines() if line.startswith("{")]
    assert {"GET", "PATCH", "POST"} <= {line["method"] for line in log if line["event"] == "request"}
    assert "QZ" not in (home / "serve.log").read_text()


@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)], ids=["kill", "stop"])
def test_a_scan_cut_short_goes_on_at_the_next_start(home: Path, how: signal.Signals, code: int) -> None:
    headers = {"Authorization": f"Bearer {token(home)}"}
    with serve(home) as (process, base):
        scan = httpx.post(f"{base}/v1/scans", json={"as_of": AS_OF, "force": True}, headers=headers).json()["id"]
        time.sleep(0.3)
        process.send_signal(how)
        assert process.wait(40) == code
    if code == 0:
        assert (home / "index.lock").read_text() == "", "the home was not closed properly"
    with serve(home) as (_, base):
        steps = events(base, scan, headers)
        assert steps[-1][1] == "done"
        told = [body["account_id"] for _, kind, body in steps if kind == "account"]
        assert sorted(told) == sorted(set(told))
        assert len(told) == 4
        assert httpx.get(f"{base}/v1/scans/{scan}", headers=headers).json()["state"] == "done"
    assert briefs(home, "audit", "verify").returncode == 0


def test_behind_a_proxy_that_ends_tls_cookies_are_for_tls_only(home: Path) -> None:
    secret = token(home)
    with serve(home) as (_, base):
        for headers, secure in (({}, False), ({"X-Forwarded-Proto": "https"}, True)):
            answer = httpx.post(f"{base}/sign-in", data={"token": secret}, headers=headers)
            assert answer.status_code == 303
            flags = [flag.strip().lower() for flag in answer.headers["set-cookie"].split(";")[1:]]
            assert {"httponly", "samesite=lax"} <= set(flags)
            assert ("secure" in flags) is secure
