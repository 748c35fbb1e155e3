"""Every link that leaves the house, in mail, chat, CRM or webhook, opens a page of the service; and mail goes to whom the hand-off names."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from api.cli import run
from api.pages.views.notices import href_of
from briefs import clock, deliveries, links, targets
from briefs.delivery import attempt
from briefs.store.notices import Notice
from tests.api.pages.visitor import visitor
from tests.api.world import ANA, BOB, MIRA, World, plant, serving
from tests.servers.receiver import Given, Receiver, Taken, status

HOME = "http://127.0.0.1"
LINK = re.compile(re.escape(HOME) + r"/[^\s\"'<>|\\)]*")


@dataclass
class Outside:
    """Everything that left: what a receiver on loopback took over HTTP, and the mail."""

    world: World
    receiver: Receiver
    mail: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mail.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return "250 OK"

    def links(self) -> dict[str, set[str]]:
        """The paths sent out, by who sent them."""
        told = {f"{taken.method} {taken.path.split('?')[0]}": taken.body.decode() for taken in self.receiver.taken}
        for n, message in enumerate(self.mail):
            parts = (part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
            told[f"mail {n} to {message['To']}: {message['Subject']}"] = "\n".join(parts)
        return {who: {found.removeprefix(HOME) for found in LINK.findall(text)} for who, text in told.items()}


def crm(taken: Taken) -> Given:
    """Knows no deal yet, makes what it is told to."""
    if taken.path.endswith("/batch/upsert"):
        return status(200, {"results": [{"id": "9"}]})
    if taken.method == "GET":
        return status(200, {"records": []}) if "/query" in taken.path else status(404)
    return status(200, {"id": "6"})


@pytest.fixture
def outside(planted_home: Path, tmp_path: Path) -> Iterator[Outside]:
    """The service with one target of each kind, all of them here."""
    shutil.copytree(planted_home, tmp_path / "planted")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "smtp_sender": "briefs@vendor.example"}
    with Receiver(crm) as receiver, serving(tmp_path / "planted", public_url=HOME + "/", allow_private_targets=True, **mail) as world:
        made = Outside(world, receiver)
        keeper = world.workspace.targets
        targets.add(keeper, "webhook", "Hook", {"url": receiver.url + "/hook"}, by=None)
        targets.add(keeper, "slack", "Chat", {}, receiver.url + "/chat", by=None)
        targets.add(keeper, "email", "Mail", {"to": "ae"}, by=None)
        targets.add(keeper, "salesforce", "One", {"url": receiver.url}, "token", by=None)
        targets.add(keeper, "hubspot", "Two", {"url": receiver.url}, "token", by=None)
        controller = Controller(made, hostname="127.0.0.1", port=port, ready_timeout=30)
        controller.start()
        try:
            yield made
        finally:
            controller.stop()


def test_every_link_sent_out_opens_a_page(outside: Outside) -> None:
    world = outside.world
    handoff = world.delivered("a01")
    visitor(world, "ana").post(f"/calls/{handoff}/questions", text="Who signs?")
    assert clock.send_notices(world.workspace) >= 2
    clock.send_digests(world.workspace)
    sent = outside.links()
    assert {f"/calls/{handoff}"} == {link for who, links in sent.items() for link in links if not who.startswith("mail") or "Approved" in who}
    assert {who for who, links in sent.items() if not links and not who.startswith("mail")} <= {
        "GET /services/data/v62.0/query",
        f"GET /crm/v3/objects/deals/{handoff}",
        *(who for who in sent if "/associations/" in who),
    }
    assert any(who.endswith("Sales has a question") and links for who, links in sent.items())
    readers = {MIRA: visitor(world, "mira"), ANA: visitor(world, "ana")}
    for who, found in sent.items():
        reader = next((each for email, each in readers.items() if f"to {email}" in who), readers[ANA])
        for link in found:
            opened = reader.get(link)
            assert (opened.status_code, opened.url.path) == (200, link), who


def test_a_link_of_an_earlier_release_leads_to_the_page(outside: Outside) -> None:
    handoff = outside.world.delivered("a01")
    assert visitor(outside.world, "ana").get(f"/handoffs/{handoff}").url.path == f"/calls/{handoff}"
    assert visitor(outside.world, "bob").get(f"/handoffs/{handoff}").status_code == 404


@pytest.mark.parametrize("kind", sorted(links.PAGES))
def test_a_notice_leads_where_its_mail_leads(kind: str) -> None:
    notice = Notice("n1", "u1", datetime(2026, 4, 1, tzinfo=UTC), "assigned", f"{kind}:x1", "a01", {})
    assert links.link_to(HOME, notice.object) == HOME + href_of(notice)


def test_mail_goes_to_whom_the_handoff_names_whoever_the_account_names_today(outside: Outside, tmp_path: Path) -> None:
    world = outside.world
    handoff = world.delivered("a01")
    export = plant(tmp_path / "again")
    rows = [json.loads(line) for line in (export / "accounts.jsonl").read_text("utf-8").splitlines()]
    (export / "accounts.jsonl").write_text("".join(json.dumps(row | {"ae": BOB}) + "\n" for row in rows), "utf-8")
    assert run(["--home", str(world.workspace.home), "ingest", str(export), "--json"]) == 0
    courier = world.workspace.desk.courier
    assert world.workspace.owners("a01").ae == BOB
    (row,) = [each.row for each in deliveries.page(courier, by=None) if each.row.kind == "email"]
    outside.mail.clear()
    deliveries.resend(courier, row.id, by=None)
    attempt(courier, row.id)
    assert [message["To"] for message in outside.mail] == [ANA]
    assert world.workspace.store.handoff(handoff).ae == ANA
