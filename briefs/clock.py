"""What the clock does: deadlines of briefs and answers, waiting briefs, notices and digests by e-mail, a look at what was delivered, tidying up.

Each is safe to run twice and asks the store what is due; the timers only say how often somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from briefs import deliveries
from briefs.deciding import digest, expiry, notices, sales, watching
from briefs.delivery_wiring import mail_server
from briefs.errors import BadInput
from briefs.handoff.parcel import Mail
from briefs.handoff.targets.email import address, one_line
from briefs.jobs import Every
from briefs.links import link_to
from briefs.people import Person, everybody
from briefs.store import notices as notice_rows
from briefs.store.person_rows import PersonRow

if TYPE_CHECKING:
    from briefs.wiring import Workspace

DEADLINES, NOTICES, DIGEST, WATCH, TIDY = "deadlines", "notices", "digest", "watch", "tidy"
KEPT = timedelta(days=30)
"""How long ended jobs are kept."""
WORDS = {
    "customer_asked": "A customer asks for more",
    "handoff_changed": "Something changed since a hand-off was approved",
    "handoff_recalled": "A hand-off was taken back",
    "handoff_delivered": "A hand-off is there for you",
    "question": "Sales has a question",
    "reply": "Your question was answered",
    "answer_due": "A hand-off waits for your answer",
    "answer_overdue": "A hand-off was not answered in time",
    "assigned": "A brief was given to you",
}


def timers(zone: str) -> tuple[Every, ...]:
    """How often each is asked. The digest goes out on Monday morning, where the company is."""
    return (
        Every("*/5 * * * *", DEADLINES),
        Every("* * * * *", NOTICES),
        Every("0 7 * * 1", DIGEST, zone),
        Every("*/30 * * * *", WATCH),
        Every("30 3 * * *", TIDY, zone),
    )


def work(workspace: Workspace) -> dict[str, Callable[[], object]]:
    """What each timer runs."""
    return {
        DEADLINES: lambda: deadlines(workspace),
        NOTICES: lambda: send_notices(workspace),
        DIGEST: lambda: send_digests(workspace),
        WATCH: lambda: watch(workspace),
        TIDY: lambda: tidy(workspace),
    }


def deadlines(workspace: Workspace) -> None:
    """Undecided briefs are escalated and lapse, unanswered hand-offs are reminded of, waiting briefs come onto desks, deliveries are queued."""
    expiry.lapse(workspace.desk)
    sales.remind(workspace.desk)
    workspace.pipeline(workspace.offline_engine).filing.release()
    deliveries.take_up(workspace.desk.courier)


def watch(workspace: Workspace) -> None:
    """Hand-offs sales is working on are held against the record; sales and the CSM hear at once of what is new."""
    watching.watch(workspace.desk, workspace.differences)


def send_notices(workspace: Workspace) -> int:
    """Sends by e-mail what cannot wait, once each; how many. What waits for the digest stays in the pages. Nothing without a mail server."""
    mail = mail_server(workspace.settings)
    if mail is None:
        return 0
    store, people, count = workspace.store, _reachable(workspace), 0
    with store.reading() as connection:
        unsent = notice_rows.unsent(connection, 500)
    for notice in unsent:
        person = people.get(notice.person_id)
        if notices.at_once(notice.kind) and person is not None:
            text = f"{WORDS.get(notice.kind, notice.kind)}.\n\n{_where(workspace, notice.object)}\n"
            if not _sent(workspace, mail, person, WORDS.get(notice.kind, notice.kind), text, notice.id):
                continue
            count += 1
        with store.writing() as connection:
            notice_rows.sent(connection, notice.id, workspace.now())
    return count


def send_digests(workspace: Workspace) -> int:
    """Sends every CSM their week, where there is something to tell; how many."""
    mail = mail_server(workspace.settings)
    if mail is None:
        return 0
    count = 0
    for row in _reachable(workspace).values():
        if row.role == "csm":
            told = digest.weekly(workspace.desk, Person(row.id, row.name, row.role, row.email))
            day = workspace.desk.workdays.day_of(workspace.now())
            if not told.empty:
                count += _sent(workspace, mail, row, "Your briefs this week", digest.in_words(told), f"digest-{row.id}-{day.isoformat()}")
    return count


def tidy(workspace: Workspace) -> None:
    """Forgets jobs that ended a month ago."""
    workspace.jobs.sweep(workspace.now() - KEPT)


def _reachable(workspace: Workspace) -> dict[str, PersonRow]:
    return {person.id: person for person in everybody(workspace.store) if person.revoked_at is None and person.email}


def _where(workspace: Workspace, object: str) -> str:
    """Where to read it: a link, or the id where the service's address is not set."""
    return link_to(workspace.settings.public_url, object) or object.replace(":", " ", 1)


def _sent(workspace: Workspace, mail: Mail, person: PersonRow, subject: str, text: str, key: str) -> bool:
    """Whether there is nothing more to do about it: sent, or refused for good. A mail server that is away is asked again by the next timer."""
    made = EmailMessage()
    sender = address(workspace.settings.smtp_sender or "")
    made["Subject"], made["From"], made["To"] = one_line(subject), sender, address(person.email or "")
    made["Date"], made["Message-ID"] = format_datetime(workspace.now()), f"<{key}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    try:
        mail(made)
    except BadInput:
        return True
    except OSError:
        return False
    return True
