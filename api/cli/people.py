"""`users` and `audit verify`: who may act, and whether the chain of what they did adds up."""

from __future__ import annotations

from pathlib import Path

from api.cli.session import note, out, put_json, workspace
from briefs import people
from briefs.wiring import Workspace, new_token


def _actor(opened: Workspace) -> people.Person | None:
    """Whoever holds the home folder may add people; a token, where there is one, must be an admin's."""
    token = opened.settings.token
    return people.whose(opened.store, token.get_secret_value(), now=opened.now) if token else None


def add(home: Path | None, name: str, role: str, email: str | None, json: bool) -> None:
    with workspace(home) as opened:
        made = people.add(opened.store, name, role, email, by=_actor(opened), now=opened.now, new_id=opened.new_id, new_token=new_token)
    if json:
        put_json({"id": made.person.id, "name": made.person.name, "role": made.person.role, "token": made.token})
        return
    out().print(f"{made.person.name} ({made.person.role}) is {made.person.id}.", markup=False)
    out().print(f"Token, shown once: {made.token}", markup=False)
    note("Act as this person with BRIEFS_TOKEN set to the token.")


def list_people(home: Path | None, json: bool) -> None:
    with workspace(home) as opened:
        rows = people.everybody(opened.store)
    if json:
        put_json([{"id": r.id, "name": r.name, "role": r.role, "email": r.email, "revoked_at": r.revoked_at} for r in rows])
        return
    for r in rows:
        out().print(f"{r.id}  {r.role:<9}  {r.name}  {r.email or ''}{'  revoked' if r.revoked_at else ''}", markup=False)
    if not rows:
        out().print("Nobody yet. `briefs users add NAME --role csm --email E` adds a person.")


def revoke(home: Path | None, person_id: str, json: bool) -> None:
    with workspace(home) as opened:
        people.revoke(opened.store, person_id, by=_actor(opened), now=opened.now)
    put_json({"revoked": person_id}) if json else out().print(f"{person_id} can no longer act.", markup=False)


def verify_audit(home: Path | None, head: str | None, json: bool) -> None:
    with workspace(home) as opened:
        rows = opened.store.verify_audit(head)
        newest = opened.store.audit_head()
    if json:
        put_json({"ok": True, "rows": rows, "head": newest})
        return
    out().print(f"The audit chain adds up: {rows} entries, head {newest}")
