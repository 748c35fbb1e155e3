"""What a person decides: edit, approve, reject, request changes, override. Who acts is whose token is in BRIEFS_TOKEN."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.reading import find_brief
from api.cli.session import note, out, person, put_json, workspace
from briefs.errors import BadInput
from briefs.wiring import Workspace
from briefs.wording import plain

if TYPE_CHECKING:
    from briefs.people import Person
    from briefs.review import Outcome


def _target(opened: Workspace, brief: str, version_hash: str | None) -> tuple[Any, Any, str]:
    """Who acts, on which brief, on which version of it."""
    from briefs import review

    actor = person(opened)
    row = review.see(opened.desk, actor, find_brief(opened, brief).id)
    opened.jobs.ready()
    return actor, row, version_hash or row.head


def edit(
    home: Path | None, brief: str, sentence: str | None, text: str | None, drop: bool, section: str | None, version_hash: str | None, json: bool
) -> None:
    from briefs import review
    from briefs.brief import BriefBody
    from briefs.editing import Edit

    if sum((sentence is not None, section is not None)) != 1 or (drop and section is not None) or (drop == (text is not None)):
        raise BadInput("Say what to change.", "--sentence ID --text WORDS, --sentence ID --drop, or --section KEY --text WORDS.")
    change = Edit(sentences={sentence: None if drop else text}) if sentence is not None else Edit(added={section or "": (text or "",)})
    with workspace(home) as opened:
        actor, row, version = _target(opened, brief, version_hash)
        changed = review.edit(opened.desk, actor, row.id, version, change, verify_sentence=opened.verify_sentence)
        before = {c.id for c in BriefBody.model_validate_json(opened.store.version(version)).claims()}
        body = BriefBody.model_validate_json(opened.store.version(changed.head))
    touched = [c for c in body.claims() if c.id == sentence or c.id not in before or c.text == text]
    if json:
        put_json(
            {
                "brief_id": changed.id,
                "version_hash": changed.head,
                "state": str(changed.state),
                "sentences": [c.model_dump(mode="json") for c in touched],
            }
        )
        return
    out().print(f"New version {changed.head} of {changed.id}, {changed.state}.")
    for c in touched:
        carried = (
            "kept as a CSM statement: no record carries it"
            if c.kind == "csm_statement"
            else "carried by " + ", ".join(e.record_id for e in c.evidence)
        )
        note(f"{c.id}: {carried}")


def approve(home: Path | None, brief: str, version_hash: str | None, accept_changes: str | None, reason: str | None, json: bool) -> None:
    with workspace(home) as opened:
        actor, row, version = _target(opened, brief, version_hash)
        outcome = _approved(opened, actor, row.id, version, accept_changes, reason)
        folder = opened.home / "handoffs" / outcome.delivery.handoff_id if outcome.delivery and outcome.delivery.handoff_id else None
    if json:
        put_json(_outcome(outcome) | {"folder": str(folder) if folder else None})
        return
    out().print(f"Approved {version} of {outcome.brief.id}: {outcome.brief.state}.")
    if folder is not None:
        out().print(f"Handed off: {folder} (body.json, brief.md, brief.html, brief.pdf, envelope.json)")
    elif outcome.delivery is not None and outcome.delivery.fault:
        note(f"briefs: {outcome.delivery.fault} `briefs doctor --repair` tries again.")


def _approved(opened: Workspace, actor: Person, brief_id: str, version: str, accept_changes: str | None, reason: str | None) -> Outcome:
    """Approves. In a terminal, what changed in the record is shown and asked about, and exactly what was shown is accepted."""
    import typer

    from briefs import review
    from briefs.errors import StaleDossier

    check = opened.changes_since
    try:
        return review.approve(opened.desk, actor, brief_id, version, current_dossier_check=check, accept_changes=accept_changes, reason=reason)
    except StaleDossier as stale:
        if not sys.stdin.isatty():
            raise
        note(str(stale))
        typer.confirm("Approve all the same?", abort=True, err=True)
        return _approved(opened, actor, brief_id, version, stale.changes_digest, reason)


def refuse(home: Path | None, action: str, brief: str, version_hash: str | None, code: str | None, reason: str | None, json: bool) -> None:
    from briefs import review

    with workspace(home) as opened:
        actor, row, version = _target(opened, brief, version_hash)
        decide = review.reject if action == "reject" else review.request_changes
        outcome = decide(opened.desk, actor, row.id, version, reason_code=code, reason=reason)
    if json:
        put_json(_outcome(outcome))
        return
    out().print(f"{outcome.brief.id} is {outcome.brief.state} ({code}).")


def _outcome(outcome: Any) -> dict[str, Any]:
    return {
        "brief_id": outcome.brief.id,
        "state": str(outcome.brief.state),
        "version_hash": outcome.brief.head,
        "decision_id": outcome.decision_id,
        "handoff_id": outcome.handoff_id,
    }


def override(
    home: Path | None, account: str, kind: str | None, target: str | None, reason: str | None, days: int, revoke: str | None, json: bool
) -> None:
    from briefs import review

    with workspace(home) as opened:
        if kind is None and revoke is None:
            standing = opened.store.overrides(account, opened.now())
            if json:
                put_json([o.model_dump(mode="json") for o in standing])
            else:
                for o in standing:
                    out().print(f"{o.id}  {o.kind} {o.target or ''}  until {o.expires_at.date()}  {o.reason}", markup=False)
                if not standing:
                    out().print("No override stands for this account.")
            return
        actor = person(opened)
        if revoke is not None:
            back = review.revoke_override(opened.desk, actor, revoke, account_id=account)
            verdict = _looked_again(opened, back.account_id)
            put_json({"revoked": revoke}) if json else out().print(f"Override {revoke} is taken back. {verdict}", markup=False)
            return
        until = opened.now() + timedelta(days=days)
        made = review.override(opened.desk, actor, account, kind, target=target, reason=reason or "", expires_at=until)  # pyright: ignore[reportArgumentType]
        verdict = _looked_again(opened, account)
    if json:
        put_json(made)
        return
    out().print(f"Override {made.id} stands until {until.date()}. {verdict}", markup=False)


def _looked_again(opened: Workspace, account_id: str) -> str:
    """Looks at the account under the judgement just made; what it is now, in words."""
    opened.look_again(account_id, same_day=True)
    last = opened.store.last_result(account_id)
    if last is None:
        return ""
    drafted = f", with brief {last.brief_id}" if last.brief_id else ""
    return f"{account_id} is {plain(last.verdict)} as of {last.as_of}{drafted}."
