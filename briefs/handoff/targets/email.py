"""An e-mail to the account executive, or to an address of your own: plain and HTML, with the approved bytes attached."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from briefs.canonical import canonical
from briefs.errors import BadInput
from briefs.handoff.parcel import Again, Never, Parcel, Receipt, Sent, Target, Tools
from briefs.handoff.targets.slack import HEADS
from briefs.rendering import render

TO_AE = "ae"
"""In place of an address: the account executive the hand-off names."""
_LONGEST_SUBJECT = 160


def check(settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput unless `to` is one e-mail address or `ae`."""
    to = settings.get("to")
    if not isinstance(to, str) or set(settings) - {"to"} or secrets:
        raise BadInput("An e-mail target needs an address.", f"--to NAME@COMPANY, or --to {TO_AE} for the account executive each hand-off names.")
    if to != TO_AE:
        address(to)


def send(parcel: Parcel, target: Target, tools: Tools) -> Receipt:
    to = target.settings["to"]
    if to == TO_AE:
        if not parcel.ae or "@" not in parcel.ae:
            return Never("the hand-off names no account executive with an e-mail address")
        to = parcel.ae
    if tools.mail is None:
        return Again("no mail server is set (BRIEFS_SMTP_HOST)")
    try:
        tools.mail(message(parcel, to, tools))
    except BadInput as refused:
        return Never(str(refused))
    except OSError as fault:
        return Again(f"the mail server could not be used: {type(fault).__name__}")
    return Sent()


def message(parcel: Parcel, to: str, tools: Tools) -> EmailMessage:
    """The message. Its Message-ID is the delivery's id, the same at every try, so that a mailbox can tell a second copy."""
    made = EmailMessage()
    made["Subject"] = one_line(f"{HEADS[parcel.purpose]}: {parcel.body.account_name}")
    made["From"] = address(tools.sender)
    made["To"] = address(to)
    made["Date"] = format_datetime(tools.now())
    made["Message-ID"] = f"<{parcel.delivery_id}@{address(tools.sender).domain}>"
    made["Auto-Submitted"] = "auto-generated"
    before = [_approved(parcel), *parcel.changes, *([f"Read it: {parcel.link}"] if parcel.link else [])]
    if parcel.purpose == "handoff":
        made.set_content("\n".join(before) + "\n\n" + render(parcel.body, "text", "ae").decode())
        made.add_alternative(render(parcel.body, "html", "ae").decode(), subtype="html")
        made.add_attachment(parcel.data, maintype="application", subtype="json", filename="body.json")
        made.add_attachment(canonical(parcel.envelope), maintype="application", subtype="json", filename="envelope.json")
    else:
        told = "The CSM took this hand-off back. Please do not act on it." if parcel.purpose == "recall" else "What it rests on changed:"
        made.set_content("\n".join([told, *before]))
        made.add_alternative(_html([told, *before]), subtype="html")
    return made


def one_line(text: str) -> str:
    """A subject: no line break can end the header and begin another."""
    return " ".join("".join(" " if not letter.isprintable() else letter for letter in text).split())[:_LONGEST_SUBJECT]


def address(text: str) -> Address:
    """One e-mail address. Raises BadInput."""
    name, plain = parseaddr(text)
    if "@" not in plain or not text.isprintable() or "," in text or ";" in text:
        raise BadInput(f"{text[:60]!r} is not one e-mail address.", "NAME@COMPANY")
    user, _, domain = plain.rpartition("@")
    try:
        return Address(name, user, domain)
    except (ValueError, IndexError) as cause:
        raise BadInput(f"{text[:60]!r} is not one e-mail address.", "NAME@COMPANY") from cause


def _approved(parcel: Parcel) -> str:
    e = parcel.envelope
    return f"Approved by {e.approver_name} on {e.approved_at:%Y-%m-%d %H:%M} UTC. Version {e.version_hash}. Audit head {e.audit_head}."


def _html(lines: list[str]) -> str:
    from html import escape

    return "<!doctype html><meta charset=utf-8>" + "".join(f"<p>{escape(line)}</p>" for line in lines)
