"""What the clock does on a real home: deadlines pass, notices and digests go out once, and a look at what was delivered tells what changed."""

from __future__ import annotations

import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from briefs import clock, people
from briefs.background_jobs import of
from briefs.canonical import digest
from briefs.delivery_wiring import QUEUES
from briefs.settings import Settings
from briefs.store import notices
from briefs.store.notices import Notice
from briefs.wiring import Workspace
from retrieval.chunking import split
from retrieval.ingest import ingest, quiet
from tests.briefs.desk_parts import DOSSIER, NOTE_TEXT, body

NOW = datetime(2026, 4, 6, 9, tzinfo=UTC)


class Mailbox:
    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return "250 OK"


@contextmanager
def post_office() -> Generator[tuple[Mailbox, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    yield mailbox, port
    controller.stop()


class Clockwork:
    """A home whose clock can be turned."""

    def __init__(self, home: Path, port: int | None) -> None:
        self.at = NOW
        mail = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "smtp_sender": "briefs@vendor.example"} if port else {}
        settings = Settings(home=home, public_url="https://briefs.example", **mail)  # pyright: ignore[reportArgumentType]
        self.space = Workspace(settings, now=lambda: self.at)
        self.space.serves = True
        self.dana = people.add(
            self.space.store, "Dana", "csm", "dana@vendor.example", by=None, now=self.space.now, new_id=self.space.new_id, new_token=lambda: "d" * 24
        ).person

    def notice(self, kind: str, id: str = "n1") -> None:
        with self.space.store.writing() as connection:
            notices.add(connection, Notice(id, self.dana.id, self.at, kind, "brief:b1", "a1", {}))

    def unsent(self) -> list[str]:
        with self.space.store.reading() as connection:
            return [notice.kind for notice in notices.unsent(connection)]


def test_what_cannot_wait_is_sent_once_and_the_rest_is_left_for_the_digest(tmp_path: Path):
    with post_office() as (mailbox, port):
        home = Clockwork(tmp_path, port)
        home.notice("customer_asked")
        home.notice("feedback", "n2")
        assert clock.send_notices(home.space) == 1
        assert clock.send_notices(home.space) == 0
        home.space.close()
    (message,) = mailbox.taken
    assert (message["To"], message["Subject"]) == ("dana@vendor.example", "A customer asks for more")
    assert "https://briefs.example/briefs/b1" in message.get_content()


def test_a_mail_server_that_is_away_loses_no_notice(tmp_path: Path):
    home = Clockwork(tmp_path, 1)
    home.notice("customer_asked")
    assert clock.send_notices(home.space) == 0
    assert home.unsent() == ["customer_asked"]
    home.space.close()


def test_without_a_mail_server_notices_stay_in_the_pages(tmp_path: Path):
    home = Clockwork(tmp_path, None)
    home.notice("customer_asked")
    assert clock.send_notices(home.space) == clock.send_digests(home.space) == 0
    assert home.unsent() == ["customer_asked"]
    home.space.close()


def test_the_digest_tells_each_csm_their_own_week_and_nobody_whose_week_is_empty(tmp_path: Path):
    with post_office() as (mailbox, port):
        home = Clockwork(tmp_path, port)
        store, space = home.space.store, home.space
        for name, role in (("Eve", "csm"), ("Ana", "ae"), ("Gone", "csm")):
            made = people.add(
                store, name, role, f"{name.lower()}@vendor.example", by=None, now=space.now, new_id=space.new_id,
                new_token=lambda name=name: name[0] * 24,
            )  # fmt: skip
        people.revoke(store, made.person.id, by=None, now=space.now)
        (tmp_path / "accounts.jsonl").write_text('{"id": "a1", "name": "Acme", "csm": "dana@vendor.example"}\n', "utf-8")
        ingest(
            tmp_path / "accounts.jsonl", space.archive, split, space.embedder, space.index,
            home=space.home, now=space.now, new_id=space.new_id, progress=quiet,
        )  # fmt: skip
        store.save_dossier(digest(DOSSIER), "a1", date(2026, 3, 31), DOSSIER)
        store.save_draft(body(headline="Acme is ready"), at=home.at, new_id=space.new_id)
        home.notice("feedback")
        assert clock.send_digests(home.space) == 1
        home.space.close()
    (message,) = mailbox.taken
    text = message.get_content()
    assert (message["To"], message["Subject"]) == ("dana@vendor.example", "Your briefs this week")
    assert message["From"] == "briefs@vendor.example"
    assert message["Message-ID"].startswith(f"<digest-{home.dana.id}-2026-04-06@")
    assert text.splitlines()[:2] == ["1 briefs to decide.", "- Acme: Acme is ready"]
    assert "feedback: 1" in text
    assert NOTE_TEXT not in text


def test_a_digest_a_mail_server_did_not_take_is_not_counted_as_sent(tmp_path: Path):
    home = Clockwork(tmp_path, 1)
    home.notice("feedback")
    assert clock.send_digests(home.space) == 0
    home.space.close()


def test_an_undecided_brief_lapses_by_the_clock_and_is_never_approved(tmp_path: Path):
    home = Clockwork(tmp_path, None)
    store = home.space.store
    store.save_dossier(digest(DOSSIER), "a1", date(2026, 3, 31), DOSSIER)
    brief_id = store.save_draft(body(), at=home.at, new_id=home.space.new_id)
    clock.deadlines(home.space)
    assert store.brief(brief_id).state == "draft"
    home.at += timedelta(days=60)
    clock.deadlines(home.space)
    assert store.brief(brief_id).state == "expired"
    assert store.decisions(brief_id) == []
    home.space.close()


def test_every_timer_has_a_job_and_every_job_a_queue(tmp_path: Path):
    home = Clockwork(tmp_path, None)
    jobs, timers = of(home.space)
    assert {timer.job for timer in timers} <= {job.name for job in jobs}
    assert {job.name: job.queue for job in jobs} == QUEUES
    for run in ("watch", "tidy"):
        home.space.jobs.prepare()
        clock.work(home.space)[run]()
    home.space.close()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_the_digest_goes_out_on_monday_where_the_company_is(zone: str):
    (timer,) = [each for each in clock.timers(zone) if each.job == clock.DIGEST]
    assert (timer.cron.split()[-1], timer.timezone) == ("1", zone)
