"""Puts the courier together: where folders are written, what is sent outside and how, where deliveries are queued. Part of the composition root."""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.brief import BriefBody
from briefs.dispatch import JOB, Courier, Outside
from briefs.handoff import folder
from briefs.handoff.addresses import look_up
from briefs.handoff.envelope import Envelope
from briefs.handoff.mail import Server
from briefs.handoff.parcel import Parcel, Tools
from briefs.handoff.wire import Wire
from briefs.jobs import Failed, Jobs, at_work
from briefs.links import link_to
from briefs.people import everybody
from briefs.store import Store, Transaction, delivery_rows
from briefs.store.delivery_rows import DeliveryRow
from briefs.store.handoffs import Handoff
from briefs.store.schema import job_tables
from briefs.store.target_rows import FOLDER
from briefs.targets import Office

if TYPE_CHECKING:
    from briefs.durable import Queue
    from briefs.settings import Settings
    from briefs.wiring import Workspace

TIMED = ("deadlines", "notices", "digest", "watch", "tidy")
QUEUES = {JOB: "deliveries", "scan": "scans", "look": "accounts", "import": "imports"} | dict.fromkeys(TIMED, "timers")
"""The queue each job waits in."""


def open_courier(
    workspace: Workspace, arrived: Callable[[Transaction, Handoff, datetime], None], seller: Callable[[Transaction, str], str | None]
) -> Courier:
    """The courier of a home, as its settings say; `arrived` is told of every hand-off delivered, `seller` says whom an account names to sell.

    The command line tries deliveries itself where no server is there to do it.
    """
    store, home = workspace.store, workspace.home

    def write(handoff: Handoff, body: bytes) -> Mapping[str, str]:
        return folder.write(home, handoff.id, body, envelope(store, handoff), copies=copies).envelope.files

    def copies(body: BriefBody) -> Mapping[str, bytes]:
        made = workspace.aside.copies(body) if workspace.aside is not None else None
        return made or folder.copies(body)

    def here(kind: str) -> bool:
        return not workspace.serves and (kind == FOLDER or at_work(home) is None)

    return Courier(
        store,
        write,
        lambda handoff_id: _remove(home, handoff_id),
        workspace.now,
        workspace.new_id,
        jobs=LateJobs(workspace),
        outside=Outside(tools(workspace), lambda handoff, row, data: _parcel(workspace, handoff, row, data)),
        chance=random.random,
        here=here,
        seller=seller,
        arrived=arrived,
    )


def open_office(workspace: Workspace) -> Office:
    """What keeping targets needs."""
    allowed = workspace.settings.allow_private_targets
    return Office(workspace.store, workspace.now, workspace.new_id, lambda: secrets.token_bytes(32), look_up, allow_private=allowed)


def tools(workspace: Workspace) -> Tools:
    """What sending needs: the guarded wire, and the mail server where one is set."""
    settings = workspace.settings
    return Tools(Wire(allow_private=settings.allow_private_targets), workspace.now, mail_server(settings), settings.smtp_sender or "")


def mail_server(settings: Settings) -> Server | None:
    """The mail server of the settings; None where none is set."""
    if not settings.smtp_host or not settings.smtp_sender:
        return None
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return Server(settings.smtp_host, settings.smtp_port, settings.smtp_tls, settings.smtp_user, password)


def open_queue(workspace: Workspace) -> Queue:
    """The durable queue of a home's database."""
    from briefs.durable import Queue

    return Queue(workspace.database_url, QUEUES)


class LateJobs:
    """The durable queue, loaded at the first job: most commands queue none. Its tables are made before, where they are missing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        if not job_tables(workspace.database):
            workspace.jobs.prepare()

    @property
    def _jobs(self) -> Jobs:
        return self._workspace.jobs

    def enqueue(self, connection: Transaction, job: str, key: str, *arguments: str, delay_s: float = 0.0) -> None:
        self._jobs.enqueue(connection, job, key, *arguments, delay_s=delay_s)

    def cancel(self, key: str) -> None:
        self._jobs.cancel(key)

    def failed(self) -> list[Failed]:
        return self._jobs.failed()

    def again(self, key: str) -> None:
        self._jobs.again(key)


def envelope(store: Store, handoff: Handoff) -> Envelope:
    """Who approved which bytes, and where the audit chain stood."""
    approval = handoff.approval
    name = next((p.name for p in everybody(store) if p.id == approval.by), approval.by)
    return Envelope(
        handoff_id=handoff.id,
        brief_id=handoff.brief_id,
        version_hash=handoff.version_hash,
        approver_id=approval.by,
        approver_name=name,
        approved_at=approval.at,
        self_approved=approval.self_approved,
        audit_head=handoff.audit_head,
    )


def _parcel(workspace: Workspace, handoff: Handoff, row: DeliveryRow, data: bytes) -> Parcel:
    with workspace.store.reading() as connection:
        sent = [r for r in delivery_rows.of_handoff(connection, handoff.id) if r.target_id == row.target_id and r.reference]
        changes = delivery_rows.changes(connection, handoff.id)
    return Parcel(
        delivery_id=row.id,
        purpose=row.purpose,
        envelope=envelope(workspace.store, handoff),
        data=data,
        body=BriefBody.model_validate_json(data),
        at=row.created_at,
        reference=sent[0].reference if sent else None,
        changes=changes,
        ae=_address_of(workspace.store, handoff.ae),
        link=link_to(workspace.settings.public_url, f"handoff:{handoff.id}"),
    )


def _address_of(store: Store, reference: str | None) -> str | None:
    """The e-mail address of whom a hand-off names, by address or by id."""
    if not reference or "@" in reference:
        return reference
    return next((p.email for p in everybody(store) if p.id == reference and p.revoked_at is None), None)


def _remove(home: Path, handoff_id: str) -> None:
    """Raises OSError where the folder is there and cannot be deleted: erased means erased."""
    handoffs = home / "handoffs"
    for path in (handoffs / handoff_id, *handoffs.glob(".writing-*")):
        if path.exists():
            shutil.rmtree(path)
