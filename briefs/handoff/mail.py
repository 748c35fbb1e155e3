"""Hands e-mails to the company's mail server, encrypted unless the setting says otherwise."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

from briefs.errors import BadInput

Tls = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class Server:
    """A mail server. `tls` is what the person who runs it set; a password is never sent in the clear."""

    host: str
    port: int
    tls: Tls = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = 20.0
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, message: EmailMessage) -> None:
        """Raises OSError (smtplib's errors are) where it may work later, BadInput where the server refuses this message for good."""
        try:
            with self._open() as server:
                if self.user:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= 500 for code, _ in refused.recipients.values()):
                raise BadInput("The mail server refuses this address.") from refused
            raise
        except smtplib.SMTPResponseException as refused:
            if refused.smtp_code >= 500 and not isinstance(refused, smtplib.SMTPAuthenticationError):
                raise BadInput(f"The mail server refuses this message with {refused.smtp_code}.") from refused
            raise

    def _open(self) -> smtplib.SMTP:
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=self.context)
        if self.tls == "none" and self.user:
            raise BadInput("A password is not sent to a mail server in the clear.", "Set BRIEFS_SMTP_TLS=starttls or tls.")
        server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        if self.tls == "starttls":
            try:
                server.starttls(context=self.context)
            except OSError:
                server.close()
                raise
        return server
