"""`users` and `audit verify`: who may act, and whether the chain of what they did adds up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.cli.session import note, out, put_json, workspace
from briefs import people
from briefs.errors import BadInput
from briefs.store.person_rows import PersonRow, TokenRow
from briefs.wiring import Workspace, new_token


def _actor(opened: Workspace) -> people.Person | None:
    """Whoever holds the home folder may add people; a token, where there is one, must be an admin's."""
    token = opened.settings.token
    return people.whose(opened.store, token.get_secret_value(), now=opened.now) if token else None


def add(home: Path | None, name: str, role: str, email: str | None, team: str | None, days: int | None, json: bool) -> None:
    with workspace(home) as opened:
        made = people.add(
            opened.store,
            name,
            role,
            email,
            team=team,
            expires_at=_ends(opened, days),
            by=_actor(opened),
            now=opened.now,
            new_id=opened.new_id,
            new_token=new_token,
        )
    _show_token(made, json)


def list_people(home: Path | None, json: bool) -> None:
    with workspace(home) as opened:
        rows, tokens, now = people.everybody(opened.store), people.tokens(opened.store), opened.now()
    if json:
        put_json([_person(r, [_token(t) for t in tokens if t.person_id == r.id]) for r in rows])
        return
    for r in rows:
        out().print(f"{r.id}  {r.role:<9}  {r.name}  {r.email or ''}{'  revoked' if r.revoked_at else ''}", markup=False)
        for t in (t for t in tokens if t.person_id == r.id and t.revoked_at is None):
            ends = "expired" if t.expires_at and t.expires_at <= now else f"until {t.expires_at.date()}" if t.expires_at else "until revoked"
            used = f"last used {t.last_used_at.date()}" if t.last_used_at else "never used"
            out().print(f"    {t.id}  {t.label or 'token'}, {ends}, {used}", markup=False)
    if not rows:
        out().print("Nobody yet. `briefs users add NAME --role csm --email E` adds a person.")


def another_token(home: Path | None, person_id: str, label: str | None, days: int | None, json: bool) -> None:
    with workspace(home) as opened:
        made = people.another_token(
            opened.store, person_id, label=label, expires_at=_ends(opened, days), by=_actor(opened), now=opened.now, new_token=new_token
        )
    _show_token(made, json)


def put_in_team(home: Path | None, person_id: str, team: str | None, json: bool) -> None:
    with workspace(home) as opened:
        people.put_in_team(opened.store, person_id, team, by=_actor(opened), now=opened.now)
    put_json({"id": person_id, "team": team}) if json else out().print(f"{person_id} is in {team or 'no team'}.", markup=False)


def revoke(home: Path | None, person_id: str | None, token_id: str | None, json: bool) -> None:
    if (person_id is None) == (token_id is None):
        raise BadInput("Whose tokens, or which one?", "`briefs users revoke PERSON`, or `briefs users revoke --token ID`.")
    with workspace(home) as opened:
        if token_id is not None:
            people.revoke_token(opened.store, token_id, by=_actor(opened), now=opened.now)
        else:
            people.revoke(opened.store, person_id or "", by=_actor(opened), now=opened.now)
    gone = token_id or person_id
    put_json({"revoked": gone}) if json else out().print(f"{gone} {'no longer works' if token_id else 'can no longer act'}.", markup=False)


def _ends(opened: Workspace, days: int | None) -> datetime | None:
    return opened.now() + timedelta(days=days) if days else None


def _show_token(made: people.NewPerson, json: bool) -> None:
    if json:
        put_json({"id": made.person.id, "name": made.person.name, "role": made.person.role, "token": made.token})
        return
    out().print(f"{made.person.name} ({made.person.role}) is {made.person.id}.", markup=False)
    out().print(f"Token, shown once: {made.token}", markup=False)
    note("Act as this person with BRIEFS_TOKEN set to the token.")


def _person(row: PersonRow, tokens: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {"id": row.id, "name": row.name, "role": row.role, "email": row.email, "team": row.team, "revoked_at": row.revoked_at}
    return shown | {"tokens": tokens}


def _token(row: TokenRow) -> dict[str, Any]:
    shown = {"id": row.id, "label": row.label, "created_at": row.created_at, "expires_at": row.expires_at}
    return shown | {"last_used_at": row.last_used_at, "revoked_at": row.revoked_at}


def verify_audit(home: Path | None, head: str | None, json: bool) -> None:
    with workspace(home) as opened:
        rows = opened.store.verify_audit(head)
        newest = opened.store.audit_head()
    if json:
        put_json({"ok": True, "rows": rows, "head": newest})
        return
    out().print(f"The audit chain adds up: {rows} entries, head {newest}")
