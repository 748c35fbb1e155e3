"""The real service on a home of its own, a Chromium to look at it with, and people to sign in as; shared by the tests and the screenshots."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli import run
from briefs import people
from briefs.settings import Settings
from briefs.wiring import Workspace, new_token
from tests.browser.runs import evaluate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SAMPLE = Path(__file__).parents[2] / "evals" / "portfolios" / "sample"
AS_OF = "2026-03-31"
PEOPLE = (
    ("Mira", "csm", "mira@fieldlane.example"),
    ("Jonas", "csm", "jonas@fieldlane.example"),
    ("Ana", "ae", "ana@fieldlane.example"),
    ("Tom", "ae", "tom@fieldlane.example"),
    ("Ada", "admin", "ada@fieldlane.example"),
    ("Eve", "evaluator", "eve@fieldlane.example"),
)
NASTY = (
    '<script>document.title="owned"</script><img src=x onerror="document.title=1">\n'
    "![pixel](http://attacker.example/p.png) [click](javascript:alert(1))\n"
    "\u05e9\u05dc\u05d5\u05dd \u202etxt.exe\u202c \u0645\u0631\u062d\u0628\u0627\n"
    "{{ 7*7 }} {% raw %} &lt;b&gt;"
)
"""What a ticket may hold: markup, Markdown images, text that turns around, template code."""
PATIENCE = 60_000
"""Milliseconds: a machine with two cores runs other tests beside."""
WIDTHS = {"phone": (390, 844), "laptop": (1366, 768), "wide": (1920, 1080)}
EVERY_WAY = [(scripts, width) for scripts in (True, False) for width in WIDTHS]
_NAMES = [f"{width}, {'with' if scripts else 'no'} scripts" for scripts, width in EVERY_WAY]
WAYS = pytest.mark.parametrize(("scripts", "width"), EVERY_WAY, ids=_NAMES)
"""A flow is walked with and without scripts, at each width."""


def chromium() -> str | None:
    """The browser on this machine."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def prepare(home: Path, extra: Path) -> None:
    """A home with the sample, one nasty ticket and one more promoter, imported and scanned, and two runs of a small suite."""
    extra.mkdir(parents=True)
    rows = (SAMPLE / "accounts.jsonl").read_text("utf-8").splitlines()
    (extra / "accounts.jsonl").write_text(next(row for row in rows if json.loads(row)["id"] == "c05") + "\n", "utf-8")
    message = {"at": "2026-03-20T09:00:00Z", "author": "Somebody", "author_role": "customer", "body": NASTY, "public": True}
    ticket = {"id": "c05-nasty", "account_id": "c05", "created_at": "2026-03-20T09:00:00Z", "status": "open", "priority": "P4"}
    ticket |= {"subject": "<b>Export</b> & “import”", "messages": [message]}
    (extra / "tickets.jsonl").write_text(json.dumps(ticket) + "\n", "utf-8")
    promoter = {"id": "c05-promoter", "account_id": "c05", "at": "2026-03-12T09:00:00Z", "kind": "nps", "score": 10}
    (extra / "surveys.jsonl").write_text(json.dumps(promoter) + "\n", "utf-8")  # what the sample's c05 lacks: with it a brief is due
    for command in (["ingest", str(SAMPLE)], ["ingest", str(extra)], ["scan", "--as-of", AS_OF]):
        assert run(["--home", str(home), *command, "--json"]) == 0
    with Workspace(Settings(home=home)) as workspace:
        evaluate(workspace, extra)


@dataclass
class Site:
    """A running service. `tokens` are by first name."""

    url: str
    workspace: Workspace
    tokens: dict[str, str]
    app: FastAPI

    def brief_of(self, account: str) -> str:
        return self.workspace.store.briefs_of(account)[0].id


@contextmanager
def serving(home: Path, settings: dict[str, Any] | None = None) -> Generator[Site]:
    """The service on a free port of this machine, as `briefs serve` runs it."""
    with Workspace(Settings(home=home, **{"allow_private_targets": True, **(settings or {})})) as workspace:
        team = people.demo_people(workspace.store, PEOPLE, now=workspace.now, new_id=workspace.new_id, new_token=new_token)
        app = create_app(workspace)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield Site(f"http://127.0.0.1:{port}", workspace, {new.person.name: new.token for new in team}, app)
        finally:
            server.should_exit = True
            thread.join(timeout=10)


@contextmanager
def browsing() -> Generator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def context(browser: Browser, width: str = "laptop", **options: Any) -> BrowserContext:
    """A browser of one person, with nothing kept from another."""
    from playwright.sync_api import expect

    wide, high = WIDTHS[width]
    made = browser.new_context(viewport={"width": wide, "height": high}, **options)
    made.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return made


def sign_in(page: Page, site: Site, name: str, to: str = "/") -> Page:
    """Through the form, as a person does."""
    page.goto(f"{site.url}/sign-in?next={to}")
    page.get_by_label("Your token").fill(site.tokens[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return page
