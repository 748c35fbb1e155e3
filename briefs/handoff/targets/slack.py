"""A Slack incoming webhook: a short message with the thirty-second card. The brief itself stays behind the link."""

from __future__ import annotations

import json
from typing import Any

from briefs.errors import BadInput
from briefs.handoff.parcel import Never, Parcel, Receipt, Target, Tools, judged

HEADS = {"handoff": "Approved for sales", "recall": "Taken back", "change": "Something changed"}
_LONGEST = 2900
_LONGEST_HEAD = 140
_GONE = frozenset({"no_service", "no_active_hooks", "channel_is_archived", "channel_not_found", "invalid_token", "no_team", "team_disabled"})


def check(settings: dict[str, Any], secrets: tuple[str, ...]) -> None:
    """Raises BadInput where the webhook's address, which is its secret, is missing."""
    if len(secrets) != 1 or settings:
        raise BadInput("A Slack target is the address of an incoming webhook.", "--secret https://hooks.slack.com/services/...")


def send(parcel: Parcel, target: Target, tools: Tools) -> Receipt:
    content = json.dumps(message(parcel), ensure_ascii=False).encode()
    answer = tools.post("POST", target.secrets[0], {"Content-Type": "application/json; charset=utf-8"}, content)
    if answer.status >= 400 and answer.body.decode("ascii", "replace").strip() in _GONE:
        return Never("Slack says this webhook is gone", answer.status, gone=True)
    return judged(answer)


def message(parcel: Parcel) -> dict[str, Any]:
    """The blocks. A customer's words stand in plain text only, where Slack reads no markup; what is markup is ours."""
    head = f"{HEADS[parcel.purpose]}: {parcel.body.account_name}"
    envelope = parcel.envelope
    said = f"Approved by {envelope.approver_name} on {envelope.approved_at:%Y-%m-%d %H:%M} UTC. Version {envelope.version_hash}."
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(head, _LONGEST_HEAD)},
        *({"type": "section", "text": _plain(line)} for line in _lines(parcel)),
        {"type": "context", "elements": [_plain(f"{said} Audit head {envelope.audit_head}.")]},
    ]
    if parcel.link:
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{escaped(parcel.link).replace('|', '%7C')}|Read it>"}})
    return {"text": escaped(head), "blocks": blocks, "unfurl_links": False}


def escaped(text: str) -> str:
    """The three signs Slack asks to have replaced: none of them can begin a mention or a link then."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(parcel: Parcel) -> list[str]:
    if parcel.purpose == "recall":
        return ["The CSM took this hand-off back. Please do not act on it."]
    if parcel.purpose == "change":
        return list(parcel.changes) or ["What it rests on changed since it was approved."]
    card = parcel.body.card
    lines = [card.headline, f"Why now: {card.why_now}", f"ARR: {card.arr or 'no figure'}", f"Top risk: {card.top_risk}", f"Next: {card.next_step}"]
    return [*lines, *parcel.changes]


def _plain(text: str, longest: int = _LONGEST) -> dict[str, Any]:
    words = " ".join(text.split()) or "-"
    return {"type": "plain_text", "text": escaped(words)[:longest], "emoji": False}
