"""A hand-off by mail: what arrives, to whom, and what a mail server's answer means. The server is a real one on loopback."""

from __future__ import annotations

import socket
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from briefs.canonical import canonical
from briefs.errors import BadInput
from briefs.handoff.mail import Server
from briefs.handoff.parcel import Again, Never, Parcel, Sent
from briefs.handoff.targets import email
from tests.briefs.handoff.parcels import nasty, parcel, target, tools


class Mailbox:
    """Takes mail on loopback; what it says to the whole message is set by the test."""

    def __init__(self, says: str = "250 OK") -> None:
        self.says, self.taken = says, list[EmailMessage]()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # pyright: ignore[reportArgumentType]
        return self.says


def mailed(mailbox: Mailbox, sent: Parcel, to: str = "sales@vendor.example", tls: Any = "none") -> Any:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        return email.send(sent, target("email", to=to), tools(mail=Server("127.0.0.1", port, tls)))
    finally:
        controller.stop()


def test_an_email_has_plain_and_html_parts_and_the_approved_bytes():
    mailbox, sent = Mailbox(), parcel()
    assert mailed(mailbox, sent) == Sent()
    (message,) = mailbox.taken
    assert message["To"] == "sales@vendor.example"
    assert message["Message-ID"] == "<d1@vendor.example>"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Mira Hoff" in plain.get_content()
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert attached["body.json"] == sent.data
    assert attached["envelope.json"] == canonical(sent.envelope)


def test_a_customers_words_cannot_add_a_header_or_a_tag():
    mailbox = Mailbox()
    assert mailed(mailbox, nasty()) == Sent()
    (message,) = mailbox.taken
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Approved for sales: Acme")
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>alert" not in html.get_content()


def test_an_email_goes_to_the_accounts_own_account_executive():
    mailbox = Mailbox()
    assert mailed(mailbox, parcel(), to="ae") == Sent()
    assert mailbox.taken[0]["To"] == "eve@vendor.example"
    assert isinstance(mailed(Mailbox(), parcel(ae=None), to="ae"), Never)


@pytest.mark.parametrize(("says", "kind"), [("451 later", Again), ("554 no", Never)])
def test_a_mail_server_that_refuses_is_asked_again_or_not(says: str, kind: type):
    assert isinstance(mailed(Mailbox(says), parcel()), kind)


def test_mail_waits_where_no_server_answers_and_a_server_without_tls_gets_nothing():
    assert isinstance(email.send(parcel(), target("email", to="a@b.example"), tools()), Again)
    mailbox = Mailbox()
    assert isinstance(mailed(mailbox, parcel(), tls="starttls"), Again)
    assert mailbox.taken == []


def test_a_password_is_never_sent_in_the_clear():
    with pytest.raises(BadInput, match="in the clear"):
        Server("127.0.0.1", 1, "none", "user", "secret", context=ssl.create_default_context())(EmailMessage())
