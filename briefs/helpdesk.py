"""Zendesk's own way to flag a ticket: a webhook that a trigger calls, signed by Zendesk, told apart from anybody else's request by its signature."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta

SIGNATURE, SIGNED_AT, INVOCATION = "X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp", "X-Zendesk-Webhook-Invocation-Id"
"""The headers Zendesk sends: the signature, the moment it was made at, and the id that repeated sendings of one call share."""
TOLERANCE = timedelta(minutes=5)
"""How far the moment of a signature may lie from now: what was recorded once cannot be sent again next week."""
NO_REASON = "Flagged by a Zendesk trigger"


def genuine(secret: str, signature: str, signed_at: str, body: bytes, now: datetime) -> bool:
    """Whether Zendesk signed exactly these bytes a moment ago: base64 of HMAC-SHA256 over the timestamp as sent, then the body."""
    try:
        moment = datetime.fromisoformat(signed_at)
        given = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    if moment.tzinfo is None or abs(now - moment) > TOLERANCE:
        return False
    return hmac.compare_digest(given, _signed(secret, signed_at, body))


def sign(secret: str, signed_at: str, body: bytes) -> str:
    """The signature as Zendesk makes it: for trying a webhook out without Zendesk."""
    return base64.b64encode(_signed(secret, signed_at, body)).decode()


def flag_id(person_id: str, invocation: str) -> str:
    """The id of the flag of one call, however often it is sent."""
    return f"zd-{hashlib.sha256(f'{person_id} {invocation}'.encode()).hexdigest()[:24]}"


def reason(words: str, agent: str | None) -> str:
    """What the flag says: the trigger's words, with the agent who set it off."""
    said = " ".join(words.split()) or NO_REASON
    return f"{' '.join(agent.split())}: {said}" if agent and agent.strip() else said


def _signed(secret: str, signed_at: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), signed_at.encode() + body, hashlib.sha256).digest()
