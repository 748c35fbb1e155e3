"""The service's background work under kill -9: a scan is finished by the next process, a hand-off arrives under one id, and nothing is lost."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from briefs import deliveries, people, targets
from briefs.background import Background
from briefs.canonical import digest
from briefs.review import approve
from briefs.scanning import Wish
from briefs.settings import Settings
from briefs.store import scan_rows
from briefs.store.delivery_rows import State as Stage
from briefs.store.scan_rows import ScanRow, State
from briefs.wiring import Workspace
from tests.briefs.desk_parts import DOSSIER, body
from tests.servers.receiver import Receiver, late, reset, status
from tests.sharing import imported_sample

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "evals" / "portfolios" / "sample"
AS_OF = date(2026, 3, 31)
KILLS = 3


@contextmanager
def at_work(home: Path) -> Generator[subprocess.Popen[str]]:
    command, pipe = [sys.executable, "-m", "tests.chaos.background_driver", str(home)], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            process.communicate("stop\n", timeout=60)


def opened(home: Path) -> Workspace:
    made = Workspace(Settings(home=home, allow_private_targets=True))
    made.serves = True
    return made


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("background") / "home"
    shutil.copytree(imported_sample(tmp_path_factory), home)
    with opened(home) as space:
        space.jobs.prepare()
    return home


def scan_of(space: Workspace, scan_id: str) -> ScanRow:
    with space.store.reading() as connection:
        return scan_rows.get(connection, scan_id)


def wait_until(done: object, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:  # pyright: ignore[reportCallIssue]
        time.sleep(0.1)


def test_a_scan_killed_three_times_ends_with_every_account_told_once(imported: Path):
    chance = random.Random(5)
    with opened(imported) as space:
        scan = Background(space).enqueue_scan(Wish(AS_OF, force=True), by="test")
        for n in range(KILLS):
            with at_work(imported) as process:
                wait_until(lambda n=n: scan_of(space, scan.id).done >= 2 * (n + 1), 60)
                time.sleep(chance.uniform(0, 0.3))
                process.send_signal(signal.SIGKILL)
                process.wait()
        assert scan_of(space, scan.id).state is State.RUNNING
        with at_work(imported):
            wait_until(lambda: scan_of(space, scan.id).state is State.DONE)
        accounts = set(space.archive.accounts())
        with space.store.reading() as connection:
            events = scan_rows.events(connection, scan.id)
            row = scan_rows.get(connection, scan.id)
            later = scan_rows.events(connection, scan.id, after=events[4].seq)
        told = Counter(event.body["account_id"] for event in events if event.kind in ("account", "failed"))
        assert (row.state, row.done, row.total) == (State.DONE, len(accounts), len(accounts))
        assert told == Counter(accounts), "every account once"
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert (events[0].kind, events[1].kind, events[-1].kind) == ("queued", "planned", "done")
        assert later == events[5:]
        results = space.store.last_results()
        assert {id for id, last in results.items() if last.scan_id == scan.id} == accounts
        drafted = [last.brief_id for last in results.values() if last.verdict == "qualified"]
        assert None not in drafted
        assert len(set(drafted)) == len(drafted)
        assert len(space.store.list()) == len(drafted), "drafts == qualified accounts, distinct"
        assert space.store.verify_audit() > 0


def test_handoffs_arrive_under_one_id_each_though_receiver_and_sender_fail(tmp_path: Path):
    with opened(tmp_path) as space, Receiver([reset(), status(503), late(1.0), status(200)]) as receiver:
        targets.add(space.targets, "webhook", "Sales", {"url": receiver.url}, by=None)
        admin = people.add(
            space.store, "Max", "admin", "max@vendor.example", by=None, now=space.now, new_id=space.new_id, new_token=lambda: "t" * 24
        ).person
        for account in ("a1", "a2", "a3"):
            space.store.save_dossier(digest(DOSSIER), account, AS_OF, DOSSIER)
            space.store.save_draft(body(account), at=space.now(), new_id=space.new_id)
        briefs = space.store.list()
        for row in briefs:
            approve(space.desk, admin, row.id, row.head, current_dossier_check=lambda body: [])
        for _ in range(KILLS):
            with at_work(tmp_path) as process:
                before = len(receiver.taken)
                wait_until(lambda before=before: len(receiver.taken) > before, 20)
                process.send_signal(signal.SIGKILL)
                process.wait()

        def arrived() -> bool:
            rows = [each.row for each in deliveries.page(space.desk.courier, by=None)]
            return len(rows) == 2 * len(briefs) and all(row.state is Stage.DELIVERED for row in rows)

        with at_work(tmp_path):
            wait_until(arrived, 60)
        assert arrived()
        sent = {each.row.id for each in deliveries.page(space.desk.courier, by=None) if each.row.kind == "webhook"}
        assert {taken.headers["webhook-id"] for taken in receiver.taken} == sent
        bodies = {digest(taken.json["data"]["body"].encode()) for taken in receiver.taken}
        assert bodies == {row.head for row in briefs}
        assert {space.store.brief(row.id).state for row in briefs} == {"delivered"}
