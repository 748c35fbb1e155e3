"""A signed webhook after the Standard Webhooks rules: the receiver can check who sent it, when, and that the bytes are those approved."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from briefs.canonical import canonical_json
from briefs.errors import BadInput
from briefs.handoff.parcel import Parcel, Receipt, Target, Tools, judged

TYPES = {"handoff": "handoff.approved", "recall": "handoff.recalled", "change": "handoff.changed"}


def check(settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput where `url` is missing or a secret is no secret of the standard."""
    if not isinstance(settings.get("url"), str) or set(settings) - {"url"}:
        raise BadInput("A webhook needs its address.", "--url https://HOST/PATH")
    for secret in secrets:
        _signer(secret)


def send(parcel: Parcel, target: Target, tools: Tools) -> Receipt:
    """`webhook-id` is the delivery's id, `webhook-timestamp` the moment of this try; one signature for each secret that counts, for rotation."""
    content = payload(parcel)
    at = tools.now().astimezone(UTC)
    signatures = [_signer(secret).sign(parcel.delivery_id, at, content.decode()) for secret in target.secrets]
    headers = {
        "Content-Type": "application/json",
        "webhook-id": parcel.delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return judged(tools.post("POST", target.settings["url"], headers, content))


def payload(parcel: Parcel) -> bytes:
    """`data.body` is the approved brief as text: its UTF-8 bytes have the sha256 that `data.envelope.version_hash` names. A recall carries none."""
    data = {
        "delivery_id": parcel.delivery_id,
        "handoff_id": parcel.envelope.handoff_id,
        "account_id": parcel.body.account_id,
        "ae": parcel.ae,
        "envelope": json.loads(parcel.envelope.model_dump_json()),
        "body": None if parcel.purpose == "recall" else parcel.data.decode(),
        "changes": list(parcel.changes),
        "link": parcel.link,
    }
    return canonical_json({"type": TYPES[parcel.purpose], "timestamp": parcel.at.isoformat(), "data": data})


def _signer(secret: str) -> Any:
    from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

    try:
        return Webhook(secret)
    except (ValueError, EmptyWebhookSecretError) as cause:
        raise BadInput("A webhook's secret is `whsec_` and base64.", "Leave it out and one is made for you.") from cause
